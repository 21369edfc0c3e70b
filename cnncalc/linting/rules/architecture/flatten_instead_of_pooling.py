"""The rule N109, `flatten_instead_of_pooling`."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.graph.model import Node
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option
from cnncalc.number_text import show_shape, whole_percent


class FlattenInsteadOfPooling(NetworkRule):
    """A dense layer after a flatten holds most of the parameters; a global pool would avoid them.

    After a flatten, every position of the last volume has its own weights; after a global pool, only the channels do.
    The finding reports how many parameters would be saved. Small networks and those where positions matter lose little
    to a flatten, or need it, so only savings that are large in number and as a fraction of the total are reported.
    """

    code = "N109"
    name = "flatten_instead_of_pooling"
    needs_whole_model = True
    message = "{layer}: with a global pool instead of flattening {shape}, {dense} would have {saved:,} fewer \
parameters, {share} of the total"
    bad = "7x7x512 -> flatten -> dense 4096 relu -> dense 4096 relu -> dense 1000"
    good = "7x7x512 -> global_avg_pool -> flatten -> dense 4096 relu -> dense 4096 relu -> dense 1000"
    reason = "Most weights of such a network encode position; they overfit, and they fix the input size."
    sources = ("Lin, Chen & Yan, Network in network, arXiv 1312.4400, section 3.2",)
    options = (
        Option("share", 0.5, "The minimum saving to report, as a fraction of all parameters."),
        Option("params", 5_000_000, "The minimum saving to report, in parameters."),
    )
    about = frozenset({"flatten"})

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        x = network.inputs(node)[0]
        positions = prod(network.spatial(x))
        total = network.report.totals.params
        if not total:  # all numbers are fixed, such as those of modules that PyTorch does not register
            return
        for user in network.after(index, {"dropout"}):
            if network.type(user) != "dense":
                continue
            units = network.shape(user)[-1]
            saved = (positions - 1) * network.channels(x) * units
            if saved >= self.option("params") and saved / total >= self.option("share"):
                yield self.finding(
                    node.span, layer=node.name, shape=show_shape(x), dense=network.nodes[user].name, saved=saved,
                    share=whole_percent(saved / total),
                    hint="add global_avg_pool before it, or pool to a smaller size",
                )  # fmt: skip
