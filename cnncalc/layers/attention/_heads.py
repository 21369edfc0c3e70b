"""Heads of attention layers without projections: an axis of their own, or parts of the features."""

from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Array, Weight, show_shape


def split_features(shape: Shape, heads: int, field: str) -> Shape:
    """The shape after splitting features into heads: heads × positions × features. Raises Refusal if not divisible."""
    *lead, positions, features = shape
    if features % heads:
        raise Refusal(
            f"{int(features)} features of {show_shape(shape)} cannot be divided among {int(heads)} heads",
            hint="give a number of heads that divides the features", field=field, code="E305",
        )  # fmt: skip
    return (*lead, heads, positions, exact_div(features, heads))


def projection_outputs(weight: Weight) -> tuple[int, ...]:
    """The axes of a projection's kernel that hold its outputs: heads and their features, or only the last one.

    The kernels of queries, keys and values are features × heads × features of a head; the output's is heads × features
    × outputs.
    """
    if not weight.is_kernel:
        return ()
    last = len(weight.shape) - 1
    return (last - 1, last) if last == 2 and "output_kernel" not in weight.name else (last,)


def as_heads(x: Array, heads: int) -> Array:
    """A batch (…, positions, features) as (…, heads, positions, features of a head)."""
    *lead, positions, features = x.shape
    return x.reshape(*lead, positions, heads, features // heads).swapaxes(-3, -2)


def as_features(x: Array) -> Array:
    """The inverse of `as_heads`."""
    *lead, heads, positions, features = x.shape
    return x.swapaxes(-3, -2).reshape(*lead, positions, heads * features)


def broadcast(one: Shape, other: Shape) -> Shape:
    """The axes before the positions, with sizes of 1 broadcast. Raises Refusal if they do not match."""
    if len(one) != len(other) or any(a != b and 1 not in (a, b) for a, b in zip(one, other, strict=True)):
        raise Refusal(
            f"queries with {_named(one)} before their positions do not match keys or values with {_named(other)}",
            hint="the heads must be equal, or fewer for the keys with grouped=true, where several queries share each",
            code="E308",
        )
    return tuple(b if a == 1 else a for a, b in zip(one, other, strict=True))


def shared(query: Shape, other: Shape, what: str) -> Shape:
    """The axes of keys or values before the positions, with the queries' heads. Raises Refusal if not divisible."""
    if len(other) != len(query) or query[-1] % other[-1]:
        raise Refusal(
            f"{_named(query)} of the queries cannot be divided evenly among {_named(other)} of the {what}",
            hint=f"the queries' heads must be a multiple of the {what}'",
            code="E305",
        )
    return (*other[:-1], query[-1])


def repeated(np: ModuleType, x: Array, heads: int) -> Array:
    """The heads of keys or values, each repeated once per query head that shares it."""
    return np.repeat(x, heads // x.shape[-3], axis=-3) if heads > x.shape[-3] else x


def _named(axes: Shape) -> str:
    return f"{show_shape(axes)} heads"
