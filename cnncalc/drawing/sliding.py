"""A layer's windows along one axis, as positions on two grids: the grid on which the window moves, and the other one.

For a convolution or a pool, the window moves on the input, one step for each output. For a transposed convolution, it
moves on the output, one step for each input.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.arithmetic.taps import AxisTaps
from cnncalc.diagnostics import Refusal
from cnncalc.graph.model import Graph, Node
from cnncalc.layers.window_layer import WindowLayer

MOST_STEPS = 4096
"""The largest number of steps along an axis that a picture shows."""


class AxisSteps(NamedTuple):
    """The windows along one axis."""

    size: int
    """The size of the axis on which the windows move."""
    windows: tuple[tuple[int, ...], ...]
    """For each step the positions of its window, in order; those below 0 or from `size` on are padding."""
    low: int
    high: int
    """The positions of the whole grid with its padding, `high` exclusive."""

    @property
    def unused(self) -> list[int]:
        """The positions that no window contains."""
        used = {position for window in self.windows for position in window}
        return [position for position in range(self.size) if position not in used]


class GridSteps(NamedTuple):
    """The windows of a layer along the axes that a picture shows: one, or two."""

    axes: tuple[AxisSteps, ...]
    on_input: bool
    """Whether the windows move on the input."""


def grid_steps(graph: Graph, node: Node) -> GridSteps:
    """The windows of a layer along its last one or two spatial axes. Raises Refusal for a layer without windows."""
    layer = node.layer
    shape = graph.inputs_of(node)[0]
    reach = None if layer is None else layer.reach(shape)
    if layer is None or not isinstance(reach, tuple) or not reach:
        kind = "an input" if layer is None else f"a {layer.type} layer"
        raise Refusal(f"{node.name} is {kind}, which has no window", hint="choose a convolution or a pool", field="")
    inputs, outputs = layer.spatial(shape)[-2:], layer.spatial(node.shape or ())[-2:]
    on_input = not isinstance(layer, WindowLayer) or layer.slides_over_input or layer.data_decides
    if max(*inputs, *outputs) > MOST_STEPS:
        raise Refusal(
            f"{node.name} has more than {MOST_STEPS} positions along an axis", hint="use a smaller --input", field=""
        )
    padded = [(0, 0)] * len(inputs)
    if isinstance(layer, WindowLayer) and on_input:
        padded = [(window.before, window.after) for window in layer.windows(shape)[-2:]]
    sizes = zip(inputs, outputs, strict=True)
    axes = tuple(
        _gathered(taps, size, outs, sides) if on_input else _scattered(taps, size, outs)
        for taps, sides, (size, outs) in zip(reach[-2:], padded, sizes, strict=True)
    )
    return GridSteps(axes, on_input)


def _gathered(taps: AxisTaps, inputs: int, outputs: int, padding: tuple[int, int]) -> AxisSteps:
    """One window of inputs for each output; the grid contains the padding even where no window reaches it."""
    found = _steps(inputs, tuple(tuple(taps.of(output)) for output in range(outputs)))
    before, after = padding
    return found._replace(low=min(found.low, -before), high=max(found.high, inputs + after))


def _scattered(taps: AxisTaps, inputs: int, outputs: int) -> AxisSteps:
    """One window of outputs for each input, with the outputs that are cut off."""
    windows: list[list[int]] = [[] for _ in range(inputs)]
    cut = len(taps.cells) * (1 + max((abs(edge) for cell in taps.cells for edge in (cell.start, cell.stop)), default=0))
    for output in range(-cut, outputs + cut):
        for place in taps.of(output):
            if 0 <= place < inputs:
                windows[place].append(output)
    return _steps(outputs, tuple(map(tuple, windows)))


def _steps(size: int, windows: tuple[tuple[int, ...], ...]) -> AxisSteps:
    positions = [position for window in windows for position in (window[:1] + window[-1:])]
    return AxisSteps(size, windows, min([0, *positions]), max([size - 1, *positions]) + 1)
