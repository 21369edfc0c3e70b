"""Solving for the settings of one layer: every combination of candidates is evaluated with the layer's own rules."""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import Any, NamedTuple

import numpy as np

from cnncalc.arithmetic.window import dilated
from cnncalc.layers.base import Array
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.number_text import thousands
from cnncalc.solving.grid import Grid, grids
from cnncalc.solving.question import LayerQuestion, unusable
from cnncalc.solving.remainder import left_over
from cnncalc.solving.solution import FIELDS, Solution, Solutions, item_text
from cnncalc.solving.vectorized import Evaluated, evaluate

MOST = 5_000_000
"""The maximum number of combinations that are tried."""

NEAREST = 3
"""The number of closest combinations that are reported if nothing fits."""


class Ranked(NamedTuple):
    """Combinations of a grid, with their sort keys."""

    grid: Grid
    places: Array
    keys: Array
    """A row for each criterion, the most important first, and a column for each combination. Smaller is simpler."""
    rests: Array
    """The remainder of the stride along each axis, one row per axis."""


def answer(question: LayerQuestion, *, limit: int) -> Solutions:
    """The `limit` simplest solutions. Raises SpecError if there are too many combinations.

    Simplest first: no dilation, no output padding; every input in a window and no window entirely in the padding;
    strides that divide evenly; then small paddings, strides and kernels.
    """
    spread = grids(question.choices, question.said)
    _check_size(question, sum(grid.size for grid in spread))
    fitting, near, refusals = _search(question, spread)
    found = [_ranked(question, grid, places) for grid, places in fitting]
    slides = question.kind.slides_over_input
    nearest = [_ranked(question, grid, places) for grid, places in near] if not found else []
    return Solutions(
        question.kind.type, question.setting, question.input, question.wanted,
        sum(grid.size for grid in spread),
        sum(len(ranked.places) for ranked in found),
        sum(int((ranked.rests == 0).all(axis=0).sum()) for ranked in found) if slides else None,
        _simplest(question, found, limit),
        _simplest(question, nearest, NEAREST),
        refusals.most_common(1)[0][0] if refusals and not found and not nearest else "",
    )  # fmt: skip


def _check_size(question: LayerQuestion, size: int) -> None:
    if size <= MOST:
        return
    counts = {name: prod(map(len, choice.axes)) for name, choice in question.choices.items()}
    widest = max(counts, key=lambda name: counts[name])
    raise unusable(
        f"{thousands(size)} combinations are more than {thousands(MOST)}",
        f"{widest} alone has {thousands(counts[widest])}: narrow its range",
    )


def _search(
    question: LayerQuestion, spread: list[Grid]
) -> tuple[list[tuple[Grid, Array]], list[tuple[Grid, Array]], Counter[str]]:
    """The combinations that fit, the closest ones, and the numbers of rejected ones by message."""
    fitting, near = [], []
    refusals: Counter[str] = Counter()
    least = None
    for grid in spread:
        for places in grid.parts():
            found = _outputs(question, grid, places)
            refusals += found.refusals
            distance = np.abs(found.figures - np.array(question.wanted)[:, None]).sum(axis=0)
            fits = places[found.taken & (distance == 0)]
            if len(fits):
                fitting.append((grid, fits))
            elif not fitting and found.taken.any():
                closest = int(distance[found.taken].min())
                if least is None or closest <= least:
                    near = [*(near if closest == least else []), (grid, places[found.taken & (distance == closest)])]
                    least = closest
    return fitting, near, refusals


def _layer(question: LayerQuestion, grid: Grid, numbers: tuple[Any, ...]) -> WindowLayer:
    return question.kind(question.setting, **grid.fields(numbers))


def _outputs(question: LayerQuestion, grid: Grid, places: Array) -> Evaluated:
    """The output shape of each combination."""

    def rule(*numbers: Any) -> tuple[Any, ...]:
        return _layer(question, grid, numbers).shape(question.input)

    return evaluate(rule, grid.columns(places), len(question.input), len(places))


def _ranked(question: LayerQuestion, grid: Grid, places: Array) -> Ranked:
    """The combinations that the layer accepts, with their sort keys."""
    rank = len(question.input) - 1

    def rule(*numbers: Any) -> tuple[Any, ...]:
        return tuple(figure for axis in _axes(_layer(question, grid, numbers), question) for figure in axis)

    figures = evaluate(rule, grid.columns(places), 7 * rank, len(places)).figures.reshape(rank, 7, -1)
    rests, odd, *sizes = figures.transpose(1, 0, 2)
    padding, stride, kernel, dilation, added = (size.sum(axis=0) for size in sizes)
    keys = np.array([dilation, added, odd.any(axis=0), rests.any(axis=0), padding, stride, kernel])
    return Ranked(grid, places, keys, rests)


def _axes(layer: WindowLayer, question: LayerQuestion) -> list[tuple[Any, ...]]:
    """Along each axis: the remainder, whether the window is unusual, and the sizes that make it less simple.

    A window is unusual if it is smaller than its stride, so that positions are skipped, or can be entirely in the
    padding.
    """
    x = question.input
    found = []
    fields = zip(layer.kernels(x), layer.strides(x), layer.dilations(x), _sides(layer, question), strict=True)
    added = _per_axis(layer, question)
    for (F, S, D, (before, after, rest)), A in zip(fields, added, strict=True):
        extent = dilated(F, D)
        odd = (extent < S) + (before >= extent) + (after >= extent)
        found.append((rest, odd, before + after, S, F, D, A))
    return found


def _sides(layer: WindowLayer, question: LayerQuestion) -> list[tuple[Any, Any, Any]]:
    """Along each axis: the padding before and after, and the remainder of the stride."""
    x = question.input
    if layer.slides_over_input:
        sizes = zip(question.setting.spatial(x), layer.windows(x), strict=True)
        return [(window.before, window.after, left_over(W, window)) for W, window in sizes]
    sides = (side if isinstance(side, tuple) else (side, side) for side in layer.paddings(x))
    return [(0, 0, 0) if isinstance(before, str) else (before, after, 0) for before, after in sides]


def _per_axis(layer: WindowLayer, question: LayerQuestion) -> tuple[Any, ...]:
    """The output padding along each axis; 0 if there is none."""
    added = getattr(layer, "output_padding", None)
    return layer.axes(0 if added is None else added, question.input, "output_padding")


def _simplest(question: LayerQuestion, found: list[Ranked], limit: int) -> tuple[Solution, ...]:
    """The first `limit` solutions in order; equal ones in the order of their grids and indices."""
    if not found:
        return ()
    keys = np.concatenate([ranked.keys for ranked in found], axis=1)
    order = np.lexsort(keys[::-1])[:limit]
    starts = np.cumsum([0, *(len(ranked.places) for ranked in found)])
    chosen = [(int(np.searchsorted(starts, place, "right")) - 1, int(place)) for place in order]
    return tuple(_solution(question, found[part], place - int(starts[part])) for part, place in chosen)


def _solution(question: LayerQuestion, ranked: Ranked, column: int) -> Solution:
    numbers = tuple(int(values[0]) for values in ranked.grid.columns(ranked.places[column : column + 1]))
    layer = _layer(question, ranked.grid, numbers)
    values = {name: getattr(layer, name) if name in layer.fields else None for name in FIELDS}
    rests = tuple(int(size) for size in ranked.rests[:, column])
    return Solution(
        **values,
        output=layer.shape(question.input),
        left_over=rests if layer.slides_over_input else None,
        item=item_text(layer, len(question.input) - 1),
    )
