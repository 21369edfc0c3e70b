"""What building a spec finds out about its text, and need not find out again for its other variants."""

from __future__ import annotations

from cnncalc.graph.construct import Construction
from cnncalc.graph.items import Item
from cnncalc.reading.nodes import SpecNode

ItemKey = tuple[tuple[str, ...], str]
"""The text of an item, and all that its expressions see."""


class Readings:
    """Items taken apart and layers made, of one spec under the same limits.

    What a mistake was told of is not among them: it is told again.
    """

    def __init__(self) -> None:
        self.items: dict[SpecNode, Item] = {}
        self.expanded: dict[SpecNode, list[SpecNode]] = {}
        self.layers = 0
        """The number of layers the variants have that were built so far; the limit is for all of them."""
        self._constructions: dict[tuple[str, str], dict[ItemKey, Construction]] = {}

    def constructions(self, convention: str, layout: str) -> dict[ItemKey, Construction]:
        """The layers made under a convention and a layout."""
        return self._constructions.setdefault((convention, layout), {})
