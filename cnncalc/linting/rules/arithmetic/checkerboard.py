"""The rule A107, `checkerboard`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.arithmetic.window import dilated
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule


class Checkerboard(NetworkRule):
    """The kernel of a transposed convolution is not divisible by its stride.

    Neighbouring outputs receive different numbers of kernel taps, in a pattern that repeats with the stride. Training
    can compensate, but rarely does so completely: generated images show a checkerboard.
    """

    code = "A107"
    name = "checkerboard"
    message = "{layer}: kernel {kernel} is not divisible by stride {stride}: outputs receive either {few} or {many} of \
its taps"
    bad = "8x8x16 -> conv_transpose 8 3x3 s2"
    good = "8x8x16 -> conv_transpose 8 4x4 s2 p1"
    reason = "Uneven overlap leaves checkerboard artifacts in generated images and in gradients."
    sources = ("Odena, Dumoulin & Olah, Deconvolution and checkerboard artifacts, Distill 2016",)

    def check_network(self, network: Network) -> Iterator[Finding]:
        for _, node in network.layers:
            layer = node.layer
            if not isinstance(layer, WindowLayer) or layer.type != "conv_transpose":
                continue
            x = network.inputs(node)[0]
            axes = zip(layer.kernels(x), layer.strides(x), layer.dilations(x), strict=True)
            uneven = [(F, S, dilated(F, D)) for F, S, D in axes if S > 1 and dilated(F, D) % S]
            if uneven:
                kernel, stride, extent = uneven[0]
                hint = (
                    f"use a kernel of size {extent // stride * stride or stride} or {-(-extent // stride) * stride}, \
or upsample {stride} and a convolution"
                )
                yield self.finding(
                    node.span, layer=node.name, stride=stride, kernel=kernel, few=extent // stride,
                    many=-(-extent // stride), hint=hint,
                )  # fmt: skip
