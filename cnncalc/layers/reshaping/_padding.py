"""The bases of padding layers, whose negative amounts crop."""

from __future__ import annotations

from types import ModuleType
from typing import TypeGuard

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer
from cnncalc.layers.declare import SidesValue
from cnncalc.layers.listed_axes import places
from cnncalc.layers.reshaping._sides import Sides, sides_of, sides_of_all_axes


class PaddingLayer(Layer):
    """A layer that pads the spatial axes."""

    family = "reshaping"
    spatial_suffix = True

    amount: SidesValue

    axes_ = declare.listed_axes(
        "the axes that are padded, counted from 1", default=None, default_text="the spatial axes", positional=False
    )

    def every_side(self, x: Shape) -> Sides:
        """The amount as (before, after) for each axis of a sample, channels included."""
        rank, amount = len(x), self.amount
        if self.axes_ is not None:
            at = places(self.axes_, rank, x, "axes")
            given = dict(zip(at, sides_of(amount, len(at), self.setting), strict=True))
            return tuple(given.get(place, (0, 0)) for place in range(rank))
        if isinstance(amount, tuple) and (found := sides_of_all_axes(amount, rank, self.setting.convention.name)):
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
                    f"{int(-before - after)} removed from an axis of {int(W)} leave nothing",
                    field="amount",
                    code="E304",
                )
        return y

    def _check_convention(self, sides: Sides, x: Shape) -> None:
        """Reject amounts that the framework's padding does not support."""
        convention = self.setting.convention
        if convention.name in ("keras", "tensorflow") and any(min(side) < 0 for side in sides):
            raise Refusal(
                f"{convention.title} pads by 0 or more", hint="add a crop before or after it", field="amount",
                code="E304",
            )  # fmt: skip
        if convention.name == "keras" and sides[-1 if self.setting.layout == "HWC" else 0] != (0, 0):
            raise Refusal(
                "Keras's padding layers do not pad the channels", hint="choose another convention, or use concat",
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
        """The padding of each axis of a real array, batch and channels included."""
        return [(0, 0), *((max(before, 0), max(after, 0)) for before, after in self.every_side(x.shape[1:]))]


class BorderPadding(PaddingLayer):
    """Padding that repeats values of the input."""

    mode: str
    """NumPy's name of the mode."""
    keeps = keeping.INPUTS

    def most(self, W: int) -> int | None:
        """The largest amount on a side of an axis of W; None if unlimited."""
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
        return ("The receptive field counts the position of the padding, not of the inputs that it repeats.",)

    def forward(self, np: ModuleType, x: Array) -> Array:
        widths, sides = self.widths(x), self.every_side(x.shape[1:])
        if self.mode == "wrap":  # cropped values are not wrapped around
            return np.pad(cut(x, sides), widths, mode="wrap")
        return cut(np.pad(x, widths, mode=self.mode), sides)


def cut(x: Array, sides: Sides) -> Array:
    """A batch cropped by the negative amounts of each axis of a sample."""
    taken = [
        slice(max(-before, 0), size - max(-after, 0)) for (before, after), size in zip(sides, x.shape[1:], strict=True)
    ]
    return x[(slice(None), *taken)]


def _are_pairs(amount: SidesValue) -> TypeGuard[tuple[tuple[int, int], ...]]:
    return isinstance(amount, tuple) and all(isinstance(side, tuple) for side in amount)


def _both(side: tuple[int, int]) -> int:
    before, after = side
    return 2 * before if before == after else before + after
