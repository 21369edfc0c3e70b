"""Amounts before and after each spatial axis: what is put around them, or cut away."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer
from cnncalc.layers.declare import SidesValue

Sides = tuple[tuple[int, int], ...]
"""How much comes before and after, for each spatial axis."""


def optional_sides(help: str, *, aliases: tuple[str, ...], short: str, symbol: str) -> SidesValue | None:
    """As `declare.sides`, or None where the spec leaves it unsaid."""
    field: Any = declare.sides(help, aliases=aliases, short=short, symbol=symbol)
    field.default, field.default_text = None, "what the size leaves over"
    return field  # type: ignore[no-any-return]


def sides_of(amount: SidesValue, rank: int, setting: Setting) -> Sides:
    """The amount as (before, after) for each of `rank` axes; Refusal where it has another number of values.

    A flat list of two numbers for each axis is read as the convention's framework does: PyTorch from the last axis to
    the first, ONNX all that comes before and then all that comes after, Keras (with one axis) before and after. Batch
    and channels may be among the axes, with zeros: ONNX's `pads` of 8 numbers, TensorFlow's `paddings` of 4 pairs.
    """
    if not isinstance(amount, tuple):
        return ((amount, amount),) * rank
    amount = _spatial_sides(amount, rank, setting.layout)
    if len(amount) == rank:
        return tuple(side if isinstance(side, tuple) else (side, side) for side in amount)
    flat = [side for side in amount if not isinstance(side, tuple)]
    sides = _flat_sides(flat, setting.convention.name) if len(flat) == len(amount) == 2 * rank else None
    if sides is None:
        written = ", ".join("[before, after]" for _ in range(rank))
        raise Refusal(
            f"{len(amount)} values for an input with {rank} spatial {'axis' if rank == 1 else 'axes'}",
            hint=f"write one number, or [{written}]",
            field="amount",
            code="E303",
        )
    return sides


def _spatial_sides(
    amount: tuple[int | tuple[int, int], ...], rank: int, layout: str
) -> tuple[int | tuple[int, int], ...]:  # fmt: skip
    """The amounts of the spatial axes, of a list that has zeros for batch and channels too; else the list itself."""
    pairs = [side for side in amount if isinstance(side, tuple)]
    flat = [side for side in amount if not isinstance(side, tuple)]
    if len(flat) == len(amount) == 2 * (rank + 2):
        pairs = list(zip(flat[: rank + 2], flat[rank + 2 :], strict=True))
    elif len(pairs) != len(amount) or len(pairs) != rank + 2:
        return amount
    first = 1 if layout == "HWC" else 2
    around = (*pairs[:first], *pairs[first + rank :])
    return tuple(pairs[first : first + rank]) if not any(map(any, around)) else amount


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


class Padding(Layer):
    """Something around the spatial axes."""

    family = "reshaping"
    spatial_suffix = True

    amount: SidesValue

    def sides(self, rank: int) -> Sides:
        """The amount as (before, after) for each of `rank` axes."""
        return sides_of(self.amount, rank, self.setting)

    def shape(self, x: Shape) -> Shape:
        return self.volume(tuple(window.output for window in self.windows(x)), self.channels(x))

    def windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        self.require_spatial(x)
        return tuple(
            AxisWindow(1, 1, before, after, W + (2 * before if before == after else before + after))
            for W, (before, after) in zip(self.spatial(x), self.sides(len(x) - 1), strict=True)
        )

    def widths(self, x: Array) -> list[tuple[int, int]]:
        """How much is put around each axis of a real array, batch and channels included."""
        sides = self.sides(x.ndim - 2)
        first = 1 if self.setting.layout == "HWC" else 2
        widths = [(0, 0)] * x.ndim
        widths[first : first + len(sides)] = sides
        return widths


class BorderPadding(Padding):
    """Padding that repeats the input in some way."""

    mode: str
    """NumPy's word for what is repeated."""

    def most(self, W: int) -> int | None:
        """The largest amount on a side of an axis of W; None where there is no limit."""
        return None

    def windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        windows = super().windows(x)
        for W, window in zip(self.spatial(x), windows, strict=True):
            amount, most = max(window.before, window.after), self.most(W)
            if most is not None and amount > most:
                raise Refusal(
                    f"padding {int(amount)} is more than an axis of {int(W)} can repeat: at most {int(most)}",
                    hint="pad by less, or repeat the border with replication_pad",
                    field="amount",
                    code="E304",
                )
        return windows

    def border(self) -> str:
        return {"edge": "replicate", "wrap": "circular"}.get(self.mode, self.mode)

    def remarks(self, x: Shape, y: Shape) -> tuple[str, ...]:
        return ("The receptive field counts the padding's place, not the inputs that it repeats.",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.pad(x, self.widths(x), mode=self.mode)
