"""Blocks used again: an instance with the parameters and the input of an earlier one is copied from it.

A model repeats its blocks, and what is inside an instance hangs on nothing but its parameters, the model's variables
and the shape that flows in. Copying it spares reading its items again.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.graph.model import Flow, Node
from cnncalc.graph.names import Names
from cnncalc.graph.scope import Scope

InstanceKey = tuple[str, str, str]


class Instance(NamedTuple):
    """An instance of a block: its scope, its nodes and its names, and what flows in and out."""

    scope: Scope
    source: int
    nodes: range
    last: Flow
    names: range
    spent: dict[str, int]
    """What building it counted, which a copy counts again."""
    depth: int
    """How deeply it was nested."""


class Instances:
    """The instances so far, by what makes two of them alike."""

    def __init__(self, nodes: list[Node], names: Names) -> None:
        self._nodes = nodes
        self._names = names
        self._known: dict[InstanceKey, Instance] = {}

    def key(self, block: str, given: dict[str, object], scope: Scope, source: int) -> InstanceKey:
        """What makes two instances alike; `scope` is the instance's own."""
        node = self._nodes[source]
        return block, repr(given), f"{node.shape} {node.samples} {node.unbatched} {scope.trainable} {scope.buffers}"

    def find(self, key: InstanceKey) -> Instance | None:
        return self._known.get(key)

    def note(self, key: InstanceKey, instance: Instance) -> None:
        """Keep an instance that names nothing outside of it, if it is whole and takes nothing but what flows in."""
        first, own = instance.nodes.start, [self._nodes[index] for index in instance.nodes]
        inputs = {index for node in own for index in node.inputs} | set(instance.last)
        is_closed = all(index >= first or index == instance.source for index in inputs)
        if is_closed and all(node.shape is not None and node.shares is None for node in own):
            self._known[key] = instance

    def copy(self, instance: Instance, scope: Scope, source: int) -> Flow | None:
        """Append the nodes of an instance under new names; None where a name is taken, and nothing is then done."""
        first, offset = instance.nodes.start, len(self._nodes) - instance.nodes.start

        def moved(index: int) -> int:
            return index + offset if index >= first else source

        old = instance.scope
        if not self._names.copy(instance.names, old.prefix, scope.prefix, moved):
            return None
        skipped, outer = len(old.prefix), len(old.path)
        for index in instance.nodes:
            node = self._nodes[index]
            made = Node(
                scope.prefix + node.name[skipped:], node.layer, tuple([moved(index) for index in node.inputs]),
                node.shape, node.span, (*scope.path, *node.path[outer:]), activation=node.activation,
                trainable=node.trainable,
            )  # fmt: skip
            made.samples, made.unbatched = node.samples, node.unbatched
            self._nodes.append(made)
        return tuple([moved(index) for index in instance.last])
