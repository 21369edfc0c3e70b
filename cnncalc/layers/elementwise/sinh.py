from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Sinh(Function):
    """Hyperbolic sine.

    FLOPs: one per element.
    """

    type = "sinh"
    rule = "f(x) = (eˣ − e⁻ˣ)/2"
    sources = ("ONNX operators, Sinh", "PyTorch, torch.sinh", "Keras, keras.ops.sinh")
    examples = ("16x16x8 -> sinh",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(over="ignore"):  # no warning: the result is ∞, as in every framework
            return np.sinh(x)
