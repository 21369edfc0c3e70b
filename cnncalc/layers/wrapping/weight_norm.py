from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Array, Weight
from cnncalc.layers.wrapping._kernel_wrapper import KernelWrapper, added_name, innermost, outputs_of


class WeightNorm(KernelWrapper):
    """Weight normalization: each kernel is a direction times a learned magnitude per output.

    kernel = magnitude · direction / ‖direction‖, the norm over all weights of one output. Every kernel of the inner
    layer is rewritten, as PyTorch's weight_norm does for one parameter: an lstm's `kernel` and `recurrent` have one
    magnitude per unit of each gate, an embedding's table one per row. Under pytorch the magnitudes are along the first
    axis of PyTorch's weight, which holds the *input* channels of a transposed convolution. Biases are unchanged. FLOPs:
    the inner layer's; the kernel is computed once, before inference.
    """

    type = "weight_norm"
    aliases = ("weight_normalization",)
    without_effect: ClassVar[tuple[str, ...]] = ("data_init",)
    rule = "weight_norm: the shape of the inner layer\none more parameter per output of a kernel"
    sources = (
        "Salimans & Kingma, Weight Normalization, arXiv 1602.07868",
        "PyTorch, torch.nn.utils.parametrizations.weight_norm",
    )
    examples = ("16x16x3 -> weight_norm(conv 8 3x3)", "784 -> weight_norm(dense 10)", "5x4 -> weight_norm(lstm 2)")

    def axes_of(self, weight: Weight) -> tuple[int, ...]:
        axes = super().axes_of(weight)
        by_inputs = self._transposed() and self.setting.convention.name == "pytorch"
        return (axes[0] - 1,) if axes and by_inputs else axes

    def _transposed(self) -> bool:
        return innermost(self.layer).type == "conv_transpose"

    def _groups(self) -> int:
        """The number of groups whose outputs are normalized separately: those of a transposed convolution."""
        by_outputs = self._transposed() and self.setting.convention.name != "pytorch"
        return innermost(self.layer).groups if by_outputs else 1  # type: ignore[attr-defined]

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        for weight in self.layer.weights(x, y):
            yield weight
            if axes := self.axes_of(weight):
                outputs = outputs_of(weight, axes)
                groups = self._groups()
                size = outputs if groups == 1 else outputs * groups
                yield Weight(added_name(weight.name, "magnitude"), (size,), positions=weight.positions)

    def forward(self, np: ModuleType, x: Array, **weights: Any) -> Array:
        for name in list(weights):
            axes = self.axes_of(Weight(name, weights[name].shape)) if name in weights else ()
            magnitude = weights.pop(added_name(name, "magnitude"), None) if axes else None
            if magnitude is not None:
                weights[name] = _by_group(np, weights[name], magnitude, axes, self._groups())
        return self.layer.forward(np, x, **weights)


def _scaled(np: ModuleType, kernel: Array, magnitude: Array, axes: tuple[int, ...]) -> Array:
    """The kernel with unit norm over all other axes, times the magnitude along these."""
    others = tuple(axis for axis in range(kernel.ndim) if axis not in axes)
    norm = np.sqrt((kernel**2).sum(axis=others, keepdims=True))
    return kernel / norm * magnitude.reshape(norm.shape)


def _by_group(np: ModuleType, kernel: Array, magnitude: Array, axes: tuple[int, ...], groups: int) -> Array:
    """A grouped transposed convolution's kernel (*kernel, channels, filters/groups): normalized per group."""
    parts = zip(np.split(kernel, groups, axis=-2), np.split(magnitude, groups), strict=True)
    return np.concatenate([_scaled(np, part, lengths, axes) for part, lengths in parts], axis=-2)
