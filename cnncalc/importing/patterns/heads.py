"""Multi-head attention from attention and the dense layers before and after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.draft import DraftLayer
from cnncalc.importing.patterns.draft_graph import DraftGraph
from cnncalc.importing.patterns.views import StridedView, is_move, joined, natural, offsets, view_of

_LEAST_AXES = 3
"""Heads, positions and features."""


def with_projections(graph: DraftGraph) -> None:
    """Write `multi_head_attention` in place of attention between projections to heads and back."""
    for layer in graph.draft.layers:
        shape = layer.stated_shape
        has_heads = shape is not None and len(shape) >= _LEAST_AXES
        if layer.type == "attention" and shape and has_heads and set(layer.arguments) <= {"causal", "fused"}:
            _project(graph, layer, shape)


def _project(graph: DraftGraph, attention: DraftLayer, shape: Shape) -> None:
    """Replace one attention, if dense layers give its heads and take them."""
    output = _output_of(graph, attention, shape)
    views = [view for name in _roles(attention) if (view := view_of(graph, name)) is not None]
    if output is None or len(views) < 3 or not _are_heads(views, shape):
        return
    after = view_of(graph, output.inputs[0])
    dense = list({view.base.name: view.base for view in views}.values())
    moves = {move.name: move for view in (*views, after) if view is not None for move in view.moves}
    parts = [attention, *dense, *moves.values()]
    alike = {(each.arguments.get("bias", True), each.trainable) for each in (output, *dense)}
    inputs = [view.base.inputs[0] for view in views]
    features = graph.shape(inputs[0])
    if len(alike) > 1 or features is None or not _are_apart(graph, parts, output):
        return
    arguments = _arguments(shape, views[0].axes, features[-1], output)
    arguments |= {name: value for name, value in attention.arguments.items() if name == "fused"}
    inputs = _inputs(inputs, attention)
    shapes = [known for name in inputs if (known := graph.shape(name)) is not None]
    free = [name in graph.free for name in inputs]
    if len(shapes) < len(inputs):
        return
    if not graph.gives("multi_head_attention", arguments, shapes, free, output.stated_shape):
        return
    stated = [each.stated_params for each in (output, *dense)]
    output.stated_params = None if None in stated else sum(each or 0 for each in stated)
    graph.replace(output, "multi_head_attention", arguments, inputs, parts)
    _rename(graph, output, parts)


def _roles(attention: DraftLayer) -> list[str]:
    """The names of queries, keys and values."""
    query, *others = attention.inputs[:3]
    return [query, others[0] if others else query, others[-1] if others else query]


def _output_of(graph: DraftGraph, attention: DraftLayer, shape: Shape) -> DraftLayer | None:
    """The dense layer that takes the heads of each position side by side."""
    layer = attention
    while layer is attention or is_move(layer):
        readers = graph.readers[layer.name]
        if len(readers) != 1 or layer.name in graph.fixed:
            return None
        (layer,) = readers
    view = view_of(graph, layer.inputs[0])
    if layer.type != "dense" or not graph.may_change(layer) or view is None or view.base is not attention:
        return None
    *lead, heads, positions, features = natural(shape)
    return layer if view.axes == (*lead, positions, joined([*heads, *features])) else None


def _are_heads(views: Sequence[StridedView], shape: Shape) -> bool:
    """Whether queries, keys and values are heads of dense layers, and use every unit once."""
    used: dict[str, list[int]] = defaultdict(list)
    units: dict[str, int] = {}
    for base, offset, axes, _ in views:
        if base.type != "dense" or len(axes) < _LEAST_AXES or len(base.inputs) != 1:
            return False
        if base.stated_shape is None or len(base.stated_shape) < _LEAST_AXES - 1:
            return False
        *lead, positions, _ = natural(base.stated_shape)
        *own, heads, rows, features = axes
        if own != lead or rows != positions or heads == () != natural(shape)[-3]:
            return False
        units[base.name] = base.stated_shape[-1]
        used[base.name] += [offset + place for place in offsets([heads, features])]
    return all(sorted(used[name]) == list(range(count)) for name, count in units.items())


def _are_apart(graph: DraftGraph, parts: Sequence[DraftLayer], output: DraftLayer) -> bool:
    """Whether nothing else reads the parts, nor shares their weights."""
    inside = {output.name, *(each.name for each in parts)}
    return all(
        each.name not in graph.fixed
        and graph.may_change(each)
        and all(reader.name in inside for reader in graph.readers[each.name])
        for each in parts
    )


def _arguments(shape: Shape, query: Sequence[Any], features: int, output: DraftLayer) -> dict[str, Any]:
    """The fields of the layer; sizes only where they are not the usual ones."""
    heads, _, value = shape[-3:]
    key = len(offsets(query[-1:]))
    arguments: dict[str, Any] = {"heads": heads}
    if key * heads != features:
        arguments["key_dim"] = key
    if value != key:
        arguments["value_dim"] = value
    if output.arguments["units"] != features:
        arguments["output"] = output.arguments["units"]
    if not output.arguments.get("bias", True):
        arguments["bias"] = False
    return arguments


def _inputs(sources: Sequence[str], attention: DraftLayer) -> list[str]:
    """The inputs of the layer: the sources of queries, keys and values, and a mask."""
    query, key, value = sources
    if len(attention.inputs) > 3:
        return [query, key, value, attention.inputs[3]]
    if key != value:
        return [query, key, value]
    return [query] if query == key else [query, key]


def _rename(graph: DraftGraph, layer: DraftLayer, parts: Sequence[DraftLayer]) -> None:
    """Give the layer the name of the module that its parts were in, if nothing else is."""
    scope = layer.scope
    while scope and not all(each.scope[: len(scope)] == scope for each in parts):
        scope = scope[:-1]
    inside = [
        each for each in graph.draft.layers
        if each is not layer and each.name not in graph.gone and each.scope[: len(scope)] == scope
    ]  # fmt: skip
    if scope and not inside:
        graph.rename(layer, scope[:-1], scope[-1])
    else:
        graph.rename(layer, scope, "attention")
