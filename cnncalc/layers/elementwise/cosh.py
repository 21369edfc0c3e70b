from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Cosh(Function):
    """Hyperbolic cosine.

    FLOPs: one per element.
    """

    type = "cosh"
    rule = "f(x) = (eˣ + e⁻ˣ)/2"
    sources = ("ONNX operators, Cosh", "PyTorch, torch.cosh", "Keras, keras.ops.cosh")
    examples = ("16x16x8 -> cosh",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        with np.errstate(over="ignore"):  # no warning: the result is ∞, as in every framework
            return np.cosh(x)
