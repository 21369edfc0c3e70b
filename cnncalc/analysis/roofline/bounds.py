"""The bytes that each layer reads and writes, its arithmetic intensity, and lower bounds of time on a device.

A layer reads its inputs and its weights and writes its output, each number once. A view moves nothing, nor does a
dropout at inference. Two bounds follow for a device:

- `least_seconds` of the whole model: its FLOPs at the peak rate, or its inputs, weights and outputs over the memory's
  bandwidth, whichever takes longer. It holds for any fusion and any cache.
- `layer_seconds`, the sum over the layers of the longer of both: it holds if every layer reads its inputs from memory
  and writes its output there.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.analyze import load
from cnncalc.analysis.backward_work import NO_WORK, backward_work
from cnncalc.analysis.cost.storages import weights_of
from cnncalc.analysis.roofline.device import Device, device_of
from cnncalc.graph.document import DTYPES
from cnncalc.graph.model import Graph, Node
from cnncalc.layers.base import Layer
from cnncalc.layers.counts import count
from cnncalc.reading.load import Reference

_TABLES = ("embedding", "embedding_bag")
_PARTS = ("crop", "gather", "slice")
"""Layers that read only what they pass on."""


class LayerBounds(NamedTuple):
    """The work and the traffic of a layer for the whole batch."""

    name: str
    type: str
    macs: int
    flops: int
    bytes_read: int
    bytes_written: int
    weight_bytes: int
    """Those of the weights among the bytes that are read."""
    backward_input_macs: int
    backward_weight_macs: int
    device: Device | None

    @property
    def bytes(self) -> int:
        return self.bytes_read + self.bytes_written

    @property
    def intensity(self) -> float | None:
        """FLOPs per byte; None if nothing moves."""
        return self.flops / self.bytes if self.bytes else None

    @property
    def arithmetic_seconds(self) -> float:
        return self.flops / self.device.flops_per_second if self.device else 0.0

    @property
    def memory_seconds(self) -> float:
        return self.bytes / self.device.bytes_per_second if self.device else 0.0

    @property
    def seconds(self) -> float:
        """The lower bound of the layer's time."""
        return max(self.arithmetic_seconds, self.memory_seconds)

    @property
    def bound(self) -> str:
        """`arithmetic` or `memory`: the one that takes longer; empty if neither takes time."""
        if not self.seconds:
            return ""
        return "arithmetic" if self.arithmetic_seconds >= self.memory_seconds else "memory"


class TimeBounds(NamedTuple):
    """The bounds of a model's forward pass."""

    name: str
    batch: int
    dtype: str
    device: Device | None
    layers: tuple[LayerBounds, ...]
    outer_bytes: int
    """The model's inputs, weights and outputs, which any execution moves; at most the sum over the layers."""

    def total(self, field: str) -> int:
        return sum(getattr(layer, field) for layer in self.layers)

    @property
    def intensity(self) -> float | None:
        """FLOPs per byte if every layer reads and writes memory."""
        moved = self.total("bytes")
        return self.total("flops") / moved if moved else None

    @property
    def least_seconds(self) -> float:
        """The lower bound of time for any fusion and any cache."""
        if self.device is None:
            return 0.0
        return max(self.total("flops") / self.device.flops_per_second, self.outer_bytes / self.device.bytes_per_second)

    @property
    def layer_seconds(self) -> float:
        """The lower bound of time if every layer reads and writes memory."""
        return sum(layer.seconds for layer in self.layers)

    @property
    def backward_macs(self) -> int:
        return self.total("backward_input_macs") + self.total("backward_weight_macs")

    def to_dict(self) -> dict[str, Any]:
        """The stable form; the seconds are null without a device."""
        device = self.device
        own = (
            "name", "type", "macs", "flops", "bytes_read", "bytes_written", "weight_bytes", "intensity",
            "backward_input_macs", "backward_weight_macs",
        )  # fmt: skip
        totals = [*own[2:7], *own[8:]]
        return {
            "format": 1, "name": self.name, "batch": self.batch, "dtype": self.dtype,
            "device": None if device is None else device._asdict(),
            "layers": [
                {field: getattr(layer, field) for field in own}
                | {"bound": layer.bound or None, "least_seconds": layer.seconds if device else None}
                for layer in self.layers
            ],
            "totals": {field: self.total(field) for field in totals}
            | {"intensity": self.intensity, "outer_bytes": self.outer_bytes}
            | {"least_seconds": self.least_seconds if device else None}
            | {"layer_seconds": self.layer_seconds if device else None},
        }  # fmt: skip


