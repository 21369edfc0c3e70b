from __future__ import annotations

from functools import partial
from types import ModuleType

from cnncalc.kernels.elementwise import by_blocks
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array


class Relu6(Activation):
    """Rectified linear unit that saturates at 6.

    FLOPs: one per element.
    """

    type = "relu6"
    rule = "f(x) = min(max(0, x), 6)"
    sources = ("Krizhevsky, Convolutional Deep Belief Networks on CIFAR-10, 2010", "PyTorch, torch.nn.ReLU6")
    examples = ("16x16x8 -> relu6", "32x32x3 -> conv 16 3x3 relu6")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return by_blocks(np, partial(np.clip, a_min=0, a_max=6), x)
