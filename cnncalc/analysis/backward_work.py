"""The multiply–accumulates of the backward pass: for the gradients of a layer's inputs and of its weights.

A layer that multiplies its input by weights spends its own number of MACs once for the gradient of the input and once
for that of the weights. The gradient of the input is not computed if no trainable weight comes before it, that of the
weights not if they are frozen. A product of two activations has a gradient for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from cnncalc.analysis.cost.storages import storages
from cnncalc.analysis.explain import Explanation
from cnncalc.analysis.tools.attention import projections
from cnncalc.analysis.tools.call import FrameworkCall
from cnncalc.analysis.tools.calls import calls_of
from cnncalc.analysis.tools.recurrent import cells
from cnncalc.graph.model import Graph
from cnncalc.number_text import thousands


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

    @property
    def sentence(self) -> str:
        """The work in words; empty for none."""
        inputs, weights, total = map(thousands, (self.inputs, self.weights, self.macs))
        begin = "Per sample, the backward pass takes"
        if not self.macs:
            return ""
        if not self.inputs:
            return f"{begin} {weights} MACs for the gradient of the weights. The input needs no gradient."
        if not self.weights:
            return f"{begin} {inputs} MACs for the gradient of the input. No weights are trained."
        gradients = f"{inputs} for the gradient of the input, {weights} for that of the weights"
        return f"{begin} {inputs} + {weights} = {total} MACs: {gradients}."


NO_WORK = BackwardWork(0, 0)


def backward_work(graph: Graph) -> dict[str, BackwardWork]:
    """The work of each layer's backward pass by the layer's name, for one sample."""
    needs = [node.needs_gradient for node in storages(graph, batch=1, item_bytes=4).nodes]
    found = {}
    for index, node in enumerate(graph.nodes):
        if node.layer is None:
            continue
        total, given = NO_WORK, [needs[source] for source in node.inputs]
        if needs[index]:
            for call in calls_of(graph, node):
                work = _work(call, sum(given), trains=node.trainable)
                total += BackwardWork(work.inputs * node.samples, work.weights * node.samples)
                given = [(node.trainable and bool(call.weights)) or any(given)]
        found[node.name] = total
    return found


def with_work(explanation: Explanation, work: BackwardWork) -> Explanation:
    """The explanation of a layer with a remark on the work of its backward pass."""
    return explanation._replace(remarks=(*explanation.remarks, *filter(None, [work.sentence])))


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


def _attention(call: FrameworkCall, needed: int, trains: bool) -> BackwardWork:
    """Both products have two gradients each; the output's projection follows trainable ones."""
    projected = projections(call)
    after = call.layer.weights(*call.inputs, call.output)
    last = sum(each.unshared_size for each in after if each.name == "output_kernel")
    passes = bool(needed) or trains
    inputs = (2 * (call.macs - projected) + last) if passes else 0
    return BackwardWork(inputs + (projected - last if needed else 0), projected if trains else 0)


def _recurrent(call: FrameworkCall, needed: int, trains: bool) -> BackwardWork:
    """The state has a gradient at every step but the first, whose state is constant."""
    steps, inputs, weights = call.inputs[0][0], 0, 0
    for cell in cells(call):
        recurrent = cell.units * cell.gates * (cell.units // steps)
        inputs += recurrent // steps * (steps - 1)
        inputs += cell.macs - recurrent if needed or (trains and cell.stack) else 0
        weights += cell.macs if trains else 0
    return BackwardWork(inputs, weights)


_RULES: Mapping[str, Callable[[FrameworkCall, int, bool], BackwardWork]] = {
    "multi_head_attention": _attention,
    "attention": lambda call, needed, trains: BackwardWork(2 * call.macs if needed else 0, 0),
    **dict.fromkeys(("lstm", "gru", "rnn"), _recurrent),
}
