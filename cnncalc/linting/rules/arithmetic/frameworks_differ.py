"""The rule A106, `frameworks_differ`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.arithmetic.convention import CONVENTIONS, Setting, Shape
from cnncalc.diagnostics import Refusal
from cnncalc.graph.model import Node
from cnncalc.layers.base import Layer
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.number_text import show_shape


class FrameworksDiffer(NetworkRule):
    """A layer, as written, has a different output shape in another framework.

    Frameworks have different defaults: the rounding and stride of a pool, whether a global pool keeps its axes, how a
    dense layer treats a volume. Off by default, since a spec with a `convention` has chosen one; select it for specs
    that should mean the same everywhere. `cnncalc compare` shows every framework's result.
    """

    code = "A106"
    name = "frameworks_differ"
    message = "{layer}: {own} here, but {others}"
    bad = "112x112x3 -> max_pool 3 s2 p1"
    good = "113x113x3 -> max_pool 3 s2 p1"
    default = False
    reason = "A network ported from one framework to another changes its shapes silently."
    sources = ("Caffe, Pooling layer; ONNX operators, MaxPool, ceil_mode; PyTorch, torch.nn.MaxPool2d, ceil_mode",)

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        inputs, own = network.inputs(node), network.shape(index)
        others: dict[Shape, list[str]] = {}
        for convention in CONVENTIONS.values():
            shape = _under(convention.name, node.layer, inputs)
            if shape is not None and shape != own:
                others.setdefault(shape, []).append(convention.title)
        if others:
            theirs = "; ".join(f"{_difference(own, shape)} in {', '.join(names)}" for shape, names in others.items())
            hint = "state what differs: the stride, the rounding, a flatten"
            yield self.finding(node.span, layer=node.name, own=show_shape(own), others=theirs, hint=hint)


def _under(convention: str, layer: Layer | None, inputs: tuple[Shape, ...]) -> Shape | None:
    """The output under a convention, in the spec's layout; None if the convention rejects the layer."""
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
    changes = " and ".join(f"{abs(change)} {'more' if change > 0 else 'less'}" for change in dict.fromkeys(changed))
    return f"{show_shape(other)} ({changes})"
