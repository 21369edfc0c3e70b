"""The working of each output of a small layer, number by number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from cnncalc.arithmetic.convention import Shape
from cnncalc.forward.literal import ArrayError
from cnncalc.layers.base import Array, Layer
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.layers.worked_output import Place, TapsSeen


class OutputTrace(NamedTuple):
    """One output: its position, its channel if there are several, and its calculation.

    `gathers` lists the inputs that an output of a transposed convolution gathers, each with its tap; it is empty for
    windows that slide over the input. `value` is the result of the forward pass before an activation, and `activated`
    the result of an element-wise activation.
    """

    position: Place
    channel: int | None
    gathers: str
    working: str
    value: float
    activated: float | None


def trace(
    layer: Layer, x: Array, weights: dict[str, Array], shape: Shape, output: Array, activated: Array | None
) -> list[OutputTrace]:
    """The working of every output of `layer` on `x`, channel by channel at each position.

    All arrays are in the layer's layout, without a batch axis; `shape` is that of `x`, `output` the result of the
    forward pass, and `activated` that of an activation. Raises ArrayError for a layer that cannot show its working.
    """
    if not layer.shows_working:
        raise ArrayError(f"{layer.type} has no working to show; convolutions, pools and dense layers have")
    return list(_positions(layer, x, weights, shape, output, activated))


def _positions(
    layer: Layer, x: Array, weights: dict[str, Array], shape: Shape, output: Array, activated: Array | None
) -> Iterator[OutputTrace]:
    volume, values = _channels_last(layer, x), _channels_last(layer, output)
    after = None if activated is None else _channels_last(layer, activated)
    *sizes, channels = values.shape
    for position in product(*map(range, sizes)):
        taps = list(layer.taps(position, shape))
        seen = TapsSeen(position, shape, [(tap, None if place is None else volume[place]) for tap, place in taps])
        gathers = _gathers(taps) if isinstance(layer, WindowLayer) and not layer.slides_over_input else ""
        for channel in range(channels):
            yield OutputTrace(
                position,
                channel if channels > 1 else None,
                gathers,
                layer.working(seen, channel, **weights),
                float(values[position][channel]),
                None if after is None else float(after[position][channel]),
            )


def _channels_last(layer: Layer, array: Array) -> Array:
    is_last = layer.setting.layout == "HWC" or layer.features_last()
    return array if is_last else np.moveaxis(array, 0, -1)


def _gathers(taps: list[tuple[Place, Place | None]]) -> str:
    """The inputs that reach an output, each with its kernel tap: `x(0, 1)·k(2, 0)`."""
    return " + ".join(f"x{_place(place)}·k{_place(tap)}" for tap, place in taps if place is not None) or "no input"


def _place(place: Place) -> str:
    return f"({', '.join(map(str, place))})"
