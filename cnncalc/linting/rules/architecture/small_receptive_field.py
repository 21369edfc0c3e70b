"""The rule N112, `small_receptive_field`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option
from cnncalc.linting.rules.architecture._field import fields_before_pools
from cnncalc.number_text import whole_percent


class SmallReceptiveField(NetworkRule):
    """The receptive field before the global pool covers only a small part of the input.

    A global pool averages the features of all positions. If none of them sees an object as a whole, the network can
    only aggregate textures. Not reported for networks that end in dense layers over all positions, that give one
    output per position, or whose input has a single axis, such as text and sound.
    """

    code = "N112"
    name = "small_receptive_field"
    needs_whole_model = True
    message = "{layer}: each position it pools sees {field} of {size} pixels, {share} of the input's side"
    bad = "64x64x3 -> conv 16 3x3 relu -> conv 32 3x3 relu -> global_avg_pool -> flatten -> dense 10"
    good = "16x16x3 -> conv 16 3x3 relu -> max_pool 2 -> conv 32 3x3 relu -> global_avg_pool -> flatten -> dense 10"
    reason = "Objects larger than the receptive field cannot be recognized as a whole."
    sources = (
        "Araujo, Norris & Sim, Computing receptive fields of convolutional neural networks, Distill 2019",
        "Brendel & Bethge, Approximating CNNs with bag-of-local-features models, arXiv 1904.00760",
    )
    options = (Option("least", 0.4, "The minimum receptive field, as a fraction of the input's side."),)

    def check_network(self, network: Network) -> Iterator[Finding]:
        for node, ratios in fields_before_pools(network):
            field, size = min(ratios, key=lambda ratio: ratio[0] / ratio[1])
            if field < self.option("least") * size:
                hint = "stride or pool earlier, or add layers"
                yield self.finding(
                    node.span, layer=node.name, field=field, size=size, share=whole_percent(field / size), hint=hint
                )
