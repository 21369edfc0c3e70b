"""Exams as text tables: a question in one line, below it its answers with the reasoning and the accepted names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.homework.exam.answers import Written, Wrong, WrongArray

_ARRAYS, _NOTATIONS, _NONSENSE = "arrays", "notations", "nonsense"


class Exam(NamedTuple):
    """The tables of one exam."""

    wrong: tuple[Wrong | WrongArray, ...]
    notations: tuple[Written, ...]
    nonsense: tuple[Written, ...]
    """Answers that mean nothing, which are unreadable."""


def read_exam(name: str) -> Exam:
    """The exam in a folder of this one."""
    wrong: list[Wrong | WrongArray] = []
    notations: list[Written] = []
    nonsense: list[Written] = []
    for file in sorted((Path(__file__).parent / name).glob("*.txt")):
        for heading, cells in _rows(file):
            if file.stem == _ARRAYS:
                item, data, weights, bias = (*heading.split(" | "), "", "")[:4]
                wrong.append(WrongArray(item, data, *cells, weights or None, bias or None))
            elif file.stem in (_NOTATIONS, _NONSENSE):
                (nonsense if file.stem == _NONSENSE else notations).append(Written(heading, *_split(cells[0])))
            else:
                answer, reasoning, names = cells
                path, text = _split(answer)
                spec, options = _spec(heading)
                wrong.append(Wrong(spec, path, _value(text), reasoning, names, options))
    return Exam(tuple(wrong), tuple(notations), tuple(nonsense))


def _rows(file: Path) -> Iterator[tuple[str, list[str]]]:
    """The lines of a table with the heading that each is below; cells are separated by bars with spaces."""
    heading = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            yield heading, line.strip().split(" | ")
        else:
            heading = line


def _split(answer: str) -> tuple[str, str]:
    """A path and an answer: `output = 14x14x20`."""
    path, _, text = answer.partition(" = ")
    return path, text


def _spec(heading: str) -> tuple[str, dict[str, Any]]:
    """A spec and its options: `[batch=16] 8x8x3 -> …`."""
    found = re.match(r"\[batch=(\d+)\] (.*)", heading)
    return (found[2], {"batch": int(found[1])}) if found else (heading, {})


def _value(text: str) -> int | tuple[int, ...] | str:
    """A number or a shape; the text of any other answer."""
    if not re.fullmatch(r"\d+(x\d+)*", text):
        return text
    sizes = tuple(map(int, text.split("x")))
    return sizes if len(sizes) > 1 else sizes[0]
