"""The rule A103, `windows_of_padding`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.linting.rules.arithmetic._sliding import along, axes_of, sliding


class WindowsOfPadding(NetworkRule):
    """The padding is at least as large as the kernel, so some windows see only padding.

    With P ≥ F′, the first window lies entirely before the input. Its output is just the bias, or a pool's result for
    no values, and the next layer treats it as part of the image.
    """

    code = "A103"
    name = "windows_of_padding"
    message = "{layer}: padding {padding} with a kernel of size {extent}: {count} of {output} windows along the {axes} \
see only padding"
    bad = "32x32x3 -> conv 8 3x3 p3"
    good = "32x32x3 -> conv 8 3x3 p1"
    reason = "Such outputs carry no information about the input, and cost as much as the others."
    sources = ("Dumoulin & Visin, A guide to convolution arithmetic for deep learning, arXiv 1603.07285, chapter 2",)

    def check_network(self, network: Network) -> Iterator[Finding]:
        blind_windows = network.remembering(_blind_windows)
        for index, node, layer in sliding(network, lambda layer, x: any(blind_windows(layer, x))):
            blind = blind_windows(layer, network.inputs(node)[0])
            windows = network.windows(index)
            first = next(index for index, count in enumerate(blind) if count)
            window = windows[first]
            same = [axis for axis, count in zip(axes_of(len(blind)), blind, strict=True) if count == blind[first]]
            yield self.finding(
                node.span, layer=node.name, padding=max(window.before, window.after), extent=window.extent,
                count=blind[first], output=window.output, axes=along(same),
                hint=f"pad by less than {window.extent}; {window.extent // 2} keeps the center in place",
            )  # fmt: skip


def _blind_windows(layer: WindowLayer, x: Shape) -> tuple[int, ...]:
    """The number of windows along each axis that see only padding."""
    return tuple([_blind(size, window) for size, window in zip(layer.spatial(x), layer.windows(x), strict=True)])


def _blind(size: int, window: AxisWindow) -> int:
    """The number of windows along an axis of `size` that begin after it or end before it."""
    before = max(0, -(-(window.before - window.extent + 1) // window.stride))
    first_after = -(-(size + window.before) // window.stride)
    return min(before, window.output) + max(0, window.output - max(first_after, before))
