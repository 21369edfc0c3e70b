"""A model as a runtime executes it: layers that become one operation, their tensors, and their stored numbers.

Two forms exist. `in_memory` has one step per layer; layers that change no value are views of their input's memory.
`deployed` is the form of integer runtimes for microcontrollers: batch norm is folded into the convolution or dense
layer before it, ReLU and ReLU6 into the layer before them, and layers without an effect at inference disappear.

Source: TensorFlow Lite, "8-bit quantization specification" (int8 kernels with one scale per output channel, int32
biases); Jacob et al., arXiv 1712.05877 (folded batch norm, fused activations).
"""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from cnncalc.analysis.device.schedule import BufferedTensor, Operation, Schedule
from cnncalc.analysis.memory import elements
from cnncalc.graph.model import Graph, Node
from cnncalc.layers.base import Layer, Weight

FUSED_ACTIVATIONS = ("relu", "relu6")
_FOLDING = ("convolution", "dense")
"""The roles of layers into which batch norm is folded."""
_BATCH_NORMS = ("batch_norm", "frozen_batch_norm")
_FUSING_MERGES = ("add", "subtract", "multiply")
_SCALE_BYTES = 4
_BIAS_BYTES = 4


class Constants(NamedTuple):
    """The bytes of a deployed model's stored numbers: int8 weights, int32 biases, and float32 scales of weights."""

    weights: int = 0
    biases: int = 0
    scales: int = 0

    @property
    def total(self) -> int:
        return self.weights + self.biases + self.scales

    def plus(self, other: Constants) -> Constants:
        """The sums."""
        return Constants(*[one + two for one, two in zip(self, other, strict=True)])


def in_memory(graph: Graph, *, batch: int = 1, item_bytes: int = 4) -> Schedule:
    """The layers of a graph as steps, for `batch` samples of `item_bytes` per number."""
    made = _Scheduling(graph, batch, item_bytes)
    for index, node in enumerate(graph.nodes):
        if node.layer is None:
            made.read_input(index)
        elif _is_view(node):
            made.join(index)
        else:
            made.run(index, node.layer)
    return made.schedule()


def deployed(graph: Graph) -> Schedule:
    """The operations of an int8 runtime, for one sample."""
    made, joined = _Scheduling(graph, 1, 1), _Joined(graph)
    for index, node in enumerate(graph.nodes):
        if node.layer is None:
            made.read_input(index)
        elif joined.disappears(index):
            made.join(index)
        elif node.activation is None or (node.activation.type in FUSED_ACTIVATIONS and _can_fuse(node.layer)):
            made.run(index, node.layer)
        else:
            made.run(index, node.layer, f"{node.name} before {node.activation.type}")
            made.activate(index, node.activation)
    return made.schedule()


def constants(graph: Graph) -> Constants:
    """The stored numbers of the deployed model. Shared weights are stored once."""
    joined = _Joined(graph)
    total = Constants()
    for index, node in enumerate(graph.nodes):
        if node.layer is not None and (node.shares is None or node.ties):
            stored = (
                _folded_bias(node.layer, graph, node) if joined.folds(index) else _constants_of(node.layer, graph, node)
            )
            total = total.plus(stored)
    return total


def _constants_of(layer: Layer, graph: Graph, node: Node) -> Constants:
    """The stored numbers of a layer that is not folded; a batch norm becomes a multiplier and an offset."""
    weights = list(layer.weights(*graph.inputs_of(node), node.shape or ()))
    if layer.type in _BATCH_NORMS and layer.runs_in_place():
        channels = weights[0].size
        return Constants(channels, channels * _BIAS_BYTES, _SCALE_BYTES)
    total = Constants()
    for weight in weights:
        if _is_bias(weight):
            total = total.plus(Constants(biases=weight.size * _BIAS_BYTES))
        else:
            channels = prod(weight.shape[axis] for axis in layer.output_axes(weight))
            total = total.plus(Constants(weights=weight.size, scales=channels * _SCALE_BYTES))
    return total


def _folded_bias(layer: Layer, graph: Graph, node: Node) -> Constants:
    """A folded batch norm gives the layer before it a bias, unless that has one."""
    host = graph.nodes[node.inputs[0]]
    assert host.layer is not None
    if any(_is_bias(weight) for weight in host.layer.weights(*graph.inputs_of(host), host.shape or ())):
        return Constants()
    return Constants(biases=next(layer.weights(*graph.inputs_of(node), node.shape or ())).size * _BIAS_BYTES)


