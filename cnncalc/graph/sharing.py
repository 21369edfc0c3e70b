"""Shared weights: a layer that uses another's arrays, all of them or the one that both are built around."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.graph.building import Building
from cnncalc.graph.items import Item
from cnncalc.graph.model import Node, Tie
from cnncalc.graph.scope import Scope
from cnncalc.graph.values import Unknowable, WrongValue
from cnncalc.layers.base import Layer, Weight
from cnncalc.number_text import show_shape
from cnncalc.reading.nodes import SpecNode

_HINT = "layers that share weights need the same type, channels and kernel"
_TIE_HINT = "one array can serve two types of layers where it has the same sizes in PyTorch's order of its axes"


class Sharer:
    """Lets nodes use the weights of earlier ones."""

    def __init__(self, building: Building) -> None:
        self.nodes = building.nodes
        self.names = building.names
        self.report = building.report

    def share(self, written: SpecNode, node: Node, scope: Scope) -> None:
        """Let `node` use the weights of the layer that is named."""
        try:
            other = self.names.find(written, scope)
        except WrongValue as mistake:
            self.report(mistake.diagnostic)
            return
        except Unknowable:
            return
        self._share_with(other, node, written.span)

    def share_with_twin(self, twin: tuple[str, str, Span], node: Node) -> None:
        """Let `node` use the weights of the layer that has its place in another block."""
        own, others, span = twin
        if not self._weights(node):
            return
        counterpart = others + node.name.removeprefix(own)
        other = self.names.index(counterpart)
        if other is None and self.names.lost.find(counterpart) is not None:
            return
        if other is None:
            message = f"{node.name} has no counterpart in {others.removesuffix('.')}, whose weights it should use"
            self.report(Diagnostic("E306", message, span, hint="layers are matched by their names"))
            return
        self._share_with(other, node, span)

    def share_block(self, item: Item, scope: Scope, inner: Scope) -> None:
        """Let the layers of a block, or of a named group, use the weights of another's layers of the same names.

        `scope` is the one around it, `inner` its own.
        """
        if "share_weights" not in item.common:
            return
        written = item.common["share_weights"]
        if inner.prefix == scope.prefix:
            hint = "give it a name, whose layers are then matched by theirs"
            self.report(Diagnostic("E204", "share_weights: this group has no name", written.span, hint=hint))
            return
        try:
            inner.twin = (inner.prefix, f"{self.names.find_full(written, scope)[0]}.", written.span)
        except WrongValue as mistake:
            self.report(mistake.diagnostic)
        except Unknowable:
            return

    def _share_with(self, other: int, node: Node, span: Span) -> None:
        named = self.nodes[other]
        node.shares = other if named.shares is None or named.ties else named.shares
        owner = self.nodes[node.shares]
        mine, theirs = self._weights(node), self._weights(owner)
        if mine is None or theirs is None or _shapes(mine) == _shapes(theirs):
            return
        tie = _tie(node.layer, mine, owner.layer, theirs)
        if tie is not None:
            node.ties = (tie,)
            return
        against = f"{_show(mine)} against {_show(theirs)}"
        message = f"{node.name} cannot share the weights of {named.name}: {against}"
        types = {each.layer.type for each in (node, owner) if each.layer}
        self.report(Diagnostic("E306", message, span, hint=_HINT if len(types) == 1 else _TIE_HINT))

    def _weights(self, node: Node) -> list[Weight] | None:
        """The arrays of a node; None while a shape is unknown."""
        shapes = [self.nodes[index].shape for index in node.inputs]
        if node.layer is None or node.shape is None or None in shapes:
            return None
        return list(node.layer.weights(*shapes, node.shape))


def _tie(layer: Layer | None, mine: list[Weight], other: Layer | None, theirs: list[Weight]) -> Tie | None:
    """The one array that two layers can have in common, each keeping its bias; None where there is none.

    PyTorch ties parameters of equal shape, in its own order of the axes: an embedding's table and the kernel of a
    dense layer. A matrix is also taken transposed, as in an autoencoder whose decoder uses the encoder's weights.
    """
    if layer is None or other is None or not mine or not theirs or not (_is_alone(mine) and _is_alone(theirs)):
        return None
    order, other_order = layer.channels_first(mine[0]), other.channels_first(theirs[0])
    shape, other_shape = _in_order(mine[0], order), _in_order(theirs[0], other_order)
    if shape == other_shape:
        return Tie(mine[0].name, theirs[0].name, tuple(other_order[order.index(axis)] for axis in range(len(order))))
    if len(shape) == 2 and shape == other_shape[::-1]:
        return Tie(mine[0].name, theirs[0].name, tuple(other_order[1 - order.index(axis)] for axis in range(2)))
    return None


def _is_alone(weights: list[Weight]) -> bool:
    """Whether a layer is built around one learned array: all others are biases."""
    return not weights[0].statistic and all(weight.name == "bias" for weight in weights[1:])


def _in_order(weight: Weight, order: tuple[int, ...]) -> Shape:
    return tuple(weight.shape[axis] for axis in order)


def _shapes(weights: list[Weight]) -> list[tuple[str, Shape]]:
    return [(weight.name, weight.shape) for weight in weights]


def _show(weights: list[Weight]) -> str:
    return ", ".join(f"{name} {show_shape(shape)}" for name, shape in _shapes(weights)) or "no weights"
