"""The rule N107, `dropout_before_batch_norm`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph.model import Node
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.linting.vocabulary import ACTIVATIONS


class DropoutBeforeBatchNorm(NetworkRule):
    """A dropout directly precedes a batch norm.

    Dropout changes the variance of its output between training and inference, but batch norm keeps the variance
    measured in training. A convolution in between does not help, but only a directly following batch norm is reported.
    """

    code = "N107"
    name = "dropout_before_batch_norm"
    message = "{layer}: changes the variance between training and inference, while {norm} keeps that of training"
    bad = "32x32x3 -> conv 8 3x3 relu -> dropout 0.5 -> batch_norm"
    good = "32x32x3 -> conv 8 3x3 bias=false -> batch_norm relu -> dropout 0.5 -> conv 8 3x3"
    reason = "Batch norm's statistics are wrong at inference, and accuracy drops."
    sources = (
        "Li, Chen, Hu & Yang, Understanding the disharmony between dropout and batch normalization by variance \
shift, arXiv 1801.05134",
    )
    about_roles = frozenset({"dropout"})

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        norms = [user for user in network.after(index, ACTIVATIONS | {"passing"}) if network.type(user) == "batch_norm"]
        if norms:
            norm = network.nodes[norms[0]].name
            hint = "move the dropout after the last batch norm"
            yield self.finding(node.span, layer=node.name, norm=norm, hint=hint)
