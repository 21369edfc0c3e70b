"""The rule that a layer applies: one formula for its padding and rounding, in place of the general one.

The general rule of a convolution, O = ⌊(W − F′ + P₀ + P₁)/S⌋ + 1, has several forms: with SAME padding it is
O = ⌈W/S⌉, rounded up it is O = ⌈(W − F + 2·P)/S⌉ + 1. The applied form is the trace of the layer's own shape rule.
"""

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.analysis.trace import LayerTrace, trace
from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.algebra import Formula
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.notation import TEXT
from cnncalc.arithmetic.term import Term
from cnncalc.layers.base import Layer
from cnncalc.layers.window_layer import WindowLayer

_PADDINGS: Mapping[str, str] = {
    "valid": "without padding",
    "same": "with SAME padding",
    "same_upper": "with SAME padding",
    "same_lower": "with SAME padding, the odd position before",
    "half": "with half padding, ⌊F/2⌋ on each side",
    "full": "with full padding, one less than the kernel on each side",
    "causal": "with causal padding, before the first position only",
}
_ROUNDINGS: Mapping[str, str] = {"ceil": "rounded up", "caffe": "rounded up, as in Caffe", "exact": "without rounding"}
_SAME_SOURCE = "TensorFlow, tf.nn, Notes on padding"
_DILATED = "F′ = D·(F − 1) + 1"


class AppliedRule(NamedTuple):
    """The rule, and the sources of its form beside the layer's own."""

    text: str
    sources: tuple[str, ...] = ()


def applied_rule(layer: Layer, traced: LayerTrace, inputs: tuple[Shape, ...]) -> AppliedRule:
    """The rule of a layer for given inputs; the general one if its axes have different formulas."""
    general = next(iter(layer.rule.splitlines()), "")
    subject, is_size, formula = general.partition(": O = ")
    sources = (_SAME_SOURCE,) if str(layer.values().get("padding", "")).startswith("same") else ()
    if not is_size or not {"P₀", "F′"} & set(formula.replace("(", " ").replace(")", " ").split()):
        return AppliedRule(general, sources)
    spread = _is_dilated(layer, inputs)
    found = _formulas(_undilated(layer, inputs) if spread else traced, renames=spread)
    if len(found) != 1:
        return AppliedRule(general, sources)
    (size,) = found
    note = f" with {_DILATED}" if "F′" in size else ""
    _, has_remark, remark = formula.partition("; ")
    return AppliedRule(f"{subject}{_form(layer)}: O = {size}{note}{has_remark}{remark}", sources)


def _form(layer: Layer) -> str:
    """The padding and the rounding in words: ` with SAME padding`."""
    values = layer.values()
    words = [_PADDINGS.get(str(values.get("padding")), "")]
    if isinstance(layer, WindowLayer):
        words.append(_ROUNDINGS.get(layer.rounding_rule(), ""))
    if values.get("form") == "modular":
        words.append("in the modular form")
    said = ", ".join(filter(None, words))
    return f"{' ' if said.startswith('with') else ', '}{said}" if said else ""


def _is_dilated(layer: Layer, inputs: tuple[Shape, ...]) -> bool:
    """Whether a kernel is dilated along some axis."""
    if not isinstance(layer, WindowLayer) or layer.axes_before_spatial:
        return False
    return any(dilation > 1 for dilation in layer.dilations(inputs[0]))


def _undilated(layer: Layer, inputs: tuple[Shape, ...]) -> LayerTrace:
    """The trace of a layer whose kernel has the extent F′ of the dilated one."""
    assert isinstance(layer, WindowLayer)
    pairs = zip(layer.kernels(inputs[0]), layer.dilations(inputs[0]), strict=True)
    extents = tuple(dilation * (kernel - 1) + 1 for kernel, dilation in pairs)
    return trace(layer.under(layer.setting, kernel=extents, dilation=1), inputs)


def _formulas(traced: LayerTrace, *, renames: bool) -> set[str]:
    """The distinct formulas of the computed sizes along the spatial axes, with F′ for the kernel if `renames`."""
    pairs = zip(traced.sizes, traced.output, strict=True)
    computed = [size for size, named in pairs if isinstance(named, Term) and named.symbol == "O"]
    found = {_without_axes(algebra.formula(size)) for size in computed}
    return {TEXT.write(_primed(formula) if renames else formula) for formula in found}


def _without_axes(node: Formula) -> Formula:
    if node.parts:
        return algebra.with_parts(node, map(_without_axes, node.parts))
    return Formula(node.kind, node.value, (), node.symbol) if node.axis else node


def _primed(node: Formula) -> Formula:
    if node.symbol == "F":
        return node._replace(symbol="F′")
    return algebra.with_parts(node, map(_primed, node.parts)) if node.parts else node
