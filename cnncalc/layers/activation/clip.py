from __future__ import annotations

from math import inf
from types import ModuleType

from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Clip(Activation):
    """The input limited to a range; a bound that is not given is infinite.

    If the lower bound is above the upper one, every value becomes the upper one, as in ONNX and PyTorch. FLOPs: one per
    element.
    """

    type = "clip"
    role = "function"
    aliases = ("clamp", "clip_by_value")
    rule = "f(x) = min(max(low, x), high)"
    sources = ("ONNX operators, Clip", "PyTorch, torch.clamp", "TensorFlow, tf.clip_by_value")
    examples = ("16x16x8 -> clip 0 6", "32x32x3 -> conv 16 3x3 -> clip high=1")

    low = declare.optional_number("lower bound", default_text="none", aliases=("min", "x_min"), positional=True)
    high = declare.optional_number("upper bound", default_text="none", aliases=("max", "x_max"), positional=True)

    def forward(self, np: ModuleType, x: Array) -> Array:
        low = -inf if self.low is None else self.low
        high = inf if self.high is None else self.high
        return np.minimum(np.maximum(x, low), high)
