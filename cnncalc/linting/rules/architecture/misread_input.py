"""The rule N117, `misread_input`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph.doubts import CODE, MESSAGE, without_options
from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule


class MisreadInput(NetworkRule):
    """An input shape appears to be written in the other layout, or with a batch axis.

    Reported if the shape, read in the other layout, has 1, 3 or 4 channels and the sides of an image; the spec does
    not state its `layout`; at least one layer's result depends on it; and the network builds with the probable
    intent. Also reported for a volume that is a batch of one image. Other commands give the same warning.
    """

    code = CODE
    name = "misread_input"
    message = MESSAGE
    bad = "3x32x32 -> conv 8 3x3 same relu"
    good = "32x32x3 -> conv 8 3x3 same relu"
    reason = "Kernels slide along the channels, and every later shape and count is that of a different network."
    sources = (
        "Keras, keras.layers.Conv2D, data_format: channels_last by default",
        "PyTorch, torch.nn.Conv2d, Shape: (N, C, H, W)",
    )

    def check_network(self, network: Network) -> Iterator[Finding]:
        for doubt in network.graph.doubts:
            shape, reading = doubt.shape_text, doubt.reading
            hint = without_options(doubt.hint)
            yield self.finding(doubt.span, layer=doubt.name, shape=shape, reading=reading, hint=hint)
