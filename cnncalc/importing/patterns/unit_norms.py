"""Vectors of length 1 that a file states as a norm, its least value, and a division."""

from __future__ import annotations

from typing import Any

from cnncalc.importing.draft import DraftLayer
from cnncalc.importing.patterns.draft_graph import DraftGraph

_USUAL_EPSILON = 1e-12


def with_unit_norms(graph: DraftGraph) -> None:
    """Write `unit_norm` in place of a value divided by its norm along an axis."""
    for layer in graph.draft.layers:
        if layer.type == "divide" and len(layer.inputs) == 2 and graph.may_change(layer):
            _normalize(graph, layer)


def _normalize(graph: DraftGraph, layer: DraftLayer) -> None:
    value, divisor = layer.inputs
    parts = [part] if (part := graph.alone(divisor, "expand")) is not None else []
    least = graph.alone(part.inputs[0] if part is not None else divisor, "clip")
    norm = graph.alone(least.inputs[0], "reduce_l2") if least is not None else None
    if least is None or norm is None or set(least.arguments) != {"low"}:
        return
    axis, epsilon = norm.arguments.get("axis"), least.arguments["low"]
    if axis is None or not norm.arguments.get("keep") or norm.inputs != (value,):
        return
    if layer.stated_shape is None or layer.stated_shape != graph.shape(value):
        return
    arguments: dict[str, Any] = {"axis": axis}
    if epsilon != _USUAL_EPSILON:
        arguments["epsilon"] = epsilon
    graph.replace(layer, "unit_norm", arguments, [value], [*parts, least, norm])
    graph.rename(layer, layer.scope, "unit_norm")
