"""One layer applied to literal arrays."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import NamedTuple

import numpy as np

from cnncalc.analysis.analyze import load
from cnncalc.analysis.figures import report_on
from cnncalc.arithmetic.convention import CONVENTIONS, LAYOUTS, Layout, Shape
from cnncalc.diagnostics import Source
from cnncalc.forward.literal import ArrayError, Float64Array
from cnncalc.forward.trace import OutputTrace, trace
from cnncalc.graph.model import Graph, Node
from cnncalc.layers.base import Layer, Weight
from cnncalc.layers.registry import find
from cnncalc.number_text import show_shape, thousands
from cnncalc.reading.items import split_item
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Scalar

_STARTING_VALUES: Mapping[str, float] = {
    "bias": 0.0,
    "shift": 0.0,
    "mean": 0.0,
    "moving_mean": 0.0,
    "scale": 1.0,
    "variance": 1.0,
}
"""The defaults of optional weights; other weights are required."""


MOST_TRACED = 10_000
_LIMITS = Limits(layers=1_000)
"""Only one layer is allowed; further layers are counted for the message."""


class Allowance:
    """A budget for the inputs, outputs and operations of layers, which can be shared by several calls."""

    def __init__(self, outputs: int = 1_000_000, weights: int = 10_000_000, work: int = 2_000_000_000) -> None:
        self._left = {"outputs": outputs, "weights": weights, "work": work}

    def spend(self, what: str, amount: int, message: str) -> None:
        """Raise ArrayError if less than `amount` is left."""
        left = self._left[what]
        if amount > left:
            raise ArrayError(f"{message}; the limit is {thousands(left)}")
        self._left[what] = left - amount


class Applied(NamedTuple):
    """The output of a layer, with the axes of the data (channels only if they were given)."""

    layer: Layer
    input_shapes: tuple[Shape, ...]
    output_shape: Shape
    output: Float64Array
    traces: list[OutputTrace]


class Prepared(NamedTuple):
    """A layer with its literal arrays, ready to run. `wide` data had no channels; `work` counts its operations."""

    graph: Graph
    node: Node
    arrays: tuple[Float64Array, ...]
    weights: dict[str, Float64Array]
    wide: bool
    work: int

    @property
    def layer(self) -> Layer:
        assert self.node.layer is not None
        return self.node.layer

    def computed(self, layer: Layer, weights: dict[str, Float64Array]) -> Float64Array:
        """The output of a layer on the arrays, before the activation."""
        return np.asarray(layer.forward(np, *(array[None] for array in self.arrays), **weights)[0], dtype=np.float64)

    def activated(self, plain: Float64Array) -> Float64Array:
        """An output after the item's activation, if it has one."""
        if self.node.activation is None:
            return plain
        return np.asarray(self.node.activation.forward(np, plain[None])[0], dtype=np.float64)

    def run(
        self, layer: Layer | None = None, weights: dict[str, Float64Array] | None = None, *, activates: bool = True
    ) -> Float64Array:  # fmt: skip
        """The output, of another layer or with other weights, without the channel that the data did not have."""
        plain = self.computed(layer or self.layer, self.weights if weights is None else weights)
        return self.as_given(self.activated(plain) if activates else plain)

    def as_given(self, result: Float64Array) -> Float64Array:
        """An array without its single channel, if the data had none."""
        if self.wide and result.ndim > 1 and self.graph.setting.channels(tuple(result.shape)) == 1:
            return result[..., 0] if self.graph.setting.layout == "HWC" else result[0]
        return result


class GivenWeights(NamedTuple):
    """The weights as given by a user: the main weight or a mapping by name, and a separate bias."""

    weights: Float64Array | dict[str, Float64Array] | None = None
    bias: Float64Array | None = None


class SettingNames(NamedTuple):
    """A convention and a layout by name, as for `load`."""

    convention: str | None = None
    layout: str | None = None


def apply(
    item: str, data: list[Float64Array], weights: GivenWeights = GivenWeights(),  # noqa: B008
    names: SettingNames = SettingNames(), *, traced: bool = False, allowance: Allowance | None = None,  # noqa: B008
) -> Applied:  # fmt: skip
    """Run one layer, written as `item`, on `data`: an array, or one for each input of a merge.

    For layers with windows, data without channels has one channel (a list is a sequence, a table is an image). Raises
    SpecError for an invalid item, and ArrayError for arrays with wrong shapes or beyond the `allowance`.
    """
    ready = prepare(item, data, weights, names, traced=traced, allowance=allowance)
    node, layer = ready.node, ready.layer
    plain, result = ready.computed(layer, ready.weights), ready.run()
    traces = []
    if traced:
        activated = None if node.activation is None else ready.activated(plain)
        traces = trace(layer, ready.arrays[0], ready.weights, ready.graph.inputs_of(node)[0], plain, activated)
    return Applied(layer, ready.graph.inputs_of(node), tuple(plain.shape), result, traces)


