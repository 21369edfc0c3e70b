"""Mistakes in enlarged outputs: transposed convolution, upsampling, pixel shuffle."""

from __future__ import annotations

from math import isqrt

from cnncalc.arithmetic import transposed, window
from cnncalc.arithmetic.term import Term
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes._tree import PADDINGS, input_size, letter, slides, transposes, with_edit
from cnncalc.homework.mistakes.catalogue import miscalculated
from cnncalc.homework.substitution import factors, is_leaf, rewritten
from cnncalc.layers.base import Layer


@miscalculated(
    "output padding ignored", "O = (W − 1)·S − 2P + F", likely=1, about="output", when=transposes
)  # fmt: skip
def output_padding_ignored(own: LayerFormulas) -> LayerFormulas | None:
    """The output padding {A} is added at the end: it selects one of the sizes that the stride does not distinguish."""
    return own.with_fields(output_padding=None)


@miscalculated(
    "convolution's formula for a transposed one", "O = (W − F + 2P)/S + 1", likely=1, about="output", when=transposes
)  # fmt: skip
def convolution_for_transposed(own: LayerFormulas) -> LayerFormulas | None:
    """A transposed convolution enlarges its input: O = (W − 1)·S − 2P + F, the formula solved for W."""

    def shrink(size: int) -> int:
        W, F, S, P = input_size(size), letter(size, "F"), letter(size, "S") or 1, letter(size, *PADDINGS)
        return window.explicit(W, F, S, P, P, "floor").output

    return own.with_sizes(shrink)


@miscalculated(
    "transposed convolution's formula for a plain one", "O = (W − 1)·S − 2P + F", likely=6, about="output", when=slides
)
def transposed_for_convolution(own: LayerFormulas) -> LayerFormulas | None:
    """This layer slides over its input: O = (W − F + 2P)/S + 1. The other formula is its inverse."""

    def enlarge(size: int) -> int:
        W, F, S, P = input_size(size), letter(size, "F"), letter(size, "S") or 1, letter(size, *PADDINGS)
        return transposed.explicit(W, F, S, P, P, 0)

    return own.with_sizes(enlarge)


@miscalculated("input times stride", "O = W·S", likely=2, about="output", when=transposes)
def transposed_times_stride(own: LayerFormulas) -> LayerFormulas | None:
    """The last input adds a whole kernel, not a stride: O = (W − 1)·S + F − 2P."""
    return own.with_sizes(lambda size: input_size(size) * (letter(size, "S") or 1))


@miscalculated("the − 1 forgotten", "O = W·S − 2P + F", likely=2, about="output", when=transposes)
def minus_one_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """W inputs have W − 1 distances between them: O = (W − 1)·S − 2P + F."""

    def keep(part: Term) -> int | None:
        return part.parts[0] if part.operator == "-" and is_leaf(part.parts[0]) and part.parts[1] == 1 else None

    return with_edit(own, keep)


@miscalculated("kernel forgotten", "O = (W − 1)·S − 2P", likely=3, about="output", when=transposes)
def kernel_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """The last input adds a whole kernel: O = (W − 1)·S − 2P + F."""

    def shortened(size: int) -> int:
        return (input_size(size) - 1) * (letter(size, "S") or 1) - 2 * letter(size, *PADDINGS)

    return own.with_sizes(shortened)


# --- scales ------------------------------------------------------------------------------------------------------

_SCALES = ("S", "f", "s")


def _shuffles(layer: Layer) -> bool:
    return layer.type in ("pixel_shuffle", "pixel_unshuffle", "space_to_depth", "depth_to_space")


def _enlarges(layer: Layer) -> bool:
    return layer.family == "resizing" or layer.type in ("unpool", "max_unpool", "bed_of_nails")


