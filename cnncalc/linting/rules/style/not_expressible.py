"""The rule S109, `not_expressible`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.arithmetic.convention import CONVENTIONS, Setting, Shape
from cnncalc.diagnostics import Refusal
from cnncalc.graph.model import Node
from cnncalc.layers.base import Layer
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule

_FRAMEWORKS = ("keras", "tensorflow", "pytorch", "onnx", "caffe")


class NotExpressible(NetworkRule):
    """A framework has no layer that does what the spec says.

    Each layer is asked whether it could be, under the convention of each framework, what it is here: Keras refuses a
    stride together with a dilation, PyTorch SAME padding with a stride. Off by default: few networks are meant for
    every framework. `cnncalc compare` shows what each of them makes of a layer.
    """

    code = "S109"
    name = "not_expressible"
    severity = "info"
    message = "{layer}: {framework} cannot express it: {why}"
    bad = "33x33x3 -> conv 8 3x3 s2 half d2"
    good = "33x33x3 -> conv 8 5x5 s2 half"
    default = False
    reason = "A network that is to be carried to another framework must be one there."
    sources = ("docs/language.md, conventions", "Keras, Conv2D, dilation_rate; PyTorch, torch.nn.Conv2d, padding")

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        refusals: dict[str, tuple[list[str], str]] = {}
        for name in _FRAMEWORKS:
            refusal = _refusal(name, node.layer, network.inputs(node))
            if refusal is not None:
                refusals.setdefault(refusal.message, ([], refusal.hint))[0].append(CONVENTIONS[name].title)
        for why, (titles, hint) in refusals.items():
            framework = " and ".join(titles)
            yield self.finding(node.span, layer=node.name, framework=framework, why=why, hint=hint)


def _refusal(convention: str, layer: Layer | None, inputs: tuple[Shape, ...]) -> Refusal | None:
    """Why a convention does not take a layer; None where it does."""
    if layer is None:
        return None
    try:
        layer.__class__(Setting(CONVENTIONS[convention], layer.setting.layout), **layer.values()).shape(*inputs)
    except Refusal as refusal:
        return refusal
    return None
