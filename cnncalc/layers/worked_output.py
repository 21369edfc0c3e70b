"""The working of one output, written out number by number: `1·2 + 0·3`."""

from typing import Any, NamedTuple

from cnncalc.kernels.arrays import Array
from cnncalc.number_text import decimal

Place = tuple[int, ...]
"""A position or the index of a tap: one number per axis."""


class TapsSeen(NamedTuple):
    """The inputs of one output position: its position, the shape of the layer's input, and its taps.

    For each tap: its index, and the input's channels at its position, or None in the padding.
    """

    position: Place
    shape: tuple[int, ...]
    taps: list[tuple[Place, Array | None]]


def number(value: Any) -> str:
    """A factor or summand: up to six digits, negative numbers in parentheses."""
    text = decimal(float(value))
    return f"({text})" if text.startswith("-") else text


def weighted(seen: TapsSeen, first: int, kernel: Array, bias: Any) -> str:
    """The sum of the channels from `first` on, times `kernel` (*taps, channels), plus `bias` unless it is 0."""
    parts = [
        f"{number(0 if values is None else values[first + inner])}·{number(kernel[(*tap, inner)])}"
        for tap, values in seen.taps
        for inner in range(kernel.shape[-1])
    ]
    return " + ".join([*parts, number(bias)] if bias else parts) or "0"


def inside(seen: TapsSeen, channel: int) -> list[str]:
    """The values of one channel in a window, without the padding."""
    return [number(values[channel]) for _, values in seen.taps if values is not None]


def largest_of(seen: TapsSeen, channel: int) -> str:
    """The maximum of a window."""
    return f"max({', '.join(inside(seen, channel)) or 'nothing'})"


def mean_of(seen: TapsSeen, channel: int) -> str:
    """The mean of a window."""
    values = inside(seen, channel)
    return f"({' + '.join(values)})/{len(values)}"
