"""The rule N109, `flatten_instead_of_pooling`."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.graph.model import Node
from cnncalc.layers.base import show_shape
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option
from cnncalc.linting.vocabulary import percent


class FlattenInsteadOfPooling(NetworkRule):
    """A dense layer behind a flatten holds most of the parameters, which a global pool would save.

    Flattened, every position of the last volume has weights of its own; pooled, only its channels have. The finding
    tells what would be saved. Small networks, and those where the positions matter, lose little or gain by it: only
    savings of a good share of all parameters, and of many, are spoken of.
    """

    code = "N109"
    name = "flatten_instead_of_pooling"
    message = "{layer}: with a global pool in place of the flatten of {shape}, {dense} would have {saved:,} parameters \
less, {share} of all"
    bad = "7x7x512 -> flatten -> dense 4096 relu -> dense 4096 relu -> dense 1000"
    good = "7x7x512 -> global_avg_pool -> flatten -> dense 4096 relu -> dense 4096 relu -> dense 1000"
    reason = "Most weights of such a network say where something was seen; they overfit, and fix the input's size."
    sources = ("Lin, Chen & Yan, Network in network, arXiv 1312.4400, section 3.2",)
    options = (
        Option("share", 0.5, "The share of all parameters from which a saving is told."),
        Option("params", 5_000_000, "The number of parameters from which a saving is told."),
    )
    about = frozenset({"flatten"})

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        x = network.inputs(node)[0]
        positions = prod(network.spatial(x))
        total = max(network.report.totals.params, 1)
        for user in network.after(index, {"dropout"}):
            if network.type(user) != "dense" or positions == 1:
                continue
            units = network.shape(user)[-1]
            saved = (positions - 1) * network.channels(x) * units
            if saved >= self.option("params") and saved / total >= self.option("share"):
                yield self.finding(
                    node.span, layer=node.name, shape=show_shape(x), dense=network.nodes[user].name, saved=saved,
                    share=percent(saved / total), hint="write global_avg_pool before it, or pool to a smaller size",
                )  # fmt: skip
