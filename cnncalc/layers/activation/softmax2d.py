from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import keeping
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.activation._competition import softmax
from cnncalc.layers.base import Array, show_shape


class Softmax2d(Activation):
    """Probabilities over the channels at each pixel of an image.

    FLOPs: one per element.
    """

    type = "softmax2d"
    takes_empty = False
    role = "softmax"
    rule = "f(xᵢ) = e^xᵢ / Σⱼ e^xⱼ over the channels i, j of one pixel"
    sources = ("PyTorch, torch.nn.Softmax2d",)
    examples = ("16x16x8 -> softmax2d", "32x32x3 -> conv 16 3x3 softmax2d")
    keeps = keeping.OUTPUT

    def runs_in_place(self) -> bool:
        return False

    def shape(self, x: Shape) -> Shape:
        if len(x) != 3:
            raise Refusal(
                f"softmax2d needs an image, with height, width and channels, got {show_shape(x)}",
                hint="`softmax` accepts any number of axes",
                code="E303",
            )
        return x

    def forward(self, np: ModuleType, x: Array) -> Array:
        return softmax(np, x, -1 if self.setting.layout == "HWC" else 1)
