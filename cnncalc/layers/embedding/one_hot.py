from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight


class OneHot(Layer):
    """Each index as a vector of zeros with a one at the index.

    The vectors lie along the last axis in every layout. Real numbers are rounded down. An index outside of the classes
    gives zeros; ONNX counts negative indices from the end. FLOPs: none.
    """

    type = "one_hot"
    refused: ClassVar[dict[str, str]] = {"axis": "only the last axis is supported"}
    family = "embedding"
    least_axes = 0
    rule = "one_hot: a new last axis, with the number of classes as its size"
    sources = ("ONNX operators, OneHot", "PyTorch, torch.nn.functional.one_hot", "Keras, keras.ops.one_hot")
    examples = ("28 -> one_hot 65 -> lstm 128", "8x8 -> one_hot classes=13")

    classes = declare.count(
        "number of classes", positional=True, symbol="K", aliases=("num_classes", "depth", "num_tokens")
    )
    keeps = keeping.NOTHING

    def features_last(self) -> bool:
        return True

    def shape(self, x: Shape) -> Shape:
        return (*x, self.classes)

    def windows(self, x: Shape) -> Sight:
        """Undefined: the input has no channels."""
        return ()

    def forward(self, np: ModuleType, x: Array) -> Array:
        index = np.floor(x)
        if self.setting.convention.name == "onnx":
            index = np.where(index < 0, index + self.classes, index)
        return (index[..., None] == np.arange(self.classes)).astype(x.dtype)
