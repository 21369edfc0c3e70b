"""A seed gives the exercises that it gave before: lecturers have handed sheets out, and draw them again."""

from __future__ import annotations

import json
import lzma
from functools import cache
from itertools import product
from typing import Any

import pytest

from cnncalc.homework.exercises.topics import LEVELS, TOPICS
from tests.homework.recorded_exercises import FILE, SHEETS, drawn, sheet
from tests.together import for_each

CHANGED = """a seed gives other exercises than before, so sheets that have been given out cannot be drawn again.
If that is intended, say so in CHANGELOG.md, and record them: python -m tests.homework.recorded_exercises"""


@cache
def recorded() -> Any:
    return json.loads(lzma.decompress(FILE.read_bytes()))


@for_each("level", LEVELS)
@for_each("topic", list(TOPICS))
def test_exercises_of_a_seed(topic: str, level: int) -> None:
    """The text, the spec, what it asks for, and the arrays, of every topic and level."""
    before = recorded()["exercises"][f"{topic} {level}"]
    now = json.loads(json.dumps(drawn(topic, level)))
    differences = [f"before: {old}\nnow: {new}" for old, new in zip(before, now, strict=True) if old != new]
    assert not differences, "\n".join([CHANGED, *differences[:3]])


@pytest.mark.parametrize(("level", "seed", "student"), [(level, *whose) for level, whose in product(LEVELS, SHEETS)])
def test_sheet_of_a_seed(level: int, seed: int, student: str) -> None:
    """The sheet as `check` reads it, and the right answers that `quiz --key` shows."""
    before = recorded()["sheets"][f"{level} {seed} {student}"].splitlines()
    now = sheet(level, seed, student).splitlines()
    differences = [f"before: {old}\nnow: {new}" for old, new in zip(before, now, strict=False) if old != new]
    assert now == before, "\n".join([CHANGED, *differences[:3]])


def test_every_topic_is_recorded() -> None:
    assert list(recorded()["exercises"]) == [f"{topic} {level}" for topic, level in product(TOPICS, LEVELS)]
