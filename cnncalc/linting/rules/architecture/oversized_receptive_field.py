"""The rule N113, `oversized_receptive_field`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option
from cnncalc.linting.rules.architecture._field import fields_before_pools


class OversizedReceptiveField(NetworkRule):
    """The receptive field before the global pool is many times the input size.

    Once a layer sees the whole input, later layers see more and more padding. The usual cause is a network designed
    for larger images: its last stages work on feature maps of a few positions and add little.
    """

    code = "N113"
    name = "oversized_receptive_field"
    needs_whole_model = True
    message = "{layer}: each position it pools sees {field:,} pixels, {times:.0f} times the input's {size}"
    bad = "8x8x3 -> (conv 16 3x3 same relu)*80 -> global_avg_pool -> flatten -> dense 10"
    good = "32x32x3 -> (conv 16 3x3 same relu)*20 -> global_avg_pool -> flatten -> dense 10"
    reason = "Layers that see nothing new cost parameters and time, and rarely improve accuracy."
    sources = ("Richter et al., Should you go deeper? Optimizing CNN architectures without training, arXiv 2106.12307",)
    options = (Option("most", 20, "The largest allowed receptive field, as a multiple of the input's side."),)

    def check_network(self, network: Network) -> Iterator[Finding]:
        for node, ratios in fields_before_pools(network):
            field, size = max(ratios, key=lambda ratio: ratio[0] / ratio[1])
            if field > self.option("most") * size:
                hint = "use a larger input, fewer layers or smaller strides"
                yield self.finding(node.span, layer=node.name, field=field, size=size, times=field / size, hint=hint)
