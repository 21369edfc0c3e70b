"""Patterns of intervals along an axis, followed through periods by hand."""

from __future__ import annotations

from cnncalc.analysis.following import MOST_STEPS, Follower, Interval, Track, _inside, _line, _primes, _reduced, _sizes
from tests.together import for_each

PAIR = Track(((0, 3), (1, 4)), 3)
"""Outputs 0, 1, 2, 3, … see 0–3, 1–4, 3–6, 4–7, …"""


@for_each(
    ("track", "place", "period", "expected"),
    [
        (PAIR, 0, 2, (0, 3, 3)), (PAIR, 1, 2, (1, 4, 3)), (PAIR, 1, 4, (1, 4, 6)), (PAIR, 2, 6, (3, 6, 9)),
        (Track((None, (0, 1)), 2), 0, 2, None), (Track((None, (0, 1)), 2), 3, 4, (2, 3, 4)),
    ],
)  # fmt: skip
def test_an_interval_and_its_shift(
    track: Track, place: int, period: int, expected: tuple[int, int, int] | None
) -> None:
    """Both ends at a place, and how far they move in a period of several patterns."""
    assert _line(track, place, period) == expected


@for_each(
    ("room", "advance", "expected"),
    [
        (5, -2, (0, 2)), (4, -2, (0, 2)), (-5, 2, (3, 10)), (-4, 2, (2, 10)), (5, 2, (0, 10)), (30, -2, (0, 10)),
        (0, 0, (0, 10)), (-1, 0, (0, -1)),
    ],
)  # fmt: skip
def test_periods_inside(room: int, advance: int, expected: Interval) -> None:
    """The q from 0 to 10 with room + q·advance ≥ 0."""
    assert _inside(0, 10, room, advance) == expected


MOVING, RESTING = Track(((0, 1),), 1), Track(((2, 3),), 0)


@for_each(
    ("tracks", "outputs", "inside", "extremes"),
    [
        ([Track(((0, 3),), 1)], 5, None, (3, 3)),
        # together 0–3, 1–3, 2–3, 2–4, 2–5
        ([MOVING, RESTING], 5, None, (1, 3)), ([MOVING, RESTING], 2, None, (2, 3)),
        ([MOVING, RESTING], 1, None, (3, 3)),
        ([MOVING, RESTING], 5, (1, 4), (1, 2)), ([MOVING, RESTING], 5, (0, 3), (1, 3)),
        ([Track(((0, 2), None), 4)], 4, None, (2, 2)),  # every other output sees nothing
    ],
)  # fmt: skip
def test_the_largest_and_the_smallest_interval(
    tracks: list[Track], outputs: int, inside: Interval | None, extremes: tuple[int, int]
) -> None:
    """Of the union of several tracks; with `inside`, only of positions that see nothing beyond it."""
    period = max(len(track.cells) for track in tracks)
    found = list(_sizes(tracks, period, outputs, inside))
    assert (min(found), max(found)) == extremes


def test_no_position_is_inside() -> None:
    assert list(_sizes([Track(((0, 3),), 1)], 1, 5, (0, 2))) == []


def test_the_limit_of_steps() -> None:
    """Half a million for a model; what is used up is not there for the next."""
    follower = Follower()
    assert MOST_STEPS == 500_000
    assert follower._spend(MOST_STEPS - 1)
    assert not follower._spend(2)
    assert follower._spend(1)
    assert not follower._spend(1)


ONE, TWO, THREE = [(0, 1)], [(0, 1), (0, 2)], [(0, 1), (0, 2), (1, 3)]


@for_each(
    ("pattern", "times"), [(ONE, 4), (ONE, 5), (TWO, 2), (TWO, 3), (THREE, 1), (THREE, 2), (THREE, 3), (THREE, 5)]
)
def test_the_shortest_pattern(pattern: list[Interval], times: int) -> None:
    """Nine cells that move by 6 are three times three that move by 2; another last cell makes them nine."""
    cells = [(low + 2 * turn, high + 2 * turn) for turn in range(times) for low, high in pattern]
    assert _reduced(Track(tuple(cells), 2 * times)) == Track(tuple(pattern), 2)
    if times > 1:
        other = Track((*cells[:-1], (50, 51)), 2 * times)
        assert _reduced(other) == other


@for_each(
    ("number", "factors"),
    [(1, []), (2, [2]), (9, [3, 3]), (12, [2, 2, 3]), (35, [5, 7]), (97, [97]), (98, [2, 7, 7]), (6, [2, 3])],
)
def test_prime_factors(number: int, factors: list[int]) -> None:
    assert list(_primes(number)) == factors
