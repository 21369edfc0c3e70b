"""Equal parts in a row, which are drawn once: by the types, settings, shapes and relative inputs of their layers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

from cnncalc.drawing.diagram import DrawnLayer

LONGEST_PERIOD = 32
"""The largest number of neighbours that are looked at as one repeated part."""


class Repetition(NamedTuple):
    """`times` copies in a row of the `period` parts that begin at `start`."""

    start: int
    period: int
    times: int


def signatures(layers: Sequence[DrawnLayer], places: Mapping[str, int]) -> list[Hashable]:
    """For each layer a value that is equal for layers that compute the same, with inputs from the same distance.

    `places` are the positions of layers and, below 0, of the model's inputs.
    """
    return [_signature(drawn, places) for drawn in layers]


def _signature(drawn: DrawnLayer, places: Mapping[str, int]) -> Hashable:
    layer, place = drawn.figures, places[drawn.name]
    inputs = tuple(_distance(name, place, places) for name in layer.inputs)
    shared = None if layer.shares_with is None else _distance(layer.shares_with, place, places)
    settings = repr(sorted(layer.settings.items())), drawn.activation and drawn.activation.type
    return layer.type, settings, layer.input_shapes, layer.output_shape, inputs, shared


def _distance(name: str, place: int, places: Mapping[str, int]) -> Hashable:
    """The number of places between a layer and its input, with the output's number if that layer has several."""
    if name in places:
        return place - places[name]
    owner, _, output = name.rpartition(".")
    return place - places[owner], output


def runs(parts: Sequence[Hashable], shortest: int = 1) -> list[Repetition]:
    """The repeated parts of a sequence, from left to right, longest first where several begin; they do not overlap.

    A period covers at least `shortest` parts.

    >>> runs("abbbcdcd")
    [Repetition(start=1, period=1, times=3), Repetition(start=4, period=2, times=2)]
    """
    found = []
    start = 0
    while start < len(parts):
        best = max(_runs_at(parts, start, shortest), key=lambda run: run.period * run.times, default=None)
        if best is None:
            start += 1
        else:
            found.append(best)
            start += best.period * best.times
    return found


def _runs_at(parts: Sequence[Hashable], start: int, shortest: int) -> list[Repetition]:
    found = []
    for period in range(shortest, min(LONGEST_PERIOD, (len(parts) - start) // 2) + 1):
        end = start + period
        while end < len(parts) and parts[end] == parts[end - period]:
            end += 1
        times = (end - start) // period
        if times > 1:
            found.append(Repetition(start, period, times))
    return found