def bounds(
    source: Reference, *, device: str = "", batch: int = 1, dtype: str | None = None, **options: Any
) -> TimeBounds:
    """The bytes, the intensity and the lower bounds of time of a model; options are those of `load`.

    Raises SpecError for an invalid spec or device.

    >>> found = bounds("32x32x3 -> conv 20 8x8 s2 p1", device="19.5 TFLOP/s, 1.5 TB/s")
    >>> found.layers[0].bytes_read, found.layers[0].bytes_written, found.layers[0].bound
    (27728, 15680, 'arithmetic')
    """
    graph = load(source, **options)
    return bounds_of(graph, device=device, batch=batch, dtype=dtype or graph.dtype or "float32")


def bounds_of(graph: Graph, *, device: str = "", batch: int = 1, dtype: str = "float32") -> TimeBounds:
    """The bounds of a graph. Raises SpecError for an invalid device."""
    at = device_of(device, dtype) if device else None
    size = DTYPES[dtype]
    backward = backward_work(graph)
    layers = []
    for node in graph.nodes:
        if node.layer is None:
            continue
        samples = 1 if node.unbatched else node.samples * batch
        own = count(node.layer, node.activation, graph.inputs_of(node), node.shape or ())
        weights = _looked_up(node, own.learned + own.statistics, batch) * size
        read, written = _moved(graph, node, node.layer)
        work = backward.get(node.name, NO_WORK)
        layers.append(
            LayerBounds(
                node.name, node.layer.type, own.macs * samples, own.flops * samples,
                read * batch * size + weights, written * samples * size, weights,
                work.inputs * batch, work.weights * batch, at,
            )
        )  # fmt: skip
    outer = min(_outer_bytes(graph, batch, size), sum(layer.bytes for layer in layers))
    return TimeBounds(graph.name, batch, dtype, at, tuple(layers), outer)


def _moved(graph: Graph, node: Node, layer: Layer) -> tuple[int, int]:
    """The numbers that a layer reads for one sample of the model, and that it writes for one of its own."""
    inputs = graph.inputs_of(node)
    is_view = layer.kept(*inputs, node.shape or ()).sharing
    moves_nothing = layer.holds_output or is_view or layer.role == "dropout"
    if moves_nothing and node.activation is None:
        return 0, 0
    read = sum(prod(shape) * graph.nodes[at].samples for at, shape in zip(node.inputs, inputs, strict=True))
    written = prod(node.shape or ())
    return min(read, written * node.samples) if layer.type in _PARTS else read, written


def _outer_bytes(graph: Graph, batch: int, size: int) -> int:
    """The bytes of inputs, of weights, each array once, and of outputs."""
    ends = [(node.shape, node.samples) for node in graph.sources]
    ends += [(graph.nodes[at].shape, graph.nodes[at].samples) for _, at in graph.outputs]
    numbers = sum(prod(shape or ()) * samples for shape, samples in ends) * batch
    for node in graph.nodes:
        own = sum(weight.size for weight in weights_of(graph, node))
        numbers += _looked_up(node, own, batch)
    return numbers * size


def _looked_up(node: Node, own: int, batch: int) -> int:
    """The numbers of the weights that are read: of a table at most the rows that are looked up."""
    if node.layer is None or node.layer.type not in _TABLES:
        return own
    return min(own, prod(node.shape or ()) * node.samples * batch)
