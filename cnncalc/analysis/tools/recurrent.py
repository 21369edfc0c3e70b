"""The cells of a recurrent layer, one for each stacked layer and direction, over all steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.analysis.tools.call import FrameworkCall

CELLS = ("lstm_cell", "gru_cell", "rnn_cell")


class CellWork(NamedTuple):
    """The sums over the steps of one cell: matrix products, both biases, and the units."""

    macs: int
    biases: int
    units: int
    gates: int
    stack: int
    """The number of the stacked layer, counted from 0."""


def cells(call: FrameworkCall) -> Iterator[CellWork]:
    layer, (*before, features) = call.layer, call.inputs[0]
    if call.type in CELLS:  # one step
        products = layer.gates * layer.units * (features + layer.units)
        yield CellWork(products, 2 * layer.gates * layer.units if layer.bias else 0, layer.units, layer.gates, 0)
        return
    (steps,) = before
    gates, units, directions = layer.gates, layer.units, 2 if layer.bidirectional else 1
    for stack in range(layer.layers):
        taken = features if stack == 0 else units * directions
        macs = steps * gates * units * (taken + units)
        for _ in range(directions):
            yield CellWork(macs, 2 * steps * gates * units if layer.bias else 0, steps * units, gates, stack)
