"""The `weight_norm` layer type."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Array, Weight
from cnncalc.layers.wrapping._kernel_wrapper import KernelWrapper


class WeightNorm(KernelWrapper):
    """Weight normalization: the kernel is a direction and a learned length for each output.

    kernel = magnitude · direction / ‖direction‖, the norm over all that leads to one output. PyTorch takes the first
    axis of its own weight, which is the *input* channels of a transposed convolution. FLOPs: the inner layer's; the
    kernel is computed once, before inference.
    """

    type = "weight_norm"
    aliases = ("weight_normalization",)
    rule = "weight_norm: the inner layer's shape; one parameter more for each output"
    sources = (
        "Salimans & Kingma, Weight Normalization, arXiv 1602.07868",
        "PyTorch, torch.nn.utils.parametrizations.weight_norm",
    )
    examples = ("16x16x3 -> weight_norm(conv 8 3x3)", "784 -> weight_norm(dense 10)")

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        for weight in self.layer.weights(x, y):
            yield weight
            if weight.name == "kernel":
                yield Weight("magnitude", (self._lengths(x, y),), positions=weight.positions)

    def _lengths(self, x: Shape, y: Shape) -> int:
        if self.layer.type == "dense":
            return y[-1]
        return self.channels(x) if self._by_inputs() else self.channels(y)

    def _by_inputs(self) -> bool:
        return self.layer.type == "conv_transpose" and self.setting.convention.name == "pytorch"

    def forward(self, np: ModuleType, x: Array, **weights: Any) -> Array:
        kernel, magnitude = weights.pop("kernel"), weights.pop("magnitude")
        if self.layer.type == "depthwise_conv":
            flat = kernel.reshape(*kernel.shape[:-2], -1)
            scaled = _scaled(np, flat, magnitude, -1).reshape(kernel.shape)
        elif self._by_inputs():
            scaled = _scaled(np, kernel, magnitude, -2)
        else:
            groups = magnitude.size // kernel.shape[-1]
            scaled = _scaled(np, kernel, magnitude, -1) if groups == 1 else _by_group(np, kernel, magnitude, groups)
        return self.layer.forward(np, x, kernel=scaled, **weights)


def _scaled(np: ModuleType, kernel: Array, magnitude: Array, axis: int) -> Array:
    """The kernel with unit norm over all axes but one, times the magnitude along it."""
    others = tuple(place for place in range(kernel.ndim) if place != kernel.ndim + axis)
    norm = np.sqrt((kernel**2).sum(axis=others, keepdims=True))
    return kernel / norm * (magnitude if axis == -1 else magnitude[:, None])


def _by_group(np: ModuleType, kernel: Array, magnitude: Array, groups: int) -> Array:
    """A grouped transposed convolution's kernel (*kernel, channels, filters/groups): each group has its own outputs."""
    parts = zip(np.split(kernel, groups, axis=-2), np.split(magnitude, groups), strict=True)
    return np.concatenate([_scaled(np, part, lengths, -1) for part, lengths in parts], axis=-2)
