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
    """A softmax stands inside the network, before layers that learn.

    It makes its inputs compete for a sum of one, and hands on numbers near zero whose gradients vanish. It belongs at
    the end, where scores become probabilities, or into an attention, where its outputs are weights of a product. Where
    probabilities are averaged over positions, or are an output that a next stage takes as well, nothing is said.
    """

    code = "N105"
    name = "softmax_inside"
    message = "{layer}: its {softmax} stands before {after}, not at the end"
    bad = "16x16x3 -> flatten -> dense 32 softmax -> dense 10"
    good = "16x16x3 -> flatten -> dense 32 relu -> dense 10 softmax"
    reason = "What passes through it is squeezed to a sum of one, and learning slows behind it."
    sources = ("Goodfellow, Bengio & Courville, Deep learning, chapter 6.2.2.3",)

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        is_one = network.role(index) == "softmax"
        softmax = network.type(index) if is_one else network.activation(index)
        if not (is_one or network.activation_role(index) == "softmax") or index in network.outputs:
            return
        behind = network.after(index, SILENT | {"global_pool"})
        learning = [user for user in behind if network.family(user) in _LEARNING]
        if learning:
            after = network.nodes[learning[0]].name
            hint = "use relu there, and softmax behind the last layer"
            yield self.finding(node.span, layer=node.name, softmax=softmax, after=after, hint=hint)
