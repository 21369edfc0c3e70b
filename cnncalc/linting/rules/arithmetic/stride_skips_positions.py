"""The rule A102, `stride_skips_positions`."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.analysis.receptive_field import sight_of
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.layers.base import Sight
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.linting.rules.arithmetic._sliding import sliding
from cnncalc.number_text import whole_percent


class StrideSkipsPositions(NetworkRule):
    """A stride is larger than the kernel, so positions between the windows are skipped.

    A 1×1 convolution with stride 2 uses one pixel in four. Not reported if another layer uses all of the same input,
    as in a residual block with a strided projection shortcut.
    """

    code = "A102"
    name = "stride_skips_positions"
    needs_whole_model = True
    message = "{layer}: stride {stride} is larger than kernel {kernel}: only {seen} of the input is used"
    bad = "32x32x8 -> conv 16 1x1 s2"
    good = "32x32x8 -> conv 16 2x2 s2"
    reason = "The features at the other positions are computed and then discarded."
    sources = ("He et al., Bag of tricks for image classification, arXiv 1812.01187, section 4.2 (ResNet-B)",)

    def check_network(self, network: Network) -> Iterator[Finding]:
        sight = network.remembering(sight_of)
        for index, node, _ in sliding(network, lambda layer, x: _skips_on(sight(layer, (x,)))):
            windows = network.windows(index)
            skipping = _skipping(windows)
            if not _seen_elsewhere(network, index):
                yield self.finding(
                    node.span, layer=node.name, stride=skipping[0].stride, kernel=skipping[0].extent,
                    seen=whole_percent(prod(min(window.extent, window.stride) / window.stride for window in windows)),
                    hint=f"use a kernel of size {skipping[0].stride} or more, or pool before it",
                )  # fmt: skip


def _skips_on(sight: Sight) -> bool:
    return not isinstance(sight, str) and bool(_skipping(sight))


def _skipping(windows: tuple[AxisWindow, ...]) -> list[AxisWindow]:
    """The axes whose windows skip positions between two steps."""
    return [window for window in windows if window.stride > window.extent and window.output > 1]


def _seen_elsewhere(network: Network, index: int) -> bool:
    """Whether another layer uses the whole input, or the input is an output of the model."""
    source = network.nodes[index].inputs[0]
    return source in network.outputs or any(
        user != index and not _skips(network, user) for user in network.users(source)
    )


def _skips(network: Network, index: int) -> bool:
    sight = network.sight(index)
    return not isinstance(sight, str) and any(window.stride > window.extent for window in sight)
