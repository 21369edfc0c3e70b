"""The rule N106, `unflattened_dense`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph.model import Node
from cnncalc.layers.base import show_shape
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule

_FLATTENS = ("onnx", "caffe")
"""The conventions whose own dense layer flattens."""


class UnflattenedDense(NetworkRule):
    """A dense layer stands on a volume that was not flattened.

    Keras and TensorFlow then apply it to the channels of each position, so that height and width stay; PyTorch
    refuses; on paper it is connected to the whole volume. Sequences, where each step is meant, and the conventions
    whose own layer flattens are not spoken of.
    """

    code = "N106"
    name = "unflattened_dense"
    message = "{layer}: a dense layer on the volume {shape} gives {output} {here}, and something else elsewhere"
    bad = "convention: keras\ninput: 8x8x4\nlayers:\n  - dense 10\n"
    good = "convention: keras\ninput: 8x8x4\nlayers:\n  - flatten\n  - dense 10\n"
    reason = (
        "The same line means three networks in three frameworks; one of them has 64 outputs for each of 10 classes."
    )
    sources = ("Keras, keras.layers.Dense, note on inputs of rank above 2", "PyTorch, torch.nn.Linear, Shape")
    about = frozenset({"dense"})

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        x = network.inputs(node)[0]
        if len(x) > 2 and network.convention not in _FLATTENS:
            here = f"under {network.graph.setting.convention.title}"
            shape, output = show_shape(x), show_shape(network.shape(index))
            hint = "put a flatten or a global pool before it; per position, a 1x1 convolution says what is meant"
            yield self.finding(node.span, layer=node.name, shape=shape, output=output, here=here, hint=hint)
