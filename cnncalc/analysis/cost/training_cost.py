"""The memory of training: the result of `cost`, and how it is computed from a graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from cnncalc.analysis.analyze import load
from cnncalc.analysis.cost.optimizers import OPTIMIZERS, Optimizer
from cnncalc.analysis.cost.step import Segment, TrainingStep, WeightGradients, peak_of
from cnncalc.analysis.cost.storages import Storages, is_assumed, storages, weights_of
from cnncalc.analysis.report import Tensor
from cnncalc.diagnostics import Diagnostic, SpecError, did_you_mean
from cnncalc.graph.document import DTYPES
from cnncalc.graph.model import Graph, Node
from cnncalc.layers.base import Weight
from cnncalc.layers.counts import count
from cnncalc.reading.load import Reference

FORMAT = 1
DTYPE_NAMES = ("float32", "mixed", "float16", "bfloat16", "float64")
"""The types of numbers that can be trained; `mixed` is float32 with torch.autocast."""

NOT_COUNTED = (
    "workspaces of the kernels, the allocator's rounding and fragmentation, the context of the device, the loss, and "
    "temporary arrays of the optimizer"
)


class TrainingChoice(NamedTuple):
    """The conditions of a training: batch, optimizer, data type, and patterns of checkpointed blocks."""

    batch: int = 1
    train: str = "sgd"
    dtype: str | None = None
    """None: that of the spec, or float32."""
    checkpoint: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise SpecError for a batch, an optimizer or a data type that does not exist."""
        batch = self.batch
        if isinstance(batch, bool) or not isinstance(batch, int) or batch < 1:
            raise SpecError([Diagnostic("E204", f"batch: got {batch!r}, but it must be a positive whole number")])
        _check_word("train", self.train, OPTIMIZERS)
        if self.dtype is not None:
            _check_dtype(self.dtype)

    def dtype_for(self, graph: Graph) -> str:
        """The data type in which a model is trained. Raises SpecError if the spec has one that cannot be trained."""
        dtype = self.dtype or graph.dtype or "float32"
        _check_dtype(dtype)
        return dtype


class KeptTensor(NamedTuple):
    """A tensor that a layer keeps for its backward pass."""

    name: str
    """`input`, `output`, or the name of an array of the layer's own."""
    size: int
    """In bytes; of a view, those of the memory that it keeps alive."""
    counted_by: str
    """The first layer that keeps it, which counts it."""


class LayerCost(NamedTuple):
    """The training memory of a layer, in bytes."""

    name: str
    type: str
    path: tuple[str, ...]
    weight_bytes: int
    buffer_bytes: int
    gradient_bytes: int
    optimizer_bytes: int
    kept_bytes: int
    """The tensors that this layer is the first to keep."""
    kept: tuple[KeptTensor, ...]


class StepPeak(NamedTuple):
    """The largest sum of all that is live at a moment of the step."""

    phase: str
    layer: str
    total_bytes: int
    activation_bytes: int
    activation_gradient_bytes: int
    weight_gradient_bytes: int


class CheckpointedBlock(NamedTuple):
    """A block of which only the inputs are kept, and which runs forward once more before its backward pass."""

    name: str
    layers: int
    recomputed_macs: int


class CostTotals(NamedTuple):
    """The sums over all layers, in bytes."""

    weight_bytes: int
    buffer_bytes: int
    gradient_bytes: int
    optimizer_bytes: int
    kept_bytes: int
    recomputed_macs: int
    peak_bytes: int


class Cost(NamedTuple):
    """The memory of training a model."""

    name: str
    batch: int
    dtype: str
    optimizer: str
    inputs: tuple[Tensor, ...]
    layers: tuple[LayerCost, ...]
    checkpoints: tuple[CheckpointedBlock, ...]
    totals: CostTotals
    peak: StepPeak
    assumed: tuple[str, ...]
    """The types that do not declare what they keep; their inputs and outputs are counted."""

    def to_dict(self) -> dict[str, Any]:
        """The machine-readable form, version `format`."""
        layers = [
            {name: value for name, value in layer._asdict().items() if name != "path"}
            | {"kept": [tensor._asdict() for tensor in layer.kept]}
            for layer in self.layers
        ]
        return {
            "format": FORMAT, "name": self.name, "batch": self.batch, "dtype": self.dtype, "optimizer": self.optimizer,
            "inputs": [{"name": tensor.name, "shape": list(tensor.shape)} for tensor in self.inputs],
            "layers": layers,
            "checkpoints": [checkpoint._asdict() for checkpoint in self.checkpoints],
            "totals": self.totals._asdict(),
            "peak": self.peak._asdict(),
            "assumed": list(self.assumed),
            "not_counted": NOT_COUNTED,
        }  # fmt: skip


