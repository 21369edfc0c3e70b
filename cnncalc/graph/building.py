"""One build of a spec: its setting, its memory, and the nodes, names and mistakes so far."""

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.graph.blocks import Block
from cnncalc.graph.incoming import incoming_size
from cnncalc.graph.items import Item
from cnncalc.graph.memo import BuildCache, Mistakes, SpecMemo
from cnncalc.graph.model import Claim, Flow, Node
from cnncalc.graph.names import Names
from cnncalc.graph.scope import Scope
from cnncalc.graph.type_lookup import Suffix
from cnncalc.graph.values import Unknowable, Values
from cnncalc.graph.work import LimitReached, Work
from cnncalc.layers.base import Layer
from cnncalc.reading.nodes import SpecNode

_MOST_MISTAKES = 500
"""After so many mistakes, repeated ones included, nothing more is built."""


class Definitions(NamedTuple):
    """The blocks and variables of a spec, which all of its layers may use."""

    blocks: Mapping[str, Block]
    variables: Mapping[str, object]
    are_complete: bool = True
    """Whether all blocks are known; if not, an unknown word may be one of them."""


class ItemUse(NamedTuple):
    """One use of an item, whose turns in a repeat are one use each: its scope, its inputs, and its name, if any."""

    item: Item
    scope: Scope
    sources: Flow
    name: str | None


class Placement(NamedTuple):
    """A use of an item as a layer of a type: `name` is its full name, `suffix` the axes that the item asserts."""

    item: Item
    scope: Scope
    sources: Flow
    name: str
    kind: type[Layer]
    suffix: Suffix | None


class Building:
    """The state that the parts of a build share. Mistakes are appended to `diagnostics`."""

    def __init__(
        self, setting: Setting, definitions: Definitions, cache: BuildCache, memo: SpecMemo, work: Work,
        diagnostics: list[Diagnostic],
    ) -> None:  # fmt: skip
        self.setting = setting
        self.definitions = definitions
        self.blocks = definitions.blocks
        self.cache = cache
        self.memo = memo
        self.work = work
        self.diagnostics = diagnostics
        self.report = diagnostics.append
        self.names = Names(work)
        self.nodes: list[Node] = []
        self.claims: list[Claim] = []
        self.depth = 0
        """The number of lists of items that are being built, each inside the one before."""
        self._reported: set[SpecNode] = set()
        """The nodes whose mistakes this build has reported."""

    def begin(self, inputs: list[Node]) -> None:
        """Take the model's inputs, which come before every layer."""
        self.nodes.extend(inputs)
        for index, node in enumerate(inputs):
            self.names.give(node.name, index, node.span)

    def broken(self, item: SpecNode, scope: Scope, kind: str | None = None) -> Flow:
        """Append a node of unknown shape for an item (of a type or block, if known) that could not be built."""
        self.nodes.append(Node("", None, (), None, item.span, scope.path))
        index = len(self.nodes) - 1
        self.names.lost.lose_item(item, scope.prefix, kind, index)
        return (index,)

    def report_once(self, node: SpecNode, mistakes: Mistakes) -> None:
        """Report the mistakes in a node's text, when this build meets it for the first time."""
        if node not in self._reported:
            self._reported.add(node)
            self.diagnostics.extend(mistakes)

    def check_mistakes(self) -> None:
        """Raise LimitReached after too many mistakes."""
        if len(self.diagnostics) > _MOST_MISTAKES:
            raise LimitReached

    def fresh(self, kind: str, scope: Scope) -> str:
        """The next unused `TYPE_N`."""
        name = scope.next_name(kind)
        while self.names.taken(scope.prefix + name):
            name = scope.next_name(kind)
            self.names.reached = 0  # the number depends on names that may be outside of the instance being built
        return name

    def give(self, full: str, index: int, span: Span) -> None:
        """Give a node its full name, or report that it is taken."""
        mistake = self.names.give(full, index, span)
        if mistake:
            self.report(mistake)

    def shapes_of(self, sources: Flow) -> tuple[Shape, ...] | None:
        """The shapes that flow in; None while one is unknown."""
        shapes = []
        for index in sources:
            shape = self.nodes[index].shape
            if shape is None:
                return None
            shapes.append(shape)
        return tuple(shapes)

    def values(self, scope: Scope, source: int) -> Values:
        """Reads values in a scope where node `source` flows in."""
        return Values(scope, lambda name: self.incoming(name, source), self.work)

    def incoming(self, name: str, source: int) -> object:
        """`in.channels` and its kin. Raises Unknowable if the shape is, and UnknownName for an axis that it lacks."""
        shape = self.nodes[source].shape
        if shape is None:
            raise Unknowable
        return incoming_size(name, shape, self.setting)
