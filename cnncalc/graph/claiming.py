"""The claims of an item: `expect` and `budget` of a layer, a group or a block."""

from __future__ import annotations

from cnncalc.graph.building import Building
from cnncalc.graph.items import Item
from cnncalc.graph.read_claims import ClaimSubject, read_claims
from cnncalc.graph.scope import Scope


def claim(building: Building, item: Item, scope: Scope, first: int, last: int) -> None:
    """Note the claims of an item whose nodes are all from `first` on, and whose output is `last`."""
    for kind in ("expect", "budget"):
        if kind in item.common and len(building.nodes) > first:
            name = _subject_name(building, item, scope, (first, last))
            subject = ClaimSubject(name, first, len(building.nodes))
            values = building.values(scope, last)
            building.claims.extend(read_claims(kind, item.common[kind], subject, values, building.report))


def _subject_name(building: Building, item: Item, scope: Scope, ends: tuple[int, int]) -> str:
    """The name of an item's layers together: that of their block, or `conv_1 to conv_3`."""
    names = [building.nodes[index].name for index in ends]
    is_layer = item.head is not None and item.head.text not in building.blocks
    if is_layer and "repeat" not in item.common:
        return names[1]  # the branches of a merge are part of it
    begin, end = (scope.prefix + name.removeprefix(scope.prefix).partition(".")[0] for name in names)
    return begin if begin == end else f"{begin} to {end}"
