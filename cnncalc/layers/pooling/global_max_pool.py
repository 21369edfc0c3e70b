"""The `global_max_pool` layer type."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array
from cnncalc.layers.pooling._global_pool import GlobalPool


class GlobalMaxPool(GlobalPool):
    """Global max pooling: the largest value of each channel over all positions.

    FLOPs: the comparisons.
    """

    type = "global_max_pool"
    aliases = ("GlobalMaxPooling", "gmp")
    examples = ("100x100x3 -> global_max_pool", "7x7x512 -> global_max_pool keep=false -> dense 10")

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x.max(axis=self.spatial_axes(x.ndim), keepdims=self.keeps_axes())
