"""A model worked out again with something changed: by a mistake in its layers, or by wrong outputs on the way.

What follows a wrong output is computed from it by the layers' own rules, as a student would who goes on rightly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import prod
from typing import NamedTuple

from cnncalc.analysis.counts import count
from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.graph.model import Graph, Node
from cnncalc.homework.hand import Sheet, sheet

Change = Callable[[Sheet], Sheet | None]
"""A mistake: the sheet with something wrong in it, or None where the mistake cannot be made."""


class Figures(NamedTuple):
    """A node's figures, for one sample; `sheet` is what they were worked out from, if anything."""

    output: Shape
    params: int = 0
    unshared_params: int = 0
    macs: int = 0
    flops: int = 0
    sheet: Sheet | None = None


def figures(graph: Graph, node: Node, inputs: tuple[Shape, ...], change: Change | None = None) -> Figures | None:
    """The figures of one node on these inputs; None where the mistake cannot be made. Raises Refusal."""
    assert node.layer is not None
    worked = sheet(node.layer, inputs)
    if change is not None:
        worked = change(worked) if worked is not None else None
        if worked is None:
            return None
    output = worked.output() if worked is not None else node.layer.shape(*inputs)
    if any(size < 1 for size in output):
        raise Refusal("nothing comes out")
    try:
        own = count(node.layer, node.activation, inputs, output)
    except ValueError as error:  # a count that does not divide on numbers which no spec could have
        raise Refusal(str(error)) from error
    in_params = graph.setting.convention.statistics_are_params
    params = own.learned + (own.statistics if in_params else 0)
    unshared = own.unshared + (own.unshared_statistics if in_params else 0)
    macs, flops = own.macs, own.flops
    if worked is not None and change is not None:
        others = flops - 2 * macs
        params, unshared, macs = worked.params(), worked.unshared(), worked.macs()
        flops = worked.per_mac * macs + others
    times = node.samples
    if node.shares is not None:
        params = 0
    return Figures(output, params, unshared, macs * times, flops * times, worked)


def rework(
    graph: Graph, change: Change | None = None, *, given: Mapping[int, Shape] | None = None, last: int | None = None
) -> list[Figures | None]:
    """Every node's figures with a mistake made wherever it can be; None behind what cannot be.

    `given` are outputs that count as they are, right or wrong; `last` is the last node that is of interest.
    """
    found: list[Figures | None] = []
    for place, node in enumerate(graph.nodes if last is None else graph.nodes[: last + 1]):
        known = given.get(place) if given else None
        if node.layer is None:
            found.append(Figures(node.shape or ()))
        elif known is None:
            found.append(_with(graph, node, found, change))
        else:
            found.append(_with(graph, node, found, partial(_giving, known)) or Figures(known))
    return found


def _giving(output: Shape, worked: Sheet) -> Sheet:
    """The sheet with this output, and as many positions as it has."""
    if not worked.axes or worked.axes[0].rule == "transposed" or len(output) != len(worked.given):
        return worked._replace(shape=output)
    return worked._replace(shape=output, at=prod(worked.layer.spatial(output)))


def _with(graph: Graph, node: Node, found: list[Figures | None], change: Change | None) -> Figures | None:
    inputs = [found[place] for place in node.inputs]
    known = tuple(each.output for each in inputs if each is not None)
    if len(known) < len(inputs):
        return None
    try:
        return (figures(graph, node, known, change) if change else None) or figures(graph, node, known)
    except Refusal:
        return None
