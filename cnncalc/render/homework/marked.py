"""Marked sheets: of one student as text or Markdown, of a class as a gradebook and a histogram, of both as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from cnncalc.homework.figure_paths import show_value
from cnncalc.homework.fit import DOES_NOT_FIT, DoesNotFit
from cnncalc.homework.judge import Question
from cnncalc.homework.marking import FOLLOWS, MISSING, Mark, Marked
from cnncalc.homework.mistakes.catalogue import catalogue
from cnncalc.homework.sheet import QuestionPart, QuestionSheet
from cnncalc.homework.values import Hyperparameter, Output, show_array
from cnncalc.number_text import decimal, thousands
from cnncalc.render.csv_text import csv_text
from cnncalc.render.homework.judgements import MARKS, remarks
from cnncalc.render.homework.working import working
from cnncalc.render.json_text import json_text
from cnncalc.render.markdown_text import code, escape
from cnncalc.render.text import styled, visible, wrap
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

_SIGNS: Mapping[str, tuple[str, str]] = {**MARKS, MISSING: ("–", "dim"), FOLLOWS: ("≈", "yellow")}
_BAR = 30
"""Terminal cells of the longest bar."""
_LEAST_NAME = 12


def points(number: Fraction) -> str:
    """Points without useless zeros."""
    return decimal(float(number))


def as_text(sheet: QuestionSheet, marked: Sequence[Marked], *, color: bool = False, width: int | None = None) -> str:
    """One student's sheet in full; of a class a line for each student, and what to teach again."""
    if len(marked) != 1:
        return "\n".join(_class(sheet, marked, width, color=color))
    one = marked[0]
    lines = [visible(line) for line in (sheet.title, one.student) if line]
    for mark in one.marks:
        lines += feedback(mark, color=color, width=width)
    return "\n".join([*lines, "", f"{points(one.points)} of {points(sheet.points)} points"])


def feedback(mark: Mark, *, color: bool = False, width: int | None = None) -> list[str]:
    """The lines on one answer: right or wrong, by which mistake, and the working of the right one."""
    sign, style = _SIGNS[mark.status]
    lines = [f"{styled(sign, style, color=color)} {_headline(mark)}"]
    for remark in (*_why(mark), *_right(mark, {})):
        cells = max(40, min(width or 100, 100)) - 4
        lines += ["    " + part for part in wrap(remark, cells, hanging="  ")]
    return lines


def _headline(mark: Mark) -> str:
    part = mark.part
    said = f"{part.name}: {part.asks} = {mark.text.strip()}" if mark.text.strip() else f"{part.name}: {part.asks}"
    worth = f"{points(mark.points)}/{points(part.points)}"
    return visible(f"{said}  [{worth}] {_status(mark)}".rstrip())


def _status(mark: Mark) -> str:
    if mark.status == "right":
        return ""
    if mark.problem is not None:
        return f"cannot be read: {mark.problem.message}"
    if mark.suspects and mark.status != FOLLOWS:
        return "wrong: " + " or ".join(suspect.what for suspect in mark.suspects[:3])
    said = mark.status if mark.status != "right with a note" else ""
    return ": ".join(word for word in (said, mark.note) if word)


def _why(mark: Mark) -> list[str]:
    if mark.judgement is None or mark.status == FOLLOWS:
        return [mark.problem.hint] if mark.problem and mark.problem.hint else []
    return remarks(mark.judgement)


def right_value(part: QuestionPart) -> str:
    """The right answer of a part, as text."""
    if part.question is not None:
        return show_value(part.question.asked.value)
    if isinstance(part.value, Output):
        return show_array(part.value.value)
    if isinstance(part.value, DoesNotFit):
        return DOES_NOT_FIT
    assert isinstance(part.value, Hyperparameter)
    return "any value with " + ", ".join(f"{path} = {target}" for path, target in part.value.wanted.items())


def _right(mark: Mark, known: dict[Question, list[str]]) -> list[str]:
    """The working of the right answer, below a wrong one; `known` keeps it for the next student."""
    if mark.status not in ("wrong", MISSING, FOLLOWS):
        return []
    lines = [f"Right is {right_value(mark.part)}"]
    question = mark.part.question
    if isinstance(mark.part.value, DoesNotFit):
        return [lines[0] + ":", mark.part.value.problem.message]
    if question is None:
        return lines
    if question not in known:
        known[question] = list(working(question.about, question.asked))
    return [lines[0] + ":", *known[question]]


# --- a class -----------------------------------------------------------------------------------------------------


def _class(sheet: QuestionSheet, marked: Sequence[Marked], width: int | None, *, color: bool) -> list[str]:
    most = f" / {points(sheet.points)}"
    columns = [
        TableColumn(width=7, narrow="wrap", least=_LEAST_NAME),
        TableColumn(align="right", width=6 + len(most)),
        TableColumn(narrow="wrap", least=_LEAST_NAME),
    ]
    rows = [
        TableRow([
            one.student,
            points(one.points) + most,
            " ".join(_SIGNS[mark.status][0] for mark in one.marks),
        ])
        for one in marked
    ]  # fmt: skip
    lines = wrap(visible(sheet.title), width) if sheet.title else []
    lines += draw(TextTable(columns, rows), width, color=color)
    return [*lines, "", *_summary(sheet, marked, width, color=color)]


