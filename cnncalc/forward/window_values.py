"""The numbers that a picture of a layer's window shows: its input and its output, of the first channel."""

from __future__ import annotations

import numpy as np

from cnncalc.forward.apply import Allowance, GivenWeights, given_weights
from cnncalc.forward.literal import ArrayError, Float64Array
from cnncalc.graph.model import Graph, Node
from cnncalc.number_text import show_shape, thousands

Table = tuple[tuple[float, ...], ...]


def window_values(
    graph: Graph, node: Node, data: Float64Array, weights: Float64Array | dict[str, Float64Array] | None
) -> tuple[Table, Table]:
    """The input and the output of a layer as rows of numbers; a sequence has one row.

    `data` has the shape of the layer's input, or lacks its channel axis if that is 1. Raises ArrayError for another
    shape, weights that do not fit, or a layer with too many outputs.
    """
    layer = node.layer
    if layer is None or node.shape is None or len(node.inputs) != 1:
        raise ArrayError(f"{node.name} does not have one input")
    shape = graph.inputs_of(node)[0]
    if data.size != np.prod(shape) or _without_ones(data.shape) != _without_ones(shape):
        raise ArrayError(
            f"the data must be {show_shape(shape)}, the input of {node.name}; got {show_shape(data.shape)}"
        )
    work = layer.macs(shape, node.shape) + layer.elementwise(shape, node.shape)
    Allowance().spend("work", int(work), f"{node.name} takes {thousands(int(work))} operations")
    given = given_weights(graph, node, GivenWeights(weights))
    output = np.asarray(layer.forward(np, data.reshape(1, *shape), **given))
    if node.activation is not None:
        output = np.asarray(node.activation.forward(np, output))
    return _table(graph, data.reshape(shape)), _table(graph, output[0])


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)


def _table(graph: Graph, array: Float64Array) -> Table:
    """The last one or two spatial axes of the first channel, and of the first slice of a volume."""
    plane = array[..., 0] if graph.setting.layout == "HWC" else array[0]
    while plane.ndim > 2:
        plane = plane[0]
    return tuple(tuple(float(value) for value in row) for row in np.atleast_2d(plane))
