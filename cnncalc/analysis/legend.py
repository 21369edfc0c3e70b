"""The meanings of the symbols in a layer's formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cnncalc.analysis.trace import LayerTrace
from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.algebra import Formula
from cnncalc.arithmetic.notation import LATEX
from cnncalc.layers.base import Layer

_SIZES: Mapping[str, str] = {
    "W": "input", "O": "output", "C": "channels", "Cᵢ": "input channels", "Cₒ": "output channels", "n": "inputs",
    "r": "receptive field so far", "j": "jump so far",
    "T": "steps", "H": "height", "D": "depth", "L": "length", "R": "samples for each of the model's",
    "B": "samples in the batch",
}  # fmt: skip
_SIDES: Mapping[str, str] = {"₀": " before", "₁": " after"}


class Symbol(NamedTuple):
    """A symbol, its value (`32`, or `7×11` if axes differ) and its meaning; "" for a self-explanatory word."""

    symbol: str
    latex: str
    values: tuple[int, ...]
    meaning: str


def legend(layer: Layer, traced: LayerTrace, numbers: Iterable[int]) -> tuple[Symbol, ...]:
    """The symbols in traced numbers, in order of appearance."""
    found: dict[str, list[Formula]] = {}
    for number in numbers:
        for leaf in algebra.leaves(algebra.formula(number)):
            seen = found.setdefault(leaf.symbol, [])
            if leaf not in seen:
                seen.append(leaf)
    return tuple(
        Symbol(symbol, LATEX.symbol(symbol, ""), _values(leaves), _meaning(layer, traced, symbol))
        for symbol, leaves in found.items()
    )


def _values(leaves: list[Formula]) -> tuple[int, ...]:
    values = tuple(leaf.value for leaf in leaves)
    return values[:1] if len(set(values)) == 1 else values


def _meaning(layer: Layer, traced: LayerTrace, symbol: str) -> str:
    fields = {letter: field.name.replace("_", " ") for letter, field in layer.by_symbol().items()}
    if symbol in fields:
        return fields[symbol] if fields[symbol].lower() != symbol.lower() else ""
    base, side = symbol.rstrip("₀₁₂₃₄₅₆₇₈₉"), _SIDES.get(symbol[-1:], "")
    if base in fields:
        return fields[base] + side
    if base == "n" and layer.steps_first():
        return "features" + _of_input(symbol, base)
    if base == "W" and not traced.slides:
        return "width" + _of_input(symbol, base)
    return _SIZES.get(base, base) + _of_input(symbol, base)


def _of_input(symbol: str, base: str) -> str:
    """The input that a numbered symbol belongs to, if there are several."""
    number = symbol[len(base) :].translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
    return f" of input {number}" if number else ""
