"""Mistakes in counting the weights of a kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cnncalc.arithmetic.term import Term, exact_div
from cnncalc.homework.formulas import LayerFormulas, edited
from cnncalc.homework.mistakes._tree import has_window
from cnncalc.homework.mistakes.catalogue import COUNTED, COUNTS, miscalculated, only
from cnncalc.homework.substitution import is_leaf, rewritten
from cnncalc.layers.base import Layer, Weight
from cnncalc.layers.window_layer import WindowLayer

DEPTHS = ("Cᵢ", "C")


def one_kernel(layer: Layer) -> bool:
    """Whether a layer has one kernel over all channels, as most convolutions."""
    return layer.family == "convolution" and layer.type not in ("depthwise_conv", "separable_conv")


def depth_as(value: Callable[[], int]) -> Callable[[Term], int | None]:
    """A substitution of the depth of a filter."""

    def edit(part: Term) -> int | None:
        grouped = part.operator == "/" and is_leaf(part.parts[0], *DEPTHS)
        return value() if grouped or is_leaf(part, *DEPTHS) else None

    return edit


@miscalculated(
    "depth of the filter forgotten", "(F·F + 1)·K", likely=1, about="params", when=one_kernel, figures=COUNTS
)
def filter_depth_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """A filter covers all {depth} input channels: it has F·F·{depth} weights."""
    return own.with_counts(depth_as(lambda: 1))


@miscalculated("only one filter counted", "F·F·C + 1", likely=2, about="params", figures=COUNTS,
               when=only("convolution", "dense"), choices=("with its bias", "with all biases"))  # fmt: skip
def one_filter(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """This is one filter; the layer has {filters}."""
    if own.inner.type == "separable_conv" or (_is_matrix(own) and choice == "with all biases"):
        return None
    symbols = ("Cᵢ", "m", "Cₒ") if own.inner.type == "depthwise_conv" else ("Cₒ", "units")

    def change(weight: Weight) -> Weight:
        if choice == "with all biases" and "bias" in weight.name:
            return weight
        return weight._replace(shape=edited(weight.shape, one))

    def one(part: Term) -> int | None:
        return 1 if is_leaf(part, *symbols) else None

    return own.unlike(own._replace(weights=tuple(map(change, own.weights)), macs=rewritten(own.macs, one)))


def _is_matrix(own: LayerFormulas) -> bool:
    """Whether a kernel has no sides: one unit with all biases is the sum of rows and columns."""
    kernel = own.kernel()
    return kernel is not None and all(int(size) == 1 for size in kernel.shape[:-2])


@miscalculated("number of filters taken for the depth", "(F·F·K + 1)·K", likely=4, about="params", when=one_kernel,
               figures=COUNTS)  # fmt: skip
def filters_for_depth(own: LayerFormulas) -> LayerFormulas | None:
    """A filter has the depth of its input, {depth} channels; the {filters} filters give the output's depth."""
    kernel = own.kernel()
    return own.with_counts(depth_as(lambda: kernel.shape[-1])) if kernel else None


@miscalculated("input size taken for the kernel", "(W·W·C + 1)·K", likely=3, about="params", when=one_kernel,
               figures=COUNTED)  # fmt: skip
def input_for_kernel(own: LayerFormulas) -> LayerFormulas | None:
    """A filter sees a window of {area} positions, not the whole input, as a dense layer would."""
    sides = own.layer.spatial(own.given[0])
    return _with_sides(own, {index: Term.leaf(int(side), "W") for index, side in enumerate(sides)})


def _with_sides(own: LayerFormulas, sides: dict[int, int]) -> LayerFormulas | None:
    """The formulas with other sides of the kernel, by the index of their axis."""

    def change(weight: Weight) -> Weight:
        places = [place for place, size in enumerate(weight.shape) if is_leaf(size, "F")]
        new = {place: sides[index] for index, place in enumerate(places)}
        return weight._replace(shape=tuple(new.get(place, size) for place, size in enumerate(weight.shape)))

    return own.with_weights(change) if own.layer is own.inner else None


@miscalculated("weights counted in the holes of a dilated kernel", "(F′·F′·C + 1)·K", likely=2, about="params",
               when=has_window, figures=COUNTED)  # fmt: skip
def dilated_kernel_counted(own: LayerFormulas) -> LayerFormulas | None:
    """The holes of a dilated kernel have no weights: there are {area} per channel, whatever the dilation."""
    layer = own.layer
    if not isinstance(layer, WindowLayer) or not layer.slides_over_input:
        return None
    windows = layer.windows(own.given[0])
    return _with_sides(own, {index: Term.leaf(int(window.extent), "F′") for index, window in enumerate(windows)})


@miscalculated("F weights per channel instead of F·F", "(F·C + 1)·K", likely=3, about="params", when=has_window,
               figures=COUNTS)  # fmt: skip
def kernel_side_for_area(own: LayerFormulas) -> LayerFormulas | None:
    """The window has size {F} along every axis: {area} weights per channel, not {F}."""
    return _without_sides(own, keep=1)


def _kernel_axes(own: LayerFormulas) -> Iterator[str]:
    """The axes of a kernel with more than two, or with two that differ: a square one has F·F for F."""
    sides = _sides(own)
    return iter([side.axis for side in sides] if len(sides) > 2 or len(set(map(int, sides))) > 1 else ())


@miscalculated("one axis of the kernel forgotten", "(F·F·C + 1)·K", likely=2, about="params", when=has_window,
               figures=COUNTS, choices=_kernel_axes)  # fmt: skip
