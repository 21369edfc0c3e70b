"""The topics of exercises: one function per topic, which draws an exercise of a level.

Level 1 uses the bare formula, level 2 adds strides and padding that divide evenly, and level 3 uses everything: inputs
that are not square, rounding, dilation, groups, several layers. The modules of this folder are found by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from cnncalc.homework.exercises.dice import Dice

LEVELS = (1, 2, 3)


class Exercise(NamedTuple):
    """One question: a `spec` and the metrics that it `asks` for, a variable to `find`, or an item to `apply`."""

    text: str
    spec: str = ""
    asks: tuple[str, ...] = ()
    find: str = ""
    such_that: tuple[tuple[str, str], ...] = ()
    apply: str = ""
    data: str = ""
    weights: str = ""
    bias: str = ""
    second_data: str = ""
    """The other array, for layers with two inputs."""
    right: str = ""
    """`does not fit` if the sizes are rejected."""
    parts: tuple[Exercise, ...] = ()
    """Several arrays to compute, each with its question."""


Draw = Callable[[Dice, int], Exercise]

TOPICS: dict[str, Draw] = {}
"""The topics by name, each with its first kind of exercise; the decorator `topic` registers a function."""
OTHER_KINDS: dict[str, list[Draw]] = {}
"""The other kinds of exercises of a topic; the decorator `another` registers a function."""


def topic(draw: Draw) -> Draw:
    """Register a topic under the function's name."""
    TOPICS[draw.__name__] = draw
    return draw


def another(name: str) -> Callable[[Draw], Draw]:
    """Register another kind of exercise of a topic."""

    def register(draw: Draw) -> Draw:
        OTHER_KINDS.setdefault(name, []).append(draw)
        return draw

    return register


def draw_exercise(name: str, seed: str, kinds: str, turn: int, level: int) -> Exercise:
    """An exercise of a topic: its kinds take turns."""
    draws: tuple[Draw, ...] = (TOPICS[name], *OTHER_KINDS.get(name, ()))
    place = Dice(seed, f"{kinds}/kind", turn).kind(range(len(draws)))
    return draws[place](Dice(seed, kinds, turn // len(draws)), level)


for _name in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_name}")
