"""One training step in time: which activations and gradients are live at each moment of forward and backward.

The step is forward in execution order, backward in the reverse order, then the update of the weights. An activation is
live until its last use in forward, or if it is kept, until the backward pass of the first layer that keeps it. The
gradient of an output is live from the backward pass of its last user until the gradients of its own layer's inputs
exist. The model's inputs and outputs, weights, buffers and optimizer states are live throughout; gradients of weights
from their layer's backward pass on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cnncalc.analysis.cost.pools import LiveGradients, LiveStorages
from cnncalc.analysis.cost.storages import WEIGHT, Storages
from cnncalc.graph.model import Graph


class Moment(NamedTuple):
    """A moment of the step: the phase, the index of the node that runs, and the live bytes apart from the weights'."""

    phase: str
    """`forward`, `recompute`, `backward` or `update`."""
    node: int
    activations: int
    activation_gradients: int
    weight_gradients: int
    """The gradients of weights that exist so far."""

    @property
    def size(self) -> int:
        return self.activations + self.activation_gradients + self.weight_gradients


class WeightGradients(NamedTuple):
    """The gradients of the weights, in bytes by the index of the node whose backward pass makes them."""

    first: Mapping[int, int]
    again: Mapping[int, int]
    """Of weights that a later node uses too: they are live until they have been added to the first ones."""


class Segment(NamedTuple):
    """A checkpointed block: the indices of its nodes, the last one exclusive. Only the block's inputs are kept."""

    name: str
    first: int
    last: int


