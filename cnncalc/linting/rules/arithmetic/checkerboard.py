"""The rule A107, `checkerboard`."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd

from cnncalc.graph.model import Node
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule


class Checkerboard(NetworkRule):
    """The kernel of a transposed convolution is not divisible by its stride.

    Neighbouring outputs receive different numbers of kernel taps, in a pattern that repeats with the stride. Training
    can compensate, but rarely does so completely: generated images show a checkerboard. A dilation that has a common
    factor with the stride leaves some outputs without any tap.
    """

    code = "A107"
    name = "checkerboard"
    message = "{layer}: {what}: outputs receive either {few} or {many} of its taps"
    bad = "8x8x16 -> conv_transpose 8 3x3 s2"
    good = "8x8x16 -> conv_transpose 8 4x4 s2 p1"
    reason = "Uneven overlap leaves checkerboard artifacts in generated images and in gradients."
    sources = ("Odena, Dumoulin & Olah, Deconvolution and checkerboard artifacts, Distill 2016",)

    about = frozenset({"conv_transpose"})

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        layer = node.layer
        assert isinstance(layer, WindowLayer)
        x = network.inputs(node)[0]
        axes = zip(layer.kernels(x), layer.strides(x), layer.dilations(x), strict=True)
        uneven = [(F, S, D) for F, S, D in axes if gcd(D, S) > 1 or F % S]
        if uneven:
            F, S, D = uneven[0]
            few, many = _taps(F, S, D)
            yield self.finding(node.span, layer=node.name, what=_what(F, S, D), few=few, many=many, hint=_hint(F, S, D))


def _taps(F: int, S: int, D: int) -> tuple[int, int]:
    """The least and the largest number of taps that an output receives: those D apart repeat after S/gcd(D, S)."""
    factor = gcd(D, S)
    return (0 if factor > 1 else F // S), -(-F * factor // S)


def _what(F: int, S: int, D: int) -> str:
    if gcd(D, S) > 1:
        return f"dilation {D} and stride {S} have the common factor {gcd(D, S)}"
    return f"kernel {F} is not divisible by stride {S}"


def _hint(F: int, S: int, D: int) -> str:
    sizes = " or ".join(map(str, dict.fromkeys((F // S * S or S, -(-F // S) * S))))
    remedies = []
    if gcd(D, S) > 1:
        remedies.append("leave out the dilation")
    if F % S:
        remedies.append(f"use a kernel of size {sizes}")
    return f"{' and '.join(remedies)}, or upsample {S} and a convolution"
