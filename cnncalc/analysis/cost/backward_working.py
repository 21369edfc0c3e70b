"""The working of what a layer keeps for its backward pass: each tensor with its formula."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.analysis.cost.storages import is_assumed
from cnncalc.analysis.derivation import derive
from cnncalc.analysis.explanation import Explanation, NamedNumbers
from cnncalc.analysis.legend import legend, with_symbols
from cnncalc.analysis.trace import LayerTrace, trace
from cnncalc.arithmetic import algebra
from cnncalc.graph.model import Graph, Node
from cnncalc.layers.keeping import Keeps
from cnncalc.number_text import thousands


def with_backward(graph: Graph, node: Node, explanation: Explanation, batch: int = 1) -> Explanation:
    """The explanation of a node's layer, with what its backward pass keeps, and the symbols of these formulas."""
    layer = node.layer
    assert layer is not None
    traced = trace(layer, graph.inputs_of(node))
    keeps = traced.layer.kept(*traced.inputs, traced.output)
    kept = [*_kept(node, traced, keeps)]
    if node.activation is not None:
        after = node.activation.kept(traced.output, traced.output)
        kept += _kept_by_activation(node, traced, after, output=keeps.output)
    names = with_symbols(explanation.names, legend(layer, traced, [each.numbers.formula for each in kept]))
    remarks = ["Nothing is kept for the backward pass."] if not kept else []
    remarks += ["The numbers that the backward pass keeps are for one sample."] * (bool(kept) and batch > 1)
    remarks += ["The layer does not declare what it keeps: its inputs and output are assumed."] * is_assumed(layer)
    return explanation._replace(kept=tuple(kept), names=names, remarks=(*explanation.remarks, *remarks))


def _kept(node: Node, traced: LayerTrace, keeps: Keeps) -> Iterator[NamedNumbers]:
    """The inputs, the output and the arrays of the layer itself."""
    several = len(traced.inputs) > 1
    chosen = keeps.inputs if isinstance(keeps.inputs, tuple) else range(len(traced.inputs) if keeps.inputs else 0)
    if (keeps.inputs == "trained" or keeps.needs_training) and not node.trainable:
        chosen = ()
    for place in chosen:
        if place < len(traced.inputs):
            yield _numbers(f"input {place + 1}" if several else "input", prod(traced.inputs[place]))
    if keeps.output:
        yield _numbers("output", prod(traced.output))
    yield from _arrays(keeps)


def _kept_by_activation(node: Node, traced: LayerTrace, keeps: Keeps, *, output: bool) -> Iterator[NamedNumbers]:
    """The tensors that the activation in the layer's item keeps, without an output that the layer keeps as well."""
    assert node.activation is not None
    if keeps.inputs and not output:
        yield _numbers(f"input of {node.activation.type}", prod(traced.output))
    if keeps.output:
        yield _numbers(f"output of {node.activation.type}", prod(traced.output))
    yield from _arrays(keeps)


def _arrays(keeps: Keeps) -> Iterator[NamedNumbers]:
    for array in keeps.arrays:
        parts = (f"of {thousands(array.item_bytes)} bytes each" if array.item_bytes else "",
                 "once for the batch" if array.shared else "")  # fmt: skip
        yield _numbers(array.name, array.elements, ", ".join(filter(None, parts)))


def _numbers(name: str, count: int, remark: str = "") -> NamedNumbers:
    return NamedNumbers(name, derive(algebra.formula(count)), remark)
