"""The rule S109, `not_expressible`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.arithmetic.convention import CONVENTIONS, Setting, Shape
from cnncalc.diagnostics import Refusal
from cnncalc.graph.model import Node
from cnncalc.layers.base import Layer
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule

_FRAMEWORKS = ("keras", "tensorflow", "pytorch", "onnx", "caffe")


class NotExpressible(NetworkRule):
    """A framework has no layer that does what the spec states.

    Each layer is checked under each framework's convention: for example, Keras rejects a stride combined with a
    dilation, and PyTorch rejects SAME padding with a stride. Off by default, since few networks are meant for every
    framework. `cnncalc compare` shows each framework's result for a layer.
    """

    code = "S109"
    name = "not_expressible"
    severity = "info"
    message = "{layer}: {framework} cannot express it: {why}"
    bad = "33x33x3 -> conv 8 3x3 s2 half d2"
    good = "33x33x3 -> conv 8 5x5 s2 half"
    default = False
    reason = "The network cannot be ported to that framework without changes."
    sources = ("docs/language.md, conventions", "Keras, Conv2D, dilation_rate; PyTorch, torch.nn.Conv2d, padding")

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        refusal_of = network.remembering(_refusal)
        refusals: dict[str, tuple[list[str], str]] = {}
        for name in _FRAMEWORKS:
            refusal = refusal_of(name, node.layer, network.inputs(node))
            if refusal is not None and refusal.field not in _unsaid(node.layer):  # those could be stated
                refusals.setdefault(refusal.message, ([], refusal.hint))[0].append(CONVENTIONS[name].title)
        for why, (titles, hint) in refusals.items():
            framework = " and ".join(filter(None, (", ".join(titles[:-1]), titles[-1])))
            yield self.finding(node.span, layer=node.name, framework=framework, why=why, hint=hint)


def _refusal(convention: str, layer: Layer | None, inputs: tuple[Shape, ...]) -> Refusal | None:
    """The reason why a convention rejects a layer, or None. Computed once for equal layers on equal inputs."""
    if layer is None:
        return None
    try:
        _under(convention, layer, inputs).shape(*inputs)
    except Refusal as refusal:
        return refusal
    return None


def _unsaid(layer: Layer | None) -> set[str]:
    """The fields of a layer whose values come from the convention."""
    fields = layer.fields.items() if layer else ()
    return {name for name, field in fields if field.default is None and getattr(layer, field.attribute) is None}


def _under(convention: str, layer: Layer, inputs: tuple[Shape, ...]) -> Layer:
    """A layer, and the one it wraps, under a convention; a pool keeps the stride and rounding that it has here."""
    values = layer.values()
    if isinstance(layer, WindowLayer):
        unsaid = _unsaid(layer)
        values |= {"stride": layer.strides(inputs[0])} if "stride" in unsaid else {}
        values |= {"rounding": layer.rounding_rule()} if "rounding" in unsaid else {}
    if layer.wraps:
        inside = tuple([x[1:] for x in inputs]) if layer.type == "time_distributed" else inputs
        values["layer"] = _under(convention, values["layer"], inside)
    return layer.under(Setting(CONVENTIONS[convention], layer.setting.layout), **values)
