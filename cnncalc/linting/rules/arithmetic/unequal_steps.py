"""The rule A109, `unequal_steps`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.linting.rules.arithmetic._sliding import axes_of, unit
from cnncalc.number_text import decimal


class UnequalSteps(NetworkRule):
    """Merged branches have different cumulative strides.

    Their sizes are equal, but one branch moves over more pixels from one output to the next than the other: they are
    aligned at one end and apart at the other. After the merge the stride is undefined, and the receptive field is the
    union of those of the branches, largest at one end. Branches from different inputs are not compared.
    """

    code = "A109"
    name = "unequal_steps"
    message = "{layer}: along the {axis}, its branches have cumulative strides of {steps} {unit}s"
    bad = "32x32x8 -> add(conv 8 3x3 s2 p1 relu | conv 8 17x17 relu)"
    good = "32x32x8 -> add(conv 8 3x3 s2 p1 relu | max_pool 2)"
    reason = "Merged features belong to different positions, increasingly so towards the end of the axis."
    sources = ("Araujo, Norris & Sim, Computing receptive fields of convolutional neural networks, Distill 2019",)

    def check_network(self, network: Network) -> Iterator[Finding]:
        for index, node in network.layers:
            if network.family(index) != "merge" or not network.spatial(network.shape(index)):
                continue
            views = [network.view(source) for source in node.inputs]
            axes = [view.axes for view in views if view is not None and view.axes]
            ranks = {len(each) for each in axes}
            if len(ranks) != 1 or len({view.source for view in views if view is not None}) > 1:
                continue
            (rank,) = ranks
            for axis, parts in zip(axes_of(rank), zip(*axes, strict=True), strict=True):
                jumps = sorted({abs(part.jump) for part in parts if part.jump})
                if len(jumps) > 1:
                    steps = " and ".join(decimal(float(jump)) for jump in jumps)
                    hint = "give the branches the same total stride"
                    yield self.finding(node.span, layer=node.name, axis=axis, steps=steps, unit=unit(rank), hint=hint)
                    break
