"""The multiply–accumulates of the backward pass: for the gradients of a layer's inputs and of its weights.

A layer that multiplies its input by weights spends its own number of MACs once for the gradient of the input and once
for that of the weights. The gradient of the input is not computed if no trainable weight comes before it, that of the
weights not if they are frozen. A product of two activations has a gradient for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from cnncalc.analysis.cost.storages import storages
from cnncalc.analysis.tools.attention import projections
from cnncalc.analysis.tools.call import FrameworkCall
from cnncalc.analysis.tools.calls import calls_of
from cnncalc.analysis.tools.recurrent import cells
from cnncalc.arithmetic.term import Term
from cnncalc.graph.model import Graph, Node


class BackwardWork(NamedTuple):
    """The MACs of a layer's backward pass, for one sample."""

    inputs: int
    """For the gradients of the inputs, those between the parts of a block included."""
    weights: int

    def __add__(self, other: object) -> BackwardWork:
        assert isinstance(other, BackwardWork)
        return BackwardWork(self.inputs + other.inputs, self.weights + other.weights)

    @property
    def macs(self) -> int:
        return self.inputs + self.weights


NO_WORK = BackwardWork(0, 0)


class Gradients(NamedTuple):
    """The gradients that training computes at a node."""

    own: bool
    """Whether the output has a gradient."""
    inputs: tuple[bool, ...]


def gradients(graph: Graph) -> dict[str, Gradients]:
    """The gradients at each layer, by its name."""
    needs = [node.needs_gradient for node in storages(graph, batch=1, item_bytes=4).nodes]
    return {
        node.name: Gradients(needs[index], tuple(needs[source] for source in node.inputs))
        for index, node in enumerate(graph.nodes)
        if node.layer is not None
    }


def backward_work(graph: Graph) -> dict[str, BackwardWork]:
    """The work of each layer's backward pass by the layer's name, for one sample."""
    needs = gradients(graph)
    return {
        node.name: work_of(calls_of(graph, node), needs[node.name], node, node.samples)
        for node in graph.nodes
        if node.layer is not None
    }


def work_of(calls: Iterable[FrameworkCall], needs: Gradients, node: Node, samples: int) -> BackwardWork:
    """The work of a layer's backward pass, given its calls; with traced numbers, the formulas."""
    total, given = NO_WORK, list(needs.inputs)
    for call in calls if needs.own else ():
        work = _work(call, sum(given), trains=node.trainable)
        total += BackwardWork(work.inputs * samples, work.weights * samples)
        given = [(node.trainable and bool(call.weights)) or any(given)]
    return total


def _work(call: FrameworkCall, needed: int, *, trains: bool) -> BackwardWork:
    """The work of one call, of whose inputs `needed` need a gradient."""
    if not call.macs:
        return NO_WORK
    rule = _RULES.get(call.type)
    if rule is not None:
        return rule(call, needed, trains)
    if not call.weights:
        return BackwardWork(call.macs * needed, 0)
    return BackwardWork(call.macs if needed else 0, call.macs if trains else 0)


def _named(call: FrameworkCall, value: int, symbol: str) -> int:
    """The number as a symbol if the call is traced."""
    return Term.leaf(value, symbol) if isinstance(call.macs, Term) else value


def _attention(call: FrameworkCall, needed: int, trains: bool) -> BackwardWork:
    """Both products have two gradients each; the output's projection follows trainable ones."""
    after = call.layer.weights(*call.inputs, call.output)
    last_one = int(sum(each.unshared_size for each in after if each.name == "output_kernel"))
    last = _named(call, last_one, "last")
    first = _named(call, int(projections(call)) - last_one, "first")
    products = _named(call, int(call.macs) - int(projections(call)), "products")
    inputs = 2 * products + last if needed or trains else 0
    return BackwardWork(inputs + first if needed else inputs, first + last if trains else 0)


def _recurrent(call: FrameworkCall, needed: int, trains: bool) -> BackwardWork:
    """The state has a gradient at every step but the first, whose state is constant."""
    steps, inputs, weights = call.inputs[0][0], 0, 0
    for cell in cells(call):
        step = int(cell.units * cell.gates * (cell.units // steps)) // int(steps)
        inputs += _named(call, step, "recurrent") * (steps - 1)
        taken = int(cell.macs) - step * int(steps)
        inputs += (taken if cell.stack else _named(call, taken, "forward")) if needed or (trains and cell.stack) else 0
        weights += cell.macs if trains else 0
    return BackwardWork(inputs, weights)


_RULES: Mapping[str, Callable[[FrameworkCall, int, bool], BackwardWork]] = {
    "multi_head_attention": _attention,
    "attention": lambda call, needed, trains: BackwardWork(2 * call.macs if needed else 0, 0),
    **dict.fromkeys(("lstm", "gru", "rnn"), _recurrent),
}
