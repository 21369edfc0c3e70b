"""Mistakes with the padding of a window."""

from __future__ import annotations

from cnncalc.arithmetic.term import Term, ceil_div
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes._tree import (
    PADDINGS,
    has_window,
    input_size,
    is_same,
    letter,
    slides,
    transposes,
    with_edit,
)
from cnncalc.homework.mistakes.catalogue import miscalculated, only
from cnncalc.homework.substitution import contains, is_literal, replaced
from cnncalc.layers.base import Layer
from cnncalc.layers.window_layer import WindowLayer

_NOTHING: tuple[object, ...] = (0, "valid", (0, 0))


def _padded(layer: Layer) -> bool:
    """Whether a window has padding that is not SAME, or a layer only pads."""
    if isinstance(layer, WindowLayer):
        return not is_same(layer) and layer.padding not in _NOTHING
    return layer.type.endswith("_pad")


@miscalculated("padding forgotten", "O = (W − F)/S + 1", likely=1, about="output", when=_padded)
def padding_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """The padding adds {pads} to each axis before the window slides: W + 2P, not W."""
    if has_window(own.inner):
        return own.with_fields(padding="valid")
    return own.with_sizes(lambda size: replaced(size, dict.fromkeys(PADDINGS, 0)))


def _times(own: LayerFormulas, count: int) -> LayerFormulas | None:
    """The formulas with another number in front of the padding, which is 2 for both sides."""

    def edit(part: Term) -> int | None:
        is_double = part.operator == "*" and is_literal(part.parts[0], 2)
        return count * part.parts[1] if is_double else None

    found = with_edit(own, edit)
    if found is None and count == 1:
        found = own.with_sizes(lambda size: replaced(size, {"P₁": 0}))
    return found


@miscalculated("padding counted once", "O = (W − F + P)/S + 1", likely=2, about="output", when=_padded)
def padding_counted_once(own: LayerFormulas) -> LayerFormulas | None:
    """Padding {P} is added on both sides of an axis, so it counts twice: 2P."""
    return _times(own, 1)


@miscalculated("padding counted four times", "O = (W − F + 4P)/S + 1", likely=7, about="output", when=_padded)
def padding_counted_twice(own: LayerFormulas) -> LayerFormulas | None:
    """2P is already the padding {P} on both sides of an axis; the other axis has its own padding."""
    return _times(own, 4)


def _subtracted(own: LayerFormulas, operator: str) -> LayerFormulas | None:
    """The formulas with the padding subtracted instead of added, or the reverse."""

    def edit(part: Term) -> int | None:
        if part.operator != operator:
            return None
        one, other = part.parts
        if not contains(other, PADDINGS) or contains(other, ("W", "F")):
            return None
        return one - other if operator == "+" else one + other

    return with_edit(own, edit)


@miscalculated("padding subtracted", "O = (W − F − 2P)/S + 1", likely=5, about="output", when=slides)
def padding_subtracted(own: LayerFormulas) -> LayerFormulas | None:
    """The padding makes the input larger: W + 2P."""
    return _subtracted(own, "+")


@miscalculated(
    "padding of a transposed convolution added", "O = (W − 1)·S + 2P + F", likely=2, about="output", when=transposes
)
def transposed_padding_added(own: LayerFormulas) -> LayerFormulas | None:
    """In a transposed convolution, padding is removed from the output: O = (W − 1)·S − 2P + F."""
    return _subtracted(own, "-")


@miscalculated("cropped on one side only", "O = W − P", likely=1, about="output", when=only("crop"))
def crop_counted_once(own: LayerFormulas) -> LayerFormulas | None:
    """The amount is removed on both sides of an axis: O = W − 2P."""
    return _times(own, 1)


# --- SAME and VALID ----------------------------------------------------------------------------------------------


def _same(own: LayerFormulas) -> LayerFormulas | None:
    """The formulas with ⌈W/S⌉."""
    return own.with_sizes(lambda size: ceil_div(input_size(size), letter(size, "S") or 1))


@miscalculated("SAME taken for VALID", "O = ⌈W/S⌉", likely=2, about="output", when=slides)
def same_for_valid(own: LayerFormulas) -> LayerFormulas | None:
    """Without padding, the window cannot be centered on the border, so the output is smaller than the input over S."""
    return None if _padded(own.inner) or is_same(own.inner) else _same(own)


@miscalculated("SAME taken for the given padding", "O = ⌈W/S⌉", likely=5, about="output", when=slides)
def same_for_padding(own: LayerFormulas) -> LayerFormulas | None:
    """Here, the padding is {P}. It keeps the size only if it is (F − 1)/2, and only before dividing by the stride."""
    return _same(own) if _padded(own.inner) else None


@miscalculated("VALID taken for SAME", "O = ⌈(W − F + 1)/S⌉", likely=2, about="output", when=is_same)
def valid_for_same(own: LayerFormulas) -> LayerFormulas | None:
    """SAME pads so that the output is ⌈W/S⌉, whatever the kernel."""
    return own.with_fields(padding="valid")


@miscalculated(
    "SAME pads by half the kernel", "O = ⌊(W − F + 2⌊F/2⌋)/S⌋ + 1", likely=5, about="output",
    when=lambda layer: is_same(layer) and slides(layer),
)  # fmt: skip
def half_for_same(own: LayerFormulas) -> LayerFormulas | None:
    """SAME is ⌈W/S⌉; with an even kernel, or a stride, padding by ⌊F/2⌋ on both sides gives a different size."""
    return own.with_fields(padding="half")


@miscalculated("padding added instead of cropped", "O = W + 2P", likely=3, about="output", when=only("crop"))
def crop_added(own: LayerFormulas) -> LayerFormulas | None:
    """A crop removes its amount on both sides of an axis."""
    return own.with_sizes(lambda size: 2 * input_size(size) - size)


@miscalculated("the channels padded, too", "channels = C + 2P", likely=4, about="output",
               when=lambda layer: layer.type.endswith("_pad"))  # fmt: skip
def channels_padded(own: LayerFormulas) -> LayerFormulas | None:
    """The padding goes around height and width; the channels stay {channels}."""
    size = own.sizes[own.spatial()[0]]
    return own.with_channels(own.sizes[own.channel()] + (size - input_size(size)))


@miscalculated("the causal padding on both sides", "W + 2·(F′ − 1)", likely=3, about="output",
               when=lambda layer: getattr(layer, "padding", None) == "causal")  # fmt: skip
def causal_on_both_sides(own: LayerFormulas) -> LayerFormulas | None:
    """Causal padding is only in front: no output sees a later step."""
    return own.with_fields(padding="full")
