"""The layered layout: what must hold for any network, and small cases by hand."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.drawing.layout.coordinates import isotonic
from cnncalc.drawing.layout.layered import layered
from cnncalc.drawing.layout.network import Link, LinkedNodes, NodePlacement, NodeSize, Spacing
from cnncalc.drawing.layout.order import crossings, reduce_crossings
from cnncalc.drawing.layout.ranks import ranks
from cnncalc.drawing.layout.rows import rows

CHAIN = LinkedNodes((NodeSize(40, 20),) * 3, (Link(0, 1), Link(1, 2)))
SKIP = LinkedNodes((NodeSize(40, 20),) * 4, (Link(0, 1), Link(1, 2), Link(2, 3), Link(0, 3)))


@st.composite
def networks(draw: st.DrawFn) -> LinkedNodes:
    count = draw(st.integers(1, 12))
    sizes = tuple(NodeSize(draw(st.integers(10, 90)), draw(st.integers(10, 40))) for _ in range(count))
    pairs = [(tail, head) for tail, head in combinations(range(count), 2)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=20)) if pairs else []
    return LinkedNodes(sizes, tuple(Link(tail, head) for tail, head in sorted(chosen)))


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        (CHAIN, [0, 1, 2]),
        (SKIP, [0, 1, 2, 3]),
        (
            LinkedNodes((NodeSize(1, 1),) * 4, (Link(0, 1), Link(1, 3), Link(2, 3))),
            [0, 1, 1, 2],
        ),  # a source waits for its use
        (LinkedNodes((NodeSize(1, 1),) * 3, (Link(0, 1),), frozenset({0}), frozenset({2})), [0, 1, 2]),
    ],
)
def test_ranks(network: LinkedNodes, expected: list[int]) -> None:
    """The longest path decides, by hand."""
    assert ranks(network) == expected


def test_a_chain_is_straight() -> None:
    """Three nodes under each other: 20 high, 22 apart."""
    found = layered(CHAIN, Spacing(straight=22.0))
    assert [tuple(centre) for centre in found.centres] == [(20, 10), (20, 52), (20, 94)]
    assert found.size == (40, 104)


def test_a_skip_leaves_the_main_path_straight() -> None:
    """The link past two nodes runs beside them."""
    found = layered(SKIP, Spacing())
    middle = found.centres[0].across
    assert [centre.across for centre in found.centres] == pytest.approx([middle] * 4, abs=0.5)
    assert all(abs(bend.across - middle) > 20 for bend in found.routes[3][2:-2])


def test_crossings_are_reduced() -> None:
    """Two links that cross as written need not cross."""
    network = LinkedNodes((NodeSize(10, 10),) * 4, (Link(0, 3), Link(1, 2)))
    found = rows(network, [0, 0, 1, 1], 0.0)
    assert crossings(found) == 1
    reduce_crossings(found)
    assert crossings(found) == 0


@given(networks())
def test_no_two_nodes_overlap_and_links_lead_on(network: LinkedNodes) -> None:
    """For any network, with the distances kept."""
    found = layered(network, Spacing())
    for one, other in combinations(range(len(network.sizes)), 2):
        across = abs(found.centres[one].across - found.centres[other].across)
        along = abs(found.centres[one].along - found.centres[other].along)
        wide = (network.sizes[one].across + network.sizes[other].across) / 2
        high = (network.sizes[one].along + network.sizes[other].along) / 2
        assert across >= wide - 1e-6 or along >= high - 1e-6
    for link, route in zip(network.links, found.routes, strict=True):
        assert all(first.along <= second.along + 1e-9 for first, second in pairwise(route))
        assert not _crosses_a_node(network, found, link, route)


def _crosses_a_node(
    network: LinkedNodes, found: NodePlacement, link: Link, route: tuple[tuple[float, float], ...]
) -> bool:
    """Whether a piece of a link that follows the flow touches the inside of another node."""
    for (across, start), (end_across, end) in pairwise(route):
        if abs(across - end_across) > 1e-6:
            continue
        for node, (size, centre) in enumerate(zip(network.sizes, found.centres, strict=True)):
            inside = abs(across - centre.across) < size.across / 2 - 1e-6
            beside = start < centre.along + size.along / 2 - 1e-6 and end > centre.along - size.along / 2 + 1e-6
            if node not in (link.tail, link.head) and inside and beside:
                return True
    return False


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=8))
def test_isotonic_regression_is_sorted_and_keeps_the_mean(values: list[float]) -> None:
    """A property of least squares with equal weights; sorted input stays as it is."""
    found = isotonic(values, [1.0] * len(values))
    assert all(first <= second + 1e-9 for first, second in pairwise(found))
    assert sum(found) == pytest.approx(sum(values), abs=1e-6)
    assert isotonic(sorted(values), [1.0] * len(values)) == pytest.approx(sorted(values))


@pytest.mark.parametrize(
    ("values", "weights", "expected"),
    [
        ([3.0, 1.0], [1.0, 1.0], [2.0, 2.0]),
        ([3.0, 1.0], [3.0, 1.0], [2.5, 2.5]),
        ([1.0, 3.0, 2.0, 4.0], [1.0] * 4, [1.0, 2.5, 2.5, 4.0]),
    ],
)
def test_isotonic_regression(values: list[float], weights: list[float], expected: list[float]) -> None:
    """Weighted means of the pools, by hand."""
    assert isotonic(values, weights) == pytest.approx(expected)
