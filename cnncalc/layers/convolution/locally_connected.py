from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels import convolution
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Weight
from cnncalc.layers.convolution._bordered import BorderedConvolution
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.worked_output import TapsSeen, weighted


class LocallyConnected(BorderedConvolution):
    """Locally connected layer: a convolution without weight sharing, with a kernel and biases per position.

    FLOPs: two per multiply–accumulate and one per output for the bias, as in a convolution.
    """

    type = "locally_connected"
    role = "convolution"
    aliases = ("LocallyConnected", "local_conv", "unshared_conv")
    slides_weights = False
    rule = "convolution: O = ⌊(W − F′ + P₀ + P₁)/S⌋ + 1 with F′ = D(F − 1) + 1; ΠO kernels"
    sources = (
        "Keras 2, keras.layers.LocallyConnected1D and LocallyConnected2D (Keras 3 has none)",
        "Taigman et al., DeepFace: Closing the Gap to Human-Level Performance in Face Verification, CVPR 2014",
    )
    examples = ("25x25x16 -> locally_connected 16 9x9", "63x63x16 -> locally_connected 16 7 s2 bias=false")

    filters = declare.count(
        "number of filters at each position, the output's channels", positional=True, symbol="Cₒ",
        aliases=("out_channels", "num_output"),
    )  # fmt: skip
    kernel = declare.per_axis(
        "size of the window", positional=True, symbol="F", short="k", aliases=("kernel_size", "kernel_shape")
    )

    def new_windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        if self.setting.convention.name in ("keras", "tensorflow"):
            self._check_keras(x)
        return super().new_windows(x)

    def _check_keras(self, x: Shape) -> None:
        """Keras 2 has the layer for one and two axes, without dilation, with padding "valid" or "same"."""
        title = self.setting.convention.title
        wrong = {
            "kernel": "accepts one or two spatial axes, got three" if len(x) == 4 else "",
            "dilation": "has no dilation" if max(self.dilations(x), default=1) > 1 else "",
            "padding": 'has no padding "causal"' if self.padding == "causal" else "",
        }
        for field, what in wrong.items():
            if what:
                raise Refusal(
                    f"{title}'s locally connected layer {what}",
                    hint="remove it, or choose another convention",
                    field=field,
                    code="E304",
                )

    def shape(self, x: Shape) -> Shape:
        return self.volume(tuple(window.output for window in self.windows(x)), self.filters)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        yield Weight("kernel", (*self.spatial(y), *self.kernels(x), self.channels(x), self.filters))
        if self.bias:
            yield Weight("bias", (*self.spatial(y), self.filters))

    def macs(self, x: Shape, y: Shape) -> int:
        return prod(y) * prod(self.kernels(x)) * self.channels(x)

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y) if self.bias else 0

    def kept(self, x: Shape, y: Shape) -> Keeps:
        windows = prod(self.kernels(x)) * self.channels(x) * prod(self.spatial(y))
        return Keeps(arrays=(KeptArray("windows", windows),))

    def forward(self, np: ModuleType, x: Array, *, kernel: Array, bias: Array | None = None) -> Array:
        last, slides = self.padded(np, channels_last(np, x, self.setting))
        y = convolution.convolve_untied(np, last, kernel, bias, slides, 1)
        return as_laid_out(np, y, self.setting)

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        kernel, bias = weights["kernel"][seen.position], weights.get("bias")
        return weighted(seen, 0, kernel[..., channel], None if bias is None else bias[seen.position][channel])
