"""The base of argmax and argmin."""

from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.reduction._reduction import Reduction


class Position(Reduction):
    """A position from 0 along one axis, as a number of the input's type; the first of equal values."""

    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        if self.axis is not None and len(self.axis) > 1:
            raise Refusal(
                f"a position is along one axis, got {len(self.axis)}", hint="flatten them first", field="axis",
                code="E303",
            )  # fmt: skip
        return super().shape(x)

    def reduce(self, np: ModuleType, x: Array, axes: tuple[int, ...], keep: bool) -> Array:
        moved = np.moveaxis(x, axes, range(x.ndim - len(axes), x.ndim))
        places = self.place(np, moved.reshape(*moved.shape[: x.ndim - len(axes)], -1))
        kept = [1 if axis in axes else size for axis, size in enumerate(x.shape)]
        return (places.reshape(kept) if keep else places).astype(x.dtype)

    def place(self, np: ModuleType, x: Array) -> Array:
        """The position along the last axis."""
        raise NotImplementedError
