"""Amounts before and after each spatial axis: what is put around them, or cut away."""

from __future__ import annotations

from types import ModuleType
from typing import Any, TypeGuard

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer
from cnncalc.layers.declare import SidesValue
from cnncalc.layers.listed_axes import places

Sides = tuple[tuple[int, int], ...]
"""How much comes before and after, for each spatial axis."""


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


def _are_pairs(amount: SidesValue) -> TypeGuard[tuple[tuple[int, int], ...]]:
    return isinstance(amount, tuple) and all(isinstance(side, tuple) for side in amount)


class PaddingLayer(Layer):
    """Something around the spatial axes."""

    family = "reshaping"
    spatial_suffix = True

    amount: SidesValue

    axes_ = declare.listed_axes(
        "the axes that are padded, from 1", default=None, default_text="the spatial axes", positional=False
    )

    def every_side(self, x: Shape) -> Sides:
        """The amount as (before, after) for each axis of a sample, channels included."""
        rank, amount = len(x), self.amount
        if self.axes_ is not None:
            at = places(self.axes_, rank, x, "axes")
            given = dict(zip(at, sides_of(amount, len(at), self.setting), strict=True))
            return tuple(given.get(place, (0, 0)) for place in range(rank))
        if isinstance(amount, tuple) and (found := _on_all_axes(amount, rank, self.setting.convention.name)):
            return found
        if self.setting.convention.name == "pytorch" and _are_pairs(amount):
            amount = ((0, 0),) * (rank - 1 - len(amount)) + amount  # F.pad counts from the last axis
        spatial = sides_of(amount, rank - 1, self.setting)
        return (*spatial, (0, 0)) if self.setting.layout == "HWC" else ((0, 0), *spatial)

    def shape(self, x: Shape) -> Shape:
        if self.axes_ is None:
            self.require_spatial(x)
        sides = self.every_side(x)
        self._check_convention(sides, x)
        y = tuple(W + _both(side) for W, side in zip(x, sides, strict=True))
        for W, (before, after), size in zip(x, sides, y, strict=True):
            if size < 1:
                raise Refusal(
                    f"{int(-before - after)} cut from an axis of {int(W)} leave nothing", field="amount", code="E304"
                )
        return y

    def _check_convention(self, sides: Sides, x: Shape) -> None:
        """Refuse what the framework's padding cannot say."""
        convention = self.setting.convention
        if convention.name in ("keras", "tensorflow") and any(min(side) < 0 for side in sides):
            raise Refusal(
                f"{convention.title} pads by 0 or more", hint="put a crop before or after it", field="amount",
                code="E304",
            )  # fmt: skip
        if convention.name == "keras" and sides[-1 if self.setting.layout == "HWC" else 0] != (0, 0):
            raise Refusal(
                "Keras's padding layers leave the channels alone", hint="choose another convention, or use concat",
                field="amount", code="E304",
            )  # fmt: skip

    def windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        sides = self.every_side(x)
        spatial = sides[:-1] if self.setting.layout == "HWC" else sides[1:]
        return tuple(
            AxisWindow(1, 1, side[0], side[1], W + _both(side))
            for W, side in zip(self.spatial(x), spatial, strict=True)
        )

    def widths(self, x: Array) -> list[tuple[int, int]]:
        """How much is put around each axis of a real array, batch and channels included."""
        return [(0, 0), *((max(before, 0), max(after, 0)) for before, after in self.every_side(x.shape[1:]))]


def _both(side: tuple[int, int]) -> int:
    before, after = side
    return 2 * before if before == after else before + after


def _on_all_axes(amount: tuple[Any, ...], rank: int, convention: str) -> Sides | None:
    """The sides of all axes of a sample, where a list has one for each, or also zeros for the batch; else None."""
    pairs = [side for side in amount if isinstance(side, tuple)]
    flat = [side for side in amount if not isinstance(side, tuple)]
    if not pairs and len(flat) == 2 * rank and convention == "pytorch":
        return tuple((flat[2 * axis], flat[2 * axis + 1]) for axis in reversed(range(rank)))
    if not pairs and len(flat) == 2 * (rank + 1) and convention == "onnx":
        pairs = list(zip(flat[: rank + 1], flat[rank + 1 :], strict=True))
    elif len(pairs) != len(amount):
        return None
    if len(pairs) == rank + 1 and pairs[0] == (0, 0):
        return tuple(pairs[1:])
    return tuple(pairs) if len(pairs) == rank else None


def cut(x: Array, sides: Sides) -> Array:
    """A batch without what sides below 0 cut from each axis of a sample."""
    taken = [
        slice(max(-before, 0), size - max(-after, 0)) for (before, after), size in zip(sides, x.shape[1:], strict=True)
    ]
    return x[(slice(None), *taken)]


class BorderPadding(PaddingLayer):
    """Padding that repeats the input in some way."""

    mode: str
    """NumPy's word for what is repeated."""

    def most(self, W: int) -> int | None:
        """The largest amount on a side of an axis of W; None where there is no limit."""
        return None

    def shape(self, x: Shape) -> Shape:
        y = super().shape(x)
        for W, side in zip(x, self.every_side(x), strict=True):
            amount, most = max(side), self.most(W)
            if most is not None and amount > most:
                raise Refusal(
                    f"padding {int(amount)} is more than an axis of {int(W)} can repeat: at most {int(most)}",
                    hint="pad by less, or repeat the border with replication_pad",
                    field="amount",
                    code="E304",
                )
        return y

    def border(self) -> str:
        return {"edge": "replicate", "wrap": "circular"}.get(self.mode, self.mode)

    def remarks(self, x: Shape, y: Shape) -> tuple[str, ...]:
        return ("The receptive field counts the padding's place, not the inputs that it repeats.",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        widths, sides = self.widths(x), self.every_side(x.shape[1:])
        if self.mode == "wrap":  # what is cut is not wrapped around
            return np.pad(cut(x, sides), widths, mode="wrap")
        return cut(np.pad(x, widths, mode=self.mode), sides)