def prepare(
    item: str, data: list[Float64Array], weights: GivenWeights = GivenWeights(),  # noqa: B008
    names: SettingNames = SettingNames(), *, traced: bool = False, allowance: Allowance | None = None,  # noqa: B008
) -> Prepared:  # fmt: skip
    """Like `apply`, before the layer runs."""
    if item.lstrip(" [(")[:1].isdigit() and "->" in item.replace("→", "->"):
        raise ArrayError(f'"{item[:60]}" begins with an input: give the layer alone, as the data is its input')
    wide = _needs_channel(item, data[0].ndim)
    channels_last = _layout(*names) == "HWC"
    arrays = [array[..., None] if channels_last else array[None] for array in data] if wide else data
    graph = _graph(item, arrays, names)
    layers = [node for node in graph.nodes if node.layer is not None]
    if len(layers) != 1:
        raise ArrayError(f'"{item[:60]}" is {len(layers)} layers; apply runs one')
    (node,) = layers
    work = _check_work(graph, allowance or Allowance(), traced=traced)
    return Prepared(graph, node, tuple(arrays), given_weights(graph, node, weights), wide, work)


def _check_work(graph: Graph, allowance: Allowance, *, traced: bool) -> int:
    """The operations of a layer. Raises ArrayError for too many outputs, weights or operations."""
    (layer,) = report_on(graph).layers
    outputs = layer.activation_elements
    weights = layer.params + layer.buffers
    allowance.spend("outputs", outputs, f"the output would have {thousands(outputs)} numbers")
    if traced and outputs > MOST_TRACED:
        raise ArrayError(
            f"the output would have {thousands(outputs)} numbers; the limit with a trace is {thousands(MOST_TRACED)}"
        )
    allowance.spend("weights", weights, f"the layer has {thousands(weights)} weights")
    allowance.spend("work", layer.flops, f"the layer takes {thousands(layer.flops)} operations")
    return outputs + layer.flops


def _needs_channel(item: str, axes: int) -> bool:
    """Whether data of this many axes lacks the channel axis that the item's layer needs."""
    source = _source(item)
    words = split_item(source)
    found = find(words[0].text.partition("(")[0]) if words else None
    if found is None:
        return False
    kind, rank = found
    if rank is not None:
        return axes == rank
    if kind.family == "normalization" and axes == 1:
        return False  # then a list is a vector of channels
    return kind.spatial_suffix and axes <= 2


def _source(item: str) -> Scalar:
    return Scalar(Source("<item>", item), 0, len(item), item)


def _layout(convention: str | None, layout: str | None) -> Layout | None:
    """The layout of the data; None for an unknown word, which `load` reports."""
    if layout is not None:
        return LAYOUTS.get(layout)
    if not convention:
        return "HWC"
    return CONVENTIONS[convention].layout if convention in CONVENTIONS else None


def _graph(item: str, arrays: list[Float64Array], names: SettingNames) -> Graph:
    shapes = [show_shape(array.shape) for array in arrays]
    if len(arrays) == 1:
        return load(f"{shapes[0]} -> {item}", **names._asdict(), limits=_LIMITS)
    named = {f"x{number}": shape for number, shape in enumerate(shapes, 1)}
    given = ", ".join(f"{name}: {shape}" for name, shape in named.items())
    return load(f"{given} -> {item} from=[{', '.join(named)}]", **names._asdict(), limits=_LIMITS)


def given_weights(graph: Graph, node: Node, found: GivenWeights) -> dict[str, Float64Array]:
    """The layer's weights by name. Raises ArrayError for weights that it does not have, or of another shape."""
    weights, bias = found
    assert node.layer is not None
    assert node.shape is not None
    declared = list(node.layer.weights(*graph.inputs_of(node), node.shape))
    given = dict(weights) if isinstance(weights, dict) else {}
    if weights is not None and not isinstance(weights, dict):
        if not declared:
            raise ArrayError(f"{node.layer.type} has no weights")
        given[declared[0].name] = weights
    if bias is not None:
        given["bias"] = bias
    known = [weight.name for weight in declared]
    for name in given:
        if name not in known:
            raise ArrayError(f"{node.layer.type} has no weight {name!r}; it has {', '.join(known) or 'none'}")
    outputs_first = graph.setting.layout == "CHW"
    return {
        weight.name: _fit(
            weight, given.get(weight.name), node.layer.channels_first(weight), outputs_first=outputs_first
        )
        for weight in declared
    }


def _fit(
    weight: Weight, array: Float64Array | None, channels_first: tuple[int, ...], *, outputs_first: bool
) -> Float64Array:
    """`array` in the weight's shape: unchanged, without axes of size 1, or converted from PyTorch's axis order."""
    if array is None:
        if weight.name not in _STARTING_VALUES:
            shape = show_shape(weight.shape)
            raise ArrayError(f"give the {weight.name} with --weights: {thousands(prod(weight.shape))} numbers, {shape}")
        return np.full(weight.shape, _STARTING_VALUES[weight.name])
    straight = tuple(range(len(weight.shape)))
    for order in (channels_first, straight) if outputs_first else (straight, channels_first):
        ordered = tuple(weight.shape[axis] for axis in order)
        if _squeezed(array.shape) == _squeezed(ordered):
            return array.reshape(ordered).transpose(np.argsort(order))
    if array.size == 1:
        return np.full(weight.shape, array.item())
    raise ArrayError(f"the {weight.name} must be {show_shape(weight.shape)}, got {show_shape(array.shape)}")


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)
