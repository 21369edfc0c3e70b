"""The rule A105, `even_kernel`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.receptive_field import sight_of
from cnncalc.layers.base import Sight
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option
from cnncalc.linting.rules.arithmetic._sliding import along, axes_of, sliding, unit


class EvenKernel(NetworkRule):
    """A padded convolution with stride 1 has an even kernel, which has no center.

    Its outputs lie between the pixels: either the size changes by one, or the padding is uneven and the features shift
    by half a pixel. Not reported for even strides, which compensate for the shift (4×4 with stride 2), for unpadded
    convolutions, or for long kernels, such as those over sound, for which half a position is negligible.
    """

    code = "A105"
    name = "even_kernel"
    message = "{layer}: a kernel of size {extent} has no center: its outputs are shifted by half a {unit} along the \
{axes}"
    bad = "33x33x3 -> conv 8 4x4 p2"
    good = "33x33x3 -> conv 8 5x5 p2"
    reason = "The shift accumulates from layer to layer and costs accuracy."
    sources = (
        "Wu, Wang, Tang, Chen & Shi, Convolution with even-sized kernels and symmetric padding, arXiv 1903.08385",
    )
    options = (Option("most", 8, "The largest kernel to report."),)

    def check_network(self, network: Network) -> Iterator[Finding]:
        sight = network.remembering(sight_of)
        for index, node, layer in sliding(network, lambda layer, x: bool(self.even(layer, sight(layer, (x,))))):
            windows = network.windows(index)
            even = self.even(layer, windows)
            extent = even[0][1]
            axes = along(axis for axis, _ in even)
            hint = f"use {extent - 1} or {extent + 1}"
            yield self.finding(node.span, layer=node.name, extent=extent, axes=axes, unit=unit(len(windows)), hint=hint)

    def even(self, layer: WindowLayer, sight: Sight) -> list[tuple[str, int]]:
        """The axes along which a padded convolution's kernel has no center, with the kernel's size."""
        if layer.family != "convolution" or layer.padding == "causal" or isinstance(sight, str):
            return []
        return [
            (axis, window.extent)
            for axis, window in zip(axes_of(len(sight)), sight, strict=True)
            if window.extent % 2 == 0
            and window.extent <= self.option("most")
            and window.stride % 2
            and window.before + window.after
        ]
