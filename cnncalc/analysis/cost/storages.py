"""The storages of a model's tensors: which layer writes each, and which layers keep it for their backward pass.

Views share the storage of their input. An activation written in the item of another layer overwrites that layer's
output if neither of their backward passes needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

from cnncalc.analysis.cost.precision import FULL, HALF, HALF_BYTES, computed_bytes
from cnncalc.arithmetic.convention import Shape
from cnncalc.graph.model import Graph, Node
from cnncalc.layers.base import Layer, Weight
from cnncalc.layers.keeping import ASSUMED, Keeps, KeptArray

WEIGHT = -1
"""The storage of learned arrays, which is not counted among the activations."""


class Storage(NamedTuple):
    """The memory of a tensor, or of an array that a layer keeps."""

    size: int
    """In bytes, for the whole batch."""
    owner: int
    """The index of the node that writes it."""
    name: str
    """The name of a kept array; empty for an output."""


class LayerStorages(NamedTuple):
    """The storages of one node, by their indices."""

    output: int
    output_size: int
    """In bytes; that of a view differs from its storage's."""
    made: tuple[int, ...]
    """All that the node writes: an array between it and its activation, its output, its kept arrays."""
    kept: tuple[int, ...]
    """All that its backward pass needs, in the order input, output, arrays; none if it has no backward pass."""
    needs_gradient: bool
    """Whether a gradient flows through the output."""
    passes_gradient: bool
    """Whether the gradient of the output is also that of the input: for views, additions and names."""
    narrows_gradient: bool = False
    """Whether the gradient of each input is a view of a part of the output's: for joined arrays."""
    sums_gradient: bool = False
    """Whether the gradient of a broadcast input is first computed with the size of the output, then summed."""
    kept_by_activation: tuple[int, ...] = ()
    """Those of the kept storages that only the activation needs, whose backward pass comes first."""


class Storages(NamedTuple):
    """All storages of a model, and those of each node."""

    all: list[Storage]
    nodes: list[LayerStorages]

    def size(self, indices: Sequence[int]) -> int:
        return sum(self.all[index].size for index in indices)


def storages(graph: Graph, *, batch: int, item_bytes: int, mixed: bool = False) -> Storages:
    """The storages of a model that is trained with `batch` samples, whose numbers have `item_bytes`.

    With `mixed` precision, each layer computes in the type that torch.autocast chooses.
    """
    walk = _Walk(graph, batch, item_bytes, mixed=mixed)
    for index, node in enumerate(graph.nodes):
        walk.nodes.append(walk.input(index, node) if node.layer is None else walk.layer(index, node, node.layer))
    return Storages(walk.all, walk.nodes)


