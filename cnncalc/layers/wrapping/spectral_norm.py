from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Array, Weight
from cnncalc.layers.wrapping._kernel_wrapper import KernelWrapper, added_name, innermost, outputs_of

_KERAS = ("keras", "tensorflow")
_WITHOUT = ("separable_conv", "highway", "deformable_conv", "squeeze_excite", "positional_embedding")
"""Layers whose weights are not named kernel in Keras, in addition to the recurrent ones."""
_JOINED = ("multi_head_attention", "transformer", "transformer_encoder", "transformer_decoder")
"""Layers whose projections PyTorch stores in one array, normalized as a whole, or in several."""


class SpectralNorm(KernelWrapper):
    """Spectral normalization: each kernel is divided by its largest singular value.

    That value is estimated from vectors that are stored, but not learned: PyTorch keeps both singular vectors of each
    kernel or table as buffers, u for the outputs and v for the rest; Keras keeps only u, as a non-trainable parameter
    along the last axis of its kernel, divides only during training, and accepts layers with one kernel. FLOPs: the
    inner layer's.
    """

    type = "spectral_norm"
    aliases = ("spectral_normalization",)
    without_effect: ClassVar[tuple[str, ...]] = ("power_iterations", "n_power_iterations", "eps", "name")
    rule = "spectral_norm: the shape and parameters of the inner layer; each kernel/(uᵀ·kernel·v)"
    sources = (
        "Miyato et al., Spectral Normalization for Generative Adversarial Networks, arXiv 1802.05957",
        "PyTorch, torch.nn.utils.parametrizations.spectral_norm",
        "Keras, keras.layers.SpectralNormalization",
    )
    examples = (
        "16x16x3 -> spectral_norm(conv 8 3x3)",
        "784 -> spectral_norm(dense 10)",
        "7 -> spectral_norm(embedding 11 5)",
    )

    def shape(self, x: Shape) -> Shape:
        inner = innermost(self.layer)
        if inner.type in _JOINED:
            raise Refusal(
                f"{inner.type} has several projections, and PyTorch normalizes those of one array together",
                hint="write the projections as dense layers around an attention, each inside spectral_norm",
                field="layer", code="E304",
            )  # fmt: skip
        if self._in_keras() and (inner is not self.layer or inner.type in _WITHOUT or inner.family == "recurrent"):
            raise Refusal(
                f"Keras's SpectralNormalization needs a layer with a kernel of its own, and {self.layer.type} has none",
                hint="put it directly around the dense or convolution layer, inside other wrappers",
                field="layer", code="E304",
            )  # fmt: skip
        return super().shape(x)

    def _in_keras(self) -> bool:
        return self.setting.convention.name in _KERAS

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        for weight in self.layer.weights(x, y):
            yield weight
            if axes := self.axes_of(weight):
                yield from self._vectors(weight, axes)

    def _vectors(self, weight: Weight, axes: tuple[int, ...]) -> Iterator[Weight]:
        kernel, u, v = weight.shape, added_name(weight.name, "u"), added_name(weight.name, "v")
        if self._in_keras():
            yield Weight(u, (kernel[-2 if self.layer.type == "conv_transpose" else -1],), statistic=True)
            return
        yield Weight(u, (outputs_of(weight, axes),), statistic=True)
        rest = prod(size for axis, size in enumerate(kernel) if axis not in axes)
        yield Weight(v, (rest,), statistic=True)

    def forward(self, np: ModuleType, x: Array, **weights: Any) -> Array:
        for name in list(weights):
            axes = self.axes_of(Weight(name, weights[name].shape)) if name in weights else ()
            if not axes:
                continue
            u, v = weights.pop(added_name(name, "u"), None), weights.pop(added_name(name, "v"), None)
            if v is not None:
                last = np.moveaxis(weights[name], axes, range(-len(axes), 0))
                weights[name] = weights[name] / (v @ last.reshape(-1, u.size) @ u)
        return self.layer.forward(np, x, **weights)
