"""The rule N107, `dropout_before_batch_norm`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph.model import Node
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.linting.vocabulary import ACTIVATIONS


class DropoutBeforeBatchNorm(NetworkRule):
    """A dropout stands right before a batch norm.

    Dropout changes the variance of its output between training and use, and batch norm goes on with the variance of
    training. Convolutions between the two do not help; only the direct neighbourhood is spoken of here.
    """

    code = "N107"
    name = "dropout_before_batch_norm"
    message = "{layer}: {norm} keeps a variance of training that this dropout does not have in use"
    bad = "32x32x3 -> conv 8 3x3 relu -> dropout 0.5 -> batch_norm"
    good = "32x32x3 -> conv 8 3x3 bias=false -> batch_norm relu -> dropout 0.5 -> conv 8 3x3"
    reason = "The statistics of batch norm are wrong when the network is used, and accuracy falls."
    sources = (
        "Li, Chen, Hu & Yang, Understanding the disharmony between dropout and batch normalization by variance \
shift, arXiv 1801.05134",
    )
    about_roles = frozenset({"dropout"})

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        norms = [user for user in network.after(index, ACTIVATIONS | {"passing"}) if network.type(user) == "batch_norm"]
        if norms:
            norm = network.nodes[norms[0]].name
            hint = "put the dropout behind the last batch norm"
            yield self.finding(node.span, layer=node.name, norm=norm, hint=hint)
