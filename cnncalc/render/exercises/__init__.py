"""Exercises in the formats of learning platforms, and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cnncalc.homework.sheet import QuestionSheet


class ExerciseFormat(NamedTuple):
    """A format of exercises: its module, the suffix of its files, and its properties."""

    module: str
    suffix: str
    has_key: bool = False
    """Whether it can be written with the key."""
    has_slips: bool = True
    """Whether it contains the known wrong answers."""
    has_pictures: bool = False
    """Whether it can be written with pictures beside the questions."""


FORMATS: Mapping[str, ExerciseFormat] = {
    "markdown": ExerciseFormat("markdown", ".md", has_key=True, has_slips=False, has_pictures=True),
    "html": ExerciseFormat("html", ".html", has_key=True, has_slips=False, has_pictures=True),
    "latex": ExerciseFormat("latex", ".tex", has_key=True, has_slips=False, has_pictures=True),
    "moodle": ExerciseFormat("moodle", ".xml", has_pictures=True),
    "gift": ExerciseFormat("gift", ".gift"),
    "qti": ExerciseFormat("qti", ".zip", has_pictures=True),
    "nbgrader": ExerciseFormat("notebook", ".ipynb", has_pictures=True),
}


CALCULATED = "moodle-calculated"
"""The format whose questions contain variants of a sheet, which only new exercises have."""
DRAWN_VARIANTS = 40
"""The number of variants that are drawn; those whose texts differ in numbers only are used."""


def write_calculated(sheets: Iterable[QuestionSheet]) -> str:
    """Variants of a sheet as Moodle's calculated questions."""
    from cnncalc.render.exercises.moodle_calculated import render_variants
    from cnncalc.render.exercises.paper import paper_of

    return render_variants([paper_of(sheet) for sheet in sheets])


def write_exercises(sheet: QuestionSheet, name: str, *, key: bool = False, draw: bool = False) -> str | bytes:
    """A sheet in a format: a text, or the bytes of a package; `draw` adds pictures, where the format has them."""
    from cnncalc.render.exercises.paper import paper_of

    found = FORMATS[name]
    render = import_module(f"{__name__}.{found.module}").render
    paper = paper_of(sheet, slips=found.has_slips, draw=draw)
    written: str | bytes = render(paper, key=key) if found.has_key else render(paper)
    return written
