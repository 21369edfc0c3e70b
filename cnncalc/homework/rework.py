"""Recomputation of a model with a change: a mistake in its layers, or wrong intermediate outputs.

Later values are computed from a wrong output by the layers' own rules, as by a student who continues correctly.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import NamedTuple, Protocol

from cnncalc.analysis.figures import in_common
from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.graph.model import Graph, Node
from cnncalc.homework.formulas import LayerFormulas, formulas
from cnncalc.layers.base import Layer
from cnncalc.layers.counts import count


class Miscalculation(Protocol):
    """A mistake: it returns a wrong copy of a layer's formulas, or None if the mistake cannot be made."""

    def __call__(self, own: LayerFormulas, /) -> LayerFormulas | None: ...


class Figures(NamedTuple):
    """A node's metrics, for one sample; `wrong` are the formulas of a mistake that they were computed from."""

    output: Shape
    params: int = 0
    unshared_params: int = 0
    macs: int = 0
    flops: int = 0
    elements: int = 0
    wrong: LayerFormulas | None = None


class Exhausted(Exception):  # noqa: N818 - not an internal error: it ends a search that would take too long
    """Raised if the budget of a call is used up."""


class Workings:
    """A cache of computed layers with a budget: equal layers with equal inputs are computed once.

    Callers create one per call. The keys consist of a layer, its inputs, the mistake, and the attributes of its node
    that affect a metric; layers and mistakes are immutable, so no entry can be wrong.
    """

    MOST = 280_000
    _COMPUTING = 20
    """The cost of computing a layer, relative to a lookup; the budget is about a second."""

    def __init__(self, most: int | None = MOST) -> None:
        self._left = most
        self._formulas: dict[tuple[Layer, tuple[Shape, ...]], LayerFormulas] = {}
        self._wrong: dict[tuple[Miscalculation, Layer, tuple[Shape, ...]], LayerFormulas | None] = {}
        self._figures: dict[tuple[object, ...], Figures | None] = {}

    def formulas(self, layer: Layer, inputs: tuple[Shape, ...]) -> LayerFormulas:
        """The formulas of a layer. Raises Refusal and Exhausted."""
        key = (layer, inputs)
        if key not in self._formulas:
            self._spend(self._COMPUTING)
            self._formulas[key] = formulas(layer, inputs)
        return self._formulas[key]

    def wrong(self, layer: Layer, inputs: tuple[Shape, ...], change: Miscalculation) -> LayerFormulas | None:
        """The formulas of a layer with a mistake; None if it cannot be made. Raises Exhausted."""
        key = (change, layer, inputs)
        if key not in self._wrong:
            concerns = getattr(change, "concerns", None)  # without it, the mistake itself decides
            try:
                able = concerns is None or concerns(layer)
                self._wrong[key] = change(self.formulas(layer, inputs)) if able else None
            except Refusal:
                self._wrong[key] = None
            self._spend(1 if self._wrong[key] is None else self._COMPUTING)
        return self._wrong[key]

    def figures(
        self, graph: Graph, node: Node, inputs: tuple[Shape, ...], change: Miscalculation | None = None,
        output: Shape | None = None,
    ) -> Figures | None:  # fmt: skip
        """The metrics of one node with these inputs; None if they, or the mistake, cannot be.

        `output` is used instead of the layer's own, right or wrong. Raises Exhausted.
        """
        assert node.layer is not None
        self._spend(1)
        wrong = self.wrong(node.layer, inputs, change) if change is not None else None
        if change is not None and wrong is None:
            return None
        tied = node.shares is not None
        key = (node.layer, node.activation, inputs, node.samples, tied, node.ties, change, output)
        if key not in self._figures:
            self._spend(self._COMPUTING)
            try:
                self._figures[key] = _figures(graph, node, inputs, wrong, output)
            except Refusal:
                self._figures[key] = None
        return self._figures[key]

    def _spend(self, amount: int) -> None:
        if self._left is not None:
            self._left -= amount
            if self._left < 0:
                raise Exhausted


def _figures(
    graph: Graph, node: Node, inputs: tuple[Shape, ...], wrong: LayerFormulas | None, known: Shape | None
) -> Figures:  # fmt: skip
    """The metrics of a node. Raises Refusal for numbers that no spec could have."""
    assert node.layer is not None
    if wrong is not None:
        output = wrong.shape()
        params, unshared, macs, flops = wrong.params(), wrong.unshared(), int(wrong.macs), wrong.flops()
        flops += 0 if node.activation is None else node.activation.elementwise(output, output)
    else:
        output = known or node.layer.shape(*inputs)
        try:
            own = graph.cache.remembering(count)(node.layer, node.activation, inputs, output)
        except (ValueError, IndexError) as error:  # an output of another rank, or a count that does not divide
            raise Refusal(str(error)) from error
        in_params = graph.setting.convention.statistics_are_params
        params = own.learned + (own.statistics if in_params else 0)
        unshared = own.unshared + (own.unshared_statistics if in_params else 0)
        macs, flops = own.macs, own.flops
    if min(output, default=1) < 1:
        raise Refusal("nothing comes out")
    if node.shares is not None:
        params = max(0, params - in_common(node, node.layer, inputs, output)) if node.ties else 0
    times = node.samples
    held = node.layer.holds_output and node.activation is None
    return Figures(
        output, params, unshared, macs * times, flops * times, 0 if held else prod(output) * times, wrong
    )  # fmt: skip


def rework(
    graph: Graph, change: Miscalculation | None = None, *, given: Mapping[int, Shape] | None = None,
    last: int | None = None, before: list[Figures | None] | None = None, workings: Workings | None = None,
) -> list[Figures | None]:  # fmt: skip
    """Every node's metrics with a mistake made wherever possible; None after a node that is impossible.

    `given` are outputs to use unchanged, right or wrong; `last` is the last node of interest. `before` are the metrics
    of the first nodes; then the mistake is made only in the node after them. Raises Exhausted.
    """
    found = list(before or ())
    only = None if before is None else len(before)
    workings = workings or Workings(None)
    nodes = graph.nodes if last is None else graph.nodes[: last + 1]
    for place, node in enumerate(nodes[len(found) :], len(found)):
        known = given.get(place) if given else None
        if node.layer is None:
            found.append(Figures(known or node.shape or ()))
        elif known is None:
            found.append(_with(graph, workings, node, found, change if only in (None, place) else None))
        else:
            worked = _with(graph, workings, node, found, None, known) or _with(graph, workings, node, found, None)
            found.append((worked or Figures(known))._replace(output=known))  # also if its rank is another one
    return found


def _with(
    graph: Graph, workings: Workings, node: Node, found: list[Figures | None], change: Miscalculation | None,
    output: Shape | None = None,
) -> Figures | None:  # fmt: skip
    inputs = [found[place] for place in node.inputs]
    known = tuple(each.output for each in inputs if each is not None)
    if len(known) < len(inputs):
        return None
    changed = workings.figures(graph, node, known, change) if change else None
    return changed or workings.figures(graph, node, known, output=output)
