"""The rule N104, `linear_after_linear`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph.model import Node
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.linting.vocabulary import SILENT

_LINEAR = frozenset({"conv", "conv_transpose", "dense", "locally_connected"})


class LinearAfterLinear(NetworkRule):
    """A convolution follows a convolution, or a dense layer a dense layer, without a nonlinearity in between.

    Two consecutive linear maps are equivalent to one. Not reported if the first layer has fewer outputs than it has
    inputs and than the second has outputs (a low-rank factorization), for depthwise and grouped convolutions, for a
    k×1 kernel before a 1×k one, for a transposed convolution that upsamples scores, or if another layer also uses the
    output in between.
    """

    code = "N104"
    name = "linear_after_linear"
    needs_whole_model = True
    message = "{layer}: follows {before} without an activation in between: together they are one {what}"
    bad = "32x32x3 -> conv 8 3x3 -> conv 8 3x3 relu"
    good = "32x32x3 -> conv 8 3x3 relu -> conv 8 3x3 relu"
    reason = "Depth without nonlinearity adds weights and MACs, but computes nothing that a single layer could not."
    sources = ("Goodfellow, Bengio & Courville, Deep learning, chapter 6.1",)
    about = _LINEAR - {"conv_transpose"}

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        first = network.before(index, SILENT)
        before = network.nodes[first]
        alike = network.family(first) == network.family(index) and network.type(first) in _LINEAR
        if not alike or before.activation or network.only_user(first) is None or _is_factored(network, first, index):
            return
        what = "dense layer" if network.type(index) == "dense" else "convolution"
        hint = f"add an activation after {before.name}, or remove one of the two layers"
        yield self.finding(node.span, layer=node.name, before=before.name, what=what, hint=hint)


def _is_factored(network: Network, first: int, second: int) -> bool:
    """Whether the two layers are an intended factorization, with fewer weights than the one layer they form."""
    one, other = network.nodes[first], network.nodes[second]
    if any(getattr(node.layer, "groups", 1) > 1 for node in (one, other)):
        return True
    entering, between = network.inputs(one)[0], network.shape(first)
    leaving = network.shape(second)
    width = network.channels(between)
    if width < network.channels(entering) and width < network.channels(leaving):
        return True
    if not isinstance(one.layer, WindowLayer) or not isinstance(other.layer, WindowLayer):
        return False
    pairs = list(zip(one.layer.kernels(entering), other.layer.kernels(between), strict=True))
    return any(F == 1 < G for F, G in pairs) and any(G == 1 < F for F, G in pairs)
