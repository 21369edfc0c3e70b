"""The meanings of the symbols in a layer's formulas."""

import re
from collections.abc import Container, Iterable, Mapping
from itertools import chain
from typing import NamedTuple

from cnncalc.analysis.trace import LayerTrace
from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.algebra import Formula
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.notation import LATEX
from cnncalc.arithmetic.term import Term
from cnncalc.arithmetic.window import dilated
from cnncalc.layers.base import Layer
from cnncalc.layers.window_layer import WindowLayer

_SIZES: Mapping[str, str] = {
    "W": "input", "O": "output", "C": "channels", "Cᵢ": "input channels", "Cₒ": "output channels", "n": "inputs",
    "r": "receptive field so far", "j": "jump so far",
    "T": "steps", "H": "height", "D": "depth", "L": "length", "R": "samples for each of the model's",
    "B": "samples in the batch", "F′": "dilated kernel", "dₖ": "features of each head",
    "first": "MACs of the projections before the products", "last": "MACs of the last projection",
    "products": "MACs of queries with keys and of weights with values",
    "recurrent": "MACs of one step's state", "forward": "MACs of the inputs",
}  # fmt: skip
_SYMBOL = re.compile(r"(?<!\w)[^\W\d_ᵢₒₖᵥ][ᵢₒₖᵥ₀₁₂′]*(?![\w′])")
"""A letter with its index: not a letter of a word."""
_SIDES: Mapping[str, str] = {"₀": " before", "₁": " after"}


class Symbol(NamedTuple):
    """A symbol, its value (`32`, or `7×11` if axes differ) and its meaning; "" for a self-explanatory word."""

    symbol: str
    values: tuple[int, ...]
    meaning: str

    @property
    def latex(self) -> str:
        """The symbol in LaTeX's math mode."""
        return LATEX.symbol(self.symbol, "")


class Legend:
    """The symbols in the formulas of a layer, and those of its rule; formulas of its place in a model may be added."""

    def __init__(self, layer: Layer, traced: LayerTrace, formulas: Iterable[Formula], rule: str = "") -> None:
        self._layer, self._traced = layer, traced
        self._leaves = _with_leaves({}, formulas)
        self._fields = {letter: field.name.replace("_", " ") for letter, field in layer.by_symbol().items()}
        self._own = self._symbols(self._leaves)
        self._of_rule = {symbol: self._symbol(symbol, values) for symbol, values in _rule_values(traced, rule).items()}

    def names(self, added: Iterable[Formula] = ()) -> tuple[Symbol, ...]:
        """The symbols in order of appearance, and then those of the rule that have a value."""
        leaves = _with_leaves(self._leaves, added)
        more = {symbol: found for symbol, found in leaves.items() if found is not self._leaves.get(symbol)}
        symbols = {**self._own, **self._symbols(more)}
        return (*symbols.values(), *(each for symbol, each in self._of_rule.items() if symbol not in symbols))

    def _symbols(self, leaves: Mapping[str, tuple[Formula, ...]]) -> dict[str, Symbol]:
        return {symbol: self._symbol(symbol, _values(found)) for symbol, found in leaves.items()}

    def _symbol(self, symbol: str, values: tuple[int, ...]) -> Symbol:
        return Symbol(symbol, values, self._meaning(symbol))

    def _meaning(self, symbol: str) -> str:
        fields = self._fields
        if symbol in fields:
            return fields[symbol] if fields[symbol].lower() != symbol.lower() else ""
        base, side = symbol.rstrip("₀₁₂₃₄₅₆₇₈₉"), _SIDES.get(symbol[-1:], "")
        if base in fields:
            return fields[base] + side
        if base == "n" and self._layer.steps_first():
            return "features" + _of_input(symbol, base)
        if base == "W" and not self._traced.slides:
            return "width" + _of_input(symbol, base)
        return _SIZES.get(base, base) + _of_input(symbol, base)


def legend(layer: Layer, traced: LayerTrace, formulas: Iterable[Formula]) -> tuple[Symbol, ...]:
    """The symbols in formulas, in order of appearance."""
    return Legend(layer, traced, formulas).names()


def _with_leaves(
    known: Mapping[str, tuple[Formula, ...]], formulas: Iterable[Formula]
) -> dict[str, tuple[Formula, ...]]:  # fmt: skip
    """The named numbers of each symbol: those that differ in value, or belong to an axis."""
    found = dict(known)
    for formula in formulas:
        for leaf in algebra.leaves(formula):
            seen = found.setdefault(leaf.symbol, ())
            if leaf not in seen and (leaf.axis or leaf.value not in [each.value for each in seen]):
                found[leaf.symbol] = (*seen, leaf)
    return found


def with_symbols(known: tuple[Symbol, ...], added: Iterable[Symbol]) -> tuple[Symbol, ...]:
    """The symbols of an explanation, and those of further formulas that it does not have."""
    seen = {each.symbol for each in known}
    return (*known, *(each for each in added if each.symbol not in seen))


def _rule_values(traced: LayerTrace, rule: str) -> dict[str, tuple[int, ...]]:
    """The values of the symbols in a rule: numbers of fields, sizes, and what the layer gives."""
    layer, inputs = traced.layer, traced.inputs
    written = dict.fromkeys(_SYMBOL.findall(rule))
    if not written:
        return {}
    known: dict[str, tuple[int, ...]] = {}
    for size in (*chain(*inputs), *traced.output):
        if isinstance(size, Term) and size.symbol:
            known[size.symbol] = (*known.get(size.symbol, ()), int(size))
    known |= _field_values(layer) | _window_values(layer, inputs, written)
    known |= {symbol: (int(number),) for symbol, number in layer.rule_numbers(*inputs).items()}
    return {symbol: known[symbol][:1] if len(set(known[symbol])) == 1 else known[symbol]
            for symbol in written if symbol in known}  # fmt: skip


def _field_values(layer: Layer) -> dict[str, tuple[int, ...]]:
    """The whole numbers of the fields that have a symbol."""
    given = {symbol: getattr(layer, field.attribute, None) for symbol, field in layer.by_symbol().items()}
    found = {symbol: value if isinstance(value, tuple) else (value,) for symbol, value in given.items()}
    return {symbol: tuple(map(int, value)) for symbol, value in found.items() if all(map(_is_whole, value))}


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _window_values(layer: Layer, inputs: tuple[Shape, ...], wanted: Container[str]) -> dict[str, tuple[int, ...]]:
    """The padding along each axis, and the extent of the dilated kernel, as far as they are wanted."""
    if not isinstance(layer, WindowLayer) or layer.axes_before_spatial:
        return {}
    found: dict[str, tuple[int, ...]] = {}
    if "F′" in wanted:
        pairs = zip(layer.kernels(inputs[0]), layer.dilations(inputs[0]), strict=True)
        found["F′"] = tuple(int(dilated(F, D)) for F, D in pairs)
    if layer.slides_over_input and ("P₀" in wanted or "P₁" in wanted):
        windows = layer.windows(*inputs)
        found |= {"P₀": tuple(int(each.before) for each in windows), "P₁": tuple(int(each.after) for each in windows)}
    return found


def _values(leaves: tuple[Formula, ...]) -> tuple[int, ...]:
    values = tuple([leaf.value for leaf in leaves])
    return values[:1] if len(set(values)) == 1 else values


def _of_input(symbol: str, base: str) -> str:
    """The input that a numbered symbol belongs to, if there are several."""
    number = symbol[len(base) :].translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
    return f" of input {number}" if number else ""
