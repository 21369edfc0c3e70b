"""The rule A108, `drifting_branches`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option
from cnncalc.linting.rules.arithmetic._sliding import axes_of, unit
from cnncalc.linting.view_centers import middles


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
        if not joins:
            return
        from fractions import Fraction  # a chain needs none

        lines = middles(network)
        for index, node in joins:
            joined = [found for source in node.inputs if (found := lines[source])]
            views = [network.view(source) for source in node.inputs]
            ranks = {len(each) for each in joined}
            origins = {view.source if view else None for view in views}
            if len(ranks) != 1 or len(origins) > 1 or not network.spatial(network.shape(index)):
                continue
            (rank,) = ranks
            for axis, parts in zip(axes_of(rank), zip(*joined, strict=True), strict=True):
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
                        unit=unit(rank),
                        hint=hint,
                    )
                    break
