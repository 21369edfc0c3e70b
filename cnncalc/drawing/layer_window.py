"""The picture of a layer's window beside its explanation, where there is one to show."""

from __future__ import annotations

from cnncalc.analysis.explanation import Explanation
from cnncalc.diagnostics import Refusal
from cnncalc.drawing.picture import Picture
from cnncalc.drawing.sliding import grid_steps
from cnncalc.drawing.styles.window import GridValues, draw
from cnncalc.graph.model import Graph, Node

PICTURED = ("convolution", "pooling")
"""The families whose windows are drawn."""


def layer_window(graph: Graph, node: Node, explanation: Explanation) -> Picture | None:
    """The grids alone; None for other families, for layers without windows, and for kernels of one position."""
    if node.layer is None or node.layer.family not in PICTURED:
        return None
    try:
        steps = grid_steps(graph, node)
    except Refusal:
        return None
    if all(max(map(len, axis.windows)) < 2 and len(axis.windows) == axis.size for axis in steps.axes):
        return None
    return draw(explanation, steps, GridValues(), animate=False, compact=True)
