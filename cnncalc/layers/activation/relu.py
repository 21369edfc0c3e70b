"""The `relu` layer type."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._elementwise import Activation
from cnncalc.layers.base import Array


class Relu(Activation):
    """Rectified linear unit: negative values become zero.

    FLOPs: one per element.
    """

    type = "relu"
    aliases = ("rectifier",)
    rule = "f(x) = max(0, x)"
    sources = (
        "Nair & Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, ICML 2010",
        "PyTorch, torch.nn.ReLU",
    )
    examples = ("16x16x8 -> relu", "32x32x3 -> conv 16 3x3 relu")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.maximum(x, 0)
