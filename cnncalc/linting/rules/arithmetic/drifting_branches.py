"""The rule A108, `drifting_branches`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from cnncalc.analysis.following import AxisView
from cnncalc.graph.model import Node
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option
from cnncalc.linting.rules.arithmetic._sliding import axes_of, unit
from cnncalc.linting.view_centers import is_causal, middles


class DriftingBranches(NetworkRule):
    """Merged branches are spatially misaligned.

    Position 0 of a branch looks at a place: each window moves it by (F′ − 1)/2 − P₀ steps. Where the places of two
    branches lie further apart than the coarsest step on the way, what is added or concatenated belongs to different
    parts of the input. A padding that one branch lacks, or that is uneven, is the usual cause. Causal windows look
    back by intention, and do not count. Branches from different inputs are not held against each other.
    """

    code = "A108"
    name = "drifting_branches"
    message = "{layer}: along the {axis}, its branches look at places {apart:g} {unit}s apart, more than their \
coarsest step of {step:g}"
    bad = "33x33x8 -> add(conv 8 5x5 relu | crop [[0,4],[0,4]])"
    good = "33x33x8 -> add(conv 8 5x5 relu | crop 2)"
    reason = "Features of one object are joined with those of its neighbour."
    sources = ("Araujo, Norris & Sim, Computing receptive fields of convolutional neural networks, Distill 2019",)
    options = (Option("steps", 1, "How far apart the places may lie, in steps of the coarsest layer on the way."),)

    def check_network(self, network: Network) -> Iterator[Finding]:
        joins = [(index, node) for index, node in network.layers if network.family(index) == "merge"]
        if not joins or _are_level(network, joins):
            return
        lines = middles(network)
        for index, node in joins:
            joined = [found for source in node.inputs if (found := lines[source])]
            views = [network.view(source) for source in node.inputs]
            alike = len(joined) > 1 and len({len(each) for each in joined}) == 1
            origins = {view.source if view else None for view in views}
            if not alike or len(origins) > 1 or not network.spatial(network.shape(index)):
                continue
            for axis, parts in zip(axes_of(len(joined[0])), zip(*joined, strict=True), strict=True):
                places = [part.doubled for part in parts]
                apart, step = Fraction(max(places) - min(places)) / 2, max(part.coarsest for part in parts)
                if len({part.jump for part in parts}) == 1 and apart > Fraction(self.option("steps")) * step:
                    hint = "pad the branches alike, or crop the longer one on both sides"
                    yield self.finding(
                        node.span,
                        layer=node.name,
                        axis=axis,
                        apart=float(apart),
                        step=float(step),
                        unit=unit(len(joined[0])),
                        hint=hint,
                    )
                    break


def _are_level(network: Network, joins: list[tuple[int, Node]]) -> bool:
    """Whether every join's branches see the same middle of the input, where its receptive field is that middle's.

    Then nothing can have drifted. It is not so behind what makes its input larger, or looks back.
    """
    for _, node in joins:
        doubled = set()
        for source in node.inputs:
            view = network.view(source)
            if view is None or view.axes is None:
                return False
            doubled.add(tuple([2 * a.start + a.size if isinstance(a, AxisView) else None for a in view.axes]))
        if len(doubled) > 1 or None in next(iter(doubled)):
            return False
    kinds = {node.layer: index for index, node in network.layers}
    sights = [sight for index in kinds.values() if not isinstance(sight := network.sight(index), str)]
    return all(window.upsample == 1 and not is_causal(window) for sight in sights for window in sight)
