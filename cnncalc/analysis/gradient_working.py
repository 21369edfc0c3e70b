"""The working of a layer's backward pass: the multiply–accumulates for each gradient, with their formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cnncalc.analysis.backward_work import BackwardWork, Gradients, work_of
from cnncalc.analysis.derivation import Derivation, derive, derive_collected
from cnncalc.analysis.explain import LayerContext
from cnncalc.analysis.explanation import Explanation, NamedNumbers
from cnncalc.analysis.legend import legend, with_symbols
from cnncalc.analysis.tools.call import FrameworkCall
from cnncalc.analysis.tools.calls import calls_of
from cnncalc.analysis.trace import trace
from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.algebra import Formula
from cnncalc.graph.model import Graph, Node

_UNTRAINED_BEFORE = "since no gradient of the input is needed"
_UNTRAINED = "since no weights of the layer are trained"


def with_gradients(graph: Graph, node: Node, explanation: Explanation, needs: Gradients, batch: int) -> Explanation:
    """The explanation of a node's layer with the work of its backward pass, for `batch` samples."""
    layer, calls = node.layer, calls_of(graph, node)
    assert layer is not None
    times = LayerContext(samples=node.samples, batch=batch).times
    plain = work_of(calls, needs, node, int(times))
    if not plain.macs:
        return explanation
    if calls[0].layer is layer:
        traced = trace(layer, graph.inputs_of(node))
        call = calls[0]._replace(layer=traced.layer, inputs=traced.inputs, output=traced.output)
        work = work_of([call], needs, node, times)
        found = [_derived(work.inputs, plain.inputs), _derived(work.weights, plain.weights)]
        names = with_symbols(explanation.names, legend(layer, traced, [each.formula for each in found]))
    else:
        parts = _parts(calls, needs, node, int(times))
        found = [_summed((name, work.inputs) for name, work in parts)]
        found += [_summed((name, work.weights) for name, work in parts)]
        names = explanation.names
    return explanation._replace(names=names, backward=tuple(_entries(*found)))


def _derived(traced: int, value: int) -> Derivation:
    """The derivation of a traced number; only its value if the rules lose the formula."""
    found = derive_collected(algebra.formula(traced))
    return found if value and found.value == value else derive(algebra.number(value))


def _parts(calls: list[FrameworkCall], needs: Gradients, node: Node, times: int) -> list[tuple[str, BackwardWork]]:
    """The work of each of a block's calls, by its type; those after trained weights have a gradient of their input."""
    found = []
    for call in calls:
        found.append((call.type, work_of([call], needs, node, times)))
        passes = (node.trainable and bool(call.weights)) or any(needs.inputs)
        needs = Gradients(own=True, inputs=(passes,))
    return found


def _summed(terms: Iterable[tuple[str, int]]) -> Derivation:
    """The derivation of a sum of earlier results with their names."""
    figures = [Formula("figure", value, symbol=name.replace("_", " ")) for name, value in terms if value]
    return derive(algebra.total(figures) if figures else algebra.number(0))


def _entries(inputs: Derivation, weights: Derivation) -> Iterator[NamedNumbers]:
    """The work for the inputs, for the weights, and their sum if both have a gradient."""
    yield NamedNumbers("input", inputs, "" if inputs.value else _UNTRAINED_BEFORE)
    yield NamedNumbers("weights", weights, "" if weights.value else _UNTRAINED)
    if inputs.value and weights.value:
        yield NamedNumbers("total", _summed([("input", inputs.value), ("weights", weights.value)]), "")
