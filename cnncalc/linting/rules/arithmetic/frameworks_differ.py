"""The rule A106, `frameworks_differ`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.arithmetic.convention import CONVENTIONS, Setting, Shape
from cnncalc.diagnostics import Refusal
from cnncalc.graph.model import Node
from cnncalc.layers.base import Layer, show_shape
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule


class FrameworksDiffer(NetworkRule):
    """A layer as it is written has another output in another framework.

    The frameworks differ in what they assume where nothing is said: the rounding and the stride of a pool, whether a
    global pool keeps its axes, what a dense layer does with a volume. Off by default, for a spec with a `convention`
    has chosen; select it for specs that are to mean the same everywhere. `cnncalc compare` shows all of them.
    """

    code = "A106"
    name = "frameworks_differ"
    message = "{layer}: {own} here, but {others}"
    bad = "112x112x3 -> max_pool 3 s2 p1"
    good = "113x113x3 -> max_pool 3 s2 p1"
    default = False
    reason = "A network that is carried from one framework to another changes its shape without a word."
    sources = ("Caffe, Pooling layer; ONNX operators, MaxPool, ceil_mode; PyTorch, torch.nn.MaxPool2d, ceil_mode",)

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        inputs, own = network.inputs(node), network.shape(index)
        others: dict[Shape, list[str]] = {}
        for convention in CONVENTIONS.values():
            shape = _under(convention.name, node.layer, inputs)
            if shape is not None and shape != own:
                others.setdefault(shape, []).append(convention.title)
        if others:
            told = "; ".join(f"{_difference(own, shape)} in {', '.join(names)}" for shape, names in others.items())
            hint = "say what differs: the stride, the rounding, a flatten"
            yield self.finding(node.span, layer=node.name, own=show_shape(own), others=told, hint=hint)


def _under(convention: str, layer: Layer | None, inputs: tuple[Shape, ...]) -> Shape | None:
    """The output under a convention, in the layout of the spec; None where it refuses."""
    if layer is None:
        return None
    try:
        changed = layer.under(Setting(CONVENTIONS[convention], layer.setting.layout))
        return changed.shape(*inputs)
    except Refusal:
        return None


def _difference(own: Shape, other: Shape) -> str:
    """`57x57x3 (1 and 1 more)`."""
    if len(own) != len(other):
        return show_shape(other)
    changed = [theirs - ours for ours, theirs in zip(own, other, strict=True) if ours != theirs]
    told = " and ".join(f"{abs(change)} {'more' if change > 0 else 'less'}" for change in dict.fromkeys(changed))
    return f"{show_shape(other)} ({told})"
