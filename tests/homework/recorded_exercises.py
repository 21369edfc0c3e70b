"""Records the exercises and sheets that seeds give: `python -m tests.homework.recorded_exercises`.

A lecturer who has given out a sheet draws it again by its seed, so a seed gives the same sheet in every version. The
recorded texts and specs hold that. The recorded right answers are what cnncalc computes; that they are correct is
checked by the tests of layers, counts and answers, whose numbers come from elsewhere.
"""

from __future__ import annotations

import json
import lzma
from itertools import product
from pathlib import Path
from typing import Any

from cnncalc.diagnostics import Source
from cnncalc.homework.exercises.quiz import as_sheet, make_quiz
from cnncalc.homework.exercises.topics import LEVELS, TOPICS, draw_exercise
from cnncalc.homework.sheet import read_sheet
from cnncalc.render.homework.marked import right_value

FILE = Path(__file__).parents[1] / "data" / "exercises.json.xz"
DRAWS = 48
"""Exercises of each topic and level: with 24 of each kind, most numbers of a range occur."""
SHEETS = ((7, ""), (2024, ""), (7, "é42"))
"""Seeds and students; one ID is not in ASCII."""


def drawn(topic: str, level: int) -> list[Any]:
    """Exercises of a topic, without the keys that have no value; their kinds take turns."""
    exercises = [draw_exercise(topic, str(seed), f"kinds {seed // 4}", seed, level) for seed in range(DRAWS)]
    return [{key: value for key, value in exercise._asdict().items() if value} for exercise in exercises]


def sheet(level: int, seed: int, student: str) -> str:
    """A sheet with two exercises of every topic, followed by the right answers."""
    text = as_sheet(make_quiz(list(TOPICS), 2 * len(TOPICS), level, seed, student), student)
    parts = read_sheet(Source("quiz.yaml", text)).parts
    return "\n".join([text, *(f"{part.name}: {right_value(part)}" for part in parts)])


def everything() -> dict[str, Any]:
    """All that is recorded, as JSON gives it back."""
    exercises = {f"{topic} {level}": drawn(topic, level) for topic, level in product(TOPICS, LEVELS)}
    sheets = {f"{level} {seed} {student}": sheet(level, seed, student)
              for level, (seed, student) in product(LEVELS, SHEETS)}  # fmt: skip
    return {"exercises": exercises, "sheets": sheets}


def main() -> None:
    """Write the file anew."""
    text = json.dumps(everything(), ensure_ascii=False, indent=0)
    FILE.write_bytes(lzma.compress(text.encode(), preset=9))


if __name__ == "__main__":
    main()
