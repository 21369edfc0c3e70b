from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight
from cnncalc.layers.listed_axes import place


class Flatten(Layer):
    """Merges all axes into one, in the layout's order; or a range of axes.

    ONNX's Flatten always gives a matrix: with another axis than 1 it would merge the batch, which is an error. A scalar
    becomes a vector of one number; PyTorch and Caffe reject it.
    """

    type = "flatten"
    role = "passing"
    family = "reshaping"
    least_axes = 0
    rule = "flatten: the product of all sizes"
    sources = ("Keras, keras.layers.Flatten", "PyTorch, torch.nn.Flatten", "ONNX operators, Flatten (axis 1)")
    examples = ("7x7x64 -> flatten", "28x28x1 -> flatten -> dense 10", "7x7x64 -> flatten start=1 end=2")

    start = declare.count(
        "the first merged axis, counted from 1, or from -1 backwards", minimum=-5, default=1, positional=True,
        aliases=("start_dim", "axis"),
    )  # fmt: skip
    end = declare.count(
        "the last merged axis",
        minimum=-5,
        default=-1,
        positional=True,
        aliases=("end_dim", "end_axis"),
        default_text="-1, the last",
    )
    keeps = keeping.RESHAPED

    def shape(self, x: Shape) -> Shape:
        if not x:
            return self._of_scalar()
        first, last = self._range(x)
        return (*x[:first], prod(x[first : last + 1]), *x[last + 1 :])

    def _of_scalar(self) -> Shape:
        convention = self.setting.convention
        refusing = convention.name in ("pytorch", "caffe")
        if refusing or (self.start, self.end) != (1, -1):
            subject = f"{convention.title}'s flatten" if refusing else "flatten from an axis"
            raise Refusal(
                f"{subject} does not accept a scalar, one number per sample",
                hint="unsqueeze 1 gives it an axis: a vector of one number", code="E303",
            )  # fmt: skip
        return (1,)

    def _range(self, x: Shape) -> tuple[int, int]:
        """The indices of the first and the last merged axis."""
        first, last = place(self.start, len(x), x, "start"), place(self.end, len(x), x, "end")
        if last < first:
            raise Refusal(f"the last axis, {last + 1}, comes before the first, {first + 1}", field="end", code="E304")
        if self.setting.convention.name == "onnx" and (first, last) != (0, len(x) - 1):
            raise Refusal(
                "ONNX's Flatten makes a matrix: with these axes the batch would not be an axis of its own",
                hint="use reshape",
                field="start",
                code="E304",
            )
        return first, last

    def windows(self, x: Shape) -> Sight:
        if len(x) < 2:
            return "pointwise"
        first, last = self._range(x)
        return "whole" if last - first + 1 == len(x) else "pointwise" if first == last else ()

    def forward(self, np: ModuleType, x: Array) -> Array:
        if x.ndim == 1:
            return x[:, None]
        first, last = self._range(tuple(x.shape[1:]))
        return x.reshape(*x.shape[: first + 1], -1, *x.shape[last + 2 :])
