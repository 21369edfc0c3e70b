"""The rule A111, `gridding`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from math import gcd
from operator import or_

from cnncalc.layers.window_layer import WindowLayer
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.linting.rules.arithmetic._sliding import axes_of, sliding

_LARGEST = 100_000
"""Longer ranges of input positions are not searched."""
_BETWEEN = ("activation", "normalization", "regularization")
"""Families that may come between two convolutions of a run."""

Taps = tuple[int, int]
"""The number of kernel taps along an axis, and the distance between them."""


class Gridding(NetworkRule):
    """Consecutive dilated convolutions leave holes in their receptive field.

    If all dilations share a common factor n, the layers together see only every n-th pixel, however many there are.
    A run of stride-1 convolutions is checked as a whole, including the undilated ones: dilations 1, 2, 4, 8 with
    kernels of size 2 or more leave no holes; 2, 4, 8 do.
    """

    code = "A111"
    name = "gridding"
    message = "{layer}: the {count} dilated convolutions up to it (dilations {dilations}) see only {seen} of {length} \
positions along the {axis}"
    bad = "64x64x8 -> conv 8 3x3 p2 d2 relu -> conv 8 3x3 p4 d4 relu"
    good = "64x64x8 -> conv 8 3x3 p1 relu -> conv 8 3x3 p2 d2 relu"
    reason = (
        "Neighbouring outputs are computed from disjoint sets of pixels, which leaves a grid pattern in the output."
    )
    sources = (
        "Wang et al., Understanding convolution for semantic segmentation, arXiv 1702.08502, section 3.2",
        "Yu, Koltun & Funkhouser, Dilated residual networks, arXiv 1705.09914, section 4",
    )

    def check_network(self, network: Network) -> Iterator[Finding]:
        if not any(max(layer.dilations(network.inputs(node)[0])) > 1 for _, node, layer in sliding(network)):
            return
        for index, node in network.layers:
            if not _is_convolution(network, index) or any(_is_convolution(network, i) for i in _next(network, index)):
                continue
            run = _run(network, index)
            for place, axis in enumerate(axes_of(len(network.spatial(network.shape(index))))):
                taps = [_taps(network, each)[place] for each in run]
                dilated = [distance for count, distance in taps if distance > 1 and count > 1]
                seen, length = _seen(taps)
                if len(dilated) > 1 and seen < length:
                    factor = gcd(*dilated)
                    hint = f"all dilations are multiples of {factor}: " if factor > 1 else ""
                    yield self.finding(
                        node.span, layer=node.name, count=len(dilated), axis=axis, seen=seen, length=length,
                        dilations=", ".join(map(str, dilated)), hint=f"{hint}start with a dilation of 1",
                    )  # fmt: skip
                    break


def _is_convolution(network: Network, index: int) -> bool:
    """Whether a node is a sliding convolution of stride 1 with more than one tap."""
    node = network.nodes[index]
    layer = node.layer
    if not isinstance(layer, WindowLayer) or not layer.slides_over_input or layer.family != "convolution":
        return False
    x = network.inputs(node)[0]
    return set(layer.strides(x)) == {1} and max(layer.kernels(x)) > 1


def _passes(network: Network, index: int) -> bool:
    """Whether a node has one input and works position by position, so that a run continues after it."""
    node = network.nodes[index]
    if network.family(index) in _BETWEEN:
        return True
    is_window = isinstance(node.layer, WindowLayer) and node.layer.slides_over_input
    return is_window and {(each.extent, each.stride) for each in network.windows(index)} == {(1, 1)}


def _next(network: Network, index: int) -> Iterator[int]:
    """The layers after a node, skipping those that work position by position."""
    for user in network.users(index):
        if _passes(network, user):
            yield from _next(network, user)
        else:
            yield user


def _run(network: Network, index: int) -> list[int]:
    """The convolutions that lead up to a node, including the node."""
    run = [index]
    source = network.nodes[index].inputs[0]
    while network.nodes[source].layer is not None and (_passes(network, source) or _is_convolution(network, source)):
        if _is_convolution(network, source):
            run.insert(0, source)
        source = network.nodes[source].inputs[0]
    return run


def _taps(network: Network, index: int) -> list[Taps]:
    node = network.nodes[index]
    assert isinstance(node.layer, WindowLayer)
    x = network.inputs(node)[0]
    return list(zip(node.layer.kernels(x), node.layer.dilations(x), strict=True))


def _seen(taps: list[Taps]) -> tuple[int, int]:
    """The number of positions that a run's taps reach together, and the length of the range they span."""
    length = 1 + sum((count - 1) * distance for count, distance in taps)
    if length > _LARGEST:
        return length, length
    reached = 1
    for count, distance in taps:
        reached = reduce(or_, (reached << (tap * distance) for tap in range(count)))
    return reached.bit_count(), length
