from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.elementwise import sigmoid
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Sight, Weight
from cnncalc.layers.keeping import Keeps, KeptArray

_REDUCTION = 16


class SqueezeExcite(Layer):
    """Squeeze and excitation: multiplies each channel by a gate that two dense layers compute from the channel means.

    FLOPs: two per multiply–accumulate of the dense layers; one per element of the input for the means and one for the
    scaling; one per bias and one per activation of the two layers.
    """

    type = "squeeze_excite"
    aliases = ("SqueezeExcitation", "squeeze_and_excite", "squeeze_and_excitation", "SEBlock", "SEModule")
    family = "attention"
    rule = (
        "squeeze_excite: the shape is unchanged\n"
        "2·C·s + b·(s + C) parameters with s squeezed channels; b = 1 with biases"
    )
    sources = (
        "Hu, Shen & Sun, Squeeze-and-Excitation Networks, arXiv 1709.01507",
        "torchvision, torchvision.ops.SqueezeExcitation",
    )
    examples = ("7x7x96 -> squeeze_excite", "7x7x72 -> squeeze_excite squeeze=24 gate=hard_sigmoid")

    squeeze = declare.count(
        "number of channels between the two layers", default=None, positional=True, symbol="s",
        default_text="channels / reduction", aliases=("squeeze_channels", "squeezed_channels", "rd_channels"),
    )  # fmt: skip
    reduction = declare.count(
        "channel reduction ratio", default=None, default_text=str(_REDUCTION), symbol="r",
        aliases=("ratio", "reduction_ratio"),
    )  # fmt: skip
    inner = declare.choice(
        "activation of the first layer", ("relu", "silu", "swish"), default="relu", aliases=("inner_activation",)
    )
    gate = declare.choice(
        "activation of the second layer", ("sigmoid", "hard_sigmoid", "hardsigmoid"), default="sigmoid",
        aliases=("scale_activation", "gate_activation"),
    )  # fmt: skip
    bias = declare.flag("whether the two layers add biases", default=True, aliases=("use_bias",))

    def shape(self, x: Shape) -> Shape:
        self.require_spatial(x)
        if self.squeeze is not None and self.reduction is not None:
            raise Refusal(
                "squeeze and reduction are both given",
                hint="give one of them", field="reduction", code="E304",
            )  # fmt: skip
        by = self.reduction or _REDUCTION
        if self.squeeze is None and self.channels(x) % by:
            raise Refusal(
                f"{int(self.channels(x))} channels are not divisible by the reduction {int(by)}",
                hint="give another reduction, or the number of squeezed channels as squeeze",
                field="reduction", code="E305",
            )  # fmt: skip
        return x

    def _squeezed(self, x: Shape) -> int:
        if self.squeeze is not None:
            return self.squeeze
        return exact_div(self.channels(x), self.reduction or _REDUCTION)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        channels, squeezed = self.channels(x), self._squeezed(x)
        yield Weight("squeeze_kernel", (channels, squeezed))
        if self.bias:
            yield Weight("squeeze_bias", (squeezed,))
        yield Weight("excite_kernel", (squeezed, channels))
        if self.bias:
            yield Weight("excite_bias", (channels,))

    def macs(self, x: Shape, y: Shape) -> int:
        return 2 * self.channels(x) * self._squeezed(x)

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 2 * prod(x) + (2 if self.bias else 1) * (self._squeezed(x) + self.channels(x))

    def kept(self, x: Shape, y: Shape) -> Keeps:
        """The input, which the gate multiplies, and the vectors of the two dense layers."""
        channels, squeezed = self.channels(x), self._squeezed(x)
        hidden = squeezed if self.inner == "relu" else 2 * squeezed
        gate = channels if self.gate == "sigmoid" else 2 * channels
        arrays = (KeptArray("means", channels), KeptArray("hidden", hidden), KeptArray("gate", gate))
        return Keeps("all", arrays=arrays)

    def windows(self, x: Shape) -> Sight:
        return "whole"

    def forward(
        self, np: ModuleType, x: Array, *, squeeze_kernel: Array, excite_kernel: Array,
        squeeze_bias: Array | None = None, excite_bias: Array | None = None,
    ) -> Array:  # fmt: skip
        spatial = tuple(range(1, x.ndim - 1)) if self.setting.layout == "HWC" else tuple(range(2, x.ndim))
        squeezed = x.mean(axis=spatial) @ squeeze_kernel
        squeezed = squeezed if squeeze_bias is None else squeezed + squeeze_bias
        inner = np.maximum(squeezed, 0) if self.inner == "relu" else squeezed * sigmoid(np, squeezed)
        excited = inner @ excite_kernel
        excited = excited if excite_bias is None else excited + excite_bias
        hard = self.gate != "sigmoid"
        return x * np.expand_dims(np.clip(excited / 6 + 0.5, 0, 1) if hard else sigmoid(np, excited), spatial)
