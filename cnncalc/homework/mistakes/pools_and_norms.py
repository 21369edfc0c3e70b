"""Pools with weights, and mistakes in counting the numbers of a normalization."""

from __future__ import annotations

from cnncalc.arithmetic.term import Term
from cnncalc.homework.figure_paths import spatial_names
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes.catalogue import COUNTED, WORK, miscalculated, only
from cnncalc.homework.substitution import product_of
from cnncalc.layers.base import Weight
from cnncalc.layers.window_layer import WindowLayer

_POOL, _NORM = only("pooling"), only("normalization")


def _area(own: LayerFormulas) -> tuple[int, ...]:
    """The sides of a pool's window."""
    layer = own.inner
    if not isinstance(layer, WindowLayer):
        return ()
    names = spatial_names(len(own.spatial()))
    sides = zip(layer.kernels(own.given[0]), names, strict=False)
    return tuple(Term.leaf(int(side), "F", name) for side, name in sides)


@miscalculated("pooling given parameters", "F·F·C", likely=1, about="params", when=_POOL, figures=COUNTED,
               choices=("C", "C and biases", "C·C"))  # fmt: skip
def pooling_has_weights(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """A pool has no weights: it takes the largest value, or the mean."""
    area, channels = _area(own), own.sizes[own.channel()]
    if not area:
        return None
    extra = (Weight("bias", (channels,)),) if choice == "C and biases" else ()
    depth = (channels, channels) if choice == "C·C" else (channels,)
    return own._replace(weights=(Weight("kernel", (*area, *depth)), *extra))


@miscalculated("pooling given one kernel", "F·F", likely=2, about="params", when=_POOL, figures=COUNTED)
def pooling_has_kernel(own: LayerFormulas) -> LayerFormulas | None:
    """A pool has no weights: it takes the largest value, or the mean."""
    area = _area(own)
    return own._replace(weights=(Weight("kernel", area),)) if area else None


@miscalculated("pooling given multiply–accumulates", "O·O·C·F·F", likely=1, about="macs", when=_POOL, figures=WORK)
def pooling_has_macs(own: LayerFormulas) -> LayerFormulas | None:
    """A pool multiplies by no weights: it compares or adds the values of its window."""
    area = _area(own)
    return own.with_macs(product_of(own.output) * product_of(area)) if area else None


@miscalculated(
    "the statistics of a normalization counted", "4·C", likely=1, about="params", when=_NORM, figures=COUNTED
)
def statistics_counted(own: LayerFormulas) -> LayerFormulas | None:
    """Mean and variance are computed or stored, not learned: here, 2 numbers per channel are learned."""
    if own.layer.setting.convention.statistics_are_params:
        return None
    if not any(weight.statistic for weight in own.weights):
        both = {weight.name for weight in own.weights} >= {"scale", "shift"}
        return own._replace(weights=(*own.weights, *own.weights)) if both else None
    return own.with_weights(lambda weight: weight._replace(statistic=False))


@miscalculated("batch norm's statistics left out", "2·C", likely=1, about="params", when=_NORM, figures=COUNTED)
def statistics_left_out(own: LayerFormulas) -> LayerFormulas | None:
    """Keras counts the moving mean and variance as parameters: 4 per channel, 2 of them not trainable."""
    if not own.layer.setting.convention.statistics_are_params:
        return None
    return own.with_weights(lambda weight: None if weight.statistic else weight)


@miscalculated("the shift of a normalization forgotten", "C", likely=2, about="params", when=_NORM, figures=COUNTED)
def norm_without_shift(own: LayerFormulas) -> LayerFormulas | None:
    """A normalization scales and shifts: 2 learned numbers for each of {channels} channels."""
    return own.with_weights(lambda weight: None if weight.name == "shift" or weight.statistic else weight)


@miscalculated("a shift counted where there is none", "2·C", likely=1, about="params", when=_NORM, figures=COUNTED)
def shift_added(own: LayerFormulas) -> LayerFormulas | None:
    """This normalization only scales: one learned number for each of {channels} channels."""
    scale = next((weight for weight in own.weights if weight.name == "scale"), None)
    if scale is None or any(weight.name == "shift" for weight in own.weights):
        return None
    return own._replace(weights=(*own.weights, scale._replace(name="shift")))


@miscalculated("normalization not counted", "0", likely=2, about="params", when=_NORM, figures=COUNTED)
def norm_left_out(own: LayerFormulas) -> LayerFormulas | None:
    """A normalization learns a scale and a shift: 2 numbers for each of {channels} channels."""
    return own.with_weights(lambda weight: None)


@miscalculated("a normalization with numbers for every {}", "2·H·W·C", likely=3, about="params", when=_NORM,
               figures=COUNTED, choices=("element", "position"))  # fmt: skip
def norm_per_element(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """A normalization has one scale and one shift per channel, {channels}, whatever the number of positions."""

    def each(weight: Weight) -> Weight | None:
        if weight.statistic:
            return None
        shape = weight.shape if choice == "element" else ()
        return weight._replace(shape=(*shape, *weight.positions), positions=())

    return own.with_weights(each) if any(weight.positions for weight in own.weights) else None


@miscalculated("a normalization with numbers for every group", "2·g", likely=3, about="params", when=_NORM,
               figures=COUNTED)  # fmt: skip
def norm_per_group(own: LayerFormulas) -> LayerFormulas | None:
    """Groups share a mean and a variance, but every channel has its own scale and shift: 2·{channels}."""
    groups = getattr(own.inner, "groups", None)
    if not isinstance(groups, int):
        return None
    return own.with_weights(lambda weight: weight._replace(shape=(Term.leaf(int(groups), "g"),)))


@miscalculated("one scale and one shift for the whole layer", "2", likely=4, about="params", when=_NORM,
               figures=COUNTED)  # fmt: skip
def norm_once(own: LayerFormulas) -> LayerFormulas | None:
    """Every channel has its own scale and shift: 2·{channels}."""
    return own.with_weights(lambda weight: weight._replace(shape=(1,)))


@miscalculated("a layer without weights given parameters", "C", likely=2, about="params", figures=COUNTED,
               when=only("activation", "reshaping", "resizing", "regularization", "merge", "elementwise"),
               choices=("channel", "element"))  # fmt: skip
def activation_has_weights(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """This layer is a fixed function of its input, without weights."""
    shape = own.sizes if choice == "element" else own.sizes[own.channel() :][:1]
    return None if own.weights else own._replace(weights=(Weight("slope", shape),))


@miscalculated("a comparison too many for each window", "F·F for F·F − 1", likely=2, about="flops", when=_POOL,
               figures=("flops",))  # fmt: skip
def comparison_too_many(own: LayerFormulas) -> LayerFormulas | None:
    """The largest of F·F values takes F·F − 1 comparisons, their sum F·F − 1 additions."""
    area = _area(own)
    return own.unlike(own._replace(other=product_of(own.output) * product_of(area))) if area else None
