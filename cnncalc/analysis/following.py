"""Receptive intervals of the positions of an axis, if they are not all of the same size.

A `Track` is a pattern: of p cells, position k = q·p + m sees the interval of cell m shifted by q·advance. Windows,
resizing and transposed convolutions map a track to a track. Branches with equal strides merge into one track; others
are tracked in parallel, since a window's union over both is the union of its unions. A layer costs one step per cell,
whatever the length of the axis; `Follower` limits the total number of steps in a network.
"""

from collections.abc import Iterator
from itertools import product
from math import gcd, lcm
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.arithmetic.taps import MOST_CELLS, AxisTaps

if TYPE_CHECKING:
    from fractions import Fraction

Interval = tuple[int, int]
"""The first position and the one after the last."""

MOST_STEPS = 500_000
"""The maximum number of steps per network; later layers have no receptive field."""

MOST_TRACKS = 8
"""The maximum number of different strides that are tracked in parallel."""


class Track(NamedTuple):
    """A pattern of intervals; None for a position that sees nothing."""

    cells: tuple[Interval | None, ...]
    advance: int

    @property
    def jump(self) -> "Fraction":
        """The distance between neighbours in input positions."""
        from fractions import Fraction  # most networks only have windows, whose jumps are whole

        return Fraction(self.advance, len(self.cells))


class AxisView(NamedTuple):
    """The interval of output 0 along one axis of the input: `start`, `size`, and the `jump` to the next output.

    `inside` is the part of the input that remains after the previous layers; borders cut off the rest.
    """

    start: int
    size: int
    jump: int
    inside: Interval

    @property
    def smallest(self) -> int:
        """The size, which is the same for all positions."""
        return self.size

    @property
    def tracks(self) -> tuple[Track, ...]:
        return (Track(((self.start, self.start + self.size),), self.jump),)


class Followed(NamedTuple):
    """An axis whose positions have different intervals: the largest and the smallest one, and the pattern."""

    tracks: tuple[Track, ...]
    size: int
    smallest: int
    inside: Interval

    @property
    def jump(self) -> "Fraction | None":
        """The distance between neighbours; None after a merge of branches with unequal strides."""
        return self.tracks[0].jump if len(self.tracks) == 1 else None


FollowedAxis = AxisView | Followed


