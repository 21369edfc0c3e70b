from __future__ import annotations

from collections.abc import Mapping
from math import prod
from types import ModuleType
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, show_shape
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.type_choice import TypeChoice


class _Defaults(NamedTuple):
    """The defaults of a framework; 0 means that the size is required."""

    size: int
    alpha: float
    beta: float
    bias: float
    divides: bool
    """Whether alpha is divided by the size, so that it multiplies the mean of the squares instead of their sum."""


_TENSORFLOW = _Defaults(11, 1.0, 0.5, 1.0, divides=False)
_DEFAULTS: Mapping[str, _Defaults] = {
    "formula": _Defaults(5, 1e-4, 0.75, 2.0, divides=False),
    "keras": _TENSORFLOW,
    "tensorflow": _TENSORFLOW,
    "pytorch": _Defaults(0, 1e-4, 0.75, 1.0, divides=True),
    "onnx": _Defaults(0, 1e-4, 0.75, 1.0, divides=True),
    "caffe": _Defaults(5, 1.0, 0.75, 1.0, divides=True),
}


def _region(given: Mapping[str, Any]) -> str:
    """The type for Caffe's `norm_region`; only one region is supported."""
    if given["norm_region"] not in ("ACROSS_CHANNELS", 0):
        raise Refusal(
            f"norm_region: {given['norm_region']} is not supported; the sums are over channels",
            field="norm_region", code="E304",
        )  # fmt: skip
    return "local_response_norm"


class LocalResponseNorm(Layer):
    """Local response normalization: divides each channel by a power of the sum of squares of its neighbours.

    AlexNet's formula and TensorFlow multiply the sum of squares by alpha; PyTorch, ONNX and Caffe multiply the mean by
    it, which is alpha/size times the sum. The same alpha therefore gives different results.

    FLOPs: size + 4 per element: a square, size − 1 additions, the product with alpha, the addition of the bias, the
    power, the division.
    """

    type = "local_response_norm"
    choice = TypeChoice(("norm_region",), _region)
    aliases = ("LRN", "local_response_normalization", "CrossMapLRN")
    family = "normalization"
    rule = "local_response_norm: x/(bias + alpha·Σx²)^beta over neighbouring channels; some divide alpha by the size"
    sources = (
        "Krizhevsky, Sutskever & Hinton, ImageNet Classification with Deep Convolutional Neural Networks, 2012",
        "PyTorch, torch.nn.LocalResponseNorm",
        "TensorFlow, tf.nn.local_response_normalization",
        "ONNX operators, LRN",
        "Caffe, LRN",
    )
    examples = (
        "5x7x13 -> local_response_norm 5", "5x7x13 -> local_response_norm depth_radius=2 alpha=0.0001 bias=1",
        "27x27x96 -> local_response_norm",
    )  # fmt: skip
    spatial_suffix = True

    size = declare.count(
        "number of channels in the window, centred on the channel itself", default=None, positional=True,
        aliases=("local_size", "n"), symbol="n",
        default_text="5 under formula and caffe, 11 under keras and tensorflow; required under pytorch and onnx",
    )  # fmt: skip
    depth_radius = declare.count(
        "as in TensorFlow: number of channels on each side; the size is 2·depth_radius + 1", minimum=0, default=None,
        symbol="r", default_text="unset",
    )  # fmt: skip
    alpha = declare.optional_number(
        "factor of the squares", default_text="1 under keras, tensorflow and caffe, else 0.0001"
    )
    beta = declare.optional_number("the exponent", default_text="0.5 under keras and tensorflow, else 0.75")
    bias = declare.optional_number(
        "offset added to the scaled squares", aliases=("k",), default_text="2 under formula, else 1"
    )

    def shape(self, x: Shape) -> Shape:
        self._require_axes(x)
        size = self.extent()
        if self.setting.convention.name in ("onnx", "caffe") and size % 2 == 0:
            raise Refusal(
                f"a window of {int(size)} channels has no centre: {self.setting.convention.title} requires an odd size",
                hint=f"use {int(size) - 1} or {int(size) + 1}",
                field="size",
                code="E304",
            )
        return x

    def _require_axes(self, x: Shape) -> None:
        if self.setting.convention.name in ("tensorflow", "onnx") and len(x) != 3:
            raise Refusal(
                f"{self.setting.convention.title} requires height, width and channels, not {show_shape(x)}",
                hint="reshape it first",
                code="E303",
            )
        if self.setting.convention.name == "pytorch":
            self.require_spatial(x)

    def extent(self) -> int:
        """The number of channels in a window."""
        if self.depth_radius is not None:
            if self.size is not None:
                raise Refusal(
                    "size and depth_radius are both given", hint="give one of them", field="depth_radius",
                    code="E204",
                )  # fmt: skip
            return 2 * self.depth_radius + 1
        size = self.size or self._defaults().size
        if not size:
            raise Refusal("the size is missing", hint="give size: 5, as AlexNet does", field="size", code="E304")
        return size

    def _defaults(self) -> _Defaults:
        return _DEFAULTS[self.setting.convention.name]

    def elementwise(self, x: Shape, y: Shape) -> int:
        return (self.extent() + 4) * prod(y)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        """The squares with their padding, the base of the power, and the power by which the input is divided."""
        channels = self.channels(x)
        padded = prod(x) // channels * (channels + self.extent() - 1)
        return Keeps("all", arrays=(KeptArray("padded squares", padded), KeptArray("base and power", 2 * prod(x))))

    def forward(self, np: ModuleType, x: Array) -> Array:
        size, defaults = self.extent(), self._defaults()
        alpha = defaults.alpha if self.alpha is None else self.alpha
        beta = defaults.beta if self.beta is None else self.beta
        bias = defaults.bias if self.bias is None else self.bias
        place = 1 + self.axis_index("channels", x.shape[1:])
        total = self._windowed(np, np.moveaxis(x * x, place, -1), size)
        weighed = alpha / size if defaults.divides else alpha
        return x / (bias + weighed * np.moveaxis(total, -1, place)) ** beta

    @staticmethod
    def _windowed(np: ModuleType, squares: Array, size: int) -> Array:
        """The sums of `size` neighbours along the last axis; the smaller half of an even window is after the centre."""
        half = size // 2
        padded = np.pad(squares, [(0, 0)] * (squares.ndim - 1) + [(half, half)])
        channels = squares.shape[-1]
        total = np.zeros_like(squares)
        for offset in range(size):
            total += padded[..., offset : offset + channels]
        return total
