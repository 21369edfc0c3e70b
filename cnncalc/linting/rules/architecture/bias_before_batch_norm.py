"""The rule N101, `bias_before_batch_norm`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph.model import Node
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule

_NORMS = ("batch_norm",)


class BiasBeforeBatchNorm(NetworkRule):
    """A layer adds a bias that the following batch norm cancels.

    Batch norm subtracts the mean of each channel, and the bias with it; its own shift takes the bias's place. The
    biases cost parameters and a pass over the output, and their gradient is zero.
    """

    code = "N101"
    name = "bias_before_batch_norm"
    needs_whole_model = True
    message = "{layer}: its {bias:,} biases have no effect: {norm} subtracts the mean"
    bad = "32x32x3 -> conv 8 3x3 -> batch_norm relu"
    good = "32x32x3 -> conv 8 3x3 bias=false -> batch_norm relu"
    reason = "Parameters without any effect are trained, stored and counted."
    sources = ("Ioffe & Szegedy, Batch normalization, arXiv 1502.03167, section 3.2",)

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        layer = node.layer
        if layer is None or "bias" not in layer.fields or layer.bias is not True or node.activation:  # type: ignore[attr-defined]
            return
        users = network.users(index)
        if users and index not in network.outputs and all(network.type(user) in _NORMS for user in users):
            weights = layer.weights(*network.inputs(node), node.shape)
            bias = sum(weight.size for weight in weights if weight.name == "bias")
            if bias and node.shares is None:
                norm = network.nodes[users[0]].name
                yield self.finding(node.span, layer=node.name, bias=bias, norm=norm, hint=_hint(network))


def _hint(network: Network) -> str:
    if not network.is_code:
        return "write bias=false"
    return "write bias=False" if network.convention == "pytorch" else "write use_bias=False"
