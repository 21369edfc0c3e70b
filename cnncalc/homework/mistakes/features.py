"""Mistakes about vectors and sequences: flatten, dense layers, steps and directions."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes._tree import input_channels
from cnncalc.homework.mistakes.catalogue import miscalculated, only
from cnncalc.homework.mistakes.channels import CHANNELS
from cnncalc.homework.substitution import leaves, product_of, replaced
from cnncalc.layers.base import Weight


@miscalculated("flatten forgets the channels", "n = H·W", likely=2, about="output", when=only("flatten"))
def flatten_forgets_channels(own: LayerFormulas) -> LayerFormulas | None:
    """A flattened volume keeps all elements of all channels: {elements}."""
    return own.with_shape(tuple(replaced(size, dict.fromkeys(CHANNELS, 1)) for size in own.sizes))


@miscalculated("flatten keeps only the channels", "n = channels", likely=5, about="output", when=only("flatten"))
def flatten_keeps_channels_only(own: LayerFormulas) -> LayerFormulas | None:
    """Flatten puts all positions of all channels in a row: {elements} elements. Global pooling keeps one each."""
    return own.with_shape((input_channels(own),))


@miscalculated("dense layer at every position", "output = H×W×units", likely=2, about="output", when=only("dense"))
def dense_on_last_axis(own: LayerFormulas) -> LayerFormulas | None:
    """Here, a dense layer sees all of its input at once: the output is one vector."""
    if own.inner.type != "dense" or len(own.sizes) != 1:
        return None
    return own.with_shape((*own.layer.spatial(own.given[0]), *own.sizes))


@miscalculated("all steps returned instead of the last one", "output = T×u", likely=2, about="output",
               when=only("recurrent"))  # fmt: skip
def all_steps_for_the_last(own: LayerFormulas) -> LayerFormulas | None:
    """Here, the layer returns only the output of the last step."""
    return own.with_fields(return_sequences=True)


@miscalculated("only the last step returned", "output = u", likely=2, about="output", when=only("recurrent"))
def last_step_for_all(own: LayerFormulas) -> LayerFormulas | None:
    """Here, the layer returns the outputs of all {steps} steps."""
    return own.with_fields(return_sequences=False)


@miscalculated("only one direction counted", "one direction", likely=1, about="output",
               when=only("recurrent", "wrapping"))  # fmt: skip
def one_direction(own: LayerFormulas) -> LayerFormulas | None:
    """Both directions have their own weights and outputs, which are joined."""
    return own.with_fields(bidirectional=False)


@miscalculated("flatten that keeps the channels apart", "H·W×C", likely=4, about="output", when=only("flatten"))
def flatten_keeps_channels_apart(own: LayerFormulas) -> LayerFormulas | None:
    """Flatten puts all positions of all channels in one row: {elements} elements."""
    given = own.given[0]
    positions = product_of(own.layer.spatial(given))
    return own.with_shape(own.layer.volume((positions,), input_channels(own))) if given[1:] else None


@miscalculated("sizes added by flatten", "n = H + W + C", likely=5, about="output", when=only("flatten"))
def flatten_adds(own: LayerFormulas) -> LayerFormulas | None:
    """A volume has H·W·C elements: {elements}."""
    return own.with_shape((sum(own.given[0]),))


@miscalculated("inputs multiplied by units", "output = n·units", likely=4, about="output", when=only("dense"))
def inputs_times_units(own: LayerFormulas) -> LayerFormulas | None:
    """Every unit gives one number: {filters} numbers. n·units is the number of weights."""
    return own.with_channels(own.sizes[own.channel()] * product_of(own.given[0])) if len(own.sizes) == 1 else None


@miscalculated("a dense layer over the whole sequence", "output = units", likely=2, about="output", when=only("dense"))
def dense_over_sequence(own: LayerFormulas) -> LayerFormulas | None:
    """Here, a dense layer works at every position with the same weights: {channels} numbers at each."""
    if own.inner.type != "dense" or len(own.sizes) < 2:
        return None
    given = own.given[0]
    inputs = product_of(given)

    def change(weight: Weight) -> Weight:
        return weight if "bias" in weight.name else weight._replace(shape=(inputs, *weight.shape[1:]))

    weights = tuple(change(weight)._replace(positions=()) for weight in own.weights)
    return own._replace(sizes=own.sizes[-1:], weights=weights, macs=inputs * own.sizes[-1])


@miscalculated("size taken from the input", "units = n", likely=3, about="output", when=only("dense", "recurrent"))
def units_from_input(own: LayerFormulas) -> LayerFormulas | None:
    """The output has one number for each of {channels} units."""
    return own.with_channels(own.given[0][-1])


@miscalculated("dropout that removes units", "n·(1 − rate)", likely=2, about="output", when=only("regularization"))
def dropout_removes_units(own: LayerFormulas) -> LayerFormulas | None:
    """Dropout sets random values to 0 during training: the size stays {channels}."""
    rate = getattr(own.inner, "rate", None)
    if not isinstance(rate, int | float):
        return None
    at = own.channel()
    return own.with_channels(int(int(own.sizes[at]) * (1 - rate)))


@miscalculated("a layer without effect on the shape", "output = input", likely=2, about="output",
               when=only("reshaping", "reduction", "activation", "class_token"))  # fmt: skip
def layer_without_effect(own: LayerFormulas) -> LayerFormulas | None:
    """This layer changes the shape of its input."""
    return own.with_shape(own.given[0])


@miscalculated("the output in one row", "n = product of the sizes", likely=4, about="output",
               when=only("reshaping", "recurrent"))  # fmt: skip
def output_in_one_row(own: LayerFormulas) -> LayerFormulas | None:
    """The output keeps its axes; only flatten puts all elements in one row."""
    return own.with_shape((product_of(own.sizes),))


@miscalculated("the order of the axes inverted", "axis i goes to place o(i)", likely=2, about="output",
               when=only("permute", "transpose"))  # fmt: skip
def order_inverted(own: LayerFormulas) -> LayerFormulas | None:
    """The order lists, for each axis of the output, the axis of the input that it comes from."""
    order = getattr(own.inner, "order", None)
    if not isinstance(order, tuple) or sorted(order) != list(range(1, len(order) + 1)):
        return None
    return own.with_fields(order=tuple(order.index(axis) + 1 for axis in range(1, len(order) + 1)))


def _symbols_of_rows(own: LayerFormulas) -> Iterator[str]:
    """The symbols of a size that is a product of several."""
    return iter(dict.fromkeys(leaf.symbol for leaf in leaves(own.sizes[own.channel()])))


@miscalculated("the factor {} left out of the size", "the formula without one factor", likely=4, about="output",
               when=only("spatial_pyramid_pool", "unfold", "fold"), choices=_symbols_of_rows)  # fmt: skip
def size_factor_left_out(own: LayerFormulas, symbol: str) -> LayerFormulas | None:
    """Every factor of the size counts: {channels}."""
    return own.with_channels(replaced(own.sizes[own.channel()], {symbol: 1}))


@miscalculated("the sizes of a pyramid not squared", "C·Σ n", likely=2, about="output",
               when=only("spatial_pyramid_pool"))  # fmt: skip
def pyramid_not_squared(own: LayerFormulas) -> LayerFormulas | None:
    """A level of n divides the input into n·n bins."""
    levels: tuple[int, ...] = own.inner.levels  # type: ignore[attr-defined]
    return own.with_channels(input_channels(own) * sum(levels))


@miscalculated("the number of bins taken for a window", "O = W / n", likely=3, about="output",
               when=only("adaptive_avg_pool", "adaptive_max_pool"))  # fmt: skip
def bins_for_window(own: LayerFormulas) -> LayerFormulas | None:
    """The layer is given the size of its output; its windows follow from it."""
    sides = own.layer.spatial(own.given[0])
    bins = [own.sizes[place] for place in own.spatial()]
    windows = tuple(side // count for side, count in zip(sides, bins, strict=True))
    return own.with_shape(own.layer.volume(windows, input_channels(own)))


@miscalculated("reduced over the other axes", "the reduced axes stay", likely=3, about="output",
               when=only("reduction"))  # fmt: skip
def other_axes_reduced(own: LayerFormulas) -> LayerFormulas | None:
    """The listed axes become one value each; the others stay."""
    rank, axes = len(own.given[0]), getattr(own.inner, "axis", None)
    if not isinstance(axes, tuple):
        return None
    reduced = {axis - 1 if axis > 0 else rank + axis for axis in axes}
    others = tuple(place + 1 for place in range(rank) if place not in reduced)
    return own.with_fields(axis=others) if others else None
