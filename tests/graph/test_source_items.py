"""The items of a text, those inside other items too: branches are items, arguments are not."""

from __future__ import annotations

import pytest

from cnncalc.graph.memo import BuildCache
from cnncalc.graph.source_items import source_items
from cnncalc.reading.limits import DEFAULT_LIMITS
from cnncalc.reading.load import load_source, parsed

ITEMS = [
    # an item of the list `layers`, and the types of all its items; None for an unknown word
    ("{add: [relu, abs]}", ["add", "relu", "abs"]),
    ("{layers: [relu, abs]}", [None, "relu", "abs"]),  # a group
    ("(relu)", [None, "relu"]),
    ("relu -> abs", ["relu", "abs"]),
    ("{conv: [8, 3x3]}", ["conv"]),
    ("{relu: [abs, abs]}", ["relu"]),  # a mistake: relu has no branches
    ("{rely: [abs, abs]}", [None]),
]


@pytest.mark.parametrize(("item", "types"), ITEMS)
def test_which_items_a_list_holds(item: str, types: list[str | None]) -> None:
    root = parsed(load_source(f"input: 8x8x3\nlayers: [{item}]\n"), DEFAULT_LIMITS).root
    assert root is not None
    found = source_items(root, DEFAULT_LIMITS, BuildCache()).each
    assert [each.kind.type if each.kind else None for each in found] == types


def test_items_of_blocks() -> None:
    """A block is a list of items, or a mapping with one beside its parameters."""
    text = "input: 8x8x3\nblocks: {a: [relu], b: {parameters: {n: 1}, layers: [abs]}}\nlayers: [tanh]\n"
    root = parsed(load_source(text), DEFAULT_LIMITS).root
    assert root is not None
    found = source_items(root, DEFAULT_LIMITS, BuildCache()).each
    assert sorted(each.kind.type for each in found if each.kind) == ["abs", "relu", "tanh"]
