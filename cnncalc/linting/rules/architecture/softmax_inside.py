"""The rule N105, `softmax_inside`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph.model import Node
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.linting.vocabulary import SILENT

_LEARNING = ("convolution", "dense", "normalization", "recurrent", "pooling")


class SoftmaxInside(NetworkRule):
    """A softmax is applied inside the network, before trainable layers.

    It normalizes its inputs to a sum of one, so most of its outputs are near zero and their gradients vanish. It
    belongs at the end, where scores become probabilities, or in attention, where its outputs weight a product. Not
    reported if the probabilities are averaged over positions or by a layer that is not trained, or are an output of
    the model as well.
    """

    code = "N105"
    name = "softmax_inside"
    needs_whole_model = True
    message = "{layer}: {softmax} is applied before {after}, not at the end"
    bad = "16x16x3 -> flatten -> dense 32 softmax -> dense 10"
    good = "16x16x3 -> flatten -> dense 32 relu -> dense 10 softmax"
    reason = "The features are squeezed to a sum of one, and the layers before it learn slowly."
    sources = ("Goodfellow, Bengio & Courville, Deep learning, chapter 6.2.2.3",)

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        is_one = network.role(index) == "softmax"
        softmax = network.type(index) if is_one else network.activation(index)
        if not (is_one or network.activation_role(index) == "softmax") or index in network.outputs:
            return
        following = network.after(index, SILENT | {"global_pool"})
        learning = [user for user in following if network.family(user) in _LEARNING and network.nodes[user].trainable]
        if learning:
            after = network.nodes[learning[0]].name
            hint = "use relu there, and softmax after the last layer"
            yield self.finding(node.span, layer=node.name, softmax=softmax, after=after, hint=hint)
