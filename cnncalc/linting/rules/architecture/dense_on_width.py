"""The rule N118, `dense_on_width`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.arithmetic.convention import Shape
from cnncalc.graph.model import Node
from cnncalc.layers.base import Layer
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule
from cnncalc.number_text import show_shape

_AROUND = ("weight_norm", "spectral_norm")
"""The wrappers that leave the layer inside its input."""

_MAKES_IMAGES = ("convolution", "pooling", "resizing")
"""The families whose output has its channels where the layout puts them."""
_READS_CHANNELS = frozenset({
    "batch_norm", "frozen_batch_norm", "group_norm", "instance_norm", "local_response_norm", "channel_shuffle",
    "spatial_dropout",
})  # fmt: skip
"""The types outside these families that read the channels where the layout puts them."""

_KEEPS_AXES = ("activation", "elementwise", "regularization")
_KEEPS = frozenset({
    "layer_norm", "rms_norm", "layer_scale", "identity", "zero_pad", "reflection_pad", "replication_pad",
    "circular_pad", "crop", "flip", "roll", "slice", "split", "add", "subtract", "multiply", "divide", "average",
    "maximum", "minimum", "concat", "where", "squeeze_excite",
})  # fmt: skip
"""The types outside those families whose output keeps the axis order of the first input."""

_MOST_INPUT_CHANNELS = 4


class DenseOnWidth(NetworkRule):
    """A dense layer acts on the width of a channels-first image.

    PyTorch's Linear acts on the last axis of its input, whatever the rank. The last axis of a convolution's output is
    the width; the channels are last only after a `permute`. A model input counts as an image if its first axis has at
    most four channels, or if the two axes after the channels are equal. Not reported if a `permute`, `reshape` or
    similar layer comes between the image and the dense layer.
    """

    code = "N118"
    name = "dense_on_width"
    message = "{layer}: dense acts on the width ({width}) of the channels-first image {shape}, giving {output}"
    bad = "convention: pytorch\ninput: 3x32x32\nlayers: [conv 16 5x5 relu, max_pool 2, dense 10]\n"
    good = "convention: pytorch\ninput: 3x32x32\nlayers: [conv 16 5x5 relu, max_pool 2, flatten, dense 10]\n"
    reason = "The network runs, but it mixes the columns of each row; channels and rows are never combined."
    sources = ("PyTorch, torch.nn.Linear, Shape", "PyTorch, torch.nn.Flatten")
    about = frozenset({"dense", *_AROUND})

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        x = network.inputs(node)[0]
        if network.convention != "pytorch" or network.graph.setting.layout != "CHW" or len(x) < 2:
            return
        if _inside(node).type != "dense" or not _is_image(network, node.inputs[0]):
            return
        yield self.finding(
            node.span, layer=node.name, shape=show_shape(x), width=x[-1], output=show_shape(network.shape(index)),
            hint="add a flatten before it; for a dense layer on the channels, permute them to the end",
        )  # fmt: skip


def _inside(node: Node) -> Layer:
    """The layer of a node, or the layer inside its wrapper."""
    layer = node.layer
    assert layer is not None
    while layer.type in _AROUND:
        layer = layer.values()["layer"]
    return layer


def _is_image(network: Network, index: int) -> bool:
    """Whether a node's output is an image or a sequence whose channels come first."""
    while (node := network.nodes[index]).layer is not None:
        layer = _inside(node)
        if layer.family in _MAKES_IMAGES or layer.type in _READS_CHANNELS:
            return True
        if layer.family not in _KEEPS_AXES and layer.type not in _KEEPS:
            return False
        index = node.inputs[0]
    return _looks_like_image(network.shape(index))


def _looks_like_image(shape: Shape) -> bool:
    """Whether a model's input looks channels-first, judged by its sizes."""
    if len(shape) < 3:
        return False
    channels, *sides = shape
    return channels <= _MOST_INPUT_CHANNELS < min(sides) or (len(sides) == 2 and 1 < sides[0] == sides[1])
