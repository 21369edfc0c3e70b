"""The `spectral_norm` layer type."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Array, Weight
from cnncalc.layers.wrapping._kernel_wrapper import KernelWrapper

_KERAS = ("keras", "tensorflow")


class SpectralNorm(KernelWrapper):
    """Spectral normalization: the kernel is divided by its largest singular value.

    That value is estimated from vectors that are kept, but not learned: PyTorch keeps both singular vectors as
    buffers, u for the outputs and v for the rest; Keras keeps u alone, as a non-trainable parameter along the last
    axis of its kernel, and divides while training only. FLOPs: the inner layer's.
    """

    type = "spectral_norm"
    aliases = ("spectral_normalization",)
    rule = "spectral_norm: the inner layer's shape and parameters; kernel/(uᵀ·kernel·v)"
    sources = (
        "Miyato et al., Spectral Normalization for Generative Adversarial Networks, arXiv 1802.05957",
        "PyTorch, torch.nn.utils.parametrizations.spectral_norm",
        "Keras, keras.layers.SpectralNormalization",
    )
    examples = ("16x16x3 -> spectral_norm(conv 8 3x3)", "784 -> spectral_norm(dense 10)")

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        for weight in self.layer.weights(x, y):
            yield weight
            if weight.name == "kernel":
                yield from self._vectors(weight.shape)

    def _vectors(self, kernel: Shape) -> Iterator[Weight]:
        if self.setting.convention.name in _KERAS:
            yield Weight("u", (kernel[-2 if self.layer.type == "conv_transpose" else -1],), statistic=True)
            return
        pair = self.layer.type == "depthwise_conv"
        outputs = kernel[-2] * kernel[-1] if pair else kernel[-1]
        yield Weight("u", (outputs,), statistic=True)
        yield Weight("v", (prod(kernel[:-2] if pair else kernel[:-1]),), statistic=True)

    def forward(self, np: ModuleType, x: Array, **weights: Any) -> Array:
        kernel, u, v = weights.pop("kernel"), weights.pop("u"), weights.pop("v", None)
        if v is not None:
            matrix = kernel.reshape(-1, u.size)
            kernel = kernel / (v @ matrix @ u)
        return self.layer.forward(np, x, kernel=kernel, **weights)
