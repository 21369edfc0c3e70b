from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from types import ModuleType
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import throughout
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import add_bias
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Reach, Sight, Weight
from cnncalc.layers.declare import PerAxis
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.worked_output import Place, TapsSeen, number


def _fixed_bias() -> PerAxis | None:
    """The declaration of `fixed_bias`: a number of units, or a range."""
    return declare.optional_per_axis(
        "biases that are buffers: a number of last units, or a range [first, end) of units counted from 0", minimum=0
    )


class Dense(Layer):
    """Fully connected layer: every unit is a weighted sum of all inputs plus a bias.

    Its action on more than one axis depends on the convention. It connects to the whole input (formula, onnx, caffe),
    or acts on the last axis with weights shared across positions (keras, tensorflow, pytorch). PyTorch's last axis is
    the width of an image with channels first: add `flatten` or `permute` before it.

    With `fixed_bias` some of the biases are buffers instead of parameters, like those of the keys in BEiT and Swin v2:
    `dense 2304 fixed_bias=[768,1536]` has 1,536 learned biases. FLOPs: two per multiply–accumulate and one per output
    for the bias.
    """

    type = "dense"
    role = "dense"
    aliases = ("fc", "linear", "Gemm", "fully_connected", "InnerProduct", "affine")
    family = "dense"
    rule = "dense: O = units\n(n + b)·units parameters with n inputs per unit; b = 1 with a bias"
    sources = ("Keras, keras.layers.Dense", "PyTorch, torch.nn.Linear", "ONNX operators, Gemm", "Caffe, InnerProduct")
    examples = ("784 -> dense 10", "28x28x1 -> flatten -> dense 128 relu -> dense 10 softmax")
    shows_working = True
    states: ClassVar[dict[str, str]] = {"in_features": "numbers", "input_dim": "numbers"}
    without_effect: ClassVar[tuple[str, ...]] = ("lora_alpha", "axis", "alpha", "beta", "transA", "transB", "transpose")
    refused: ClassVar[dict[str, str]] = {"lora_rank": "its low-rank matrices are not counted"}

    units = declare.count(
        "number of outputs", positional=True, symbol="units", aliases=("out_features", "num_output", "neurons")
    )
    bias = declare.flag("whether each unit adds a bias", default=True, aliases=("use_bias", "bias_term"))
    keeps = Keeps("trained", folded_axes=1)

    def arriving(self, size: str, *inputs: Shape) -> int:
        self.shape(*inputs)
        return prod(inputs[0]) if self._reads_volume() else inputs[0][-1]

    fixed_bias: PerAxis | None = _fixed_bias()

    def features_last(self) -> bool:
        return not self._reads_volume()

    def _reads_volume(self) -> bool:
        return self.setting.convention.dense_on_volume == "volume"

    def shape(self, x: Shape) -> Shape:
        self._check_fixed()
        return (self.units,) if self._reads_volume() else (*x[:-1], self.units)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        shared_by = y[:-1]
        yield Weight("kernel", (prod(x) if self._reads_volume() else x[-1], self.units), positions=shared_by)
        if self.bias:
            fixed = 0
            if self.fixed_bias is not None:
                start, stop = self._fixed()
                fixed = stop - start
            yield Weight("bias", (self.units - fixed if fixed else self.units,), positions=shared_by)
            if fixed:
                yield Weight("fixed_bias", (fixed,), positions=shared_by, statistic=True)

    def _fixed(self) -> tuple[int, int]:
        """The range of units whose bias is fixed: the first, and one past the last, counted from 0."""
        if isinstance(self.fixed_bias, tuple):
            return self.fixed_bias[0], self.fixed_bias[1]
        return self.units - (self.fixed_bias or 0), self.units

    def _check_fixed(self) -> None:
        if self.fixed_bias is None:
            return
        if not self.bias:
            raise Refusal("fixed_bias needs a bias", hint="remove bias=false", field="fixed_bias", code="E304")
        if isinstance(self.fixed_bias, tuple) and len(self.fixed_bias) != 2:
            raise Refusal(
                f"{len(self.fixed_bias)} values, but two are needed: the first fixed unit and one past the last",
                hint="for example fixed_bias=[768,1536]", field="fixed_bias", code="E204",
            )  # fmt: skip
        start, stop = self._fixed()
        if not 0 <= start < stop <= self.units:
            raise Refusal(
                f"units {int(start)} to {int(stop)} are outside of {int(self.units)} units", field="fixed_bias",
                hint="count from 0; the first must be before the last", code="E304",
            )  # fmt: skip

    def macs(self, x: Shape, y: Shape) -> int:
        return prod(y) * (prod(x) if self._reads_volume() else x[-1])

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y) if self.bias else 0

    def windows(self, x: Shape) -> Sight:
        if len(x) == 1 or (self.setting.layout == "HWC" and not self._reads_volume()):
            return "pointwise"
        if not self._reads_volume() and len(x) > 2:
            return ()  # the last axis is one of several spatial axes
        return "whole"

    def reach(self, x: Shape) -> Reach:
        """The whole volume, or the whole last axis, which is a spatial axis with channels first."""
        return super().reach(x) if self._reads_volume() else self.placed(x, len(x) - 1, throughout(x[-1]))

    def forward(
        self, np: ModuleType, x: Array, *, kernel: Array, bias: Array | None = None, fixed_bias: Array | None = None
    ) -> Array:
        if bias is not None and fixed_bias is not None:
            start = self._fixed()[0]
            bias = np.concatenate([bias[:start], fixed_bias, bias[start:]])
        rows = x.reshape(len(x), -1) if self._reads_volume() else x.reshape(-1, x.shape[-1])
        y = add_bias(rows @ kernel, bias)
        return y if self._reads_volume() else y.reshape(*x.shape[:-1], -1)

    def taps(self, position: Place, x: Shape) -> Iterator[tuple[Place, Place | None]]:
        """All inputs of a unit: the whole volume in its own order, or the last axis."""
        if not self._reads_volume():
            return (((index,), (*position, index)) for index in range(x[-1]))
        places = product(*map(range, x))
        first = self.setting.layout == "CHW"
        return (((index,), (*place[1:], place[0]) if first else place) for index, place in enumerate(places))

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        kernel, bias = weights["kernel"][:, channel], self._bias_of(channel, **weights)
        parts = [f"{number(value)}·{number(kernel[tap])}" for tap, value in seen.taps]
        return " + ".join([*parts, number(bias)] if bias else parts)

    def _bias_of(self, channel: int, **weights: Array) -> Any:
        """The bias of a unit, learned or fixed; 0 without one."""
        if "bias" not in weights:
            return 0
        start, stop = self._fixed()
        if start <= channel < stop:
            return weights["fixed_bias"][channel - start]
        return weights["bias"][channel if channel < start else channel - (stop - start)]