class Follower:
    """A tracker of positions through one network, with a limit on its steps.

    It caches the resulting axes, with everything that they depend on as the key: the axis itself, the taps or the
    merged branches, and the size of the output.
    """

    def __init__(self) -> None:
        self.left = MOST_STEPS
        self._known: dict[object, FollowedAxis | None] = {}

    def through(self, axis: FollowedAxis, taps: AxisTaps, outputs: int) -> FollowedAxis | None:
        """An axis after a layer with these taps; None if there are too many positions to track."""
        if type(axis) is AxisView and len(taps.cells) == 1 and taps.cells[0]:
            return _closed(axis, taps, outputs)
        key = (axis, taps, outputs)
        if key not in self._known:
            tracks = [self._composed(track, taps) for track in axis.tracks]
            known = [track for track in tracks if track is not None]
            self._known[key] = self.measured(known, outputs, axis.inside) if len(known) == len(tracks) else None
        return self._known[key]

    def united(self, axes: tuple[FollowedAxis, ...], outputs: int) -> FollowedAxis | None:
        """The union of branches, position by position; None if there are too many positions to track."""
        first = axes[0]
        if all(axis == first for axis in axes):
            return first
        inside = max(axis.inside[0] for axis in axes), min(axis.inside[1] for axis in axes)
        if all(type(axis) is AxisView and axis.jump == first.jump for axis in axes):
            start = min(axis.start for axis in axes)  # type: ignore[union-attr]
            end = max(axis.start + axis.size for axis in axes)  # type: ignore[union-attr]
            return AxisView(start, end - start, first.jump, inside)  # type: ignore[arg-type]
        key = (axes, outputs)
        if key not in self._known:
            tracks = self._merged([track for axis in axes for track in axis.tracks])
            self._known[key] = self.measured(tracks, outputs, inside) if tracks else None
        return self._known[key]

    def _spend(self, steps: int) -> bool:
        """Whether this number of steps is left; if so, they are used up."""
        if steps > self.left:
            return False
        self.left -= steps
        return True

    def _composed(self, track: Track, taps: AxisTaps) -> Track | None:
        """The track of outputs that read the positions of a track."""
        period = len(track.cells)
        turns = period // gcd(taps.advance, period)
        count = turns * len(taps.cells)
        orderly = _is_orderly(track)
        widest = max(map(len, taps.cells))
        if count > MOST_CELLS or not self._spend(period + count * (1 if orderly else 2 * min(widest, period))):
            return None
        cells = tuple(_hull(track, taps.of(output), orderly=orderly) for output in range(count))
        return _reduced(Track(cells, turns * taps.advance * track.advance // period))

    def _merged(self, tracks: list[Track]) -> list[Track]:
        """One track for each stride; empty if there are too many positions to track."""
        found: dict[Fraction, Track] = {}
        for track in tracks:
            other = found.get(track.jump)
            if other is not None:
                period = lcm(len(track.cells), len(other.cells))
                if period > MOST_CELLS or not self._spend(period):
                    return []
                pairs = zip(_written(track, period), _written(other, period), strict=True)
                cells = tuple(_joined(one, another) for one, another in pairs)
                track = _reduced(Track(cells, track.advance * (period // len(track.cells))))
            found[track.jump] = track
        return list(found.values()) if len(found) <= MOST_TRACKS else []

    def measured(self, tracks: list[Track], outputs: int, inside: Interval) -> FollowedAxis | None:
        """The axis with these tracks, and the largest and smallest interval of its interior positions."""
        cell = tracks[0].cells[0]
        ends = [end for track in tracks for place in (0, outputs - 1) if (end := _at(track, place)) is not None]
        inside = _left(inside, ends)
        if len(tracks) == 1 and len(tracks[0].cells) == 1 and cell is not None:
            return AxisView(cell[0], cell[1] - cell[0], tracks[0].advance, inside)
        period = lcm(*(len(track.cells) for track in tracks))
        places = min(period, outputs)
        if places > MOST_CELLS or not self._spend(places * len(tracks) ** 2):
            return None
        sizes = list(_sizes(tracks, period, outputs, inside)) or list(_sizes(tracks, period, outputs, None)) or [0]
        return Followed(tuple(tracks), max(sizes), min(sizes), inside)


def _left(inside: Interval, seen: list[Interval]) -> Interval:
    """The part of the input that remains after a layer whose first and last outputs see these intervals."""
    if not seen:
        return inside
    return max(inside[0], min(low for low, _ in seen)), min(inside[1], max(high for _, high in seen))


def _closed(axis: AxisView, taps: AxisTaps, outputs: int) -> AxisView:
    """The closed form: s + a·j, r + (F′ − 1)·j, j·S."""
    cell, jump = taps.cells[0], axis.jump
    first, last = (cell[0], cell[-1]) if jump >= 0 else (cell[-1], cell[0])
    start, size = axis.start + first * jump, axis.size + (last - first) * jump
    jump *= taps.advance
    low, high = axis.inside
    if not jump:  # every output reads the same positions, so nothing that they see is cut off
        start, end = max(start, low), min(start + size, high)
        return AxisView(start, max(end - start, 1), 0, axis.inside)
    if jump > 0:
        end = start + size + (outputs - 1) * jump
        inside = axis.inside if start <= low and end >= high else (max(start, low), min(end, high))
        return AxisView(start, size, jump, inside)
    end = start + (outputs - 1) * jump
    return AxisView(start, size, jump, (max(low, end), min(high, start + size)))


def _is_orderly(track: Track) -> bool:
    """Whether each position has an interval, and none begins or ends before that of its predecessor."""
    cells, advance = track.cells, track.advance
    before = cells[-1]
    if before is None:
        return False
    low, high = before[0] - advance, before[1] - advance
    for cell in cells:
        if cell is None or cell[0] < low or cell[1] < high:
            return False
        low, high = cell
    return True


def _hull(track: Track, positions: range, *, orderly: bool) -> Interval | None:
    """The interval from the first to the last input seen by any of these positions."""
    if not positions:
        return None
    if orderly:
        first, last = _at(track, positions[0]), _at(track, positions[-1])
        return (first[0], last[1]) if first and last else None
    period = len(track.cells)
    ends = (*positions[:period], *positions[-period:])  # positions in between have the same cells, less far out
    seen = [cell for position in ends if (cell := _at(track, position)) is not None]
    return (min(low for low, _ in seen), max(high for _, high in seen)) if seen else None


def _at(track: Track, position: int) -> Interval | None:
    turn, place = divmod(position, len(track.cells))
    cell, moved = track.cells[place], turn * track.advance
    return None if cell is None else (cell[0] + moved, cell[1] + moved)


def _joined(one: Interval | None, other: Interval | None) -> Interval | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def _written(track: Track, period: int) -> Iterator[Interval | None]:
    return (_at(track, position) for position in range(period))


def _reduced(track: Track) -> Track:
    """The same track with the shortest possible pattern."""
    cells, advance = track.cells, track.advance
    for prime in _primes(len(cells)):
        period = len(cells) // prime
        if advance % prime == 0 and _repeats(cells, period, advance // prime):
            cells, advance = cells[:period], advance // prime
    return Track(cells, advance)


def _primes(number: int) -> Iterator[int]:
    """The prime factors of a number from the smallest, each as often as it divides."""
    divisor = 2
    while divisor * divisor <= number:
        if number % divisor:
            divisor += 1
        else:
            yield divisor
            number //= divisor
    if number > 1:
        yield number


def _repeats(cells: tuple[Interval | None, ...], period: int, advance: int) -> bool:
    for cell, before in zip(cells[period:], cells, strict=False):
        if cell is None or before is None:
            if cell is not before:
                return False
        elif cell[0] != before[0] + advance or cell[1] != before[1] + advance:
            return False
    return True


def _sizes(tracks: list[Track], period: int, outputs: int, inside: Interval | None) -> Iterator[int]:
    """Sizes of the positions' intervals, including the largest and the smallest.

    With `inside`, only interior positions count, which see nothing beyond it. The ends of intervals one period apart
    shift by constant amounts: the size of a union is largest at the first or the last of them, and smallest there or
    where two ends pass each other.
    """
    for place in range(min(period, outputs)):
        lines = [line for track in tracks if (line := _line(track, place, period)) is not None]
        if not lines:
            continue
        first, last = 0, (outputs - 1 - place) // period
        if inside is not None:
            for low, high, advance in lines:
                first, last = _inside(first, last, low - inside[0], advance)
                first, last = _inside(first, last, inside[1] - high, -advance)
        if first <= last:
            for turn in {first, last, *(turn for turn in _passing(lines) if first < turn < last)}:
                yield max(high + turn * advance for _, high, advance in lines) - min(
                    low + turn * advance for low, _, advance in lines
                )


def _line(track: Track, place: int, period: int) -> tuple[int, int, int] | None:
    """Both ends of a position's interval, and their shift per period."""
    cell = _at(track, place)
    return None if cell is None else (*cell, track.advance * (period // len(track.cells)))


def _inside(first: int, last: int, room: int, advance: int) -> Interval:
    """The periods q from first to last for which room + q·advance is not negative."""
    if advance > 0:
        return max(first, -(room // advance)), last
    if advance < 0:
        return first, min(last, room // -advance)
    return (first, last) if room >= 0 else (first, first - 1)


def _passing(lines: list[tuple[int, int, int]]) -> Iterator[int]:
    """The periods around which the end of one line passes that of another."""
    for (low, high, advance), (other_low, other_high, other) in product(lines, lines):
        if advance > other:
            for apart in (other_low - low, other_high - high):
                yield from (apart // (advance - other), apart // (advance - other) + 1)


def interval(axis: FollowedAxis, position: int) -> Interval | None:
    """A position's interval, continued beyond the input; None if it sees nothing."""
    found = None
    for track in axis.tracks:
        found = _joined(found, _at(track, position))
    return found


def telling_positions(axis: FollowedAxis, outputs: int) -> tuple[int, int, int]:
    """The middle position, and the interior ones nearest to it with the largest and the smallest interval.

    On a long axis, the search covers only the middle and the ends.
    """
    middle = outputs // 2
    if isinstance(axis, AxisView):
        return middle, middle, middle
    near = range(max(middle - _NEAR, 0), min(middle + _NEAR, outputs))
    ends = (*range(min(_NEAR, outputs)), *range(max(outputs - _NEAR, 0), outputs))
    looked = sorted({*near, *ends}, key=lambda position: abs(position - middle))
    seen = [(k, found[1] - found[0]) for k in looked if (found := interval(axis, k)) and is_interior(axis, k)]
    largest, smallest = (next((k for k, size in seen if size == want), middle) for want in (axis.size, axis.smallest))
    return middle, largest, smallest


def is_interior(axis: FollowedAxis, position: int) -> bool:
    """Whether a position has an interval of which no border on the way cuts off a part."""
    seen = interval(axis, position)
    return seen is not None and axis.inside[0] <= seen[0] and seen[1] <= axis.inside[1]


_NEAR = 500
