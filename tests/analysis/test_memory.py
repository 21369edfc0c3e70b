"""Live tensors, counted by hand on small graphs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from cnncalc.analysis.memory import Peak, alive_at, live, peak
from tests.together import for_each


def nodes(*inputs: tuple[int, ...] | None) -> list[Any]:
    """Nodes by the places of their inputs; None is an input of the model."""
    return [
        SimpleNamespace(layer=None, inputs=()) if places is None else SimpleNamespace(layer="layer", inputs=places)
        for places in inputs
    ]


CHAIN = nodes(None, (0,), (1,), (2,))
DIAMOND = nodes(None, (0,), (0,), (1, 2))
LATE = nodes(None, (0,), None, (1, 2))  # the second input is there from the start
UNUSED = nodes(None, (0,), (0,))

CASES = [
    # nodes, sizes, outputs, the live elements of each layer, and the peak
    (CHAIN, (7, 5, 3, 2), (3,), [(1, 12), (2, 8), (3, 5)], Peak(12, 1)),
    (CHAIN, (7, 5, 3, 2), (1, 3), [(1, 12), (2, 8), (3, 10)], Peak(12, 1)),  # an output lives to the end
    (CHAIN, (7, 5, 30, 2), (3,), [(1, 12), (2, 35), (3, 32)], Peak(35, 2)),
    (DIAMOND, (7, 5, 3, 2), (3,), [(1, 12), (2, 15), (3, 10)], Peak(15, 2)),
    (LATE, (7, 5, 3, 2), (3,), [(1, 15), (3, 10)], Peak(15, 1)),
    (UNUSED, (7, 5, 3), (2,), [(1, 12), (2, 10)], Peak(12, 1)),  # nobody uses the first: it is freed at once
    (nodes(None, None), (7, 5), (0,), [], Peak(12, -1)),
    (nodes(None, (0,), (1,)), (5, 3, 5), (2,), [(1, 8), (2, 8)], Peak(8, 1)),  # the first of equal ones
]


@for_each(("graph", "sizes", "outputs", "alive", "most"), CASES)
def test_live_elements(
    graph: list[Any], sizes: tuple[int, ...], outputs: tuple[int, ...], alive: list[tuple[int, int]], most: Peak
) -> None:
    """The tensors that a layer reads and writes, and those that are needed later; inputs live from the start."""
    assert list(live(graph, sizes, outputs)) == alive
    assert peak(graph, sizes, outputs) == most


@for_each(
    ("graph", "outputs", "place", "expected"),
    [
        (CHAIN, (3,), 1, [0, 1]), (CHAIN, (3,), 2, [1, 2]), (CHAIN, (1, 3), 3, [1, 2, 3]),
        (DIAMOND, (3,), 2, [0, 1, 2]), (DIAMOND, (3,), 3, [1, 2, 3]),
        (LATE, (3,), 1, [0, 1, 2]), (LATE, (3,), 3, [1, 2, 3]), (UNUSED, (2,), 1, [0, 1]), (UNUSED, (2,), 2, [0, 2]),
    ],
)  # fmt: skip
def test_live_tensors(graph: list[Any], outputs: tuple[int, ...], place: int, expected: list[int]) -> None:
    assert alive_at(graph, outputs, place) == expected
