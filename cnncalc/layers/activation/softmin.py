from __future__ import annotations

from types import ModuleType

from cnncalc.layers.activation._competition import Competition, softmax
from cnncalc.layers.base import Array


class Softmin(Competition):
    """Probabilities along an axis, the largest for the smallest value: the softmax of the negated input.

    FLOPs: one per element.
    """

    type = "softmin"
    role = "softmax"
    rule = "f(xᵢ) = e^−xᵢ / Σⱼ e^−xⱼ"
    sources = ("PyTorch, torch.nn.Softmin",)
    examples = ("10 -> softmin", "16x16x8 -> softmin axis=height", "784 -> dense 10 softmin")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return softmax(np, -x, self.along(x))
