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
    ("time_distributed(conv 8 3)", ["time_distributed", "conv"]),  # a wrapper and the layer inside
    ("{time_distributed: {layer: {conv: 5}}}", ["time_distributed", "conv"]),
    ("time_distributed(nope 8)", ["time_distributed", None]),
    ("concat(relu -> abs | tanh)", ["concat", "relu", "abs", "tanh"]),
]


@pytest.mark.parametrize(("item", "types"), ITEMS)
def test_which_items_a_list_holds(item: str, types: list[str | None]) -> None:
    root = parsed(load_source(f"input: 8x8x3\nlayers: [{item}]\n"), DEFAULT_LIMITS).root
    assert root is not None
    found = source_items(root, DEFAULT_LIMITS, BuildCache()).each
    assert [each.kind.type if each.kind else None for each in found] == types


LISTS = [
    # an item of the list `layers`, and the lists inside of it whose items follow each other
    ("relu", []),
    ("(relu -> (abs)*2)*2", []),  # those in an item's text are not counted
    ("{layers: [relu, {layers: [abs]}]}", ["[relu, {layers: [abs]}]", "[abs]"]),
    ("{add: [[relu, abs], tanh]}", ["[relu, abs]"]),  # branches lie beside each other
    ("{conv: [8, 3x3]}", []),
]


@pytest.mark.parametrize(("item", "lists"), LISTS)
def test_lists_whose_items_follow_each_other(item: str, lists: list[str]) -> None:
    root = parsed(load_source(f"input: 8x8x3\nlayers: [{item}]\n"), DEFAULT_LIMITS).root
    assert root is not None
    found = source_items(root, DEFAULT_LIMITS, BuildCache()).lists
    assert [each.source.text[each.start : each.end] for each in found] == [f"[{item}]", *lists]


def test_items_of_blocks() -> None:
    """A block is a list of items, or a mapping with one beside its parameters."""
    text = "input: 8x8x3\nblocks: {a: [relu], b: {parameters: {n: 1}, layers: [abs]}}\nlayers: [tanh]\n"
    root = parsed(load_source(text), DEFAULT_LIMITS).root
    assert root is not None
    found = source_items(root, DEFAULT_LIMITS, BuildCache()).each
    assert sorted(each.kind.type for each in found if each.kind) == ["abs", "relu", "tanh"]
