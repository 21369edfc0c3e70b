"""Fields with one real number, or one per position along an axis."""

from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Array, show_shape
from cnncalc.layers.declare import Numbers
from cnncalc.layers.normalization._normalization import broadcastable


def check_length(numbers: Numbers | None, x: Shape, place: int, field: str) -> None:
    """Reject a list that has neither one number nor one per position along the axis."""
    if isinstance(numbers, tuple) and len(numbers) not in (1, x[place]):
        raise Refusal(
            f"{len(numbers)} numbers for an axis of {int(x[place])} in {show_shape(x)}",
            hint="give one number, or one per position along the axis",
            field=field,
            code="E308",
        )


def along(np: ModuleType, numbers: Numbers, x: Array, place: int) -> Array:
    """The numbers as an array that broadcasts with the batched array `x` along an axis of its samples."""
    full = np.broadcast_to(np.asarray(numbers, x.dtype), (x.shape[1 + place],))
    return broadcastable(full, x, (place,))
