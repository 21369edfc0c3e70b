"""Answers in the reports of platforms: a column for each question of an exported sheet, with all of its parts.

Moodle's report "Responses" has `Response 1`, with `part 1: 14x14x20; part 2: 3860` for a cloze question. Canvas's
"Student analysis" has `4711: TEXT`, with the blanks separated by commas, and a backslash before a comma of an answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.homework.sheet import QuestionPart, QuestionSheet
from cnncalc.homework.values import Output, rows_of

_MOODLE = re.compile(r"response (\d+)", re.IGNORECASE)
_CANVAS = re.compile(r"\d+: .*", re.DOTALL)
_PART = re.compile(r"(?:^|;\s*)part (\d+):\s*")


class ResponseColumns:
    """The columns of a table that contain the answers to a whole question of a sheet."""

    def __init__(self, head: Sequence[str], sheet: QuestionSheet) -> None:
        groups: dict[int, list[QuestionPart]] = {}
        for part in sheet.parts:
            groups.setdefault(part.group, []).append(part)
        questions = list(groups.values())
        self._found: dict[int, list[QuestionPart]] = {}
        canvas = [place for place, name in enumerate(head) if _CANVAS.fullmatch(name)]
        for place, name in enumerate(head):
            if match := _MOODLE.fullmatch(name):
                number = int(match[1]) - 1
            elif place in canvas:
                number = canvas.index(place)
            else:
                continue
            if 0 <= number < len(questions):
                self._found[place] = questions[number]

    def __contains__(self, column: int) -> bool:
        return column in self._found

    def answers(self, row: Sequence[str]) -> dict[str, str]:
        """The answers of a row, by the names of the parts."""
        found: dict[str, str] = {}
        for place, parts in self._found.items():
            if place < len(row):
                found.update(_answers(row[place], parts))
        return found


def _answers(cell: str, parts: list[QuestionPart]) -> dict[str, str]:
    """The answers to the parts of a question; a matrix has a field for each of its numbers."""
    sizes = [_matrix(part) for part in parts]
    count = sum(rows * columns for rows, columns in sizes)
    texts = _fields(cell, count)
    found = {}
    for part, (rows, columns) in zip(parts, sizes, strict=True):
        own, texts = texts[: rows * columns], texts[rows * columns :]
        if rows * columns == 1:
            found[part.name] = own[0]
        elif any(own):
            lines = [", ".join(own[row * columns : (row + 1) * columns]) for row in range(rows)]
            found[part.name] = f"[{lines[0]}]" if rows == 1 else f"[[{'], ['.join(lines)}]]"
    return found


def _matrix(part: QuestionPart) -> tuple[int, int]:
    """The rows and columns of a part's answer; one each for a single field."""
    rows = rows_of(part.value.value) if isinstance(part.value, Output) else []
    return (len(rows), len(rows[0])) if rows else (1, 1)


def _fields(cell: str, count: int) -> list[str]:
    """The texts of the fields of a question, as many as it has; `-` is an empty one in Moodle."""
    pieces = _PART.split(cell.strip())
    if len(pieces) > 1:
        numbered = {int(number): text for number, text in zip(pieces[1::2], pieces[2::2], strict=True)}
        texts = [numbered.get(number, "") for number in range(1, count + 1)]
    elif count == 1:
        texts = [cell]
    else:
        texts = [text.replace("\\,", ",") for text in re.split(r"(?<!\\),", cell)]
    texts = ["" if text.strip() == "-" else text.strip().removesuffix(";") for text in texts]
    return [*texts, *[""] * count][:count]
