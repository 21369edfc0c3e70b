"""The rule A101, `unseen_border`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.coverage import AxisCoverage, coverage
from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import show_shape
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option
from cnncalc.linting.rules.arithmetic._sliding import along, axes_of, counted, sliding


class UnseenBorder(NetworkRule):
    """A stride does not tile the input, so that its last rows and columns are never seen.

    The windows of a convolution or pool take (W − F′ + P₀ + P₁)/S steps, rounded down. What is left over at the end
    of the input meets no window: it is computed, and thrown away. Padding that is left over is not spoken of, nor are
    the gaps of a stride above the kernel, which are `stride_skips_positions`.
    """

    code = "A101"
    name = "unseen_border"
    message = "{layer}: the last {what} of {size} {verb} never seen: the stride {stride} does not divide {room}"
    bad = "11x11x3 -> max_pool 2"
    good = "12x12x3 -> max_pool 2"
    reason = "What stands at the edge of the image is lost, and only at its lower and right edge."
    sources = (
        "CS231n, Convolutional Neural Networks: Architectures, Constraints on strides",
        "Dumoulin & Visin, A guide to convolution arithmetic for deep learning, arXiv 1603.07285, section 2.4",
    )
    options = (Option("most", 0, "How many positions along an axis may be left out."),)

    def check_network(self, network: Network) -> Iterator[Finding]:
        for index, node, layer in sliding(network, _leaves_out):
            x = network.inputs(node)[0]
            axes = coverage(layer, x)
            windows = network.windows(index)
            lost = [
                self.lost(axis, window.extent, added)
                for axis, window, added in zip(axes, windows, _added(network, index, len(axes)), strict=True)
            ]
            if any(lost):
                worst = lost.index(max(lost))
                yield self.finding(
                    node.span, layer=node.name, what=counted(lost), size=show_shape(network.spatial(x)),
                    verb="is" if sum(lost) == 1 else "are", stride=axes[worst].stride, room=axes[worst].room,
                    hint=_fitting(axes, lost),
                )  # fmt: skip

    def lost(self, axis: AxisCoverage, extent: int, added: int) -> int:
        """The positions behind the last window, unless they are no more than what lies between any two windows.

        Of them, `added` are no input: a layer before put them there.
        """
        lost = axis.lost - added
        return lost if lost > max(axis.stride - extent, self.option("most")) else 0


def _leaves_out(layer: WindowLayer, x: Shape) -> bool:
    """Whether there are positions that no window reaches."""
    return any(axis.stride > 1 and axis.lost for axis in coverage(layer, x))


def _added(network: Network, index: int, rank: int) -> tuple[int, ...]:
    """How many positions a padding layer right before added behind each axis."""
    source = network.nodes[network.nodes[index].inputs[0]]
    if source.layer is None or not source.layer.type.endswith("_pad"):
        return (0,) * rank
    sight = source.layer.windows(*network.inputs(source))
    return tuple(window.after for window in sight) if not isinstance(sight, str) else (0,) * rank


def _fitting(axes: tuple[AxisCoverage, ...], lost: list[int]) -> str:
    """The sizes nearby that are tiled."""
    told: list[tuple[list[str], int, int]] = []
    for axis, count, name in zip(axes, lost, axes_of(len(axes)), strict=True):
        fits = axis.size - axis.room % axis.stride
        if count and told and told[-1][1] == fits:
            told[-1][0].append(name)
        elif count:
            told.append(([name], fits, fits + axis.stride))
    return "; ".join(f"a {along(names)} of {less} or {more} fits" for names, less, more in told)
