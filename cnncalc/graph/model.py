"""The layer graph: what building a spec yields."""

from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.used_layer import UsedLayer
from cnncalc.layers.base import Layer
from cnncalc.number_text import show_shape


class Tie(NamedTuple):
    """An array that a node has in common with the node it shares with, where it does not use all of its arrays.

    `mine` is its name here, `theirs` its name there; `order` are the axes of theirs, in the order that mine has.
    """

    mine: str
    theirs: str
    order: tuple[int, ...]

    @property
    def is_transposed(self) -> bool:
        return self.order != tuple(range(len(self.order)))


class Node:
    """An input (`layer` is None) or a layer with its place in the graph.

    `inputs` are indices of earlier nodes, so the list of nodes is an order of execution. `shares` is the node whose
    weights this one uses: all of them, or where there are `ties`, only those. `shape` is None only while a spec with
    mistakes is being read. `samples` says how many samples each sample of the model has become here: the regions cut
    out of an image. `unbatched` marks a learned array and what is made of such arrays alone: it has no batch axis, and
    is computed once for all samples.
    """

    __slots__ = (
        "activation", "inputs", "layer", "name", "path", "samples", "shape", "shares", "span", "ties", "trainable",
        "unbatched", "use",
    )  # fmt: skip

    def __init__(
        self, name: str, layer: Layer | None, inputs: tuple[int, ...], shape: Shape | None, span: Span,
        path: tuple[str, ...] = (), *, activation: Layer | None = None, trainable: bool = True,
        shares: int | None = None,
    ) -> None:  # fmt: skip
        self.name = name
        self.layer = layer
        self.inputs = inputs
        self.shape = shape
        self.span = span
        self.path = path
        self.activation = activation
        self.trainable = trainable
        self.shares = shares
        self.ties: tuple[Tie, ...] = ()
        self.samples = 1
        self.unbatched = False
        self.use: UsedLayer | None = None
        """The layer on the shapes that flow in, once it has been asked for: see `Graph.use_of`."""


Flow = tuple[int, ...]
"""The nodes that flow on to the next item: one, or all parts of a layer that has several outputs."""


class Claim(NamedTuple):
    """A figure that the spec asserts: `expect` (exactly this) or `budget` (at most this).

    `first` and `last` are the nodes it speaks of, `last` exclusive; `whole` marks a claim about the model.
    """

    kind: str
    figure: str
    value: object
    span: Span
    subject: str
    first: int
    last: int
    whole: bool
    key: str = ""
    """The figure and its value as the user wrote them; empty where they are computed."""
    written: str = ""


class Doubt(NamedTuple):
    """An input whose sizes were probably meant otherwise: how they are read, and what to write if they were."""

    name: str
    shape: Shape
    reading: str
    span: Span
    hint: str

    @property
    def shape_text(self) -> str:
        return show_shape(self.shape)


class Graph(NamedTuple):
    """A model: its nodes in order of execution, its outputs, and what its spec claims about it."""

    name: str
    setting: Setting
    nodes: list[Node]
    outputs: tuple[tuple[str, int], ...]
    claims: list[Claim]
    cache: BuildCache
    """The memory that the layers come from: within it, equal layers are one object."""
    description: str = ""
    source: str = ""
    dtype: str | None = None
    year: str = ""
    doubts: tuple[Doubt, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()
    """Warnings about the model file that it was read from."""

    def use_of(self, node: Node) -> UsedLayer:
        """The layer of a node on the shapes that flow in."""
        if node.use is None:
            assert node.layer is not None
            shapes = tuple([self.nodes[index].shape or () for index in node.inputs])
            node.use = self.cache.use(node.layer, shapes)
        return node.use

    def inputs_of(self, node: Node) -> tuple[Shape, ...]:
        """The shapes that flow into a node."""
        return () if node.layer is None else self.use_of(node).inputs

    @property
    def sources(self) -> list[Node]:
        """The model's inputs."""
        return [node for node in self.nodes if node.layer is None]


def stacked(nodes: Iterable[Node]) -> int:
    """The number of layers the nodes are, with those that are stacked inside of one."""
    return sum(node.layer.stacked() for node in nodes if node.layer is not None)
