from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Sight


class OneHot(Layer):
    """Each index as a vector of zeros with a one in its place.

    The vectors lie along the last axis in every layout. Any real number stands for its floor. An index that is not
    among the classes gives zeros; ONNX counts one below zero from the end. FLOPs: none.
    """

    type = "one_hot"
    refused: ClassVar[dict[str, str]] = {"axis": "the classes are the last axis"}
    family = "embedding"
    least_axes = 0
    rule = "one_hot: a new last axis, as long as there are classes"
    sources = ("ONNX operators, OneHot", "PyTorch, torch.nn.functional.one_hot", "Keras, keras.ops.one_hot")
    examples = ("28 -> one_hot 65 -> lstm 128", "8x8 -> one_hot classes=13")

    classes = declare.count(
        "how many classes there are", positional=True, symbol="K", aliases=("num_classes", "depth", "num_tokens")
    )

    def features_last(self) -> bool:
        return True

    def shape(self, x: Shape) -> Shape:
        return (*x, self.classes)

    def windows(self, x: Shape) -> Sight:
        """The input has no channels: no single answer for its axes."""
        return ()

    def forward(self, np: ModuleType, x: Array) -> Array:
        index = np.floor(x)
        if self.setting.convention.name == "onnx":
            index = np.where(index < 0, index + self.classes, index)
        return (index[..., None] == np.arange(self.classes)).astype(x.dtype)
