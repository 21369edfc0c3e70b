"""Check answers, and name the mistake that leads to a wrong one"""

from __future__ import annotations

import sys
from io import BytesIO
from typing import TYPE_CHECKING

import click

from cnncalc.cli._command import SpecOptions, command, graph_options, spec_argument, spec_options
from cnncalc.cli._console import FINDINGS, emit, exit_with_findings, print_doubts, stdout_colored, stdout_width
from cnncalc.cli._values import parsed

if TYPE_CHECKING:
    from cnncalc.diagnostics import Source, SpecError
    from cnncalc.homework.figure_paths import AskedModel
    from cnncalc.homework.marking import Marked
    from cnncalc.homework.sheet import QuestionSheet
    from cnncalc.homework.students import Answers

SPEC_OPTIONS = ("input", "variables", "convention", "layout", "batch", "dtype")


def read_answer(text: str) -> tuple[str, str]:
    """`conv_1.output=14x14x20`: the path of a metric, and the answer as written. Raises ValueError."""
    path, equals, answer = text.partition("=")
    if not equals or not path.strip():
        raise ValueError("--answer needs FIGURE=ANSWER, e.g. output=14x14x20")
    return path.strip(), answer


def list_mistakes(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    """Print the recognised mistakes, and exit."""
    if wanted:
        from cnncalc.render.homework.mistakes import as_markdown

        emit(as_markdown())
        ctx.exit()


@command(
    examples=(
        'cnncalc check "32x32x3 -> conv 20 8x8 s2 p1" --answer output=14x14x20 --answer params=3860',
        'cnncalc check "28x28x1 -> conv 32 3x3 -> max_pool 2" --answer "max_pool_1.output=(None, 13, 13, 32)"',
    )
)
@spec_argument
@click.option(
    "--answer", "answers", multiple=True, callback=parsed(read_answer), metavar="FIGURE=ANSWER",
    help="An answer: output=14x14x20, conv_1.params=3860, total.macs=0.76M; may be repeated.",
)  # fmt: skip
@click.option(
    "--answers", "file", metavar="FILE",
    help="For a question sheet: a student's answers as YAML, or a class's answers as CSV, one row per student.",
)  # fmt: skip
@click.option(
    "--gradebook", metavar="FILE",
    help="A gradebook exported by Moodle, Canvas or Gradescope: print it with a column of the points.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(("text", "json", "markdown", "csv")), default="text",
    help="Output format; csv is the gradebook of a sheet.",
)  # fmt: skip
@click.option(
    "--list-mistakes", is_flag=True, is_eager=True, expose_value=False, callback=list_mistakes,
    help="Print the recognised mistakes as a Markdown table, and exit.",
)  # fmt: skip
@spec_options
def check(
    spec: str, options: SpecOptions, answers: tuple[tuple[str, str], ...], file: str | None, gradebook: str | None,
    form: str,
) -> None:  # fmt: skip
    """Check each answer against the value computed from SPEC, or grade a question sheet if SPEC is one.

    Answers may be written in the usual ways: 756,560 or 0.76M or (8*8*3+1)*20, and 14x14x20, [14, 14, 20] or
    (None, 14, 14, 20). For a wrong answer, the command names the mistake that gives exactly this value, and shows the
    working of the right one. docs/homework.md describes sheets. The exit code is 1 if an answer is wrong.
    """
    from cnncalc.analysis.partial import load_part
    from cnncalc.diagnostics import SpecError
    from cnncalc.homework.figure_paths import subject
    from cnncalc.homework.individual import is_individual
    from cnncalc.homework.sheet import is_sheet
    from cnncalc.importing.document import text_of

    stdin = BytesIO(sys.stdin.buffer.read()) if spec == "-" else None
    source = text_of(spec, stdin)
    if source and (is_sheet(source) or is_individual(source)):
        if answers or any(options.get(name) for name in SPEC_OPTIONS):
            raise click.UsageError("a sheet contains its own specs: only --answers and --format apply to it")
        if gradebook and not file:
            raise click.UsageError("--gradebook needs the answers of the class: give --answers FILE")
        right = _sheet(source, file, form, options, gradebook)
    else:
        if not answers or file or gradebook or form == "csv":
            raise click.UsageError("give at least one --answer FIGURE=ANSWER; --answers and csv apply only to sheets")
        try:
            graph, rest = load_part(spec, **graph_options(options) | {"stdin": stdin and BytesIO(stdin.getvalue())})
        except SpecError as error:
            right = _unfitting(error, answers, form)
        else:
            print_doubts(graph)
            about = subject(graph, batch=options.get("batch", 1), dtype=options.get("dtype"), rest=rest)
            right = _spec(about, answers, form)
            exit_with_findings([rest.reason] if rest is not None else [])
    if not right:
        raise click.exceptions.Exit(FINDINGS)


def _spec(about: AskedModel, answers: tuple[tuple[str, str], ...], form: str) -> bool:
    from cnncalc.homework.check import judge
    from cnncalc.render.homework import judgements as render

    found = judge(about, answers)
    if form == "json":
        emit(render.as_json(about, found))
    elif form == "markdown":
        emit(render.as_markdown(about, found))
    else:
        emit(render.as_text(about, found, color=stdout_colored(), width=stdout_width()))
    return all(judgement.right for judgement in found)


def _unfitting(error: SpecError, answers: tuple[tuple[str, str], ...], form: str) -> bool:
    """Judge answers to a spec with invalid sizes if one answer is that it does not fit; else raise SpecError."""
    from cnncalc.homework.fit import judge_unfitting
    from cnncalc.render.homework import unfitting as render

    found = judge_unfitting(error.diagnostics, answers)
    if found is None:
        raise error
    emit(render.as_json(found) if form == "json" else render.as_text(found, color=stdout_colored() and form == "text"))
    return all(verdict.status == "right" for _, _, verdict in found)


def _sheet(source: Source, file: str | None, form: str, options: SpecOptions, gradebook: str | None) -> bool:
    from cnncalc.homework.individual import is_individual
    from cnncalc.render.homework import marked as render

    mark = _marked_individually if is_individual(source) else _marked
    sheet, students, found = mark(source, file, options)
    if gradebook:
        emit(_filled(gradebook, sheet, students, found))
    elif form == "json":
        emit(render.as_json(sheet, found))
    elif form == "markdown":
        emit(render.as_markdown(sheet, found))
    elif form == "csv":
        emit(render.gradebook(sheet, found))
    else:
        emit(render.as_text(sheet, found, color=stdout_colored(), width=stdout_width()))
    return all(one.points == sheet.points for one in found)


_MarkedClass = tuple["QuestionSheet", "list[Answers]", "list[Marked]"]
"""A sheet, the answers of the students, and their marks."""


def _marked(source: Source, file: str | None, options: SpecOptions) -> _MarkedClass:
    from cnncalc.homework.marking import Marker
    from cnncalc.homework.sheet import read_sheet
    from cnncalc.homework.students import load_answers, own_answers

    sheet = read_sheet(source, options.get("limits"))
    print_doubts(*sheet.models)
    students = load_answers(file, sheet) if file else [own_answers(sheet)]
    marker = Marker(sheet, len(students), options.get("limits"))
    return sheet, students, [marker.mark(one.student, one.texts) for one in students]


def _marked_individually(source: Source, file: str | None, options: SpecOptions) -> _MarkedClass:
    """Like `_marked`, for a sheet whose numbers follow from the ID of a student."""
    from cnncalc.homework.gradebooks.columns import Student
    from cnncalc.homework.individual import read_individual
    from cnncalc.homework.marking import Marker
    from cnncalc.homework.students import load_answers

    if not file:
        raise click.UsageError("individual sheets need --answers FILE with the IDs of the students")
    individual, limits = read_individual(source), options.get("limits")
    sheet = individual.sheet_for(Student("", frozenset()), limits)
    students, found = load_answers(file, sheet), list["Marked"]()
    for one in students:
        if not one.id:
            raise click.UsageError(f'"{one.student}" has no ID in {file}, from which the numbers follow')
        marker = Marker(individual.sheet_for(one.who, limits), limits=limits)
        found.append(marker.mark(one.student, one.texts))
    return sheet, students, found


def _filled(reference: str, sheet: QuestionSheet, students: list[Answers], found: list[Marked]) -> str:
    """The gradebook in a file with a column of the points."""
    from cnncalc.homework.gradebooks.gradebook import filled, read_gradebook
    from cnncalc.reading.load import load_source
    from cnncalc.render.csv_text import csv_text
    from cnncalc.render.homework.marked import points

    book = read_gradebook(load_source(reference).source)
    given = [(one.who, points(marked.points)) for one, marked in zip(students, found, strict=True)]
    book = filled(book, sheet.title or "cnncalc", points(sheet.points), given)
    return csv_text(book.head, book.rows)
