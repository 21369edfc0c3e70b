"""What building a spec finds out about its text, and need not find out again for its other variants."""

from __future__ import annotations

from functools import lru_cache

from cnncalc.graph.construct import Construction
from cnncalc.graph.items import Item
from cnncalc.spec.limits import Limits
from cnncalc.spec.nodes import Node

ItemKey = tuple[tuple[str, ...], str]
"""The text of an item, and all that its expressions see."""


class Readings:
    """Items taken apart and layers made; what a mistake was told of is not among them, to be told again."""

    def __init__(self) -> None:
        self.items: dict[Node, Item] = {}
        self.expanded: dict[Node, list[Node]] = {}
        self._constructions: dict[tuple[str, str], dict[ItemKey, Construction]] = {}

    def constructions(self, convention: str, layout: str) -> dict[ItemKey, Construction]:
        """The layers made under a convention and a layout."""
        return self._constructions.setdefault((convention, layout), {})


@lru_cache(maxsize=1)
def readings_of(root: Node, limits: Limits) -> Readings:
    """Those of the spec that was built last; empty for another."""
    return Readings()
