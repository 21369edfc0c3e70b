"""The rule A101, `unseen_border`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.coverage import AxisCoverage, coverage
from cnncalc.arithmetic.convention import Shape
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option
from cnncalc.linting.rules.arithmetic._sliding import along, axes_of, counted, sliding
from cnncalc.number_text import show_shape


class UnseenBorder(NetworkRule):
    """A stride does not divide evenly, so the last rows and columns of the input are never used.

    The windows of a convolution or pool take (W − F′ + P₀ + P₁)/S steps, rounded down. No window reaches the remaining
    positions at the end of the input: they are computed, then discarded. Not reported for unused padding, or for the
    gaps of a stride larger than the kernel, which `stride_skips_positions` reports.
    """

    code = "A101"
    name = "unseen_border"
    message = "{layer}: the last {what} of the {size} input {verb} never used: {room} is not divisible by stride \
{stride}"
    bad = "11x11x3 -> max_pool 2"
    good = "12x12x3 -> max_pool 2"
    reason = "Features at the lower and right edges of the image are lost; those at the other edges are not."
    sources = (
        "CS231n, Convolutional Neural Networks: Architectures, Constraints on strides",
        "Dumoulin & Visin, A guide to convolution arithmetic for deep learning, arXiv 1603.07285, section 2.4",
    )
    options = (Option("most", 0, "The number of unused positions to allow along an axis."),)

    def check_network(self, network: Network) -> Iterator[Finding]:
        covered = network.remembering(coverage)
        for index, node, layer in sliding(network, lambda layer, x: _leaves_out(covered(layer, x))):
            x = network.inputs(node)[0]
            axes = covered(layer, x)
            windows = network.windows(index)
            lost = [
                self.lost(axis, window.extent, added)
                for axis, window, added in zip(axes, windows, _added(network, index, len(axes)), strict=True)
            ]
            if any(lost):
                worst = lost.index(max(lost))
                yield self.finding(
                    node.span, layer=node.name, what=counted(lost), size=_size(network.spatial(x)),
                    verb="is" if sum(lost) == 1 else "are", stride=axes[worst].stride,
                    room=axes[worst].moves, hint=_fitting(axes, lost),
                )  # fmt: skip

    def lost(self, axis: AxisCoverage, extent: int, added: int) -> int:
        """The positions after the last window, unless there are no more of them than between any two windows.

        The `added` ones are not part of the input: a padding layer before it appended them.
        """
        lost = axis.lost - added
        return lost if lost > max(axis.stride - extent, self.option("most")) else 0


def _size(sizes: Shape) -> str:
    """The sizes as an adjective: `45x45`, `length-45`."""
    return show_shape(sizes) if len(sizes) > 1 else f"length-{sizes[0]}"


def _leaves_out(axes: tuple[AxisCoverage, ...]) -> bool:
    """Whether there are positions that no window reaches."""
    return any(axis.lost for axis in axes)


def _added(network: Network, index: int, rank: int) -> tuple[int, ...]:
    """The number of positions that a padding layer directly before it appended to each axis."""
    source = network.nodes[network.nodes[index].inputs[0]]
    if source.layer is None or not source.layer.type.endswith("_pad"):
        return (0,) * rank
    return tuple(window.after for window in network.windows(network.nodes[index].inputs[0]))


def _fitting(axes: tuple[AxisCoverage, ...], lost: list[int]) -> str:
    """The nearest sizes that divide evenly."""
    sizes: list[tuple[list[str], int, int]] = []
    for axis, count, name in zip(axes, lost, axes_of(len(axes)), strict=True):
        fits = axis.size - axis.room % axis.stride
        if count and sizes and sizes[-1][1] == fits:
            sizes[-1][0].append(name)
        elif count:
            sizes.append(([name], fits, fits + axis.stride))
    return "; ".join(f"use a {along(names)} of {less} or {more}" for names, less, more in sizes)
