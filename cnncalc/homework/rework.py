"""Recomputation of a model with a change: a mistake in its layers, or wrong intermediate outputs.

Later values are computed from a wrong output by the layers' own rules, as by a student who continues correctly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import prod
from typing import NamedTuple

from cnncalc.analysis.counts import count
from cnncalc.analysis.figures import in_common
from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.graph.model import Graph, Node
from cnncalc.homework.hand import Worksheet, sheet
from cnncalc.layers.base import Layer

Miscalculation = Callable[[Worksheet], Worksheet | None]
"""A mistake: it returns a wrong copy of the worksheet, or None if the mistake cannot be made."""


class Figures(NamedTuple):
    """A node's metrics, for one sample; `sheet` is the worksheet that they were computed from, if any."""

    output: Shape
    params: int = 0
    unshared_params: int = 0
    macs: int = 0
    flops: int = 0
    sheet: Worksheet | None = None


class Exhausted(Exception):  # noqa: N818 - not an internal error: it ends a search that would take too long
    """Raised if the budget of a call is used up."""


class Workings:
    """A cache of computed layers with a budget: equal layers with equal inputs are computed once.

    Callers create one per call. The keys consist of a layer, its inputs, and the attributes of its node that affect a
    metric; layers are immutable, so no entry can be wrong.
    """

    MOST = 240_000
    _COMPUTING = 20
    """The cost of computing a layer, relative to a lookup; the budget is about a second."""

    def __init__(self, most: int | None = MOST) -> None:
        self._left = most
        self._sheets: dict[tuple[Layer, tuple[Shape, ...]], Worksheet | None] = {}
        self._figures: dict[tuple[object, ...], Figures] = {}

    def sheet(self, layer: Layer, inputs: tuple[Shape, ...]) -> Worksheet | None:
        """The worksheet of a layer. Raises Refusal and Exhausted."""
        key = (layer, inputs)
        if key not in self._sheets:
            self._spend(self._COMPUTING)
            self._sheets[key] = sheet(layer, inputs)
        return self._sheets[key]

    def figures(
        self, graph: Graph, node: Node, inputs: tuple[Shape, ...], change: Miscalculation | None = None
    ) -> Figures | None:  # fmt: skip
        """The metrics of one node with these inputs; None if the mistake cannot be made.

        Raises Refusal and Exhausted.
        """
        assert node.layer is not None
        self._spend(1)
        worked = self.sheet(node.layer, inputs)
        if change is not None:
            worked = change(worked) if worked is not None else None
            if worked is None:
                return None
        tied = node.shares is not None
        key = (node.layer, node.activation, inputs, node.samples, tied, node.ties, change is None, worked)
        if key not in self._figures:
            self._spend(self._COMPUTING)
            self._figures[key] = _figures(graph, node, inputs, worked, changed=change is not None)
        return self._figures[key]

    def _spend(self, amount: int) -> None:
        if self._left is not None:
            self._left -= amount
            if self._left < 0:
                raise Exhausted


def _figures(
    graph: Graph, node: Node, inputs: tuple[Shape, ...], worked: Worksheet | None, *, changed: bool
) -> Figures:  # fmt: skip
    assert node.layer is not None
    output = worked.output() if worked is not None else node.layer.shape(*inputs)
    if any(size < 1 for size in output):
        raise Refusal("nothing comes out")
    try:
        own = graph.cache.remembering(count)(node.layer, node.activation, inputs, output)
    except ValueError as error:  # a count that does not divide, for numbers that no spec could have
        raise Refusal(str(error)) from error
    in_params = graph.setting.convention.statistics_are_params
    params = own.learned + (own.statistics if in_params else 0)
    unshared = own.unshared + (own.unshared_statistics if in_params else 0)
    macs, flops = own.macs, own.flops
    if worked is not None and changed:
        others = flops - 2 * macs
        params, unshared, macs = worked.params(), worked.unshared(), worked.macs()
        flops = worked.per_mac * macs + others
    times = node.samples
    if node.shares is not None:
        params = max(0, params - in_common(node, node.layer, inputs, output)) if node.ties else 0
    return Figures(output, params, unshared, macs * times, flops * times, worked)


def rework(
    graph: Graph, change: Miscalculation | None = None, *, given: Mapping[int, Shape] | None = None,
    last: int | None = None, workings: Workings | None = None,
) -> list[Figures | None]:  # fmt: skip
    """Every node's metrics with a mistake made wherever possible; None after a node that is impossible.

    `given` are outputs to use unchanged, right or wrong; `last` is the last node of interest.
    Raises Exhausted.
    """
    found: list[Figures | None] = []
    workings = workings or Workings(None)
    for place, node in enumerate(graph.nodes if last is None else graph.nodes[: last + 1]):
        known = given.get(place) if given else None
        if node.layer is None:
            found.append(Figures(node.shape or ()))
        elif known is None:
            found.append(_with(graph, workings, node, found, change))
        else:
            worked = _with(graph, workings, node, found, partial(_giving, known)) or Figures(known)
            found.append(worked._replace(output=known))  # also if the output does not come from a worksheet
    return found


def _giving(output: Shape, worked: Worksheet) -> Worksheet:
    """The worksheet with this output and its number of positions."""
    if not worked.axes or worked.axes[0].rule == "transposed" or len(output) != len(worked.given):
        return worked._replace(shape=output)
    return worked._replace(shape=output, at=prod(worked.layer.spatial(output)))


def _with(
    graph: Graph, workings: Workings, node: Node, found: list[Figures | None], change: Miscalculation | None
) -> Figures | None:  # fmt: skip
    inputs = [found[place] for place in node.inputs]
    known = tuple(each.output for each in inputs if each is not None)
    if len(known) < len(inputs):
        return None
    try:
        changed = workings.figures(graph, node, known, change) if change else None
        return changed or workings.figures(graph, node, known)
    except Refusal:
        return None