def kernel_axis_forgotten(own: LayerFormulas, axis: str) -> LayerFormulas | None:
    """The window has a size along every axis: {area} weights per channel."""
    return own.with_counts(lambda part: 1 if is_leaf(part, "F") and part.axis == axis else None)


def _sides(own: LayerFormulas) -> list[Term]:
    """The sizes of the kernel along the spatial axes."""
    kernel = own.kernel()
    return [size for size in kernel.shape if is_leaf(size, "F")] if kernel else []  # type: ignore[misc]


def _without_sides(own: LayerFormulas, keep: int) -> LayerFormulas | None:
    """The formulas with only the first sides of the kernel."""
    dropped = {size.axis for size in _sides(own)[keep:]}
    return own.with_counts(lambda part: 1 if is_leaf(part, "F") and part.axis in dropped else None)


@miscalculated("F·F weights in one dimension", "(F·F·C + 1)·K", likely=2, about="params", when=has_window,
               figures=COUNTS)  # fmt: skip
def kernel_squared(own: LayerFormulas) -> LayerFormulas | None:
    """In one dimension, the window has size {F}: {F} weights per channel."""
    kernel = own.kernel()
    if kernel is None or sum(is_leaf(size, "F") for size in kernel.shape) != 1:
        return None
    return own.with_counts(lambda part: part * part if is_leaf(part, "F") else None)


@miscalculated("sides of the kernel added", "((F + F)·C + 1)·K", likely=5, about="params", when=has_window,
               figures=COUNTED)  # fmt: skip
def kernel_sides_added(own: LayerFormulas) -> LayerFormulas | None:
    """A window of height and width {F} has F·F = {area} positions."""
    kernel = own.kernel()
    sides = [size for size in kernel.shape if is_leaf(size, "F")] if kernel else []
    if kernel is None or len(sides) < 2:
        return None

    def change(weight: Weight) -> Weight:
        rest = tuple(size for size in weight.shape if not is_leaf(size, "F"))
        return weight._replace(shape=(sum(sides), *rest)) if len(rest) < len(weight.shape) else weight

    return own.with_weights(change)


# --- dense layers and tables -------------------------------------------------------------------------------------


@miscalculated("the channels of a volume forgotten", "(H·W + 1)·units", likely=1, about="params", when=only("dense"),
               figures=COUNTS)  # fmt: skip
def channels_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """Every unit sees all {depth} inputs: all positions of all channels."""
    if len(own.given[0]) < 2 or len(own.sizes) != 1:
        return None
    return own.with_counts(lambda part: 1 if is_leaf(part, *DEPTHS) else None)


@miscalculated("dense layer on the channels only", "(C + 1)·units", likely=3, about="params", when=only("dense"),
               figures=COUNTS)  # fmt: skip
def dense_on_channels(own: LayerFormulas) -> LayerFormulas | None:
    """Every unit sees all {depth} inputs, including all positions of a volume."""
    if len(own.given[0]) < 2 or len(own.sizes) != 1:
        return None
    return own.with_counts(lambda part: 1 if part.operator == "leaf" and part.axis else None)


@miscalculated("the length of the sequence taken for the vocabulary", "T·d", likely=1, about="params",
               when=only("embedding"), figures=COUNTED)  # fmt: skip
def embedding_by_length(own: LayerFormulas) -> LayerFormulas | None:
    """The table has a row for each of {V} words, however many of them a sequence has."""
    if not own.given:
        return None
    steps = Term.leaf(int(own.given[0][0]), "T")
    return own.with_counts(lambda part: steps if is_leaf(part, "V") else None)


@miscalculated("sizes of a matrix added instead of multiplied", "n + units", likely=4, about="params",
               when=only("dense", "embedding", "conv"), figures=COUNTED,
               choices=("with biases", "without biases"))  # fmt: skip
def inputs_plus_units(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """Every output has a weight for every input: the numbers of rows and columns are multiplied."""
    kernel = own.kernel()
    if kernel is None or len(kernel.shape) < 2 or not _is_matrix(own):
        return None
    added = kernel._replace(shape=(sum(kernel.shape[-2:]),))
    others = tuple(weight for weight in own.weights if weight is not kernel) if choice == "with biases" else ()
    return own.unlike(own._replace(weights=(added, *others)))


@miscalculated("one dense layer over both inputs", "(n₁ + n₂ + 1)·units", likely=2, about="params",
               when=only("bilinear"), figures=COUNTED)  # fmt: skip
def inputs_joined(own: LayerFormulas) -> LayerFormulas | None:
    """A bilinear layer has a weight for each pair of numbers of the two inputs, and for each unit."""

    def joined(weight: Weight) -> Weight:
        first, *others = weight.shape
        return weight._replace(shape=(first + others[0], *others[1:])) if len(others) == 2 else weight

    return own.with_weights(joined)


@miscalculated("one offset per tap instead of two", "(F·F·C + 1)·F·F", likely=3, about="params",
               when=only("deformable_conv"), figures=COUNTED)  # fmt: skip
def one_offset_per_tap(own: LayerFormulas) -> LayerFormulas | None:
    """The position of each tap has two coordinates: 2·{area} offsets."""

    def half(weight: Weight) -> Weight:
        if not weight.name.startswith("offset"):
            return weight
        return weight._replace(shape=(*weight.shape[:-1], divided(weight.shape[-1], 2)))

    return own.with_weights(half)


def divided(size: int, by: int) -> int:
    """A size divided by a number that divides it; unchanged otherwise."""
    return exact_div(size, by) if size % by == 0 else size
