"""What connects volumes: kernels with their lines, arrows, and arcs over the volumes between."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.drawing.picture import Curve, Drawn, Paint, Spot
from cnncalc.drawing.solids import Ruler
from cnncalc.drawing.volume_places import POINT, PlacedVolume


def edge_shapes(tail: PlacedVolume, head: PlacedVolume, ruler: Ruler) -> Iterator[Drawn]:
    """The kernel of the next volume on this one with its lines, an arrow, or an arc over what lies between."""
    if head.column - tail.column > 1:
        yield _skip(tail, head)
        return
    kernel = _kernel(head)
    if kernel and not (tail.is_bar or tail.is_point or head.is_bar):
        height, width = (
            min(ruler.extent(size) / ruler.extent(full), 1.0) for size, full in zip(kernel, tail.sizes[:2], strict=True)
        )
        yield from tail.body.window(height, width, head.body.entry)
        return
    start, end = _exit(tail), head.body.entry if not head.is_point else Spot(head.body.x, head.body.y + POINT)
    yield Curve(start, ((end,),), Paint(None, "line", 1.1), arrow=True)


def _exit(stop: PlacedVolume) -> Spot:
    body = stop.body
    return Spot(body.right - body.back / 2, body.y + body.height / 2 - body.back / 2)


def _kernel(stop: PlacedVolume) -> tuple[int, int] | None:
    """The kernel's height and width, of a layer that has one."""
    if stop.box.main is None:
        return None
    main = stop.box.main
    value = main.figures.setting("kernel")
    if not isinstance(value, tuple) or not value or not all(isinstance(size, int) for size in value):
        return None
    return (value[-2] if len(value) > 1 else 1), value[-1]


def _skip(tail: PlacedVolume, head: PlacedVolume) -> Curve:
    """A straight line on one level of a U, else an arc above the volumes between."""
    paint = Paint(None, "line", 1.2, "dashed")
    if tail.is_in_u and tail.level == head.level:
        start, end = _exit(tail), head.body.entry
        return Curve(start, ((Spot(end.x, end.y),),), paint, arrow=True)
    start = Spot((tail.body.x + tail.body.right) / 2, tail.body.top)
    end = Spot((head.body.x + head.body.right) / 2, head.body.top - 2.0)
    lift = min(start.y, end.y) - min(16.0 + 7.0 * (head.column - tail.column), 70.0)
    return Curve(start, ((Spot(start.x, lift), Spot(end.x, lift), end),), paint, arrow=True)