class _Walk:
    """A walk over the nodes in execution order."""

    def __init__(self, graph: Graph, batch: int, item_bytes: int, *, mixed: bool) -> None:
        self.graph = graph
        self.batch = batch
        self.item_bytes = item_bytes
        self.mixed = mixed
        self.items: list[int] = []
        """The bytes of a number of each node's output."""
        self.all: list[Storage] = []
        self.nodes: list[LayerStorages] = []
        self.orders: dict[int, tuple[int, ...]] = {}
        """For nodes whose numbers do not lie in memory in their order: their axes as they lie; () for a part."""
        self._keeps: dict[tuple[Layer, tuple[Shape, ...], Shape | None], Keeps] = {}
        self._learns: dict[tuple[Layer, tuple[Shape, ...], Shape | None], bool] = {}

    def write(self, size: int, owner: int, name: str = "") -> int:
        self.all.append(Storage(size, owner, name))
        return len(self.all) - 1

    def samples(self, node: Node) -> int:
        return 1 if node.unbatched else node.samples * self.batch

    def input(self, index: int, node: Node) -> LayerStorages:
        self.items.append(self.item_bytes)
        storage = self.write(self.elements(node, self.item_bytes), index)
        return LayerStorages(
            storage, self.all[storage].size, (storage,), (), needs_gradient=False, passes_gradient=False,
        )  # fmt: skip

    def layer(self, index: int, node: Node, layer: Layer) -> LayerStorages:
        inputs, output = self.graph.inputs_of(node), node.shape or ()
        keeps = self.keeps(layer, inputs, output)
        trains = node.trainable and self.learns(layer, inputs, output)
        needed = [self.nodes[source].needs_gradient for source in node.inputs]
        item = self.computed(layer, [self.items[source] for source in node.inputs])
        self.items.append(item)
        first = self.output(index, node, keeps)
        kept = self.kept(node, keeps, first, needed, trains=trains)
        made = [] if first == WEIGHT or (keeps.sharing and self._is_shared(node, first)) else [first]
        copies = [one for one in kept if self.all[one].owner == index and self.all[one].name]
        arrays = [*copies, *self.arrays(index, node, keeps)]
        if any(needed) or (trains and keeps.inputs != "trained"):  # a product without this gradient needs no kernel
            arrays += self.half_kernels(index, node)
        last = first
        own = {*kept, *arrays}
        after_kept: tuple[int, ...] = ()
        if node.activation is not None:
            after = self.keeps(node.activation, (output,), output)
            self.items[index] = self.computed(node.activation, [item])
            same = self.items[index] == item
            in_place = same and not (keeps.output or after.inputs or keeps.sharing or first == WEIGHT)
            last = first if in_place else self.write(self.elements(node, self.items[index]), index)
            made += [] if in_place else [last]
            if after.inputs and first != WEIGHT:
                kept.append(first if same else self.write(self.elements(node, self.items[index]), index, "cast input"))
            kept += [last] if after.output else []
            arrays += self.arrays(index, node, after)
            after_kept = tuple(one for one in dict.fromkeys((*kept, *arrays)) if one not in own)
        passes = not node.activation and keeps == Keeps(sharing=keeps.sharing)
        differentiable = any(needed) or trains
        return LayerStorages(
            output=last,
            output_size=0 if last == WEIGHT else self.elements(node, self.items[index]),
            made=(*made, *arrays) if differentiable else tuple(made),
            kept=tuple(dict.fromkeys((*kept, *arrays))) if differentiable else (),
            needs_gradient=differentiable,
            passes_gradient=passes and (keeps.sharing != "" or layer.type in _PASSING),
            narrows_gradient=passes and layer.type in _JOINING,
            sums_gradient=layer.type in _ELEMENTWISE,
            kept_by_activation=after_kept,
        )

    def output(self, index: int, node: Node, keeps: Keeps) -> int:
        """The storage of the output: a new one, or that of the first input."""
        assert node.layer is not None
        if node.layer.holds_output:
            return WEIGHT
        if keeps.sharing and node.inputs:
            source = node.inputs[0]
            if keeps.sharing != "reshaped" or source not in self.orders:
                self._order_view(index, node, keeps)
                return self.nodes[source].output
        elif keeps.order:
            self.orders[index] = keeps.order
        return self.write(self.elements(node, self.items[index]), index)

    def _order_view(self, index: int, node: Node, keeps: Keeps) -> None:
        """Remember the order of a view's axes in memory, if it is not that of its shape."""
        source = node.inputs[0]
        rank = len(self.graph.nodes[source].shape or ())
        lies = self.orders.get(source, tuple(range(rank)))
        if keeps.sharing == "reordered" and keeps.order and len(lies) == rank:
            lies = tuple(keeps.order.index(axis) for axis in lies)
        elif keeps.sharing == "reordered" or source in self.orders or self.is_part(node):
            lies = ()
        if not lies or lies != tuple(range(len(lies))):
            self.orders[index] = lies

    def is_part(self, node: Node) -> bool:
        """Whether the output has fewer numbers than the first input."""
        return prod(node.shape or ()) != prod(self.graph.nodes[node.inputs[0]].shape or ())

    def _is_shared(self, node: Node, storage: int) -> bool:
        return storage == self.nodes[node.inputs[0]].output

    def kept(self, node: Node, keeps: Keeps, output: int, needed: list[bool], *, trains: bool) -> list[int]:
        """The inputs and the output that are kept, without learned arrays."""
        sources = [self._source(source, node, keeps) for source in node.inputs]
        if keeps.inputs == "others":
            chosen = [one for place, one in enumerate(sources) if any(needed[:place] + needed[place + 1 :])]
        elif keeps.inputs == "trained":
            chosen = sources if trains else []
        elif isinstance(keeps.inputs, tuple):
            chosen = [sources[place] for place in keeps.inputs if place < len(sources)]
            chosen = chosen if trains or not keeps.needs_training else []
        else:
            chosen = sources if keeps.inputs else []
        return [one for one in (*chosen, *([output] if keeps.output else [])) if one != WEIGHT]

    def _source(self, source: int, node: Node, keeps: Keeps) -> int:
        """The storage of an input, or of a copy of it: in the layer's type, or in order for a matrix product."""
        assert node.layer is not None
        given, item = self.graph.nodes[source], self.items[-1]
        cast = self.items[source] != item and (node.layer.type in HALF or node.layer.type in FULL)
        if self.nodes[source].output == WEIGHT or not (cast or self._is_folded(source, keeps)):
            return self.nodes[source].output
        return self.write(self.elements(given, item), len(self.nodes), "cast input" if cast else "copied input")

    def _is_folded(self, source: int, keeps: Keeps) -> bool:
        """Whether a matrix product copies an input, because its first axes cannot be folded into one."""
        lies, rank = self.orders.get(source), len(self.graph.nodes[source].shape or ())
        if lies is None or not keeps.folded_axes or rank < 2 or (keeps.folded_axes == 2 and rank < 3):
            return False
        first = range(rank - keeps.folded_axes)
        return keeps.folded_axes == 1 or lies[: len(first)] != tuple(first)

    def computed(self, layer: Layer, inputs: list[int]) -> int:
        """The bytes of a number in which a layer computes."""
        return computed_bytes(layer.type, inputs) if self.mixed else self.item_bytes

    def half_kernels(self, index: int, node: Node) -> list[int]:
        """The copies of a layer's kernels in half precision."""
        if not self.mixed or node.layer is None or node.layer.type not in HALF:
            return []
        size = sum(weight.size for weight in weights_of(self.graph, node) if weight.is_kernel and not weight.statistic)
        return [self.write(size * HALF_BYTES, index, "half kernels")] if size else []

    def elements(self, node: Node, item_bytes: int) -> int:
        """The bytes of an array with the shape of a node's output."""
        return prod(node.shape or ()) * self.samples(node) * item_bytes

    def arrays(self, index: int, node: Node, keeps: Keeps) -> list[int]:
        """The arrays that a layer makes for its backward pass; those of fixed numbers are buffers."""
        return [
            self.write(self.array_bytes(array, node), index, array.name)
            for array in keeps.arrays if not (array.shared and node.unbatched)
        ]  # fmt: skip

    def array_bytes(self, array: KeptArray, node: Node) -> int:
        return array.elements * (array.item_bytes or self.items[-1]) * (1 if array.shared else self.samples(node))

    def keeps(self, layer: Layer, inputs: tuple[Shape, ...], output: Shape) -> Keeps:
        key = (layer, inputs, output)
        found = self._keeps.get(key)
        if found is None:
            found = self._keeps[key] = layer.kept(*inputs, output)
        return found

    def learns(self, layer: Layer, inputs: tuple[Shape, ...], output: Shape) -> bool:
        """Whether the layer has an array that can be trained."""
        key = (layer, inputs, output)
        found = self._learns.get(key)
        if found is None:
            found = self._learns[key] = any(not weight.statistic for weight in layer.weights(*inputs, output))
        return found


_PASSING = frozenset({"add", "identity"})
"""The types whose gradient is passed on as it is."""
_JOINING = frozenset({"concat", "stack"})
"""The types whose backward pass takes parts of the gradient without a copy."""


_ELEMENTWISE = frozenset({"multiply", "divide", "subtract", "maximum", "minimum"})
"""The types that broadcast their inputs, and compute the gradient of each from those of all elements."""


def weights_of(graph: Graph, node: Node) -> list[Weight]:
    """The arrays that belong to a node, without those that another node counts."""
    layer = node.layer
    if layer is None or (node.shares is not None and not node.ties):
        return []
    tied = {tie.mine for tie in node.ties}
    return [weight for weight in layer.weights(*graph.inputs_of(node), node.shape or ()) if weight.name not in tied]


def is_assumed(layer: Layer) -> bool:
    """Whether the layer does not declare what it keeps, so that its inputs and output are counted."""
    return type(layer).kept is Layer.kept and layer.keeps is ASSUMED
