"""Mistakes in counting biases."""

from __future__ import annotations

from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes._tree import has_window
from cnncalc.homework.mistakes.catalogue import COUNTED, miscalculated, only
from cnncalc.layers.base import Layer, Weight


def biases(own: LayerFormulas) -> list[Weight]:
    """The arrays of biases."""
    return [weight for weight in own.learned() if "bias" in weight.name]


def _without(own: LayerFormulas) -> LayerFormulas | None:
    return own.with_weights(lambda weight: None if "bias" in weight.name else weight)


def _with_one(own: LayerFormulas, shape: tuple[int, ...] | None) -> LayerFormulas | None:
    """The formulas with another shape of the bias, for layers with one kernel and one bias."""
    if shape is None or len(biases(own)) != 1 or len(own.learned()) != 2 or own.kernel() is None:
        return None
    return own.with_weights(lambda weight: weight._replace(shape=shape) if "bias" in weight.name else weight)


@miscalculated("bias forgotten", "F·F·C·K", likely=1, about="params", figures=COUNTED)
def bias_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """Every filter or unit has one bias in addition to its weights: {biases} in this layer."""
    return _without(own)


@miscalculated(
    "dense without bias",
    "n·units",
    likely=1,
    about="params",
    when=only("dense"),
    figures=COUNTED,
    narrows="bias_forgotten",
)
def dense_bias_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """Every unit has a bias in addition to its weights: {biases} for {filters} units."""
    return _without(own)


@miscalculated("biases of the gates forgotten", "gates·(n + u)·u", likely=1, about="params", when=only("recurrent"),
               figures=COUNTED, narrows="bias_forgotten")  # fmt: skip
def gate_biases_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """Every gate has biases for its {filters} units in addition to its weights: {biases} in each of {gates} gates."""
    return _without(own)


def _could_have(layer: Layer) -> bool:
    families = ("convolution", "dense", "recurrent", "attention", "embedding")
    return layer.family in families or layer.type == "prelu"


@miscalculated("bias added where there is none", "(F·F·C + 1)·K", likely=3, about="params", when=_could_have,
               figures=COUNTED)  # fmt: skip
def bias_added(own: LayerFormulas) -> LayerFormulas | None:
    """This layer has no biases."""
    kernels = own.learned()
    if biases(own) or not kernels:
        return None
    if own.inner.family != "attention":
        kernels = kernels[-1:]  # an input's and a state's kernel, or a depthwise one, share the bias of the last
    added = (Weight(f"{one.name}_bias", _outputs(own, one), one.positions) for one in kernels)
    return own._replace(weights=(*own.weights, *added))


def _outputs(own: LayerFormulas, kernel: Weight) -> tuple[int, ...]:
    """The sizes of a kernel's outputs."""
    axes = own.inner.output_axes(kernel) if own.inner.family in ("attention", "convolution") else ()
    return tuple(kernel.shape[axis] for axis in axes) or kernel.shape[-1:]


@miscalculated("one bias for the whole layer", "F·F·C·K + 1", likely=2, about="params", figures=COUNTED,
               choices=("layer", "gate"))  # fmt: skip
def one_bias(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """Each of the {filters} outputs has its own bias."""
    count = int(getattr(own.inner, "gates", 1)) if choice == "gate" else 1
    if choice == "gate" and count == 1:
        return None
    return own.with_weights(lambda weight: weight._replace(shape=(count,)) if "bias" in weight.name else weight)


@miscalculated("a bias for every weight", "2·F·F·C·K", likely=5, about="params", figures=COUNTED)
def bias_per_weight(own: LayerFormulas) -> LayerFormulas | None:
    """A filter sums its {area}·{depth} products first and adds one bias to the sum."""
    kernel = own.kernel()
    return _with_one(own, kernel.shape if kernel else None)


@miscalculated("a bias for every slice of a filter", "(F·F + 1)·C·K", likely=3, about="params", when=has_window,
               figures=COUNTED)  # fmt: skip
def bias_per_slice(own: LayerFormulas) -> LayerFormulas | None:
    """A filter sums all {depth} input channels and has one bias, not one per channel."""
    kernel = own.kernel()
    return _with_one(own, kernel.shape[-2:] if kernel else None)


@miscalculated("a bias for every input", "F·F·C·K + C", likely=2, about="params", figures=COUNTED)
def bias_per_input_channel(own: LayerFormulas) -> LayerFormulas | None:
    """Biases are added to the outputs: there are {filters}, one for each of them."""
    kernel = own.kernel()
    return _with_one(own, kernel.shape[-2:-1] if kernel else None)


@miscalculated("a bias at every position", "F·F·C·K + O·O·K", likely=4, about="params", figures=COUNTED)
def bias_per_position(own: LayerFormulas) -> LayerFormulas | None:
    """The bias is shared like the kernel: there is one for each of the {filters} outputs, at all positions."""
    bias = next(iter(biases(own)), None)
    return _with_one(own, (*bias.shape, *bias.positions) if bias else None)


@miscalculated("biases in both parts", "(F·F + 1)·C + (C + 1)·K", likely=2, about="params", figures=COUNTED,
               when=only("separable_conv"))  # fmt: skip
def biases_in_both_parts(own: LayerFormulas) -> LayerFormulas | None:
    """Here, the depthwise part has no biases: there are {biases}, one for each of the {filters} filters."""
    if not biases(own):
        return None
    first = own.weights[0]
    return own._replace(weights=(*own.weights, Weight("depthwise_bias", first.shape[-2:], first.positions)))


def _per_gate(own: LayerFormulas) -> int:
    directions = 2 if getattr(own.inner, "bidirectional", False) else 1
    return len(biases(own)) // (directions * int(getattr(own.inner, "layers", 1)))


@miscalculated("one bias per gate instead of two", "gates·((n + u)·u + u)", likely=2, about="params",
               when=only("recurrent"), figures=COUNTED)  # fmt: skip
def one_bias_per_gate(own: LayerFormulas) -> LayerFormulas | None:
    """Here, a gate has two biases, one for the input and one for the state."""
    return own.with_weights(lambda weight: None if weight.name.startswith("recurrent_bias") else weight)


@miscalculated("two biases per gate instead of one", "gates·((n + u)·u + 2u)", likely=2, about="params",
               when=only("recurrent"), figures=COUNTED)  # fmt: skip
def two_biases_per_gate(own: LayerFormulas) -> LayerFormulas | None:
    """Here, a gate has one bias. PyTorch has two, one for the input and one for the state."""
    if _per_gate(own) != 1:
        return None
    return own._replace(weights=(*own.weights, *biases(own)))


@miscalculated("biases counted as multiply–accumulates", "(F·F·C + 1)·K·O·O", likely=1, about="macs",
               figures=("macs", "flops"), choices=("own positions", "positions of the kernel"))  # fmt: skip
def biases_as_macs(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """A bias is only added: multiply–accumulates count the products of the kernel."""
    added, kernel = biases(own), own.kernel()
    if kernel is None:
        return None
    if choice == "positions of the kernel":
        added = [weight._replace(positions=kernel.positions) for weight in added]
    return own.with_macs(own.macs + sum(weight.unshared_size for weight in added))
