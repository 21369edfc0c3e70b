"""Detection of layers whose inputs come from different layers than before."""

from __future__ import annotations

from collections import Counter

from cnncalc.analysis.difference.fingerprint import ComparedLayer
from cnncalc.analysis.difference.pairing import Pairing
from cnncalc.graph.model import Graph

_ORDERLESS = ("add", "average", "maximum", "minimum", "multiply")
"""Merges that do not depend on the order of their branches."""


class Wiring:
    """The inputs of both models, compared through the pairs of their layers.

    Inserting a layer between two others does not change the wiring: inputs are followed back past added and removed
    layers, to the next layer that both models have. If that leads to a merge or a split of branches that only one model
    has, the merge itself is the change.
    """

    def __init__(
        self, old: Graph, new: Graph, before: list[ComparedLayer], after: list[ComparedLayer], pairing: Pairing
    ) -> None:
        self._old, self._new = old, new
        self._partners = {after[j].index: before[i].index for i, j in pairing.pairs}
        names = {node.name: index for index, node in enumerate(old.nodes) if node.layer is None}
        sources = [index for index, node in enumerate(new.nodes) if node.layer is None]
        alone = len(names) == len(sources) == 1
        for index in sources:
            place = next(iter(names.values())) if alone else names.get(new.nodes[index].name)
            if place is not None:
                self._partners[index] = place
        self._kept = set(self._partners.values())
        self._names_now = {before: new.nodes[after].name for after, before in self._partners.items()}

    def changed(self, old: ComparedLayer, new: ComparedLayer) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """The inputs on each side, by their names in the new model; None if they are the same."""
        if _is_chained(old) and _is_chained(new):
            return None
        before = [self._origin_in_old(index) for index in old.node.inputs]
        after = [self._origin_in_new(index) for index in new.node.inputs]
        if None in before or None in after or before == after:
            return None
        if new.makeup.type in _ORDERLESS and Counter(before) == Counter(after):
            return None
        return tuple(map(self._name_now, old.node.inputs)), _names(self._new, new)

    def _name_now(self, index: int) -> str:
        """The name of an old layer in the new model, since its own number could be that of a different layer."""
        return self._names_now.get(index) or self._old.nodes[index].name

    def _origin_in_old(self, index: int) -> int | None:
        """The node, also present in the new model, that an input of the old model comes from."""
        while index not in self._kept:
            inputs = self._old.nodes[index].inputs
            if len(inputs) != 1:
                return None
            index = inputs[0]
        return index

    def _origin_in_new(self, index: int) -> int | None:
        """Like `_origin_in_old` for an input of the new model, as a node of the old one."""
        while index not in self._partners:
            inputs = self._new.nodes[index].inputs
            if len(inputs) != 1:
                return None
            index = inputs[0]
        return self._partners[index]


def _is_chained(item: ComparedLayer) -> bool:
    """Whether a layer takes only the output of the layer before it."""
    return item.node.inputs == (item.index - 1,)


def _names(graph: Graph, item: ComparedLayer) -> tuple[str, ...]:
    return tuple([graph.nodes[index].name for index in item.node.inputs])
