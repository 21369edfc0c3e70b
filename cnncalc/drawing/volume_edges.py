"""Connections of volumes: kernels with their lines, arrows between neighbours, and arcs over the volumes between.

No line crosses a label: labels are as wide as their column at most, and lines change their height in the gaps between
columns, or pass above or below everything that is between their ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.drawing.picture import Curve, Drawn, Paint, Spot, rounded
from cnncalc.drawing.solids import Ruler
from cnncalc.drawing.volume_places import GAP, LABELS, ColumnSpan, PlacedVolume

LANE = 9.0
"""The distance between arcs that pass the same volumes, and of the first one from these."""
MOST_LANES = 12
RADIUS = 14.0
"""The radius of the corners of an arc."""
LEVEL = 1.0
"""The largest difference in height that a straight line bridges."""


class _Span(NamedTuple):
    """An arc's horizontal piece."""

    left: float
    right: float
    y: float


def kernel_shapes(tail: PlacedVolume, head: PlacedVolume, ruler: Ruler) -> Iterator[Drawn]:
    """The kernel of the next volume on this one; with its lines, if the two are side by side."""
    kernel = head.kernel
    if kernel is None or not _has_kernel(tail, head):
        return
    height, width = (
        min(ruler.extent(size) / ruler.extent(full), 1.0) for size, full in zip(kernel, tail.sizes[:2], strict=True)
    )
    target = head.entry if abs(tail.exit.y - head.entry.y) < tail.body.height / 2 else None
    yield from tail.body.window(height, width, target)


def _has_kernel(tail: PlacedVolume, head: PlacedVolume) -> bool:
    """Whether the lines of a kernel connect two volumes."""
    flat = tail.is_bar or tail.is_point or head.is_bar
    return head.column - tail.column == 1 and head.level == tail.level and head.kernel is not None and not flat


