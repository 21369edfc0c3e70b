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

    Each window shifts the center of a branch's first receptive field by (F′ − 1)/2 − P₀ steps. If the centers of two
    branches are further apart than the largest stride on the way, the merged features belong to different parts of the
    input. The usual cause is a padding that is uneven or missing in one branch. Causal windows are shifted by design
    and do not count. Branches from different inputs are not compared.
    """

    code = "A108"
    name = "drifting_branches"
    message = "{layer}: along the {axis}, its branches are centered {apart:g} {unit}s apart, more than their largest \
step of {step:g}"
    bad = "33x33x8 -> add(conv 8 5x5 relu | crop [[0,4],[0,4]])"
    good = "33x33x8 -> add(conv 8 5x5 relu | crop 2)"
    reason = "Features of one object are merged with those of its neighbour."
    sources = ("Araujo, Norris & Sim, Computing receptive fields of convolutional neural networks, Distill 2019",)
    options = (Option("steps", 1, "The largest allowed distance between centers, in steps of the coarsest layer."),)

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
                    hint = "pad the branches equally, or crop the larger one on both sides"
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
    """Whether the branches of every merge have the same center, taken from their receptive fields.

    Then no branch is misaligned. The shortcut does not apply after upsampling or causal layers.
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
