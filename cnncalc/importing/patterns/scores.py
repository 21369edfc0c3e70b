"""Attention from its products: queries with keys, a softmax, and the weights with values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import isclose, sqrt
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.draft import DraftLayer
from cnncalc.importing.patterns.draft_graph import DraftGraph
from cnncalc.importing.tensors.arithmetic import broadcast, plain
from cnncalc.importing.tensors.tensor import NotSaid

_MOST_MASKS = 2
_OF_VALUES = re.compile(r"(\w*)(\w)(\w),\1\3(\w)->\1\2\4")
"""The equation of a product of weights with values."""
_OF_KEYS = re.compile(r"(\w*)(\w)(\w),\1(\w)\3->\1\2\4")
"""The equation of a product of queries with keys as rows."""


def with_attention(graph: DraftGraph) -> None:
    """Write `attention` in place of every product of a softmax of a product."""
    for layer in graph.draft.layers:
        if _is_product(layer, _OF_VALUES) and graph.may_change(layer):
            found = _scores_of(graph, layer)
            if found is not None:
                _replaced(graph, layer, found)


def _is_product(layer: DraftLayer, equation: re.Pattern[str]) -> bool:
    """Whether a layer multiplies matrices, or sums over an axis as an equation does."""
    if len(layer.inputs) != 2:
        return False
    return layer.type == "matmul" or (
        layer.type == "einsum" and equation.fullmatch(layer.arguments["equation"]) is not None
    )


@dataclass
class Scores:
    """The scores that a softmax reads: queries, keys, what is added, and a scale of the product."""

    parts: list[DraftLayer]
    query: str = ""
    key: str = ""
    swapped: DraftLayer | None = None
    """A layer that moves the keys into columns, among other axes."""
    masks: list[str] = field(default_factory=list)
    sums: list[DraftLayer] = field(default_factory=list)
    scale: float = 1.0
    product: DraftLayer | None = None
    """The product of the scores with a factor, which may be learned for each head."""
    factor: str = ""


def _scores_of(graph: DraftGraph, layer: DraftLayer) -> Scores | None:
    """The scores whose softmax is the first operand of a product; None for another product."""
    softmax = graph.alone(layer.inputs[0], "softmax")
    if softmax is None or softmax.stated_shape is None or softmax.arguments != {"axis": len(softmax.stated_shape)}:
        return None
    found = Scores([softmax])
    product = _without_masks(graph, softmax.inputs[0], found)
    if product is None:
        return None
    found.query = _without_scale(graph, product.inputs[0], found)
    found.key = _without_scale(graph, product.inputs[1], found)
    return found if product.type == "einsum" or _swap_keys(graph, found) else None


def _without_masks(graph: DraftGraph, name: str, found: Scores) -> DraftLayer | None:
    """The product below scales and sums with masks. A scale after a sum is a scale of the mask too."""
    while True:
        name = _without_scale(graph, name, found)
        layer = graph.alone(name, "matmul", "einsum", "add", "multiply")
        if layer is None or len(layer.inputs) != 2:
            return None
        if layer.type == "multiply":
            if found.product is not None:
                return None
            name, found.factor = layer.inputs if _is_score(graph, layer.inputs[0]) else layer.inputs[::-1]
            found.product = layer
            continue
        found.parts.append(layer)
        if layer.type != "add":
            return layer if _is_product(layer, _OF_KEYS) else None
        if found.scale != 1 or found.product is not None:
            return None
        name, mask = layer.inputs if _is_score(graph, layer.inputs[0]) else layer.inputs[::-1]
        found.masks.append(mask)
        found.sums.append(layer)


def _is_score(graph: DraftGraph, name: str) -> bool:
    layer = graph.alone(name, "matmul", "einsum", "add", "rescaling", "multiply")
    if layer is not None and layer.type == "multiply":
        return any(graph.alone(each, "matmul", "einsum") for each in layer.inputs)
    return layer is not None


def _without_scale(graph: DraftGraph, name: str, found: Scores) -> str:
    """A value below its products with numbers, which are scales of the scores."""
    while (layer := graph.alone(name, "rescaling")) is not None and set(layer.arguments) == {"scale"}:
        found.scale *= layer.arguments["scale"]
        found.parts.append(layer)
        name = layer.inputs[0]
    return name


def _swap_keys(graph: DraftGraph, found: Scores) -> bool:
    """Take keys as rows where they are columns; whether a layer moves them there."""
    layer = graph.alone(found.key, "permute")
    if layer is None:
        return False
    order = list(layer.arguments["order"])
    order[-2:] = order[:-3:-1]
    if order == sorted(order):
        found.parts.append(layer)
        found.key = _without_scale(graph, layer.inputs[0], found)
    else:
        found.swapped = layer
    return True


def _replaced(graph: DraftGraph, layer: DraftLayer, found: Scores) -> None:
    """Write `attention` in place of a product and its parts, if it gives the same shape."""
    names = [found.query, found.key, layer.inputs[1]]
    query, key, value = (graph.shape(name) for name in names)
    mask = _mask_shape(graph, found)
    if query is None or key is None or value is None or mask is None:
        return
    if found.swapped is not None:
        key = (*key[:-2], key[-1], key[-2])
    arguments: dict[str, Any] = {}
    if not isclose(found.scale, 1 / sqrt(query[-1]), rel_tol=1e-5):
        arguments["scale"] = plain(found.scale)
    if graph.draft.convention == "pytorch" and not found.masks:
        arguments["fused"] = False
    is_free = [name in graph.free for name in names] + [all(each in graph.free for each in found.masks)]
    shapes = [query, key, value, *([mask] if found.masks else [])]
    is_even = query[:-2] == key[:-2] == value[:-2] and _takes_factor(graph, found, query)
    if not is_even or not graph.gives("attention", arguments, shapes, is_free, layer.stated_shape):
        return
    if found.swapped is not None:
        order = found.swapped.arguments["order"]
        found.swapped.arguments = {"order": [*order[:-2], order[-1], order[-2]]}
        found.swapped.stated_shape = key
    if found.product is not None:
        graph.replace(found.product, "multiply", {}, [found.query, found.factor], [])
        found.product.stated_shape = query
        names[0] = found.product.name
    inputs = names + _mask(found, mask)
    if len(set(inputs)) == 1:
        inputs = inputs[:1]
    elif len(inputs) == 3 and inputs[1] == inputs[2]:
        inputs = inputs[:2]
    graph.replace(layer, "attention", arguments, inputs, found.parts)
    graph.rename(layer, layer.scope, "attention")


def _takes_factor(graph: DraftGraph, found: Scores, query: Shape) -> bool:
    """Whether the factor of the scores, if there is one, may be a factor of the queries: it is equal for all keys."""
    factor = graph.shape(found.factor) if found.factor else (1,)
    return factor is not None and factor[-1:] == (1,) and _broadcast(query, factor) == query


def _mask_shape(graph: DraftGraph, found: Scores) -> Shape | None:
    """The shape of what is added to the scores, none of it for no mask; None where it is not known."""
    shapes = [graph.shape(name) for name in found.masks]
    known = [each for each in shapes if each is not None]
    if len(known) < len(shapes) or len(known) > _MOST_MASKS:
        return None
    return _broadcast(*known) if known else ()


def _broadcast(*shapes: Shape) -> Shape | None:
    try:
        return broadcast(shapes)
    except NotSaid:
        return None


def _mask(found: Scores, shape: Shape) -> list[str]:
    """The mask; of two, their sum."""
    if len(found.masks) < _MOST_MASKS:
        return found.masks
    total = found.sums[0]
    found.parts.remove(total)
    total.inputs, total.stated_shape = tuple(found.masks[::-1]), shape
    return [total.name]
