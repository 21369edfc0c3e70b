"""Parameters and multiply-accumulates of a graph of aten operators, from the sizes that PyTorch states alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from cnncalc.importing.aten.graph import AtenGraph, AtenNode, AtenRef
from cnncalc.importing.aten.places import needed, references

Dims = tuple[int, ...]


def used_parameters(graph: AtenGraph) -> int:
    """The elements of the learned arrays that a needed call has among its arguments, each once."""
    used = {each.name for node in needed(graph) for each in references((node.arguments, list(node.keywords.values())))}
    return sum({a.name: a.elements for key, a in graph.arrays.items() if a.learned and key in used}.values())


def multiply_accumulates(graph: AtenGraph) -> int:
    """Those of convolutions and matrix products for one sample: products over the sizes, by each operator's definition.

    What is computed from learned arrays alone counts once, unless it is computed for every sample; what is computed
    from fixed numbers alone does not count.
    """
    dims = _dims(graph)
    live = {each.name for each in graph.inputs} | {name for name, each in graph.arrays.items() if each.learned}
    total = 0
    for node in needed(graph):
        if not live & {each.name for each in references((node.arguments, list(node.keywords.values())))}:
            continue
        live.add(node.name)
        macs = _macs(node, dims)
        sizes = node.outputs[0] if node.outputs else None
        total += macs // graph.batch if sizes and any(size and size % graph.batch == 0 for size in sizes) else macs
    return total


def _dims(graph: AtenGraph) -> dict[str, Any]:
    found: dict[str, Any] = {name: each.dims for name, each in graph.arrays.items()}
    found.update(dict(graph.inputs))
    for node in graph.nodes:
        found[node.name] = node.outputs[0] if len(node.outputs) == 1 else node.outputs
    return found


def _macs(node: AtenNode, dims: Mapping[str, Any]) -> int:
    y = node.outputs[0] if node.outputs else None
    if y is None:
        return 0
    word = node.operator.removeprefix("aten.")
    given = [dims[each.name] if isinstance(each, AtenRef) else each for each in node.arguments]
    if word in ("conv1d", "conv2d", "conv3d"):
        return prod(y) * prod(given[1][1:])
    if word.startswith("conv_transpose"):
        return prod(given[0]) * prod(given[1][1:])
    if word in ("linear", "matmul", "mm", "bmm"):
        return int(prod(y) * (given[1] if word == "linear" else given[0])[-1])
    if word in ("addmm", "baddbmm"):
        return int(prod(y) * given[1][-1])
    if word == "scaled_dot_product_attention":
        return int(prod(given[0][:-1]) * given[1][-2] * (given[0][-1] + given[2][-1]))
    if word in ("lstm", "gru"):
        matrices = [dims[each.name] for each in node.arguments[2] if len(dims[each.name]) == 2]
        return int(prod(given[0][:-1]) * sum(map(prod, matrices)))
    return _einsum(node.arguments[0], [dims[each.name] for each in node.arguments[1]]) if word == "einsum" else 0


def _einsum(equation: str, operands: Sequence[Dims]) -> int:
    """One for each combination of the letters and each operand after the first, if an axis is summed."""
    left, _, made = equation.replace(" ", "").partition("->")
    sizes: dict[str, int] = {}
    hidden = "0123456789"
    for term, shape in zip(left.split(","), operands, strict=True):
        count = len(shape) - len(term.replace("...", ""))
        for letter, size in zip(term.replace("...", hidden[:count]), shape, strict=True):
            sizes[letter] = max(size, sizes.get(letter, 1))
    is_summed = set(sizes) - set(made.replace("...", hidden))
    return prod(sizes.values()) * (len(operands) - 1) if is_summed else 0
