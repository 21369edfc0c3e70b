"""Items that differ only in their numbers: read by the plan of the first, they give what they give alone."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError
from cnncalc.graph.memo import BuildCache

PAIRS = (
    ("32x32x3 -> conv 8 3x3 s1 p1", "32x32x3 -> conv 9 5x5 s2 p2"),
    ("32x32x3 -> conv 8 3x3 s1 p1", "32x32x3 -> conv 9 5x5 s0 p2"),  # no stride of 0
    ("32x32x3 -> conv 8 3x3 g1", "32x32x3 -> conv 9 3x3 g3"),
    ("32x32x3 -> conv 8 3 1 1", "32x32x3 -> conv 9 5 2 2"),
    ("32x32x3 -> conv 8 3", "32x32x3 -> conv 8 012"),  # ten or twelve
    ("32x32x3 -> conv 8 3", "32x32x3 -> conv 8 3.5"),
    ("32x32x3 -> conv 8 3x3", "32x32x3 -> conv 8 3x3x3"),  # too many axes
    ("32x32x3 -> conv 8 [3, 3]", "32x32x3 -> conv 8 [5, 7]"),
    ("32x32x3 -> conv 8 (3, 3)", "32x32x3 -> conv 8 (5, 7)"),
    ("32x32x3 -> conv 8 3 relu", "32x32x3 -> conv 9 5 relu6"),
    ("32x32x3 -> conv 8 3 same", "32x32x3 -> conv 9 5 valid"),
    ("32x32x3 -> conv filters=8 kernel=3 stride=1", "32x32x3 -> conv filters=9 kernel=5 stride=2"),
    ("32x32x3 -> conv 8 3 padding=[[1, 2], [0, 1]]", "32x32x3 -> conv 8 3 padding=[[2, 1], [0, 3]]"),
    ("32x32x3 -> conv out_channels=8 in_channels=3 k3", "32x32x3 -> conv out_channels=8 in_channels=4 k3"),
    ("32x32x3 -> conv 8 k3 kernel_h=3 kernel_w=5", "32x32x3 -> conv 8 kernel_h=5 kernel_w=3"),
    ("32x32x3 -> dropout 0.5", "32x32x3 -> dropout 5"),  # not a fraction
    ("32x32x3 -> max_pool 2 s2", "32x32x3 -> max_pool 3 s1"),
    ("32x32x3 -> zero_pad 1", "32x32x3 -> zero_pad [[1, 2], [3, 4]]"),
    ("32x32x3 -> conv 8 3 x4", "32x32x3 -> conv 8 3 x5"),  # no field begins with x
    ("32x32x3 -> conv 8 3", "32x32x3 -> conv 340282366920938463463374607431768211457 3"),
    ("32x32x3 -> upsample 2 nearest", "32x32x3 -> upsample 3 lanczos3"),
    ("32x32x3 -> reshape 96x32", "32x32x3 -> reshape 32x96"),
    ("32x32x3 -> reshape 96x32", "32x32x3 -> reshape 32x97"),  # other numbers of elements
    ("32x32x3 -> nn.Conv2d(3, 8, 3, padding=1)", "32x32x3 -> nn.Conv2d(3, 9, 5, padding=2)"),
)


def built(text: str, cache: BuildCache) -> list[str]:
    """The layers of a spec with their shapes, or its mistakes with their positions."""
    try:
        graph = load(text, cache=cache)
    except SpecError as error:
        return [f"{each.code} {each.span!r} {each.message} {each.hint}" for each in error.diagnostics]
    return [f"{node.layer} {node.activation} {node.shape}" for node in graph.nodes]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_plan_changes_nothing(first: str, second: str) -> None:
    """In either order, two items give with one memory what each gives with a memory of its own."""
    alone = [built(text, BuildCache()) for text in (first, second)]
    shared = BuildCache()
    assert [built(first, shared), built(second, shared)] == alone
    shared = BuildCache()
    assert [built(second, shared), built(first, shared)] == alone[::-1]


def test_similar_items_share_a_plan() -> None:
    """Positive numbers alone are left out of a plan's key: a 0 has a plan of its own, and so has another word."""
    cache = BuildCache()
    graph = load("32x32x3 -> conv 8 3x3 p1 -> conv 9 5x5 p2 -> conv 10 7x7 p3", cache=cache)
    assert len(cache.layers(graph.setting).plans) == 1
    assert [str(node.layer) for node in graph.nodes[1:]] == [
        "conv(filters=8, kernel=3x3, padding=1)",
        "conv(filters=9, kernel=5x5, padding=2)",
        "conv(filters=10, kernel=7x7, padding=3)",
    ]
    load("32x32x3 -> conv 8 3x3 p0 -> conv 8 3x3 same", cache=cache)
    assert len(cache.layers(graph.setting).plans) == 3


def test_a_stated_size_is_checked_for_each_item() -> None:
    """An item that states its input's channels has no plan."""
    cache = BuildCache()
    graph = load("32x32x3 -> conv 8 k3 in_channels=3", cache=cache)
    assert not cache.layers(graph.setting).plans