def cost(
    source: Reference, *, batch: int = 1, train: str = "sgd", dtype: str | None = None,
    checkpoint: str | Sequence[str] = (), **options: Any,
) -> Cost:  # fmt: skip
    """The memory of training a spec with the optimizer `train`; `options` are those of `load`.

    `checkpoint` are patterns of block names, such as `stage*`. Raises SpecError for an invalid spec, an unknown
    optimizer, or a pattern without a block.
    """
    patterns = (checkpoint,) if isinstance(checkpoint, str) else tuple(checkpoint)
    choice = TrainingChoice(batch, train, dtype, patterns)
    choice.check()
    return cost_of(load(source, **options), choice)


def _check_word(what: str, word: str, allowed: Iterable[str]) -> None:
    known = list(allowed)
    if word not in known:
        message = f'{what}: unknown word "{word}". Allowed: {", ".join(known)}'
        raise SpecError([Diagnostic("E204", message, hint=did_you_mean(word, known))])


def _check_dtype(dtype: str) -> None:
    if dtype in DTYPES and dtype not in DTYPE_NAMES:
        hint = "write --dtype float32, float16, bfloat16 or float64"
        raise SpecError([Diagnostic("E204", f"dtype: a model in {dtype} cannot be trained", hint=hint)])
    _check_word("dtype", dtype, DTYPE_NAMES)


def cost_of(graph: Graph, choice: TrainingChoice = TrainingChoice()) -> Cost:  # noqa: B008
    """The memory of training a graph. Raises SpecError for a pattern without a block."""
    batch, train, _, checkpoint = choice
    dtype = choice.dtype_for(graph)
    mixed = dtype == "mixed"
    item_bytes, optimizer = DTYPES["float32" if mixed else dtype], OPTIMIZERS[train]
    stored = storages(graph, batch=batch, item_bytes=item_bytes, mixed=mixed)
    learned = [_Learned.of(graph, node, item_bytes, optimizer) for node in graph.nodes]
    segments = tuple(segments_of(graph, checkpoint))
    step = TrainingStep(graph, stored, _weight_gradients(graph, learned, item_bytes), segments)
    layers = tuple(_layers(graph, stored, step.kept, learned))
    found = peak_of(step.moments())
    checkpoints = tuple(_checkpoint(graph, segment, batch) for segment in segments)
    weights, buffers, states = (sum(getattr(one, name) for one in learned) for name in ("weights", "buffers", "states"))
    standing = weights + buffers + states
    peak = StepPeak(
        found.phase, graph.nodes[found.node].name, standing + found.size, found.activations,
        found.activation_gradients, found.weight_gradients,
    )  # fmt: skip
    return Cost(
        graph.name, batch, dtype, train,
        tuple(Tensor(node.name, node.shape or ()) for node in graph.sources),
        layers, checkpoints,
        CostTotals(
            weights, buffers, sum(one.gradients for one in learned), states,
            sum(layer.kept_bytes for layer in layers), sum(one.recomputed_macs for one in checkpoints),
            peak.total_bytes,
        ),
        peak,
        tuple(dict.fromkeys(node.layer.type for node in graph.nodes if node.layer and is_assumed(node.layer))),
    )  # fmt: skip


class _Learned(NamedTuple):
    """The bytes of a node's weights, buffers, gradients and optimizer states."""

    weights: int
    buffers: int
    gradients: int
    states: int

    @classmethod
    def of(cls, graph: Graph, node: Node, item_bytes: int, optimizer: Optimizer) -> _Learned:
        own = weights_of(graph, node)
        learned = [weight for weight in own if not weight.statistic]
        numbers = sum(weight.size for weight in learned)
        trained = learned if node.trainable else []
        return cls(
            numbers * item_bytes,
            sum(weight.size for weight in own if weight.statistic) * item_bytes,
            sum(weight.size for weight in trained) * item_bytes,
            sum(optimizer.state_bytes(_in_torch(node, weight), item_bytes) for weight in trained),
        )


