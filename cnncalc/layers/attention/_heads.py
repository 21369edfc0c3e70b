"""Heads of the attentions without projections: an axis of their own, or parts of the features."""

from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Array, Weight, show_shape


def split_features(shape: Shape, heads: int, field: str) -> Shape:
    """A sequence whose features are cut into heads: heads × positions × features. Refusal where they do not divide."""
    *lead, positions, features = shape
    if features % heads:
        raise Refusal(
            f"{int(features)} features of {show_shape(shape)} cannot be divided among {int(heads)} heads",
            hint="give a number of heads that divides them", field=field, code="E305",
        )  # fmt: skip
    return (*lead, heads, positions, exact_div(features, heads))


def projection_outputs(weight: Weight) -> tuple[int, ...]:
    """The axes of a projection's kernel that hold its outputs: heads and their features, or the last one alone.

    Queries, keys and values are features × heads × features of a head; the output is heads × features × outputs.
    """
    if not weight.is_kernel:
        return ()
    last = len(weight.shape) - 1
    return (last - 1, last) if last == 2 and "output_kernel" not in weight.name else (last,)


def as_heads(x: Array, heads: int) -> Array:
    """Like `split_features`, on a batch."""
    *lead, positions, features = x.shape
    return x.reshape(*lead, positions, heads, features // heads).swapaxes(-3, -2)


def as_features(x: Array) -> Array:
    """A batch of heads × positions × features as positions × features."""
    *lead, heads, positions, features = x.shape
    return x.swapaxes(-3, -2).reshape(*lead, positions, heads * features)


def stretched(one: Shape, other: Shape) -> Shape:
    """Two lists of axes before the positions as one, a size of 1 stretched; Refusal where they do not meet."""
    if len(one) != len(other) or any(a != b and 1 not in (a, b) for a, b in zip(one, other, strict=True)):
        raise Refusal(
            f"queries with {_named(one)} before their positions do not meet keys or values with {_named(other)}",
            hint="equal heads are needed, or grouped=true and keys of fewer heads, each shared by several",
            code="E308",
        )
    return tuple(b if a == 1 else a for a, b in zip(one, other, strict=True))


def shared(query: Shape, other: Shape, what: str) -> Shape:
    """Keys' or values' axes before the positions, their heads repeated for the queries'; Refusal if they cannot be."""
    if len(other) != len(query) or query[-1] % other[-1]:
        raise Refusal(
            f"{_named(query)} of the queries cannot share {_named(other)} of the {what} equally",
            hint=f"the queries' heads must be a multiple of the {what}'",
            code="E305",
        )
    return (*other[:-1], query[-1])


def repeated(np: ModuleType, x: Array, heads: int) -> Array:
    """Each head of keys or values as often as the queries' heads share it."""
    return np.repeat(x, heads // x.shape[-3], axis=-3) if heads > x.shape[-3] else x


def _named(axes: Shape) -> str:
    return f"{show_shape(axes)} heads" if axes else "no heads"
