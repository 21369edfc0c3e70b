from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.elementwise._function import Function


class Sin(Function):
    """Sine, as in SIREN networks and positional encodings.

    FLOPs: one per element.
    """

    type = "sin"
    aliases = ("sine",)
    rule = "f(x) = sin x"
    sources = (
        "Sitzmann et al., Implicit Neural Representations, arXiv 2006.09661",
        "ONNX operators, Sin",
        "PyTorch, torch.sin",
    )
    examples = ("16x16x8 -> sin", "32x32x3 -> conv 16 3x3 sin")
    usable_as_activation = True

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.sin(x)
