"""The `zero_pad` layer type."""

from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer

Sides = tuple[tuple[int, int], ...]
"""How much comes before and after, for each spatial axis."""


class ZeroPad(Layer):
    """Zeros around the spatial axes.

    One number pads every side; a list has, for each axis, a number for both sides or [before, after]. A flat list
    of two numbers for each axis is read as the convention's framework does: PyTorch from the last axis to the first,
    ONNX all that comes before and then all that comes after, Keras (ZeroPadding1D) before and after.
    """

    type = "zero_pad"
    aliases = ("ZeroPadding", "pad")
    family = "reshaping"
    rule = "zero_pad: O = W + P₀ + P₁"
    sources = ("Keras, keras.layers.ZeroPadding2D", "PyTorch, torch.nn.ZeroPad2d", "ONNX operators, Pad")
    examples = ("32x32x3 -> zero_pad 2", "224x224x3 -> zero_pad amount=[[0,1],[0,1]] -> conv 32 3x3 s2")
    spatial_suffix = True

    amount = declare.sides("zeros on each side", aliases=("padding", "pads"), short="p", symbol="P")

    def shape(self, x: Shape) -> Shape:
        return self.volume(tuple(window.output for window in self.windows(x)), self.channels(x))

    def windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        self.require_spatial(x)
        return tuple(
            AxisWindow(1, 1, before, after, W + (2 * before if before == after else before + after))
            for W, (before, after) in zip(self.spatial(x), self._sides(len(x) - 1), strict=True)
        )

    def _sides(self, rank: int) -> Sides:
        """The amount as (before, after) for each of `rank` axes."""
        amount = self.amount
        if not isinstance(amount, tuple):
            return ((amount, amount),) * rank
        if len(amount) == rank:
            return tuple(side if isinstance(side, tuple) else (side, side) for side in amount)
        flat = [side for side in amount if not isinstance(side, tuple)]
        sides = _flat_sides(flat, self.setting.convention.name) if len(flat) == len(amount) == 2 * rank else None
        if sides is None:
            written = ", ".join("[before, after]" for _ in range(rank))
            raise Refusal(
                f"{len(amount)} values for an input with {rank} spatial {'axis' if rank == 1 else 'axes'}",
                hint=f"write one number, or [{written}]",
                field="amount",
                code="E303",
            )
        return sides

    def forward(self, np: ModuleType, x: Array) -> Array:
        sides = self._sides(x.ndim - 2)
        spatial_first = 1 if self.setting.layout == "HWC" else 2
        widths = [(0, 0)] * x.ndim
        widths[spatial_first : spatial_first + len(sides)] = sides
        return np.pad(x, widths)


def _flat_sides(flat: list[int], convention: str) -> Sides | None:
    """Two numbers for each axis in the framework's own order; None where it has no such form."""
    half = len(flat) // 2
    if convention == "pytorch":
        return tuple((flat[2 * axis], flat[2 * axis + 1]) for axis in reversed(range(half)))
    if convention == "onnx":
        return tuple(zip(flat[:half], flat[half:], strict=True))
    if half == 1 and convention in ("keras", "tensorflow"):
        return ((flat[0], flat[1]),)
    return None
