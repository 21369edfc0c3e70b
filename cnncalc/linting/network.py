"""A network for the rules: the graph, its report, and the users of each output."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from typing import ParamSpec, TypeVar

from cnncalc.analysis.receptive_field import View, sight_of
from cnncalc.analysis.report import LayerReport, Report
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.graph.model import Graph, Node
from cnncalc.layers.base import Role, Sight
from cnncalc.layers.window_layer import WindowLayer

P = ParamSpec("P")
T = TypeVar("T")


class Network:
    """An analyzed graph. Nodes, including inputs, are identified by their index."""

    def __init__(self, graph: Graph, report: Report, seen: list[View | None]) -> None:
        self.graph = graph
        self.report = report
        self.nodes = graph.nodes
        self.layers = [(index, node) for index, node in enumerate(graph.nodes) if node.layer is not None]
        """The layers with their indices, in order of execution."""
        self.reports: dict[int, LayerReport] = {
            index: layer for (index, _), layer in zip(self.layers, report.layers, strict=True)
        }
        self.outputs = {index for _, index in graph.outputs}
        self._types = [node.layer.type if node.layer else "input" for node in graph.nodes]
        self._roles: list[Role] = [node.layer.role if node.layer else "" for node in graph.nodes]
        self._families = [node.layer.family if node.layer else "" for node in graph.nodes]
        self._views = seen
        self._sight_of = self.remembering(sight_of)

    @property
    def convention(self) -> str:
        return self.graph.setting.convention.name

    @property
    def is_code(self) -> bool:
        """Whether the model was read from source code, in whose words a hint has to be."""
        return self.nodes[0].span.source.name.endswith((".py", ".ipynb"))

    @cached_property
    def sliding(self) -> list[tuple[int, Node, WindowLayer]]:
        """The layers whose windows slide over their input."""
        return [
            (index, node, node.layer)
            for index, node in self.layers
            if isinstance(node.layer, WindowLayer) and node.layer.slides_over_input
        ]

    @cached_property
    def alike(self) -> list[list[tuple[int, Node, WindowLayer]]]:
        """The sliding layers, in lists of equal layers with equal inputs, which need only one check."""
        found: dict[tuple[WindowLayer, Shape], list[tuple[int, Node, WindowLayer]]] = {}
        for each in self.sliding:
            found.setdefault((each[2], self.inputs(each[1])[0]), []).append(each)
        return list(found.values())

    def layers_of(self, types: Iterable[str]) -> Iterator[tuple[int, Node]]:
        """The layers of these types, with their indices."""
        for kind in types:
            yield from self._by_type.get(kind, ())

    def layers_with(self, roles: Collection[Role]) -> Iterator[tuple[int, Node]]:
        """The layers with one of these roles, with their indices."""
        return ((index, node) for index, node in self.layers if self._roles[index] in roles)

    def remembering(self, function: Callable[P, T]) -> Callable[P, T]:
        """A cached version of a function of layers and shapes, which computes each value once per run."""
        return self.graph.cache.remembering(function)

    def users(self, index: int) -> list[int]:
        """The layers that take a node's output."""
        return self._users[index]

    @cached_property
    def _by_type(self) -> dict[str, list[tuple[int, Node]]]:
        found: dict[str, list[tuple[int, Node]]] = {}
        for index, node in self.layers:
            found.setdefault(self._types[index], []).append((index, node))
        return found

    @cached_property
    def _users(self) -> list[list[int]]:
        users: list[list[int]] = [[] for _ in self.nodes]
        for user, node in enumerate(self.nodes):
            for source in dict.fromkeys(node.inputs):
                users[source].append(user)
        return users

    def sight(self, index: int) -> Sight:
        """The part of its inputs that an output of a layer depends on."""
        node = self.nodes[index]
        assert node.layer is not None
        return self._sight_of(node.layer, self.inputs(node))

    def windows(self, index: int) -> tuple[AxisWindow, ...]:
        """The windows of a sliding layer, one per axis."""
        sight = self.sight(index)
        assert not isinstance(sight, str)
        return sight

    def view(self, index: int) -> View | None:
        """The part of the input that a node depends on."""
        return self._views[index]

    def type(self, index: int) -> str:
        """The layer type of a node; "input" for an input."""
        return self._types[index]

    def role(self, index: int) -> Role:
        """The role of a node's layer type; empty for an input."""
        return self._roles[index]

    def family(self, index: int) -> str:
        """The family of a node's layer type; empty for an input."""
        return self._families[index]

    def activation(self, index: int) -> str:
        """The type of a layer's own activation; empty without one."""
        activation = self.nodes[index].activation
        return activation.type if activation else ""

    def activation_role(self, index: int) -> Role:
        """The role of a layer's own activation; empty without one."""
        activation = self.nodes[index].activation
        return activation.role if activation else ""

    def shape(self, index: int) -> Shape:
        return self.nodes[index].shape or ()

    def inputs(self, node: Node) -> tuple[Shape, ...]:
        """The input shapes of a node."""
        return self.graph.inputs_of(node)

    def spatial(self, shape: Shape) -> Shape:
        return self.graph.setting.spatial(shape)

    def channels(self, shape: Shape) -> int:
        return self.graph.setting.channels(shape)

    def only_user(self, index: int) -> int | None:
        """The only layer that takes a node's output; None if there are several, or it is also a model output."""
        users = self.users(index)
        return users[0] if len(users) == 1 and index not in self.outputs else None

    def before(self, index: int, passing: Collection[Role] = ()) -> int:
        """The source of a layer's first input, skipping layers with the roles in `passing`."""
        source = self.nodes[index].inputs[0]
        while self.role(source) in passing and not self.activation(source):
            source = self.nodes[source].inputs[0]
        return source

    def after(self, index: int, passing: Collection[Role] = ()) -> Iterator[int]:
        """The layers that take a node's output, skipping layers with the roles in `passing`."""
        for user in self.users(index):
            if self.role(user) in passing and not self.activation(user):
                yield from self.after(user, passing)
            else:
                yield user
