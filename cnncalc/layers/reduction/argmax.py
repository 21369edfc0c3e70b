from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.reduction._position import Position


class Argmax(Position):
    """Position of the maximum along an axis, for example the predicted class.

    FLOPs: the comparisons.
    """

    type = "argmax"
    rule = "y = the position of the largest x along the axis"
    sources = ("ONNX operators, ArgMax", "PyTorch, torch.argmax", "Keras, keras.ops.argmax")
    examples = ("32x32x21 -> argmax -1", "28x64 -> argmax 2 keep=true")

    def place(self, np: ModuleType, x: Array) -> Array:
        return np.argmax(x, axis=-1)
