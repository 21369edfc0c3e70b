"""The rule N108, `dropout_at_the_end`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph.model import Node
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.linting.vocabulary import SILENT


class DropoutAtTheEnd(NetworkRule):
    """A dropout follows the last trainable layer.

    It drops the network's own outputs: during training, whole classes are set to zero at random, and no later layer
    can learn to compensate.
    """

    code = "N108"
    name = "dropout_at_the_end"
    needs_whole_model = True
    message = "{layer}: drops outputs of the network: no trainable layer follows"
    bad = "16x16x3 -> flatten -> dense 32 relu -> dense 10 -> dropout 0.5"
    good = "16x16x3 -> flatten -> dense 32 relu -> dropout 0.5 -> dense 10"
    reason = "A dropped output is a wrong output: it adds noise to the loss and regularizes nothing."
    sources = ("Srivastava et al., Dropout, JMLR 15 (2014), section 4",)
    about_roles = frozenset({"dropout"})

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        learns = network.report.totals.params > 0
        if learns and self.ends(network, index):
            yield self.finding(node.span, layer=node.name, hint="move it before the last trainable layer")

    def ends(self, network: Network, index: int) -> bool:
        """Whether the output reaches only the model's outputs, through layers without weights."""
        users = network.users(index)
        if not users:
            return index in network.outputs
        return all(network.role(user) in SILENT | {"softmax"} and self.ends(network, user) for user in users)