def _weight_gradients(graph: Graph, learned: Sequence[_Learned], item_bytes: int) -> WeightGradients:
    """The gradients of weights by the last node that uses them, where they arise; the earlier nodes add to them."""
    first = {index: one.gradients for index, one in enumerate(learned) if one.gradients}
    again: dict[int, int] = {}
    last: dict[int, int] = {}
    for index, node in enumerate(graph.nodes):
        if node.shares is None or node.layer is None or not learned[node.shares].gradients:
            continue
        owner, tied = node.shares, {tie.mine for tie in node.ties}
        weights = node.layer.weights(*graph.inputs_of(node), node.shape or ())
        shared = [weight.size for weight in weights if not weight.statistic and (not tied or weight.name in tied)]
        size = min(sum(shared) * item_bytes, learned[owner].gradients)
        before = last.get(owner, owner)
        first[before] -= size
        again[before] = again.get(before, 0) + size
        first[index] = first.get(index, 0) + size
        last[owner] = index
    return WeightGradients(first, again)


def _in_torch(node: Node, weight: Weight) -> tuple[int, ...]:
    """The shape of an array, with its axes in PyTorch's order."""
    assert node.layer is not None
    return tuple(weight.shape[axis] for axis in node.layer.channels_first(weight))


def _layers(
    graph: Graph, stored: Storages, kept: list[tuple[int, ...]], learned: list[_Learned]
) -> Iterator[LayerCost]:  # fmt: skip
    """The row of each layer; a storage is counted by the first layer that keeps it."""
    first: dict[int, str] = {}
    for index, node in enumerate(graph.nodes):
        if node.layer is None:
            continue
        tensors = []
        for storage in kept[index]:
            owner = first.setdefault(storage, node.name)
            tensors.append(KeptTensor(_kept_name(stored, storage, index), stored.all[storage].size, owner))
        own = learned[index]
        yield LayerCost(
            node.name, node.layer.type, node.path, own.weights, own.buffers, own.gradients, own.states,
            sum(tensor.size for tensor in tensors if tensor.counted_by == node.name), tuple(tensors),
        )  # fmt: skip


def _kept_name(stored: Storages, storage: int, index: int) -> str:
    """The name of a kept tensor as its layer sees it."""
    one = stored.all[storage]
    if one.name:
        return one.name
    if storage == stored.nodes[index].output:
        return "output"
    return "before the activation" if one.owner == index else "input"


def _checkpoint(graph: Graph, segment: Segment, batch: int) -> CheckpointedBlock:
    """A checkpointed block with the multiply–accumulates that run twice."""
    counted = graph.cache.remembering(count)
    nodes = [node for node in graph.nodes[segment.first : segment.last] if node.layer is not None]
    macs = 0
    for node in nodes:
        assert node.layer is not None
        each = counted(node.layer, node.activation, graph.inputs_of(node), node.shape or ()).macs
        macs += each * (1 if node.unbatched else node.samples * batch)
    return CheckpointedBlock(segment.name, len(nodes), macs)


_WITHOUT_BLOCKS = (
    "the model has no named blocks: write the layers to compute again as a group with a name, "
    "- {name: stage1, layers: [conv 8 3x3, relu]}"
)


def segments_of(graph: Graph, patterns: Sequence[str]) -> Iterator[Segment]:
    """The outermost blocks whose names match a pattern. Raises SpecError for a pattern that matches none."""
    names = [_matching(node.path, patterns) for node in graph.nodes]
    blocks = dict.fromkeys(
        ".".join(node.path[:depth]) for node in graph.nodes for depth in range(1, len(node.path) + 1)
    )
    for pattern in patterns:
        if not any(fnmatchcase(block, pattern) for block in blocks):
            shown = ", ".join([*blocks][:8])
            hint = f"the blocks are {shown}" if blocks else _WITHOUT_BLOCKS
            raise SpecError([Diagnostic("E206", f'checkpoint: no block matches "{pattern}"', hint=hint)])
    start = 0
    for index in range(1, len(names) + 1):
        if index == len(names) or names[index] != names[start]:
            if names[start]:
                yield Segment(names[start], start, index)
            start = index


def _matching(path: tuple[str, ...], patterns: Sequence[str]) -> str:
    """The outermost block of a path that matches a pattern; empty if none does."""
    for depth in range(1, len(path) + 1):
        block = ".".join(path[:depth])
        if any(fnmatchcase(block, pattern) for pattern in patterns):
            return block
    return ""
