from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.reduction._position import Position


class Argmin(Position):
    """Position of the minimum along an axis.

    FLOPs: the comparisons.
    """

    type = "argmin"
    rule = "y = the position of the smallest x along the axis"
    sources = ("ONNX operators, ArgMin", "PyTorch, torch.argmin", "Keras, keras.ops.argmin")
    examples = ("32x32x21 -> argmin -1", "28x64 -> argmin 2 keep=true")

    def place(self, np: ModuleType, x: Array) -> Array:
        return np.argmin(x, axis=-1)
