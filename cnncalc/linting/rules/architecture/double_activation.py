"""The rule N103, `double_activation`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph.model import Node
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.linting.vocabulary import ACTIVATIONS, SILENT

_PRODUCTS = ("multiply", "matmul", "dot")


class DoubleActivation(NetworkRule):
    """Two activations follow each other directly.

    With no trainable layer between them, they are one function, and rarely the intended one: relu after relu has no
    effect, and relu before softmax discards the negative scores. The usual cause is an `activation` field followed by
    an activation layer. Attention softmax (its output feeds only products) is exempt.
    """

    code = "N103"
    name = "double_activation"
    needs_whole_model = True
    message = "{layer}: {second} follows {first} with no trainable layer in between"
    bad = "32x32x3 -> conv 8 3x3 relu -> relu"
    good = "32x32x3 -> conv 8 3x3 -> relu"
    reason = "The second activation either has no effect or discards part of the first one's output."
    sources = ("Goodfellow, Bengio & Courville, Deep learning, chapter 6.3",)
    about_roles = ACTIVATIONS

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        kind = network.type(index)
        own = network.activation(index)
        if network.activation_role(index) in ACTIVATIONS:
            yield self.found(node, kind, own)
        before = network.before(index, SILENT)
        first = network.activation(before) or network.type(before)
        role = network.activation_role(before) or network.role(before)
        if role in ACTIVATIONS and not (network.role(index) == "softmax" and _gives_weights(network, index)):
            yield self.found(node, first, kind)

    def found(self, node: Node, first: str, second: str) -> Finding:
        return self.finding(node.span, layer=node.name, first=first, second=second, hint="remove one of them")


def _gives_weights(network: Network, index: int) -> bool:
    """Whether a layer's output feeds only products."""
    users = list(network.after(index, SILENT | {"permuting"}))
    return bool(users) and all(network.type(user) in _PRODUCTS for user in users)