def _is_bias(weight: Weight) -> bool:
    return "bias" in weight.name


def _is_view(node: Node) -> bool:
    """Whether a node's values are those of its input, in the same order."""
    layer = node.layer
    if layer is None or node.activation is not None:
        return False
    return layer.role == "passing" or layer.family == "regularization"


def _can_fuse(layer: Layer) -> bool:
    """Whether the operation can compute an activation on the values that it writes."""
    return layer.family in ("convolution", "dense", "pooling", "normalization") or layer.type in _FUSING_MERGES


class _Joined:
    """The layers of a graph that become part of the operation before them."""

    def __init__(self, graph: Graph) -> None:
        self.nodes = graph.nodes
        self.users = [0] * len(graph.nodes)
        """The number of layers that read each node's output, with one more for an output of the model."""
        for node in graph.nodes:
            for source in node.inputs:
                self.users[source] += 1
        for _, index in graph.outputs:
            self.users[index] += 1

    def disappears(self, index: int) -> bool:
        """Whether a layer writes no tensor of its own."""
        return _is_view(self.nodes[index]) or self.folds(index) or self.fuses(index)

    def folds(self, index: int) -> bool:
        """Whether a layer is a batch norm that is folded into the layer before it."""
        layer, host = self.nodes[index].layer, self._host(index)
        if layer is None or host is None or layer.type not in _BATCH_NORMS or not layer.runs_in_place():
            return False
        return host.role in _FOLDING

    def fuses(self, index: int) -> bool:
        """Whether a layer is an activation that is computed with the layer before it."""
        layer, host = self.nodes[index].layer, self._host(index)
        return layer is not None and host is not None and layer.type in FUSED_ACTIVATIONS and _can_fuse(host)

    def _host(self, index: int) -> Layer | None:
        """The layer before, if nothing else reads its output and it has no activation."""
        node = self.nodes[index]
        if len(node.inputs) != 1 or self.users[node.inputs[0]] != 1:
            return None
        before = self.nodes[node.inputs[0]]
        return before.layer if before.activation is None else None


class _Scheduling:
    """The tensors and steps of a graph, as far as its nodes have been walked."""

    def __init__(self, graph: Graph, batch: int, item_bytes: int) -> None:
        self.graph = graph
        self.batch = batch
        self.item_bytes = item_bytes
        self.tensors: list[BufferedTensor] = []
        self.steps: list[Operation] = []
        self.inputs: list[int] = []
        self.of_node: list[int] = []
        """The tensor that holds each node's output."""

    def schedule(self) -> Schedule:
        """The tensors and operations so far, with the outputs of the graph."""
        outputs = dict.fromkeys(self.of_node[index] for _, index in self.graph.outputs)
        return Schedule(tuple(self.tensors), tuple(self.steps), tuple(self.inputs), tuple(outputs))

    def read_input(self, index: int) -> None:
        """An input of the model."""
        self.inputs.append(self._tensor(index))
        self.of_node.append(self.inputs[-1])

    def join(self, index: int) -> None:
        """A layer whose output lies in the tensor of its input."""
        self.of_node.append(self.of_node[self.graph.nodes[index].inputs[0]])

    def run(self, index: int, layer: Layer, name: str = "") -> None:
        """A layer that writes a tensor, which is called `name` if it is not the node's output yet."""
        reads = tuple(dict.fromkeys(self.of_node[source] for source in self.graph.nodes[index].inputs))
        self.of_node.append(self._written(index, reads, layer, name))

    def activate(self, index: int, activation: Layer) -> None:
        """The activation of the node that was run last."""
        self.of_node[index] = self._written(index, (self.of_node[index],), activation)

    def _written(self, index: int, reads: tuple[int, ...], layer: Layer, name: str = "") -> int:
        written = self._tensor(index, name)
        size = self.tensors[written].bytes
        over = reads if layer.runs_in_place() else ()
        fitting = tuple(tensor for tensor in over if self.tensors[tensor].bytes == size and tensor not in self.inputs)
        self.steps.append(Operation(self.graph.nodes[index].name, reads, written, fitting))
        return written

    def _tensor(self, index: int, name: str = "") -> int:
        node = self.graph.nodes[index]
        self.tensors.append(BufferedTensor(name or node.name, elements(node, self.batch) * self.item_bytes))
        return len(self.tensors) - 1
