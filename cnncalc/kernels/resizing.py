"""Resizing of an axis: the inputs that each output reads, and their weights.

An output reads the input around a real coordinate, which differs between frameworks (`places`); a nearest neighbour
reads one input there (`rounded`), an interpolation several around it (`taps`). Coordinates are float32, as in the
frameworks, because a nearest neighbour depends on their last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType

from cnncalc.kernels.arrays import Array

RADIUS: Mapping[str, int] = {"linear": 1, "cubic": 2, "lanczos3": 3, "lanczos5": 5}
"""The maximum distance of the inputs that an interpolation reads."""

TIE = 1e-6
"""The distance from the midpoint of two inputs that still counts as the midpoint in ONNX Runtime."""


_WEIGHTLESS = 4e-7
"""Per position of the axis, the weight below which it is only a rounding error: such an input is not read."""


def places(np: ModuleType, size: int, wanted: int, factor: float | None, coordinates: str) -> Array:
    """The coordinate of each of `wanted` outputs on an input of `size`, by the modes of ONNX's Resize.

    `factor` is the requested scale; None if a size was requested.
    """
    output = np.arange(wanted, dtype=np.float32)
    scale = np.float32(wanted) / np.float32(size) if factor is None else np.float32(factor)
    half = np.float32(0.5)
    if coordinates == "align_corners":
        return output * np.float32(size - 1) / np.float32(max(wanted - 1, 1))
    if coordinates == "asymmetric":
        return output / scale
    if coordinates == "pytorch_half_pixel" and wanted == 1:
        return output
    if coordinates == "half_pixel_symmetric":
        adjustment = np.float32(wanted) / (scale * np.float32(size))
        offset = np.float32(size) * half * (1 - adjustment)
        return (offset + (output + half) / np.float64(scale) - half).astype(np.float32)
    return (output + half) / scale - half


def multiplied(np: ModuleType, size: int, wanted: int, factor: float | None, shift: float) -> Array:
    """(i + shift)·step, as PyTorch computes a nearest neighbour: a product with the rounded reciprocal of the scale."""
    step = np.float32(size) / np.float32(wanted) if factor is None else np.float32(1.0 / factor)
    return (np.arange(wanted, dtype=np.float32) + np.float32(shift)) * step


def rounded(np: ModuleType, found: Array, size: int, rounding: str) -> Array:
    """The input nearest to each coordinate, by ONNX's modes; coordinates beyond the input are limited to its border."""
    whole = np.floor(found)
    part = found - whole
    up = {
        "floor": np.zeros_like(part, dtype=bool), "ceil": part > 0,
        "round_prefer_floor": part - 0.5 >= TIE, "round_prefer_ceil": part - 0.5 > -TIE,
    }  # fmt: skip
    found = whole + up[rounding]
    return np.clip(found, 0, size - 1).astype(np.intp)


def taps(
    np: ModuleType, found: Array, size: int, mode: str, *, cubic: float, exclude_outside: bool
) -> tuple[Array, Array]:
    """For each coordinate, the inputs that are read and their weights: (outputs, taps).

    An input without a weight is not read but replaced by another one, because 0 times infinity is not 0. Inputs beyond
    the border are replaced by the border; or, with `exclude_outside`, they are excluded, and the other weights are
    normalized to one.
    """
    radius = RADIUS[mode]
    index = np.floor(found)[:, None] + np.arange(1 - radius, radius + 1, dtype=found.dtype)
    weight = _kernel(np, mode, cubic)(np.abs(found[:, None] - index))
    if exclude_outside:
        weight = np.where((index >= 0) & (index < size), weight, 0)
        weight = weight / weight.sum(1, keepdims=True)
    inside = np.clip(index, 0, size - 1).astype(np.intp)
    heaviest = np.take_along_axis(inside, np.abs(weight).argmax(1, keepdims=True), 1)
    weightless = np.abs(weight) < _WEIGHTLESS * max(size, len(found))
    return np.where(weightless, heaviest, inside), weight.astype(np.float32)


def _kernel(np: ModuleType, mode: str, a: float) -> Callable[[Array], Array]:
    """The weight of an input by its distance. Cubic: Keys, 1981; Lanczos: the windowed sinc."""
    if mode == "linear":
        return lambda d: np.maximum(1 - d, 0)
    if mode == "cubic":
        return lambda d: np.where(
            d <= 1, ((a + 2) * d - (a + 3)) * d * d + 1, np.where(d < 2, ((a * d - 5 * a) * d + 8 * a) * d - 4 * a, 0)
        )
    radius = RADIUS[mode]
    return lambda d: np.where(d <= radius, np.sinc(d) * np.sinc(d / radius), 0)


def picked(np: ModuleType, x: Array, axis: int, index: Array) -> Array:
    """`x` with the inputs at `index` along an axis."""
    return np.take(x, index, axis)


def blended(np: ModuleType, x: Array, axis: int, index: Array, weight: Array) -> Array:
    """`x` along an axis as the sum of the inputs at `index`, each with its weight."""
    along = (-1, *[1] * (x.ndim - axis - 1))
    parts = (np.take(x, index[:, tap], axis) * weight[:, tap].reshape(along) for tap in range(index.shape[1]))
    total = next(parts)
    for part in parts:
        total += part
    return total
