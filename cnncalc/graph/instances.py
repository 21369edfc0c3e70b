"""Blocks used again: an instance with the parameters and the input of an earlier one is copied from it.

A model repeats its blocks, and the inside of an instance depends on nothing but its parameters, the model's variables
and the shape that flows in. A copy needs no items to be read again, in the same build or in another one of the text.
"""

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.graph.building import Building
from cnncalc.graph.memo import InstanceKey
from cnncalc.graph.model import Flow, Node
from cnncalc.graph.names import GivenName, Names
from cnncalc.graph.scope import Scope
from cnncalc.graph.work import COPIED


class InstanceStart(NamedTuple):
    """The state of a build when an instance begins."""

    nodes: int
    names: int
    reports: tuple[int, int]
    """The numbers of mistakes and of claims."""
    reached: int
    """The first node that was referred to before."""
    spent: Mapping[str, int]


class Instance(NamedTuple):
    """An instance of a block. Its indices are those of the build that made it, where its nodes begin at `first`."""

    prefix: str
    """The prefix of its names."""
    levels: int
    """The number of scopes in the path of its nodes that are not inside it."""
    first: int
    nodes: tuple[Node, ...]
    last: Flow
    names: tuple[GivenName, ...]
    spent: Mapping[str, int]
    """The amounts that building it counted, which a copy counts again."""
    depth: int
    """The depth of its nesting."""


class Instances:
    """The instances of a text's blocks under one setting, with the same variables."""

    def __init__(self, building: Building) -> None:
        self._building = building
        self._nodes = building.nodes
        self._names: Names = building.names
        self._known = building.memo.instances(building.setting, building.definitions.variables)

    def key(self, block: str, given: dict[str, object], scope: Scope, source: int) -> InstanceKey:
        """The key that equal instances share; `scope` is the instance's own."""
        node = self._nodes[source]
        return block, repr(given), f"{node.shape} {node.samples} {node.unbatched} {scope.trainable} {scope.buffers}"

    def find(self, key: InstanceKey) -> Instance | None:
        return self._known.get(key)

    def begin(self) -> InstanceStart:
        """Note where an instance begins; from here on, references to nodes before it are noticed."""
        building, names = self._building, self._names
        reports = len(building.diagnostics), len(building.claims)
        start = InstanceStart(len(self._nodes), names.count(), reports, names.reached, dict(building.work.spent))
        names.reached = start.nodes
        return start

    def end(self, start: InstanceStart, key: InstanceKey, scope: Scope, source: int, last: Flow) -> None:
        """Keep the instance that began at `start`, if it is whole and takes nothing but what flows in.

        One with a mistake or a claim, with shared weights, or with a name that depends on names outside is not kept.
        """
        building, names, first = self._building, self._names, start.nodes
        reports = len(building.diagnostics), len(building.claims)
        is_silent = reports == start.reports and names.reached == first
        names.reached = min(start.reached, names.reached)
        if not is_silent:
            return
        nodes = tuple(self._nodes[first:])
        inputs = {index for node in nodes for index in node.inputs} | set(last)
        is_closed = all(index >= first or index == source for index in inputs)
        if is_closed and all(node.shape is not None and node.shares is None for node in nodes):
            spent = {what: building.work.spent[what] - start.spent[what] for what in COPIED}
            given = names.since(start.names)
            made = Instance(scope.prefix, len(scope.path), first, nodes, last, given, spent, building.depth)
            self._known.keep(key, made, 1 + len(nodes))

    def copy(self, instance: Instance, scope: Scope, source: int) -> Flow | None:
        """Append the nodes of an instance under new names; None where a name is taken, and nothing is then done."""
        first, offset = instance.first, len(self._nodes) - instance.first

        def moved(index: int) -> int:
            return index + offset if index >= first else source

        if not self._names.copy(instance.names, instance.prefix, scope.prefix, moved):
            return None
        skipped = len(instance.prefix)
        for node in instance.nodes:
            made = Node(
                scope.prefix + node.name[skipped:], node.layer, tuple([moved(index) for index in node.inputs]),
                node.shape, node.span, (*scope.path, *node.path[instance.levels :]), activation=node.activation,
                trainable=node.trainable,
            )  # fmt: skip
            made.samples, made.unbatched, made.use = node.samples, node.unbatched, node.use
            self._nodes.append(made)
        return tuple([moved(index) for index in instance.last])
