"""Generate exercises: a sheet for students, a key for the teacher, ready for check"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cnncalc.cli._command import command
from cnncalc.cli._console import FINDINGS, emit, note, stdout_colored, stdout_width
from cnncalc.cli._values import Whole

if TYPE_CHECKING:
    from cnncalc.homework.sheet import QuestionSheet


@command(
    examples=(
        "cnncalc quiz --topic conv,pool,params,transpose --count 10 --level 2 --seed 7",
        "cnncalc quiz --topic network --count 3 --format key",
    )
)
@click.option("--topic", "topics", metavar="NAMES", help="Comma-separated topics (default: all).")
@click.option("--count", type=Whole(1, 200), default=10, show_default=True, help="Number of exercises.")
@click.option("--level", type=Whole(1, 3), default=1, show_default=True, help="Difficulty.")
@click.option("--seed", type=Whole(0), default=1, show_default=True, help="Random seed; each seed gives a new sheet.")
@click.option(
    "--format", "form", type=click.Choice(("markdown", "key", "yaml")),
    help="markdown for students, key with the answers and their working, yaml for check.",
)  # fmt: skip
@click.option("-o", "--output", "path", type=click.Path(dir_okay=False, writable=True), help="File to write to.")
@click.option("--interactive", is_flag=True, help="Ask the questions in the terminal, with immediate feedback.")
@click.option("--list-topics", is_flag=True, help="Print the topics, and exit.")
def quiz(
    topics: str | None, form: str | None, path: str | None, interactive: bool, list_topics: bool, **drawing: int
) -> None:
    """Generate different exercises with small numbers.

    The same seed gives the same sheet on every machine. Without --format, a .yaml output file contains the sheet; any
    other output is Markdown. Grade answers with `cnncalc check sheet.yaml --answers FILE`.
    """
    from cnncalc.diagnostics import Source
    from cnncalc.homework.exercises.quiz import as_sheet, make_quiz
    from cnncalc.homework.exercises.topics import TOPICS
    from cnncalc.homework.sheet import read_sheet
    from cnncalc.render.exercises.markdown import as_markdown

    if list_topics:
        emit("\n".join(f"{name:<16} {(draw.__doc__ or '').strip()}" for name, draw in TOPICS.items()))
        return
    named = [name.strip() for name in topics.split(",") if name.strip()] if topics else list(TOPICS)
    text = as_sheet(make_quiz(named, **drawing))
    sheet = read_sheet(Source("<quiz>", text))
    if interactive:
        _ask(sheet)
        return
    form = form or ("yaml" if (path or "").endswith((".yaml", ".yml")) else "markdown")
    shown = text if form == "yaml" else as_markdown(sheet, key=form == "key")
    if path:
        _write(path, shown)
    else:
        emit(shown)


def _write(path: str, text: str) -> None:
    from pathlib import Path

    try:
        Path(path).write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f'"{path}" cannot be written: {error.strerror}') from None
    note(f"wrote {path}")


def _ask(sheet: QuestionSheet) -> None:
    """Ask every part in turn; an empty answer skips it."""
    from cnncalc.homework.marking import Marker
    from cnncalc.render.homework.marked import feedback, points

    marker, answers = Marker(sheet), dict[str, str]()
    group = -1
    for part in sheet.parts:
        if part.group != group:
            group = part.group
            emit(f"\n{group + 1}. {sheet.texts[group]}")
        try:
            answers[part.name] = click.prompt(f"   {part.asks}", default="", show_default=False)
        except click.Abort:
            emit("")
            break
        mark = next(mark for mark in marker.mark("", answers).marks if mark.part is part)
        emit("\n".join(feedback(mark, color=stdout_colored(), width=stdout_width())))
    found = marker.mark("", answers)
    emit(f"\n{points(found.points)} of {points(sheet.points)} points")
    if found.points < sheet.points:
        raise click.exceptions.Exit(FINDINGS)
