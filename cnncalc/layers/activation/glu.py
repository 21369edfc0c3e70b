from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.elementwise import sigmoid
from cnncalc.layers import declare, keeping
from cnncalc.layers.activation._axis_changing import AxisChanging
from cnncalc.layers.base import Array


class Glu(AxisChanging):
    """Gated linear unit: one half of an axis times the sigmoid of the other half.

    The default axis is the channels; under PyTorch and ONNX it is the last axis, as in `nn.GLU()`, which is the width
    of an image there. FLOPs: two per output, for the sigmoid and the product.
    """

    type = "glu"
    role = "activation"
    aliases = ("gated_linear_unit",)
    rule = "Cₒ = Cᵢ/2: f(a, b) = a·sigmoid(b), a and b the two halves of the axis"
    sources = (
        "Dauphin et al., Language Modeling with Gated Convolutional Networks, arXiv 1612.08083",
        "PyTorch, torch.nn.GLU",
        "Keras, keras.activations.glu",
    )
    examples = ("16x16x8 -> glu", "16x16x8 -> glu axis=height", "10x16 -> dense 8 -> glu")

    axis = declare.axis(
        "the axis that is halved", aliases=("dim",), default=None,
        default_text="the last under pytorch and onnx, else channels",
    )  # fmt: skip
    keeps = keeping.INPUTS

    def place(self, shape: Shape) -> int:
        default = -1 if self.setting.convention.name in ("pytorch", "onnx") else "channels"
        return self.axis_index(self.axis or default, shape)

    def shape(self, x: Shape) -> Shape:
        size = x[self.place(x)]
        if size % 2:
            raise Refusal(
                f"an axis of size {int(size)} cannot be halved: its {self.axis_names(len(x))[self.place(x)]} is odd",
                hint="glu multiplies one half by the sigmoid of the other",
                field="axis",
                code="E305",
            )
        return self.resized(x, exact_div(size, 2))

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 2 * prod(y)

    def remarks(self, x: Shape, y: Shape) -> tuple[str, ...]:
        if self.axis or self.place(x) == self.axis_index("channels", x):
            return ()
        return ("nn.GLU() halves the last axis, not the channels: set the axis to halve the channels.",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        kept, gate = np.split(x, 2, axis=self.along(x))
        return kept * sigmoid(np, gate)