def _summary(sheet: QuestionSheet, marked: Sequence[Marked], width: int | None, *, color: bool) -> list[str]:
    """The mean, how many got each part right, and the mistakes by how often they were made."""
    if not marked:
        return ["no answers"]
    mean = sum((one.points for one in marked), Fraction(0)) / len(marked)
    lines = [
        f"{len(marked)} students, {points(Fraction(round(mean, 2)))} of {points(sheet.points)} points on average",
        "",
    ]
    for place, part in enumerate(sheet.parts):
        right = sum(one.marks[place].status in ("right", "right with a note") for one in marked)
        unread = sum(one.marks[place].problem is not None for one in marked)
        and_unread = f", {unread} unreadable" if unread else ""
        lines.append(f"{part.name}: {part.asks}  {right} of {len(marked)} right{and_unread}")
    return [*lines, "", *_histogram(marked, width, color=color)]


def misconceptions(marked: Sequence[Marked]) -> list[tuple[str, int]]:
    """The number of wrong answers each mistake explains, the most frequent first; of several, the likeliest counts.

    An answer that follows correctly from a wrong one counts for no mistake.
    """
    counted = Counter(mark.suspects[0].name for one in marked for mark in one.marks if mark.suspects)
    return counted.most_common()


def _titled(counted: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """The counts with the titles of the mistakes instead of their names."""
    titles = {mistake.name: mistake.general_title for mistake in catalogue()}
    for names, count in counted:
        yield " + ".join(titles[name] for name in names.split("+")), count


def _histogram(marked: Sequence[Marked], width: int | None, *, color: bool) -> list[str]:
    counted = misconceptions(marked)
    if not counted:
        return ["no mistake with a name"]
    most = counted[0][1]
    rows = [
        TableRow([
            titles,
            thousands(count),
            "█" * max(1, round(_BAR * count / most)),
        ])
        for titles, count in _titled(counted)
    ]  # fmt: skip
    columns = [TableColumn(narrow="wrap", least=_LEAST_NAME), TableColumn(align="right", width=4), TableColumn()]
    return ["What to teach again", *draw(TextTable(columns, rows), width, color=color)]


# --- for machines ------------------------------------------------------------------------------------------------


def as_json(sheet: QuestionSheet, marked: Sequence[Marked]) -> str:
    """Every mark as one JSON object."""
    return json_text(
        {
            "format": 1,
            "title": sheet.title,
            "points": float(sheet.points),
            "students": [
                {"student": one.student, "points": float(one.points), "answers": [_as_dict(mark) for mark in one.marks]}
                for one in marked
            ],
            "mistakes": dict(misconceptions(marked)),
        },
    )


def _as_dict(mark: Mark) -> dict[str, Any]:
    return {
        "part": mark.part.name,
        "asks": mark.part.asks,
        "answer": mark.text,
        "status": mark.status,
        "points": float(mark.points),
        "of": float(mark.part.points),
        "note": mark.problem.message if mark.problem else mark.note,
        "mistakes": [suspect.name for suspect in mark.suspects],
    }


def gradebook(sheet: QuestionSheet, marked: Sequence[Marked]) -> str:
    """One row for each student: the points of each part, their sum, and the parts whose answers could not be read."""
    header = ["student", *(part.name for part in sheet.parts), "points", "unreadable"]
    rows = (
        [one.student, *(points(mark.points) for mark in one.marks), points(one.points), " ".join(_unreadable(one))]
        for one in marked
    )
    return csv_text(header, rows)


def _unreadable(one: Marked) -> list[str]:
    """The parts that somebody has to look at: an answer is there, but it cannot be read."""
    return [mark.part.name for mark in one.marks if mark.problem is not None]


def as_markdown(sheet: QuestionSheet, marked: Sequence[Marked]) -> str:
    """Feedback for each student, and for a class what to teach again."""
    lines = [f"# {escape(sheet.title)}", ""] if sheet.title else []
    known: dict[Question, list[str]] = {}
    for one in marked:
        total = f"{points(one.points)} of {points(sheet.points)} points"
        lines += [*([f"## {escape(one.student)}", ""] if one.student else []), total, ""]
        for mark in one.marks:
            lines.append(f"- {_SIGNS[mark.status][0]} {escape(_headline(mark))}")
            lines += [f"  - {escape(remark)}" for remark in _why(mark)]
            lines += [f"  - {code(line) if place else escape(line)}" for place, line in enumerate(_right(mark, known))]
        lines.append("")
    if len(marked) > 1:
        counted = _titled(misconceptions(marked))
        listed = [f"- {escape(title)}: {count}" for title, count in counted] or ["no mistake with a name"]
        lines += ["## What to teach again", "", *listed, ""]
    return "\n".join(lines).strip()
