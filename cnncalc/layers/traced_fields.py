"""The numbers of fields as named terms: the rules, run on them, yield their derivation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.arithmetic.term import Term


def as_terms(value: Any, symbol: str, axis: Callable[[int], str]) -> Any:
    """`value` with every int replaced by a leaf; words, flags and reals are unchanged. `axis` names an index."""
    if not symbol or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Term.leaf(value, symbol)
    if isinstance(value, tuple):
        return tuple(_item(item, symbol, axis(index)) for index, item in enumerate(value))
    return value


def _item(item: Any, symbol: str, axis: str) -> Any:
    """The number of one axis, or its (before, after): P₀ and P₁ if they differ."""
    if not isinstance(item, tuple):
        return Term.leaf(item, symbol, axis) if isinstance(item, int) else item
    marks = ("", "") if len(set(item)) == 1 else ("₀", "₁")
    return tuple(Term.leaf(part, symbol + mark, axis) for part, mark in zip(item, marks, strict=True))
