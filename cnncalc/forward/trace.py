"""How each output of a small layer comes about, number by number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnncalc.arithmetic.convention import Shape
from cnncalc.forward.literal import ArrayError
from cnncalc.layers.base import Layer
from cnncalc.layers.window_layer import WindowLayer

Array = NDArray[Any]


class Trace(NamedTuple):
    """One output: where it stands, its channel where there are several, and the calculation that gives it."""

    position: tuple[int, ...]
    channel: int | None
    working: str


def trace(layer: Layer, x: Array, weights: dict[str, Array], shape: Shape) -> list[Trace]:
    """The working of every output of `layer` on `x` (without a batch axis), channel by channel at each position.

    Raises ArrayError for a layer that slides no window over its input.
    """
    if not isinstance(layer, WindowLayer) or not layer.shows_working:
        raise ArrayError(f"{layer.type} has no windows to trace; convolutions and pools have")
    return list(_windows(layer, x, weights, shape))


def _windows(layer: WindowLayer, x: Array, weights: dict[str, Array], shape: Shape) -> Iterator[Trace]:
    volume = x if layer.setting.layout == "HWC" else np.moveaxis(x, 0, -1)
    steps, dilations, kernels = layer.windows(shape), layer.dilations(shape), layer.kernels(shape)
    channels = layer.channels(layer.shape(shape))
    for position in product(*(range(step.output) for step in steps)):
        starts = [place * step.stride - step.before for place, step in zip(position, steps, strict=True)]
        seen = []
        for tap in product(*map(range, kernels)):
            places = [start + index * D for start, index, D in zip(starts, tap, dilations, strict=True)]
            seen.append((tap, _at(layer, volume, places)))
        for channel in range(channels):
            yield Trace(position, channel if channels > 1 else None, layer.working(seen, channel, **weights))


def _at(layer: WindowLayer, volume: Array, places: list[int]) -> Array | None:
    """The channels of the input that a window finds at a place, None where it finds zeros."""
    found = tuple(layer.source(place, size) for place, size in zip(places, volume.shape[:-1], strict=True))
    return None if None in found else np.asarray(volume[found])
