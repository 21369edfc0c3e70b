"""Mistakes about the output's depth, its features or its steps."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes._tree import has_window, input_channels, letter
from cnncalc.homework.mistakes.catalogue import miscalculated, only
from cnncalc.homework.mistakes.kernels import divided
from cnncalc.homework.substitution import product_of

CHANNELS = ("C", "Cᵢ")


@miscalculated("depth taken from the input", "depth = input's channels", likely=2, about="output",
               when=only("convolution"))  # fmt: skip
def depth_from_input(own: LayerFormulas) -> LayerFormulas | None:
    """Every filter gives one channel of the output: {channels} filters, depth {channels}."""
    return own.with_channels(input_channels(own)) if own.inner.type != "depthwise_conv" else None


@miscalculated("depth multiplied by the filters", "depth = input's channels · filters", likely=3, about="output",
               when=only("convolution"))  # fmt: skip
def depth_times_filters(own: LayerFormulas) -> LayerFormulas | None:
    """A filter covers all input channels and sums them: it gives one channel, not one per input channel."""
    return own.with_channels(input_channels(own) * own.sizes[own.channel()])


@miscalculated("filters added to the input's channels", "depth = input's channels + filters", likely=5, about="output",
               when=only("convolution"))  # fmt: skip
def depth_plus_filters(own: LayerFormulas) -> LayerFormulas | None:
    """The output holds one channel for each of the {channels} filters; the input's channels are not kept."""
    return own.with_channels(input_channels(own) + own.sizes[own.channel()])


@miscalculated("kernel size taken for the depth", "depth = F", likely=5, about="output", when=only("convolution"))
def kernel_for_depth(own: LayerFormulas) -> LayerFormulas | None:
    """The depth is the number of filters, {channels}; {F} is the size of each of them."""
    kernel = own.kernel()
    return own.with_channels(letter(product_of(kernel.shape), "F")) if kernel else None


@miscalculated("a depthwise convolution with one channel", "depth = 1", likely=2, about="output",
               when=only("depthwise_conv"))  # fmt: skip
def depthwise_one_channel(own: LayerFormulas) -> LayerFormulas | None:
    """Each of the input's channels is convolved separately, and gives its own output."""
    return own.with_channels(1)


@miscalculated(
    "multiplier ignored", "depth = C", likely=1, about="output", when=lambda layer: "multiplier" in layer.fields
)
def multiplier_ignored(own: LayerFormulas) -> LayerFormulas | None:
    """Every channel has several kernels, each of which gives a channel of the output."""
    return own.with_fields(multiplier=1)


@miscalculated("filters divided by the groups", "depth = K/g", likely=2, about="output", when=only("convolution"))
def depth_divided_by_groups(own: LayerFormulas) -> LayerFormulas | None:
    """K counts the filters of all groups together: the output has {channels} channels."""
    groups = int(getattr(own.inner, "groups", 1))
    return own.with_channels(divided(own.sizes[own.channel()], groups))


@miscalculated("filters multiplied by the groups", "depth = K·g", likely=2, about="output", when=only("convolution"))
def depth_multiplied_by_groups(own: LayerFormulas) -> LayerFormulas | None:
    """K counts the filters of all groups together: the output has {channels} channels."""
    return own.with_channels(own.sizes[own.channel()] * int(getattr(own.inner, "groups", 1)))


# --- pools -------------------------------------------------------------------------------------------------------


@miscalculated("pooling changes the depth", "depth = channels / F", likely=2, about="output", when=only("pooling"))
def pooling_divides_depth(own: LayerFormulas) -> LayerFormulas | None:
    """Pooling works on each channel separately: the depth stays {channels}."""
    if not has_window(own.inner):
        return None
    return own.with_channels(own.sizes[own.channel()] // own.inner.kernels(own.given[0])[0])  # type: ignore[attr-defined]


@miscalculated("pooling makes one channel", "depth = 1", likely=3, about="output", when=only("pooling"))
def pooling_flattens_depth(own: LayerFormulas) -> LayerFormulas | None:
    """Pooling works on each channel separately: the depth stays {channels}."""
    return own.with_channels(1)


@miscalculated("pool left out", "O = W", likely=2, about="output", when=only("pooling"))
def pool_left_out(own: LayerFormulas) -> LayerFormulas | None:
    """The pool reduces its input to one value per window."""
    return own.with_shape(own.given[0])


@miscalculated("global pooling over the channels", "H·W positions, one channel", likely=1, about="output",
               when=lambda layer: layer.type.startswith("global_"), choices=("one channel", "no channels"))  # fmt: skip
def global_pool_over_channels(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """A global pool takes one value over all positions of each channel: {channels} channels stay."""
    spatial = own.layer.spatial(own.given[0])
    return own.with_shape(own.layer.volume(spatial, 1) if choice == "one channel" else spatial)


@miscalculated("global pooling taken for flatten", "H·W·C", likely=4, about="output",
               when=lambda layer: layer.type.startswith("global_"))  # fmt: skip
def global_pool_as_flatten(own: LayerFormulas) -> LayerFormulas | None:
    """A global pool takes one value over all positions of each channel: {channels} numbers are left."""
    return own.with_shape((product_of(own.given[0]),))


def _spatial_axes(own: LayerFormulas) -> Iterator[str]:
    names = own.axis_names()
    return iter([names[place] for place in own.spatial()] if has_window(own.inner) else ())


@miscalculated("the output without its {}", "one axis fewer", likely=4, about="output", choices=_spatial_axes)
def axis_missing(own: LayerFormulas, axis: str) -> LayerFormulas | None:
    """The window slides along every spatial axis, and the output has all of them."""
    names = own.axis_names()
    if axis not in names or len(own.spatial()) < 3:
        return None
    at = names.index(axis)
    return own.with_shape((*own.sizes[:at], *own.sizes[at + 1 :]))


@miscalculated("all filters added up to one channel", "depth = 1", likely=4, about="output",
               when=only("convolution"))  # fmt: skip
def filters_added_up(own: LayerFormulas) -> LayerFormulas | None:
    """A filter sums its input channels; the outputs of the {channels} filters stay apart."""
    return own.with_channels(1) if own.inner.type != "depthwise_conv" else None


def _multiplier(own: LayerFormulas) -> int:
    return int(own.inner.multiplier)  # type: ignore[attr-defined]


@miscalculated("the multiplier taken for the depth", "depth = m", likely=3, about="output",
               when=only("depthwise_conv"))  # fmt: skip
def multiplier_for_depth(own: LayerFormulas) -> LayerFormulas | None:
    """Each of the input's channels gives this many outputs: {channels} channels."""
    return own.with_channels(_multiplier(own)) if _multiplier(own) > 1 else None


@miscalculated("the multiplier added instead of multiplied", "depth = C + m", likely=4, about="output",
               when=only("depthwise_conv"))  # fmt: skip
def multiplier_added(own: LayerFormulas) -> LayerFormulas | None:
    """Each of the input's channels gives this many outputs: {channels} channels."""
    return own.with_channels(input_channels(own) + _multiplier(own)) if _multiplier(own) > 1 else None