@miscalculated("scale added instead of multiplied", "O = W + S", likely=2, about="output", when=_enlarges)
def scale_added(own: LayerFormulas) -> LayerFormulas | None:
    """A scale multiplies the size: every input position becomes several."""

    def add(part: Term) -> int | None:
        scales = part.operator == "*" and is_leaf(part.parts[0]) and is_leaf(part.parts[1], *_SCALES)
        return part.parts[0] + part.parts[1] if scales else None

    return with_edit(own, add)


@miscalculated("scale ignored", "O = W", likely=2, about="output", when=_enlarges)
def scale_ignored(own: LayerFormulas) -> LayerFormulas | None:
    """This layer changes height and width: the scale applies to each of them."""
    return own.with_sizes(input_size)


@miscalculated("enlarged instead of reduced, or the reverse", "O = W/S ↔ W·S", likely=4, about="output",
               when=_enlarges)  # fmt: skip
def scale_inverted(own: LayerFormulas) -> LayerFormulas | None:
    """The scale is used the other way round."""

    def invert(size: int) -> int:
        if not isinstance(size, Term) or len(size.parts) != 2:
            return size
        one, other = size.parts
        return one // other if size.operator == "*" else one * other

    resized = own.with_sizes(invert)
    before, after = own.layer.channels(own.given[0]), own.sizes[own.channel()]
    if resized is None or not _shuffles(own.inner) or before * before % after:
        return resized
    return resized.with_channels(before * before // after)


@miscalculated("the scale taken for the area", "O = W·√S", likely=4, about="output", when=_enlarges)
def scale_of_the_area(own: LayerFormulas) -> LayerFormulas | None:
    """The scale multiplies each side, so the area grows by its square."""

    def root(part: Term) -> int | None:
        side = isqrt(part)
        return side if is_leaf(part, *_SCALES) and side**2 == part else None

    return None if _shuffles(own.inner) else with_edit(own, root)


@miscalculated("the output padding on both sides", "O = (W − 1)·S − 2P + F + 2A", likely=3, about="output",
               when=transposes)  # fmt: skip
def output_padding_doubled(own: LayerFormulas) -> LayerFormulas | None:
    """The output padding {A} is added at one end only."""
    return with_edit(own, lambda part: 2 * part if is_leaf(part, "A") else None)


@miscalculated(
    "the channels kept although positions move into them or out",
    "channels = C",
    likely=1,
    about="output",
    when=_shuffles,
)
def shuffle_keeps_channels(own: LayerFormulas) -> LayerFormulas | None:
    """The layer only moves numbers: f·f times as many positions have f·f times fewer channels, and the reverse."""
    return own.with_channels(own.layer.channels(own.given[0]))


@miscalculated("the factor not squared for the channels", "channels = C/f", likely=1, about="output", when=_shuffles)
def shuffle_factor_not_squared(own: LayerFormulas) -> LayerFormulas | None:
    """Height and width each change by the factor f, so the channels change by f·f."""

    def once(part: Term) -> int | None:
        squared = part.operator == "*" and all(is_leaf(factor, "f") for factor in factors(part))
        return part.parts[1] if squared else None

    at = own.channel()
    return own.with_channels(rewritten(own.sizes[at], once))


@miscalculated("the channels scaled, too", "channels = C·S", likely=4, about="output", when=_enlarges,
               choices=("once", "twice"))  # fmt: skip
def scale_on_channels(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """The layer changes height and width; the channels stay {channels}."""
    if _shuffles(own.inner) or not own.spatial():
        return None
    scale = letter(own.sizes[own.spatial()[0]], *_SCALES)
    return own.with_channels(own.sizes[own.channel()] * (scale if choice == "once" else scale * scale))


@miscalculated("the factor squared for the size", "O = W·f·f", likely=4, about="output",
               when=_shuffles)  # fmt: skip
def shuffle_factor_squared(own: LayerFormulas) -> LayerFormulas | None:
    """Height and width each change by the factor f; f·f is the factor of the channels."""
    return with_edit(own, lambda part: part * part if is_leaf(part, "f") else None)
