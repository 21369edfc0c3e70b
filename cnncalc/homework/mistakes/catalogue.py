"""The registry of mistakes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from math import prod
from typing import NamedTuple

from cnncalc.homework.figure_paths import Asked, AskedModel, FigureValue
from cnncalc.homework.hand import Worksheet
from cnncalc.homework.rework import Miscalculation
from cnncalc.number_text import thousands

Meant = Callable[[AskedModel, Asked], Iterable[tuple[FigureValue, str]]]
"""Metrics that may be confused with the requested one, each with a description."""


class Mistake(NamedTuple):
    """A mistake by name; one of `change` and `meant` is set. `likely` ranges from 1 (very common) to 9 (rare)."""

    name: str
    title: str
    rule: str
    """The wrong calculation, as a formula."""
    explanation: str
    likely: int
    change: Miscalculation | None = None
    meant: Meant | None = None
    figures: tuple[str, ...] = ()
    """The metrics in which it is made; all, if empty."""

    def explain(self, worked: Worksheet | None) -> str:
        """The explanation, with the numbers of the layer or, without a layer, with symbols."""
        return self.explanation.format_map(_FactsOrSymbols(facts(worked) if worked else {}))


_MISTAKES: dict[str, Mistake] = {}
_FILES = ("windows", "channels", "parameters", "work", "misread")


def miscalculated(
    title: str, rule: str, *, likely: int, figures: tuple[str, ...] = ()
) -> Callable[[Miscalculation], Miscalculation]:
    """Register a function that makes a mistake on a worksheet, under its own name."""

    def register(change: Miscalculation) -> Miscalculation:
        name = change.__name__
        _MISTAKES[name] = Mistake(name, title, rule, _why(change), likely, change=change, figures=figures)
        return change

    return register


def misread(title: str, rule: str, *, likely: int) -> Callable[[Meant], Meant]:
    """Register a function that returns the metrics of a misreading, under its own name."""

    def register(meant: Meant) -> Meant:
        _MISTAKES[meant.__name__] = Mistake(meant.__name__, title, rule, _why(meant), likely, meant=meant)
        return meant

    return register


def _why(function: Callable[..., object]) -> str:
    return " ".join((inspect.getdoc(function) or "").split())


@cache
def catalogue() -> tuple[Mistake, ...]:
    """Every mistake, the most likely first."""
    for file in _FILES:
        import_module(f"{__package__}.{file}")
    return tuple(sorted(_MISTAKES.values(), key=lambda mistake: (mistake.likely, mistake.name)))


_LETTERS: Mapping[str, str] = {
    "depth": "C", "filters": "K", "biases": "K", "channels": "K", "pads": "2P", "positions": "O·O", "area": "F·F",
    "gates": "g", "before": "F·F·C", "extent": "F′", "elements": "H·W·C",
}  # fmt: skip
"""The symbols that replace missing numbers."""


class _FactsOrSymbols(dict[str, str]):
    """The facts of a worksheet; missing ones are replaced by their symbols."""

    def __missing__(self, key: str) -> str:
        return _LETTERS.get(key, key)


def facts(worked: Worksheet) -> dict[str, str]:
    """The numbers of a worksheet as text, by the names used in explanations."""
    found = {
        "type": worked.layer.type,
        "depth": thousands(worked.depth),
        "filters": thousands(worked.filters),
        "biases": thousands(worked.biases),
        "channels": thousands(worked.channels),
        "gates": str(worked.repeated),
        "area": thousands(worked.area),
        "before": thousands(worked.before),
        "elements": thousands(prod(worked.given)),
    }
    if worked.axes:
        one = worked.axes[0]
        found |= {
            "W": str(one.size), "F": str(one.kernel), "S": str(one.stride), "D": str(one.dilation),
            "P": str(one.before), "pads": str(one.before + one.after), "extent": str(one.extent),
            "positions": thousands(worked.positions()), "A": str(one.added),
        }  # fmt: skip
    return found
