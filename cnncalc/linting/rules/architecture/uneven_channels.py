"""The rule N115, `uneven_channels`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph.model import Node
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option


class UnevenChannels(NetworkRule):
    """The channels of a convolution, or the units of a dense layer, are not a multiple of 8.

    Matrix units operate on blocks of 8 (or 16, or 32) numbers and pad incomplete blocks with zeros. Off by default,
    since it affects only speed. Not reported for output layers, whose size is the number of classes.
    """

    code = "N115"
    name = "uneven_channels"
    needs_whole_model = True
    severity = "info"
    message = "{layer}: {count} {what}, which is not a multiple of {multiple}"
    bad = "32x32x3 -> conv 20 3x3 relu -> conv 8 3x3"
    good = "32x32x3 -> conv 24 3x3 relu -> conv 8 3x3"
    default = False
    reason = "Tensor cores and vector units run at full speed on multiples of 8."
    sources = ("NVIDIA, Deep learning performance guide, Convolutional layers, Channels in and out",)
    options = (Option("multiple", 8, "The number of which the channels should be a multiple.", 1),)
    about_roles = frozenset({"convolution", "dense"})

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        kind, multiple = network.type(index), int(self.option("multiple"))
        if index in network.outputs:
            return
        shape = network.shape(index)
        count = network.channels(shape) if kind != "dense" else shape[-1]
        if count % multiple:
            lower = count // multiple * multiple
            hint = f"use {lower or multiple} or {lower + multiple}" if lower else f"use {multiple}"
            what = "units" if kind == "dense" else "channels"
            yield self.finding(node.span, layer=node.name, count=count, what=what, multiple=multiple, hint=hint)
