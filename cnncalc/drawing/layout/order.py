"""The order within each rank that lets few links cross: sweeps by barycentres, the best order seen is kept."""

from __future__ import annotations

from bisect import bisect_right, insort

from cnncalc.drawing.layout.rows import LinkStep, RankRows

SWEEPS = 12


def reduce_crossings(rows: RankRows) -> None:
    """Reorder the cells of every rank. The nodes of the first and last rank keep their order if nothing crosses."""
    best = [list(row) for row in rows.cells]
    fewest = crossings(rows)
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        _sweep(rows, downwards=sweep % 2 == 0)
        count = crossings(rows)
        if count < fewest:
            fewest, best = count, [list(row) for row in rows.cells]
    rows.cells = best


def _sweep(rows: RankRows, *, downwards: bool) -> None:
    """Sort every rank by the mean place of each cell's neighbours in the rank before it, in the direction of travel."""
    order = range(1, len(rows.cells)) if downwards else range(len(rows.cells) - 2, -1, -1)
    for rank in order:
        fixed = rows.cells[rank - 1 if downwards else rank + 1]
        place = {cell: index for index, cell in enumerate(fixed)}
        wanted = {}
        for index, cell in enumerate(rows.cells[rank]):
            near = [
                _end(step, rows, place, upper=downwards) for step in (rows.above if downwards else rows.below)[cell]
            ]
            wanted[cell] = sum(near) / len(near) if near else float(index)
        rows.cells[rank].sort(key=lambda cell: wanted[cell])


def _end(step: LinkStep, rows: RankRows, place: dict[int, int], *, upper: bool) -> float:
    """The place of a step's end in its rank, with the offset at the node as a fraction of a place."""
    cell, offset = (step.upper, step.leaves) if upper else (step.lower, step.enters)
    return place[cell] + offset / (rows.sizes[cell].across + 1.0)


def crossings(rows: RankRows) -> int:
    """The number of pairs of steps that cross."""
    return sum(_crossings_below(rows, rank) for rank in range(len(rows.cells) - 1))


def _crossings_below(rows: RankRows, rank: int) -> int:
    upper = {cell: index for index, cell in enumerate(rows.cells[rank])}
    lower = {cell: index for index, cell in enumerate(rows.cells[rank + 1])}
    ends = sorted(
        (_end(step, rows, upper, upper=True), _end(step, rows, lower, upper=False))
        for cell in rows.cells[rank]
        for step in rows.below[cell]
    )
    seen: list[float] = []
    count = 0
    for _, end in ends:
        count += len(seen) - bisect_right(seen, end)
        insort(seen, end)
    return count