class TrainingStep:
    """The simulation of a step."""

    def __init__(
        self, graph: Graph, storages: Storages, weights: WeightGradients, segments: Sequence[Segment] = ()
    ) -> None:  # fmt: skip
        self.graph = graph
        self.nodes = storages.nodes
        self.weights = weights
        self.segments = segments
        self._around = {index: one for one in segments for index in range(one.first, one.last)}
        self.kept = [self._kept_in_forward(index) for index in range(len(self.nodes))]
        """For each node the storages that it keeps from forward to backward."""
        inputs = [self.nodes[index].output for index, node in enumerate(graph.nodes) if node.layer is None]
        self._inputs = inputs
        self._live = LiveStorages(storages.all, [*inputs, *(self.nodes[index].output for _, index in graph.outputs)])
        self._gradients = LiveGradients()
        self._ready = 0
        self._parts = dict(_parts_of(graph))
        """The parts of a split by the first one; their backward pass is one, after those of all their users."""
        self._later = {part for parts in self._parts.values() for part in parts[1:]}

    def moments(self) -> Iterator[Moment]:
        """The moments of the step, in order."""
        every = range(len(self.nodes))
        self._live.open(self._inputs)
        yield from self._forward(every, {storage for kept in self.kept for storage in kept}, "forward")
        for _, index in self.graph.outputs:
            if self.nodes[index].needs_gradient:
                self._gradients.begin(index, self.nodes[index].output_size)
        released = _by_first_keeper(enumerate(self.kept))
        for index in reversed(every):
            segment = self._around.get(index)
            if segment is not None and index == segment.last - 1:
                yield from self._recompute(segment, released)
            if self.nodes[index].needs_gradient and index not in self._later:
                yield from self._backward(index, released.get(index, ()))
            self._live.close(released.get(index, ()))
        yield self._moment("update", len(self.nodes) - 1)

    def _moment(self, phase: str, index: int, more: int = 0) -> Moment:
        return Moment(phase, index, self._live.total, self._gradients.total + more, self._ready)

    def _forward(self, indices: range, kept: set[int], phase: str) -> Iterator[Moment]:
        """Run the nodes forward. What is not kept is closed after its last use among them."""
        closing = self._last_uses(indices, kept)
        for index in indices:
            if self.graph.nodes[index].layer is not None:
                self._live.open(self.nodes[index].made)
                yield self._moment(phase, index)
                self._live.close(closing.get(index, ()))

    def _recompute(self, segment: Segment, released: dict[int, list[int]]) -> Iterator[Moment]:
        """The forward pass of a checkpointed block once more, which now keeps everything."""
        inside = range(segment.first, segment.last)
        kept = {storage for index in inside for storage in self.nodes[index].kept}
        yield from self._forward(inside, kept, "recompute")
        for index, storages in _by_first_keeper((index, self.nodes[index].kept) for index in inside).items():
            released.setdefault(index, []).extend(storages)

    def _backward(self, index: int, released: Collection[int]) -> Iterator[Moment]:
        """Run a node backward: its own gradient and the `released` storages are live until those of its inputs exist.

        The gradients of inputs that have one already are then added to it, one after the other.
        """
        outputs = self._parts.get(index, (index,))
        for output in outputs:
            self._gradients.begin(output, self.nodes[output].output_size)  # zeros, for an output that nothing reads
        if self.graph.nodes[index].activation is not None:  # the gradient of what the activation reads
            yield self._moment("backward", index, self.nodes[index].output_size)
            self._live.close(one for one in self.nodes[index].kept_by_activation if one in released)
        self._ready += self.weights.first.get(index, 0)
        new, unsummed = self._new_gradients(index)
        yield self._moment("backward", index, unsummed + self.weights.again.get(index, 0))
        for output in outputs:
            self._gradients.end(output)
        self._live.close(released)
        waiting = sum(theirs for _, theirs in new)
        for source, theirs in new:
            if self._gradients.add(source, theirs):
                yield self._moment("backward", index, waiting)
            waiting -= theirs

    def _new_gradients(self, index: int) -> tuple[list[tuple[int, int]], int]:
        """The inputs whose gradients are new arrays, with their bytes; and the bytes of all before they are summed.

        Other inputs share the gradient of the output. That of a broadcast input first has the size of the output.
        """
        own, size = self.nodes[index], self.nodes[index].output_size
        new, unsummed = [], 0
        for source in self.graph.nodes[index].inputs:
            theirs = self.nodes[source].output_size
            if not self.nodes[source].needs_gradient:
                continue
            if own.narrows_gradient or (own.passes_gradient and theirs == size):
                self._gradients.pass_on(index, source, theirs)
            else:
                new.append((source, theirs))
                unsummed += theirs + size if own.sums_gradient and theirs < size else theirs
        return new, unsummed

    def _last_uses(self, indices: range, kept: set[int]) -> dict[int, list[int]]:
        """The storages that the nodes write and do not keep, by the node that uses them last."""
        last: dict[int, int] = {}
        for index in indices:
            last |= dict.fromkeys(self.nodes[index].made, index)
            for source in self.graph.nodes[index].inputs:
                if self.nodes[source].output in last:
                    last[self.nodes[source].output] = index
        found: dict[int, list[int]] = {}
        for storage, index in last.items():
            if storage not in kept:
                found.setdefault(index, []).append(storage)
        return found

    def _kept_in_forward(self, index: int) -> tuple[int, ...]:
        """The storages that a node keeps in forward: in a checkpointed block, only the block's inputs."""
        segment = self._around.get(index)
        if segment is None:
            return self.nodes[index].kept
        sources = [source for source in self.graph.nodes[index].inputs if not segment.first <= source < segment.last]
        found = (self.nodes[source].output for source in sources)
        return tuple(dict.fromkeys(storage for storage in found if storage != WEIGHT))


def _parts_of(graph: Graph) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The nodes that are parts of one split, with the first of them."""
    parts: list[int] = []
    for index, node in enumerate(graph.nodes):
        place = getattr(node.layer, "place", None) if node.layer is not None and node.layer.type == "split" else None
        if place != len(parts) or (parts and node.inputs != graph.nodes[parts[0]].inputs):
            if parts:
                yield parts[0], tuple(parts)
            parts = []
        if place == len(parts):
            parts.append(index)
    if parts:
        yield parts[0], tuple(parts)


def _by_first_keeper(kept: Iterable[tuple[int, Sequence[int]]]) -> dict[int, list[int]]:
    """The storages by the first node that keeps them, whose backward pass is the last to need them."""
    first: dict[int, int] = {}
    for index, storages in kept:
        for storage in storages:
            first.setdefault(storage, index)
    found: dict[int, list[int]] = {}
    for storage, index in first.items():
        found.setdefault(index, []).append(storage)
    return found


def peak_of(moments: Iterable[Moment]) -> Moment:
    """The moment with the most live bytes, the first of equal ones."""
    return max(moments, key=lambda moment: moment.size)
