"""The rule N114, `grayscale_as_sequence`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule, Option
from cnncalc.number_text import show_shape

_SLIDING = ("convolution", "pooling")


class GrayscaleAsSequence(NetworkRule):
    """A grayscale image is written without its channel axis, and is read as a sequence.

    28x28 is a sequence of 28 steps with 28 features each: a convolution slides along one axis and treats the other as
    channels. A single-channel image is 28x28x1. Not reported for recurrent layers, which do read an image row by row,
    or for `conv1d`, which is explicit.
    """

    code = "N114"
    name = "grayscale_as_sequence"
    message = "{layer}: {user} reads {shape} as a sequence of {steps} steps with {features} channels"
    bad = "28x28 -> conv 8 3 relu"
    good = "28x28x1 -> conv 8 3x3 relu"
    reason = "The network runs, with kernels that span one whole side of the image."
    sources = ("Keras, keras.layers.Conv2D, Input shape",)
    options = (Option("least", 8, "The minimum side of a square input to be treated as an image."),)

    def check_network(self, network: Network) -> Iterator[Finding]:
        for index, node in enumerate(network.nodes):
            shape = node.shape or ()
            if node.layer or len(shape) != 2 or shape[0] != shape[1] or shape[0] < self.option("least"):
                continue
            users = [user for user in network.users(index) if network.family(user) in _SLIDING]
            if users and not _says_1d(network.nodes[users[0]].span.source.text, network.nodes[users[0]].span.end):
                image = show_shape(network.graph.setting.volume(shape, 1))
                user = network.nodes[users[0]].name
                yield self.finding(
                    node.span, layer=node.name, shape=show_shape(shape), steps=network.spatial(shape)[0], user=user,
                    features=network.channels(shape), hint=f"write {image} for an image",
                )  # fmt: skip


def _says_1d(text: str, end: int) -> bool:
    """Whether the type written before `end` asserts a single axis: `conv1d`."""
    return text[:end].lower().endswith("1d")
