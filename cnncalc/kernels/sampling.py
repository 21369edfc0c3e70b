"""Bilinear sampling of an image between its pixels."""

from __future__ import annotations

from itertools import product
from types import ModuleType

from cnncalc.kernels.arrays import Array


def bilinear(np: ModuleType, x: Array, rows: Array, columns: Array) -> Array:
    """`x` (batch, height, width, channels) at real coordinates of shape (batch, …): (batch, …, channels).

    Each value is the distance-weighted mean of the four neighbouring pixels; pixels outside the image are zeros.
    """
    images = np.arange(len(x)).reshape(len(x), *[1] * (rows.ndim - 1))
    sampled = np.zeros((*rows.shape, x.shape[-1]), dtype=x.dtype)
    for down, right in product((0, 1), (0, 1)):
        row, height = _corner(np, rows, x.shape[1], down)
        column, width = _corner(np, columns, x.shape[2], right)
        sampled += (height * width)[..., None] * x[images, row, column]
    return sampled


def _corner(np: ModuleType, places: Array, size: int, upper: int) -> tuple[Array, Array]:
    """The pixel below (`upper`: above) each coordinate along an axis, and its weight, 0 for a pixel outside."""
    low = np.floor(places)
    weight = places - low if upper else 1 - (places - low)
    index = np.clip(low + upper, -1, size).astype(np.intp)
    inside = (index >= 0) & (index < size)
    return np.where(inside, index, 0), np.where(inside, weight, 0).astype(places.dtype)
