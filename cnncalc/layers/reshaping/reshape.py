from __future__ import annotations

from math import prod
from types import ModuleType
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.diagnostics import Refusal
from cnncalc.layers import keeping
from cnncalc.layers.base import Array, Layer, Reach, Sight, show_shape
from cnncalc.layers.declare import Field, as_integer, split_axes


def _target() -> tuple[int, ...]:
    """The new sizes: at most one −1; a 0 is accepted for ONNX, which copies the input's size."""

    def parse(value: Any) -> tuple[int, ...]:
        value = split_axes(value)
        items = value if isinstance(value, list) else [value]
        shape = tuple(as_integer(item, -1) for item in items)
        if shape.count(-1) > 1:
            raise Refusal(f"got {value}, but at most one size may be -1", code="E204")
        return shape

    number = {"type": "integer", "minimum": -1}
    listed = {"type": "array", "items": number}
    text = {"type": "string", "pattern": r"^(-?\d+([x×]-?\d+)*|\(.*\)|scalar)$"}
    return Field(
        "the new sizes without the batch axis; under onnx 0 copies the input's size at that position", parse,
        {"anyOf": [number, listed, text]}, aliases=("target_shape", "size", "unflattened_size"), positional=True,
        axes=True, choices=("scalar",),
    )  # type: ignore[return-value]  # fmt: skip


class Reshape(Layer):
    """The same elements in the same order, with other sizes; one size may be −1 and is computed."""

    type = "reshape"
    without_effect: ClassVar[tuple[str, ...]] = ("allowzero",)
    role = "passing"
    aliases = ("view", "unflatten")
    family = "reshaping"
    least_axes = 0
    rule = "reshape: the product of the sizes is unchanged; −1 is the product divided by the other sizes"
    sources = ("Keras, keras.layers.Reshape", "PyTorch, torch.reshape", "ONNX operators, Reshape")
    examples = ("784 -> reshape 28x28x1", "7x7x64 -> reshape 49x-1")

    shape_ = _target()
    keeps = keeping.RESHAPED

    def shape(self, x: Shape) -> Shape:
        target = self._wanted(x)
        total = prod(x)
        known = prod(size for size in target if size != -1)
        if -1 not in target and known != total:
            raise Refusal(
                f"{show_shape(x)} has {int(total)} elements, but {show_shape(target)} has {int(known)}",
                hint="write -1 for one size to have it computed",
                field="shape",
                code="E305",
            )
        if total % known:
            raise Refusal(
                f"{show_shape(x)} has {int(total)} elements, not divisible by {int(known)}: "
                f"remainder {int(total) % int(known)}",
                hint="the number of elements must be divisible by the other sizes",
                field="shape",
                code="E305",
            )
        return tuple(exact_div(total, known) if size == -1 else size for size in target)

    def _wanted(self, x: Shape) -> tuple[int, ...]:
        """The new sizes, with 0 replaced by the input's size."""
        target = self.shape_
        if 0 not in target:
            return target
        if self.setting.convention.name != "onnx":
            raise Refusal(
                f"{show_shape(target)} has a size of 0: only ONNX's Reshape copies the input's size there",
                hint="write the size, or -1 for one of them",
                field="shape",
                code="E304",
            )
        if any(size == 0 for size in target[len(x) :]):
            raise Refusal(
                f"{show_shape(x)} has no axis {len(x) + 1} whose size could be copied", field="shape", code="E303"
            )
        return tuple(x[place] if size == 0 else size for place, size in enumerate(target))

    def windows(self, x: Shape) -> Sight:
        return "pointwise" if len(x) == len(self.shape_) == 1 else "whole"

    def reach(self, x: Shape) -> Reach:
        """The whole input for a vector; otherwise undefined, because the axes differ from the input's."""
        return super().reach(x) if len(self.shape_) == 1 else ()

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x.reshape(len(x), *self._wanted(tuple(x.shape[1:])))
