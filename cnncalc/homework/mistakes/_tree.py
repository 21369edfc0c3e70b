"""Parts of the formulas of output sizes, as mistakes need them."""

from __future__ import annotations

from cnncalc.arithmetic.term import Term
from cnncalc.homework.formulas import LayerFormulas, formulas, with_fields
from cnncalc.homework.substitution import Substitution, contains, is_literal, leaves, rewritten
from cnncalc.layers.base import Layer
from cnncalc.layers.window_layer import WindowLayer

PADDINGS = ("P", "P₀", "P₁")
SAME = ("same", "same_upper", "same_lower")


def slides(layer: Layer) -> bool:
    """Whether a window slides over the input."""
    return isinstance(layer, WindowLayer) and layer.slides_over_input


def transposes(layer: Layer) -> bool:
    """Whether a window slides over the output."""
    return isinstance(layer, WindowLayer) and not layer.slides_over_input


def has_window(layer: Layer) -> bool:
    return isinstance(layer, WindowLayer)


def is_same(layer: Layer) -> bool:
    """Whether a window's padding is SAME."""
    return isinstance(layer, WindowLayer) and layer.padding in SAME


def with_edit(own: LayerFormulas, edit: Substitution) -> LayerFormulas | None:
    """The formulas with a substitution in every spatial size."""
    return own.with_sizes(lambda size: rewritten(size, edit))


def is_one_more(size: int) -> bool:
    """Whether a formula ends in + 1."""
    return isinstance(size, Term) and size.operator == "+" and is_literal(size.parts[1], 1)


def is_quotient(part: Term) -> bool:
    """Whether a part is a quotient by the stride."""
    return part.operator in ("//", "ceil") and contains(part.parts[1], ("S",))


def letter(size: int, *symbols: str) -> int:
    """The number with one of these symbols in a formula; 0 without one."""
    return next((leaf for leaf in leaves(size) if leaf.symbol in symbols), 0)


def input_size(size: int) -> int:
    """The input's size in the formula of an output's size: its first named number."""
    return next(iter(leaves(size)), 0)


def input_channels(own: LayerFormulas) -> int:
    """The channels of a layer's first input."""
    return own.layer.channels(own.given[0])


def explicit(own: LayerFormulas) -> LayerFormulas:
    """The formulas with the padding of SAME written as numbers."""
    layer = own.inner
    if not is_same(layer) or layer is not own.layer or not isinstance(layer, WindowLayer):
        return own
    windows = layer.windows(own.given[0])
    sides = tuple((window.before, window.after) for window in windows)
    changed = with_fields(layer, padding=sides)
    return own if changed is None else formulas(changed, own.given)
