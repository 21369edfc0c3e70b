from __future__ import annotations

from functools import partial
from math import inf
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.kernels.elementwise import by_blocks
from cnncalc.layers import declare, keeping
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps


class Relu(Activation):
    """Rectified linear unit: negative values become zero.

    As in Keras, it may have a maximum, a slope below the threshold, and a threshold other than zero. FLOPs: one per
    element.
    """

    type = "relu"
    aliases = ("rectifier",)
    rule = "f(x) = max(0, x); in full: max_value if x ≥ max_value, x if x > threshold, else slope·(x − threshold)"
    sources = (
        "Nair & Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, ICML 2010",
        "PyTorch, torch.nn.ReLU",
        "Keras, keras.layers.ReLU",
    )
    examples = ("16x16x8 -> relu", "32x32x3 -> conv 16 3x3 relu", "16x16x8 -> relu max_value=6")

    max_value = declare.optional_number("largest output", default_text="none", minimum=0)
    slope = declare.number("slope below the threshold", default=0.0, minimum=0, aliases=("negative_slope",))
    threshold = declare.number("inputs above this pass unchanged", default=0.0, minimum=0)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        plain = not self.slope and not self.threshold and self.max_value is None
        return keeping.OUTPUT if plain else keeping.INPUTS

    def forward(self, np: ModuleType, x: Array) -> Array:
        most = inf if self.max_value is None else self.max_value
        if self.slope or self.threshold:
            below = self.slope * (np.minimum(x, self.threshold) - self.threshold)
            return np.minimum(np.where(x <= self.threshold, below, x), most)
        clip = partial(np.clip, a_min=0, a_max=most)  # faster in NumPy than a maximum of an array and a number
        return by_blocks(np, clip, x)
