"""Mistakes about the output's depth, its features or its steps."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.arithmetic.term import exact_div
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes._tree import has_window, letter
from cnncalc.homework.mistakes.catalogue import miscalculated, only
from cnncalc.homework.substitution import is_leaf, product_of, replaced

CHANNELS = ("C", "Cᵢ")


def _depth_of(own: LayerFormulas) -> int:
    """The input's channels."""
    return own.layer.channels(own.given[0])


def _filters(own: LayerFormulas) -> int:
    kernel = own.kernel()
    return 0 if kernel is None or not has_window(own.inner) else kernel.shape[-1]


@miscalculated("depth taken from the input", "depth = input's channels", likely=2, about="output",
               when=only("convolution"))  # fmt: skip
def depth_from_input(own: LayerFormulas) -> LayerFormulas | None:
    """Every filter gives one channel of the output: {channels} filters, depth {channels}."""
    return own.with_channels(_depth_of(own)) if own.inner.type != "depthwise_conv" else None


@miscalculated("depth multiplied by the filters", "depth = input's channels · filters", likely=3, about="output",
               when=only("convolution"))  # fmt: skip
def depth_times_filters(own: LayerFormulas) -> LayerFormulas | None:
    """A filter covers all input channels and sums them: it gives one channel, not one per input channel."""
    return own.with_channels(_depth_of(own) * own.sizes[own.channel()])


@miscalculated("filters added to the input's channels", "depth = input's channels + filters", likely=5, about="output",
               when=only("convolution"))  # fmt: skip
