"""Cyclic shifts that a file states as two slices that change places."""

from __future__ import annotations

from cnncalc.importing.draft import DraftLayer
from cnncalc.importing.patterns.draft_graph import DraftGraph


def with_rolls(graph: DraftGraph) -> None:
    """Write `roll` in place of the end of an axis joined before its beginning."""
    for layer in graph.draft.layers:
        if layer.type == "concat" and len(layer.inputs) == 2 and graph.may_change(layer):
            _roll(graph, layer)


def _roll(graph: DraftGraph, layer: DraftLayer) -> None:
    parts = [part for name in layer.inputs if (part := graph.alone(name, "slice")) is not None]
    axis = layer.arguments.get("axis", 1)
    if (
        len(parts) < 2
        or parts[0].inputs != parts[1].inputs
        or any(part.arguments.get("axis") != axis for part in parts)
    ):
        return
    (source,) = parts[0].inputs
    shape = graph.shape(source)
    (start, end), (first, stop) = ((part.arguments["start"], part.arguments["stop"]) for part in parts)
    is_whole = shape is not None and first == 0 and start == stop and end == shape[axis - 1]
    if not is_whole or any("step" in part.arguments for part in parts) or layer.stated_shape != shape:
        return
    shift = -start if start <= end // 2 else end - start
    graph.replace(layer, "roll", {"shift": shift, "axis": axis}, [source], parts)
    graph.rename(layer, layer.scope, "roll")
    before = graph.alone(source, "roll")
    if before is not None and isinstance(before.arguments["axis"], int) and before.arguments["axis"] != axis:
        arguments = {key: [before.arguments[key], layer.arguments[key]] for key in ("shift", "axis")}
        graph.replace(layer, "roll", arguments, before.inputs, [before])
    _skip_no_shift(graph, layer)


def _skip_no_shift(graph: DraftGraph, layer: DraftLayer) -> None:
    """Remove the shift by 0 before a roll: a value joined with a slice of it that has no elements."""
    joined = graph.alone(layer.inputs[0], "concat")
    cut = graph.alone(joined.inputs[-1], "slice") if joined is not None else None
    if joined is None or cut is None or cut.arguments["start"] != cut.arguments["stop"]:
        return
    if joined.inputs == (*cut.inputs, cut.name) and joined.stated_shape == graph.shape(cut.inputs[0]):
        graph.replace(layer, "roll", layer.arguments, cut.inputs, [joined, cut])
