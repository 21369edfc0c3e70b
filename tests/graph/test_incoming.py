"""Sizes of the incoming shape and names, as items write them."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.arithmetic.convention import CONVENTIONS, Setting, Shape
from cnncalc.graph.incoming import incoming_size
from cnncalc.reading.expression import UnknownName

LAST, FIRST = Setting(CONVENTIONS["formula"], "HWC"), Setting(CONVENTIONS["pytorch"], "CHW")


@pytest.mark.parametrize(
    ("shape", "setting", "sizes"),
    [
        ((7,), LAST, {"channels": 7, "size": 7, "rank": 1}),
        ((7, 3), LAST, {"channels": 3, "size": 21, "rank": 2, "length": 7, "width": 7}),
        ((5, 7, 3), LAST, {"channels": 3, "size": 105, "rank": 3, "height": 5, "width": 7}),
        ((3, 5, 7), FIRST, {"channels": 3, "size": 105, "rank": 3, "height": 5, "width": 7}),
        ((2, 5, 7, 3), LAST, {"channels": 3, "size": 210, "rank": 4, "depth": 2, "height": 5, "width": 7}),
    ],
)
def test_what_an_expression_may_ask_for(shape: Shape, setting: Setting, sizes: dict[str, int]) -> None:
    for name in ("channels", "size", "rank", "length", "depth", "height", "width"):
        if name in sizes:
            assert incoming_size(f"in.{name}", shape, setting) == sizes[name]
            continue
        with pytest.raises(UnknownName) as caught:
            incoming_size(f"in.{name}", shape, setting)
        assert f"has no {name}" in caught.value.message


def test_a_name_is_a_text() -> None:
    """`012` is no number where a name is given, or referred to."""
    nodes = load("input: 8x8x3\nlayers: [{relu: {name: 012}}, tanh, {sigmoid: {from: 012, name: 1e3}}]\n").nodes
    assert [node.name for node in nodes] == ["input", "012", "tanh_1", "1e3"]
    assert nodes[-1].inputs == (1,)
