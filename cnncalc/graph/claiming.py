"""The claims of an item: `expect` and `budget` of a layer, a group or a block."""

from __future__ import annotations

from cnncalc.graph.building import Building
from cnncalc.graph.items import Item
from cnncalc.graph.read_claims import ClaimSubject, plain_claims, read_claims
from cnncalc.graph.scope import Scope
from cnncalc.reading.plain_mapping import PlainMapping


def claim(building: Building, item: Item, scope: Scope, first: int, last: int) -> None:
    """Note the claims of an item whose nodes are all from `first` on, and whose output is `last`."""
    if len(building.nodes) == first:
        return
    subject = ClaimSubject(_subject_name(building, item, scope, (first, last)), first, len(building.nodes))
    for kind in ("expect", "budget"):
        node = item.common.get(kind)
        if isinstance(node, PlainMapping):
            building.claims.extend(plain_claims(kind, node, subject))
        elif node is not None:
            values = building.values(scope, last)
            building.claims.extend(read_claims(kind, node, subject, values, building.report))


def _subject_name(building: Building, item: Item, scope: Scope, ends: tuple[int, int]) -> str:
    """The name of an item's layers together: that of their block, or `conv_1 to conv_3`."""
    is_layer = item.head is not None and item.head.text not in building.blocks
    if is_layer and "repeat" not in item.common:
        return building.nodes[ends[1]].name  # the branches of a merge are part of it
    names = [building.nodes[index].name for index in ends]
    begin, end = (scope.prefix + name.removeprefix(scope.prefix).partition(".")[0] for name in names)
    return begin if begin == end else f"{begin} to {end}"
