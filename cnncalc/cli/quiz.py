"""Generate exercises: a sheet for students, a key for the teacher, ready for check"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from cnncalc.cli._command import command
from cnncalc.cli._console import FINDINGS, emit, note, stdout_colored, stdout_width
from cnncalc.cli._values import Whole
from cnncalc.render.exercises import CALCULATED, DRAWN_VARIANTS, FORMATS, write_calculated, write_exercises

if TYPE_CHECKING:
    from cnncalc.diagnostics import Source
    from cnncalc.homework.marking import Mark, Marker
    from cnncalc.homework.sheet import QuestionSheet
    from cnncalc.render.exercises.paper import Prompt

_DONE = ("right", "right with a note", "no answer")
"""The marks after which a question is not asked again."""
_DRAWING = ("topics", "count", "level", "seed")
"""The options of new exercises."""


@command(
    examples=(
        "cnncalc quiz --topic conv,pool,params,transpose --count 10 --level 2 --seed 7",
        "cnncalc quiz --topic network --count 3 --format moodle -o network.xml",
    )
)
@click.argument("sheet", required=False)
@click.option("--topic", "topics", metavar="NAMES", help="Comma-separated topics (default: all).")
@click.option("--count", type=Whole(1, 200), default=10, show_default=True, help="Number of exercises.")
@click.option("--level", type=Whole(1, 3), default=1, show_default=True, help="Difficulty.")
@click.option("--seed", type=Whole(0), default=1, show_default=True, help="Random seed; each seed gives a new sheet.")
@click.option(
    "--format", "form", type=click.Choice((*FORMATS, CALCULATED, "key", "yaml")),
    help="markdown, html or latex for students; moodle, gift, qti (Canvas) or nbgrader for a platform; "
    "moodle-calculated has other numbers in every attempt. "
    "key is markdown --key; yaml is for check. Default: by the suffix of the output file, else markdown.",
)  # fmt: skip
@click.option(
    "--for", "students", metavar="FILE",
    help="A table of students with IDs: write a sheet with other numbers for each of them into the folder -o.",
)  # fmt: skip
@click.option("--key", is_flag=True, help="Write the answers and their working, in markdown, html or latex.")
@click.option("--draw", is_flag=True, help="Add pictures that do not show the answers, in all formats but gift.")
@click.option("-o", "--output", "path", type=click.Path(), help="File to write to; with --for, a folder.")
@click.option("--interactive", is_flag=True, help="Ask the questions in the terminal, with immediate feedback.")
@click.option("--list-topics", is_flag=True, help="Print the topics, and exit.")
@click.pass_context
def quiz(ctx: click.Context, /, sheet: str | None, list_topics: bool, interactive: bool, **given: Any) -> None:
    """Generate different exercises with small numbers, or convert SHEET.

    The same seed gives the same sheet on every machine. SHEET is a file of questions for `cnncalc check`, which is
    written in the same formats. Grade answers with `cnncalc check sheet.yaml --answers FILE`.
    """
    if list_topics:
        _list_topics()
        return
    chosen = [name for name in _DRAWING if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if sheet and chosen:
        names = ", ".join(f"--{name.removesuffix('s')}" for name in chosen)
        raise click.UsageError(f"{names} cannot be given with a sheet, which contains its questions")
    if given["students"]:
        if sheet or interactive or given["form"] == CALCULATED:
            raise click.UsageError(f"--for draws new exercises: give no sheet, --interactive or {CALCULATED}")
        _write_individually(given)
        return
    if given["form"] == CALCULATED:
        if sheet or interactive or given["key"] or given["draw"]:
            raise click.UsageError(f"{CALCULATED} draws new exercises: give no sheet, --interactive, --key or --draw")
        _write_calculated(given)
        return
    text = _text_of(sheet) if sheet else _drawn(**{name: given[name] for name in _DRAWING})
    if interactive:
        _ask(_sheet_of(text))
        return
    _write(text, given["form"], given["path"], key=given["key"], draw=given["draw"])


def _list_topics() -> None:
    from cnncalc.homework.exercises.topics import TOPICS

    emit("\n".join(f"{name:<16} {(draw.__doc__ or '').strip()}" for name, draw in TOPICS.items()))


def _drawn(topics: str | None, count: int, level: int, seed: int) -> Source:
    """A new sheet."""
    from cnncalc.diagnostics import Source
    from cnncalc.homework.exercises.quiz import as_sheet, make_quiz

    return Source("<quiz>", as_sheet(make_quiz(_named(topics), count, level, seed)))


def _named(topics: str | None) -> list[str]:
    from cnncalc.homework.exercises.topics import TOPICS

    return [name.strip() for name in topics.split(",") if name.strip()] if topics is not None else list(TOPICS)


def _write_calculated(given: dict[str, Any]) -> None:
    """Write variants of the exercises as calculated questions."""
    from cnncalc.diagnostics import Source
    from cnncalc.homework.exercises.quiz import as_sheet, make_quiz

    topics = _named(given["topics"])
    count, level, seed = (given[name] for name in _DRAWING[1:])
    variants = (make_quiz(topics, count, level, seed, f"variant {number}") for number in range(DRAWN_VARIANTS))
    texts = map(as_sheet, variants)
    written = write_calculated(_sheet_of(Source("<quiz>", text)) for text in texts)
    if given["path"]:
        _save(given["path"], written)
    else:
        emit(written)


def _write_individually(given: dict[str, Any]) -> None:
    """Write a sheet for each student of a table, and the file from which `check` marks them."""
    from pathlib import Path
    from re import sub

    from cnncalc.homework.individual import IndividualSheet
    from cnncalc.homework.students import load_students

    folder, form = given["path"], given["form"] or "markdown"
    form, key = ("markdown", True) if form == "key" else (form, given["key"])
    if not folder:
        raise click.UsageError("--for writes several files: give a folder with -o")
    count, level, seed = (given[name] for name in _DRAWING[1:])
    title = f"Exercises, level {level} (seed {seed})"
    individual = IndividualSheet(title, tuple(_named(given["topics"])), count, level, seed)
    students = load_students(given["students"])
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.UsageError(f'"{folder}" cannot be created: {error.strerror}') from None
    suffix = ".yaml" if form == "yaml" else FORMATS[form].suffix
    names = [sub(r"[^\w.@-]", "_", student.id).lstrip(".") for student in students]
    if len(set(names)) < len(names):
        raise click.UsageError("two IDs differ only in characters that a name of a file cannot have")
    ending = f"-key{suffix}" if key else suffix  # a key must not take the place of the sheet that students get
    for student, name in zip(students, names, strict=True):
        text = individual.text_for(student)
        _save(str(Path(folder) / f"{name}{ending}"), _in_format(text, form, key=key, draw=given["draw"]), silent=True)
    _save(str(Path(folder) / "sheet.yaml"), individual.text(), silent=True)
    note(f"wrote {len(students)} sheets and sheet.yaml, for `cnncalc check`, to {folder}")


def _text_of(reference: str) -> Source:
    """The text of a sheet in a file."""
    from cnncalc.homework.sheet import is_sheet
    from cnncalc.reading.load import load_source

    source = load_source(reference).source
    if not is_sheet(source):
        raise click.UsageError(f'"{reference}" is not a sheet of questions (docs/homework.md)')
    return source


def _sheet_of(text: Source) -> QuestionSheet:
    from cnncalc.homework.sheet import read_sheet

    return read_sheet(text)


def _write(text: Source, form: str | None, path: str | None, *, key: bool, draw: bool) -> None:
    """Write a sheet in a format to a file, or to stdout."""
    form, key = ("markdown", True) if form == "key" else (form or _by_suffix(path), key)
    written = _in_format(text.text, form, key=key, draw=draw)
    if path:
        _save(path, written)
    elif isinstance(written, bytes):
        raise click.UsageError(f"{form} is a package of files: give -o FILE{FORMATS[form].suffix}")
    else:
        emit(written)


def _in_format(text: str, form: str, *, key: bool, draw: bool) -> str | bytes:
    from cnncalc.diagnostics import Source

    if key and not (form in FORMATS and FORMATS[form].has_key):
        raise click.UsageError("--key applies to markdown, html and latex; the other formats contain the answers")
    if draw and not (form in FORMATS and FORMATS[form].has_pictures):
        names = ", ".join(name for name, found in FORMATS.items() if found.has_pictures)
        raise click.UsageError(f"--draw applies to {names}")
    return text if form == "yaml" else write_exercises(_sheet_of(Source("<quiz>", text)), form, key=key, draw=draw)


def _by_suffix(path: str | None) -> str:
    suffix = path[path.rfind(".") :].lower() if path and "." in path else ""
    if suffix in (".yaml", ".yml"):
        return "yaml"
    form = next((name for name, found in FORMATS.items() if found.suffix == suffix), None)
    if form is None and suffix not in ("", ".txt"):
        known = ", ".join(found.suffix for found in FORMATS.values())
        raise click.UsageError(f'no format has the suffix "{suffix}": give --format, or one of {known}, .yaml')
    return form or "markdown"


def _save(path: str, written: str | bytes, *, silent: bool = False) -> None:
    from pathlib import Path

    try:
        if isinstance(written, bytes):
            Path(path).write_bytes(written)
        else:
            Path(path).write_text(written.rstrip("\n") + "\n", encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f'"{path}" cannot be written: {error.strerror}') from None
    if not silent:
        note(f"wrote {path}")


def _ask(sheet: QuestionSheet) -> None:
    """Ask every part in turn, with a hint and another try after a wrong answer; an empty answer skips a part."""
    from fractions import Fraction

    from cnncalc.homework.marking import Marker
    from cnncalc.render.exercises.paper import paper_of
    from cnncalc.render.homework.marked import feedback, points

    marker, answers, late = Marker(sheet), dict[str, str](), set[str]()
    emit("An empty answer skips a question; `help` shows the formula and the notation, `quit` ends the quiz.")
    emit("A right answer at the second try gets half of the points.")
    try:
        for number, task in enumerate(paper_of(sheet, slips=False).tasks, 1):
            emit(f"\n{number}. {task.text}")
            for prompt in task.prompts:
                mark = _answered(marker, prompt, answers, late)
                emit("\n".join(feedback(mark, color=stdout_colored(), width=stdout_width())))
                if mark.points and prompt.name in late:
                    emit("    At the second try, this counts half.")
    except click.Abort:
        emit("")
    marks = marker.mark("", answers).marks
    reached = sum((mark.points / (2 if mark.part.name in late else 1) for mark in marks), Fraction(0))
    emit(f"\n{points(reached)} of {points(sheet.points)} points")
    if reached < sheet.points:
        raise click.exceptions.Exit(FINDINGS)


def _answered(marker: Marker, prompt: Prompt, answers: dict[str, str], late: set[str]) -> Mark:
    """The mark of the last answer to a part; an end of the input after a first answer leaves that one.

    The parts that are answered right only at the second try are added to `late`. An answer that cannot be read is not a
    try.
    """
    from cnncalc.render.exercises.hints import TRIES, asks_for_help, asks_to_quit, help_with, hint

    tries = 0
    while True:
        try:
            text = click.prompt(f"   {prompt.asks}", default="", show_default=False)
        except click.Abort:
            if prompt.name not in answers:
                raise
            text = ""
        if asks_for_help(text):
            emit("\n".join(f"   {line}" for line in help_with(prompt)))
            continue
        if asks_to_quit(text):
            raise click.Abort
        if text.strip() or prompt.name not in answers:
            answers[prompt.name] = text
        mark = next(mark for mark in marker.mark("", answers).marks if mark.part.name == prompt.name)
        tries += mark.problem is None
        if not text.strip() or mark.status in _DONE or tries == TRIES:
            if text.strip() and tries == TRIES:
                late.add(prompt.name)
            return mark
        emit("\n".join(f"   {line}" for line in hint(mark, prompt)))
