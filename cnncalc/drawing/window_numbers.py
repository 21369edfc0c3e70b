"""The numbers in the cells of a layer's window: of its input, and of the output that the forward pass computes."""

from __future__ import annotations

from typing import Any

from cnncalc.diagnostics import Refusal
from cnncalc.drawing.styles.window import GridValues
from cnncalc.graph.model import Graph, Node


def window_numbers(graph: Graph, node: Node, data: Any, weights: Any = None) -> GridValues:
    """The numbers for the first channel; `data` and `weights` are texts as for `cnncalc apply`, lists or arrays.

    Raises Refusal for arrays that do not fit.
    """
    from cnncalc.forward.literal import ArrayError, arrays_of
    from cnncalc.forward.window_values import window_values

    try:
        array = arrays_of(data)
        if isinstance(array, dict):
            raise ArrayError("the data must be one array such as [[1, 0], [4, 6]], not a mapping of names to arrays")
        return GridValues(*window_values(graph, node, array, None if weights is None else arrays_of(weights)))
    except ArrayError as error:
        raise Refusal(str(error), field="") from None
