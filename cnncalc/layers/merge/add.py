"""The `add` layer type."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.merge._merge import Merge


class Add(Merge):
    """Sum of the inputs: residual connections.

    FLOPs: one for each input after the first, per output element.
    """

    type = "add"
    alone = ("keras", "tensorflow", "onnx")
    aliases = ("sum",)
    examples = (
        "32x32x16 -> add(conv 16 3x3 p1 | identity)",
        "32x32x16 -> add(conv 8 3x3 p1 -> conv 16 1x1 | identity) -> relu",
    )

    def combine(self, np: ModuleType, one: Array, other: Array) -> Array:
        return one + other
