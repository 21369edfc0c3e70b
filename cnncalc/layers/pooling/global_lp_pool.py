from __future__ import annotations

from math import inf
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.kernels.pooling import power, root
from cnncalc.layers import keeping, shared_fields
from cnncalc.layers.base import Array
from cnncalc.layers.pooling._global_pool import GlobalPool
from cnncalc.layers.pooling._norm_exponent import check_norm


class GlobalLpPool(GlobalPool):
    """Global power-average pooling: the p-norm of each channel over all positions, (Σ|x|^p)^(1/p).

    FLOPs: the additions; powers and roots are not counted.
    """

    type = "global_lp_pool"
    role = "global_pool"
    aliases = ("GlobalLpPooling",)
    sources = (
        "ONNX operators, GlobalLpPool",
        "Boureau, Ponce & LeCun, A Theoretical Analysis of Feature Pooling in Visual Recognition, ICML 2010",
    )
    examples = ("100x100x3 -> global_lp_pool", "7x7x512 -> global_lp_pool norm=1")

    norm = shared_fields.norm()
    keeps = keeping.BOTH

    def shape(self, x: Shape) -> Shape:
        check_norm(self.setting.convention, self.norm)
        return super().shape(x)

    def forward(self, np: ModuleType, x: Array) -> Array:
        axes, keeps = self.spatial_axes(x.ndim), self.keeps_axes()
        if self.norm == inf:
            return np.abs(x).max(axis=axes, keepdims=keeps)
        return root(np, power(np, np.abs(x), self.norm).sum(axis=axes, keepdims=keeps), self.norm)
