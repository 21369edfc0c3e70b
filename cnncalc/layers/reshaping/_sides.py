"""Amounts before and after each axis, of padding or cropping."""

from __future__ import annotations

from typing import Any

from cnncalc.arithmetic.convention import Setting
from cnncalc.diagnostics import Refusal
from cnncalc.layers.declare import SidesValue

Sides = tuple[tuple[int, int], ...]
"""The amounts (before, after), for each axis."""


def sides_of(amount: SidesValue, rank: int, setting: Setting) -> Sides:
    """The amount as (before, after) for each of `rank` axes. Raises Refusal for another number of values.

    A flat list of two numbers per axis is read as in the convention's framework: PyTorch from the last axis to the
    first, ONNX all that comes before and then all that comes after, Keras (with one axis) before and after. Batch and
    channels may be among the axes, with zeros: ONNX's `pads` of 8 numbers, TensorFlow's `paddings` of 4 pairs.
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
    """The amounts of the spatial axes, from a list that also has zeros for batch and channels; else the list itself."""
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
    """Two numbers per axis in the framework's order; None if the framework has no such form."""
    half = len(flat) // 2
    if convention == "pytorch":
        return tuple((flat[2 * axis], flat[2 * axis + 1]) for axis in reversed(range(half)))
    if convention == "onnx":
        return tuple(zip(flat[:half], flat[half:], strict=True))
    if half == 1 and convention in ("keras", "tensorflow"):
        return ((flat[0], flat[1]),)
    return None


def sides_of_all_axes(amount: tuple[Any, ...], rank: int, convention: str) -> Sides | None:
    """The sides of all axes of a sample, if a list has one per axis, or also zeros for the batch; else None."""
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