class Connections:
    """Draws the lines of a picture, one after the other; arcs keep their distance from those before."""

    def __init__(self, stops: Sequence[PlacedVolume], columns: Sequence[ColumnSpan]) -> None:
        self.stops = stops
        self.columns = columns
        self.lanes: list[_Span] = []
        self.turns = [0] * len(columns)
        """The number of arcs that rise or fall before each column."""

    def lines(self, edges: Sequence[tuple[PlacedVolume, PlacedVolume]]) -> list[Drawn]:
        """The arrows and arcs, short arcs first."""
        ordered = sorted(edges, key=lambda ends: ends[1].column - ends[0].column)
        return [line for tail, head in ordered for line in self._line(tail, head)]

    def _line(self, tail: PlacedVolume, head: PlacedVolume) -> Iterator[Drawn]:
        if tail.column == head.column:
            yield _between_levels(tail, head)
        elif head.column - tail.column > 1:
            yield Curve(*rounded(self._arc(tail, head), RADIUS), Paint(None, "line", 1.2, "dashed"), arrow=True)
        elif abs(tail.exit.y - head.entry.y) < LEVEL:
            if not _has_kernel(tail, head):
                yield Curve(tail.exit, ((head.entry,),), Paint(None, "line", 1.1), arrow=True)
        elif not (_has_kernel(tail, head) and abs(tail.exit.y - head.entry.y) < tail.body.height / 2):
            yield self._change(tail, head)

    def _change(self, tail: PlacedVolume, head: PlacedVolume) -> Curve:
        """A line to the next column that changes its height in the gap."""
        start, end = tail.exit, head.entry
        left, right = self.columns[tail.column].right, self.columns[head.column].left
        middle = (left + right) / 2
        bend = (Spot(middle, start.y), Spot(middle, end.y), Spot(right, end.y))
        return Curve(start, ((Spot(left, start.y),), bend, (end,)), Paint(None, "line", 1.1), arrow=True)

    def _arc(self, tail: PlacedVolume, head: PlacedVolume) -> list[Spot]:
        """The corners of a line past the columns between two volumes."""
        between = [stop for stop in self.stops if tail.column < stop.column < head.column]
        start = tail.exit
        if not any(stop.body.top - 4.0 < start.y < stop.body.bottom + LABELS + 4.0 for stop in between):
            return [start, *self._arrival(head, start.y)]
        if self._is_last(tail) and self._is_last(head) and not self._is_first(tail):
            lane = self._free(tail, head, self._bottom(tail, head), 1.0)
            return [*self._departure(tail, lane), *self._arrival(head, lane)]
        lane = self._free(tail, head, self._top(tail, head), -1.0)
        departure = [tail.roof, Spot(tail.roof.x, lane)] if self._is_first(tail) else self._departure(tail, lane)
        if self._is_first(head):
            return [*departure, Spot(head.roof.x, lane), head.roof]
        return [*departure, *self._arrival(head, lane)]

    def _departure(self, tail: PlacedVolume, lane: float) -> list[Spot]:
        """From a volume into the gap after it, and there to the lane."""
        start = tail.exit
        x = self._turn(tail.column + 1)
        return [start, Spot(x, start.y), Spot(x, lane)]

    def _arrival(self, head: PlacedVolume, lane: float) -> list[Spot]:
        """From the lane down or up to the head: to a point from below or above, to a volume from the gap before it."""
        end = head.entry
        if abs(end.y - lane) < LEVEL:
            return [end]
        if head.is_point and (self._is_last(head) if lane > end.y else self._is_first(head)):
            middle = head.body.x + head.body.thickness / 2
            return [Spot(middle, lane), Spot(middle, head.body.bottom if lane > end.y else head.body.y)]
        x = self._turn(head.column)
        return [Spot(x, lane), Spot(x, end.y), end]

    def _turn(self, column: int) -> float:
        """A place in the gap before a column."""
        self.turns[column] += 1
        return self.columns[column].left - GAP + 5.0 + 4.0 * (self.turns[column] % 4)

    def _beside(self, stop: PlacedVolume) -> list[PlacedVolume]:
        return [other for other in self.stops if (other.column, other.level) == (stop.column, stop.level)]

    def _is_first(self, stop: PlacedVolume) -> bool:
        """Whether nothing of its column is above a volume, on its level."""
        return min(self._beside(stop), key=lambda other: other.body.y) is stop

    def _is_last(self, stop: PlacedVolume) -> bool:
        return max(self._beside(stop), key=lambda other: other.body.y) is stop

    def _passed(self, tail: PlacedVolume, head: PlacedVolume) -> list[PlacedVolume]:
        """The volumes between two, and those beside them, on their level."""
        levels = {tail.level, head.level}
        return [stop for stop in self.stops if tail.column <= stop.column <= head.column and (stop.level in levels)]

    def _top(self, tail: PlacedVolume, head: PlacedVolume) -> float:
        return min(stop.body.top for stop in self._passed(tail, head))

    def _bottom(self, tail: PlacedVolume, head: PlacedVolume) -> float:
        return max(stop.body.bottom for stop in self._passed(tail, head)) + LABELS - LANE

    def _free(self, tail: PlacedVolume, head: PlacedVolume, edge: float, direction: float) -> float:
        """The height of the first lane beyond an edge that no arc uses; lanes are used again if there are many."""
        left, right = self.columns[tail.column].left, self.columns[head.column].right
        near = {span.y for span in self.lanes if span.left < right and left < span.right}
        heights = [edge + direction * LANE * (number + 1) for number in range(MOST_LANES)]
        free = (y for y in heights if all(abs(y - other) >= LANE - 0.5 for other in near))
        found = next(free, heights[len(near) % MOST_LANES])
        self.lanes.append(_Span(left, right, found))
        return found


def _between_levels(tail: PlacedVolume, head: PlacedVolume) -> Curve:
    """A vertical arrow between two levels of a U."""
    start, end = (tail.foot, head.roof) if head.level > tail.level else (tail.roof, head.foot)
    return Curve(start, ((end,),), Paint(None, "line", 1.1), arrow=True)