def depth_plus_filters(own: LayerFormulas) -> LayerFormulas | None:
    """The output holds one channel for each of the {channels} filters; the input's channels are not kept."""
    return own.with_channels(_depth_of(own) + own.sizes[own.channel()])


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
    channels = own.sizes[own.channel()]
    return own.with_channels(exact_div(channels, groups)) if groups > 1 and channels % groups == 0 else None


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
    return own.with_channels(own.sizes[own.channel()] // own.inner.strides(own.given[0])[0])  # type: ignore[attr-defined]


@miscalculated("pooling makes one channel", "depth = 1", likely=3, about="output", when=only("pooling"))
def pooling_flattens_depth(own: LayerFormulas) -> LayerFormulas | None:
    """Pooling works on each channel separately: the depth stays {channels}."""
    return own.with_channels(1)


@miscalculated("pool left out", "O = W", likely=2, about="output", when=only("pooling"))
def pool_left_out(own: LayerFormulas) -> LayerFormulas | None:
    """The pool reduces its input to one value per window."""
    return own.with_shape(own.given[0])


@miscalculated("global pooling over the channels", "H·W positions, one channel", likely=1, about="output",
               when=lambda layer: layer.type.startswith("global_"))  # fmt: skip
def global_pool_over_channels(own: LayerFormulas) -> LayerFormulas | None:
    """A global pool takes one value over all positions of each channel: {channels} channels stay."""
    return own.with_shape(own.layer.volume(own.layer.spatial(own.given[0]), 1))


@miscalculated("global pooling taken for flatten", "H·W·C", likely=4, about="output",
               when=lambda layer: layer.type.startswith("global_"))  # fmt: skip
def global_pool_as_flatten(own: LayerFormulas) -> LayerFormulas | None:
    """A global pool takes one value over all positions of each channel: {channels} numbers are left."""
    return own.with_shape((product_of(own.given[0]),))


# --- vectors -----------------------------------------------------------------------------------------------------


@miscalculated("flatten forgets the channels", "n = H·W", likely=2, about="output", when=only("flatten"))
def flatten_forgets_channels(own: LayerFormulas) -> LayerFormulas | None:
    """A flattened volume keeps all elements of all channels: {elements}."""
    if len(own.given[0]) < 2 or len(own.sizes) != 1:
        return None
    return own.with_shape(tuple(replaced(size, dict.fromkeys(CHANNELS, 1)) for size in own.sizes))


@miscalculated("flatten keeps only the channels", "n = channels", likely=5, about="output", when=only("flatten"))
def flatten_keeps_channels_only(own: LayerFormulas) -> LayerFormulas | None:
    """Flatten puts all positions of all channels in a row: {elements} elements. Global pooling keeps one each."""
    return own.with_shape((_depth_of(own),)) if len(own.given[0]) > 1 else None


@miscalculated("dense layer at every position", "output = H×W×units", likely=2, about="output", when=only("dense"))
def dense_on_last_axis(own: LayerFormulas) -> LayerFormulas | None:
    """Here, a dense layer sees all of its input at once: the output is one vector."""
    given = own.given[0]
    if own.inner.type != "dense" or len(given) < 2 or len(own.sizes) != 1:
        return None
    return own.with_shape((*own.layer.spatial(given), *own.sizes))


@miscalculated("all steps returned instead of the last one", "output = T×u", likely=2, about="output",
               when=only("recurrent"))  # fmt: skip
def all_steps_for_the_last(own: LayerFormulas) -> LayerFormulas | None:
    """Here, the layer returns only the output of the last step."""
    return own.with_fields(return_sequences=True) if not _returns_steps(own) else None


@miscalculated("only the last step returned", "output = u", likely=2, about="output", when=only("recurrent"))
def last_step_for_all(own: LayerFormulas) -> LayerFormulas | None:
    """Here, the layer returns the outputs of all {steps} steps."""
    return own.with_fields(return_sequences=False) if _returns_steps(own) else None


def _returns_steps(own: LayerFormulas) -> bool:
    return any(is_leaf(size, "T") for size in own.sizes)


@miscalculated("only one direction counted", "one direction", likely=1, about="output",
               when=only("recurrent", "wrapping"))  # fmt: skip
def one_direction(own: LayerFormulas) -> LayerFormulas | None:
    """Both directions have their own weights and outputs, which are joined."""
    return own.with_fields(bidirectional=False) if getattr(own.inner, "bidirectional", False) else None


@miscalculated("flatten that keeps the channels apart", "H·W×C", likely=4, about="output", when=only("flatten"))
def flatten_keeps_channels_apart(own: LayerFormulas) -> LayerFormulas | None:
    """Flatten puts all positions of all channels in one row: {elements} elements."""
    given = own.given[0]
    return (
        own.with_shape(own.layer.volume((product_of(own.layer.spatial(given)),), _depth_of(own))) if given[1:] else None
    )


@miscalculated("sizes added by flatten", "n = H + W + C", likely=5, about="output", when=only("flatten"))
def flatten_adds(own: LayerFormulas) -> LayerFormulas | None:
    """A volume has H·W·C elements: {elements}."""
    return own.with_shape((sum(own.given[0]),)) if own.given[0][1:] else None


@miscalculated("inputs multiplied by units", "output = n·units", likely=4, about="output", when=only("dense"))
def inputs_times_units(own: LayerFormulas) -> LayerFormulas | None:
    """Every unit gives one number: {filters} numbers. n·units is the number of weights."""
    return own.with_channels(own.sizes[own.channel()] * product_of(own.given[0])) if len(own.sizes) == 1 else None


def _spatial_axes(own: LayerFormulas) -> Iterator[str]:
    names = own.axis_names()
    places = own.spatial()
    return iter([names[place] for place in places] if len(places) > 1 and has_window(own.inner) else ())


@miscalculated("the output without its {}", "one axis fewer", likely=4, about="output", choices=_spatial_axes)
def axis_missing(own: LayerFormulas, axis: str) -> LayerFormulas | None:
    """The window slides along every spatial axis, and the output has all of them."""
    names = own.axis_names()
    if axis not in names or len(own.spatial()) < 3:
        return None
    at = names.index(axis)
    return own.with_shape((*own.sizes[:at], *own.sizes[at + 1 :]))
