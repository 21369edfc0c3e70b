"""Coordinates: cells as close to their neighbours in other ranks as the distances within a rank allow.

Each sweep moves the cells of a rank to the weighted mean of their neighbours in the rank before. Minimizing the squared
distances, with the order and the distances kept, is an isotonic regression, which the pool-adjacent-violators algorithm
solves exactly: Best & Chakravarti, Active set algorithms for isotonic regression, Mathematical Programming 47, 1990.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.drawing.layout.network import Spacing
from cnncalc.drawing.layout.rows import LinkStep, RankRows

SWEEPS = 17

CHAIN, PASSING, SPINE = 50.0, 1e3, 1e6
"""The weights of steps that should be straight: in a chain without branches, past nodes, on the longest path."""


def coordinates(rows: RankRows, spacing: Spacing) -> list[float]:
    """The centre of each cell across, all at least 0."""
    across = [0.0] * len(rows.sizes)
    for row in rows.cells:
        _pack(rows, row, across, spacing)
    weights = _weights(rows)
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        for row in rows.cells if downwards else reversed(rows.cells):
            _settle(rows, row, across, weights, spacing, downwards=downwards)
    least = min((x - rows.sizes[cell].across / 2 for cell, x in enumerate(across)), default=0.0)
    return [x - least for x in across]


def _pack(rows: RankRows, row: Sequence[int], across: list[float], spacing: Spacing) -> None:
    """Place a rank's cells side by side, around 0."""
    offsets = _offsets(rows, row, spacing)
    middle = (offsets[0] + offsets[-1]) / 2 if offsets else 0.0
    for cell, offset in zip(row, offsets, strict=True):
        across[cell] = offset - middle


def _offsets(rows: RankRows, row: Sequence[int], spacing: Spacing) -> list[float]:
    """The least distance of each cell's centre from that of the first one in its rank."""
    offsets: list[float] = []
    for place, cell in enumerate(row):
        if place == 0:
            offsets.append(0.0)
            continue
        before = row[place - 1]
        passing = rows.is_passing(cell) or rows.is_passing(before)
        gap = spacing.passing if passing else spacing.neighbours
        offsets.append(offsets[-1] + (rows.sizes[before].across + rows.sizes[cell].across) / 2 + gap)
    return offsets


def _weights(rows: RankRows) -> dict[LinkStep, float]:
    """The pull of each step."""
    spine = _longest_path(rows)
    return {step: _weight(rows, step, spine) for step in rows.steps}


def _weight(rows: RankRows, step: LinkStep, spine: frozenset[int]) -> float:
    if step.upper in spine and step.lower in spine:
        return SPINE
    if rows.is_passing(step.upper) and rows.is_passing(step.lower):
        return PASSING
    return CHAIN if len(rows.below[step.upper]) == len(rows.above[step.lower]) == 1 else 1.0


def _longest_path(rows: RankRows) -> frozenset[int]:
    """The nodes of the path through the most nodes; it passes no rank without a node if another path does not."""
    length = [0] * len(rows.sizes)
    after: dict[int, int] = {}
    for row in reversed(rows.cells):
        for cell in row:
            follows = max(rows.below[cell], key=lambda step: length[step.lower], default=None)
            length[cell] = (not rows.is_passing(cell)) + (length[follows.lower] if follows else 0)
            if follows:
                after[cell] = follows.lower
    start = max((cell for row in rows.cells for cell in row), key=lambda cell: length[cell], default=None)
    path = set()
    while start is not None:
        path.add(start)
        start = after.get(start)
    return frozenset(path)


def _settle(
    rows: RankRows, row: Sequence[int], across: list[float], weights: dict[LinkStep, float], spacing: Spacing, *,
    downwards: bool,
) -> None:  # fmt: skip
    """Move a rank's cells towards their neighbours in the rank before, in the direction of travel."""
    wanted, pulls = [], []
    for cell in row:
        steps = rows.above[cell] if downwards else rows.below[cell]
        weight = sum(weights[step] for step in steps)
        total = sum(weights[step] * _straight(step, across, downwards=downwards) for step in steps)
        wanted.append(total / weight if weight else across[cell])
        pulls.append(weight or 0.01)
    offsets = _offsets(rows, row, spacing)
    fitted = isotonic([want - offset for want, offset in zip(wanted, offsets, strict=True)], pulls)
    for cell, start, offset in zip(row, fitted, offsets, strict=True):
        across[cell] = start + offset


def _straight(step: LinkStep, across: Sequence[float], *, downwards: bool) -> float:
    """The position of a cell from which a step to its neighbour is a straight line."""
    if downwards:
        return across[step.upper] + step.leaves - step.enters
    return across[step.lower] + step.enters - step.leaves


def isotonic(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The nondecreasing sequence with the least weighted squared distance from `values`.

    >>> isotonic([1.0, 3.0, 2.0], [1.0, 1.0, 1.0])
    [1.0, 2.5, 2.5]
    """
    pools: list[tuple[float, float, int]] = []  # mean, weight, number of values
    for value, weight in zip(values, weights, strict=True):
        mean, total, count = value, weight, 1
        while pools and pools[-1][0] > mean:
            other, heavy, many = pools.pop()
            mean = (mean * total + other * heavy) / (total + heavy)
            total, count = total + heavy, count + many
        pools.append((mean, total, count))
    return [mean for mean, _, count in pools for _ in range(count)]
