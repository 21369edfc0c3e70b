"""The working of one output, written out number by number: `1·2 + 0·3`."""

from __future__ import annotations

from typing import Any

Array = Any

Seen = list[tuple[tuple[int, ...], Array | None]]
"""What a window sees: for each tap its index and the input's channels there, None where the padding is."""


def number(value: Any) -> str:
    """A factor or summand: up to six digits, negative numbers in parentheses."""
    text = f"{float(value):.6g}"
    return f"({text})" if text.startswith("-") else text


def weighted(seen: Seen, first: int, kernel: Array, bias: Any) -> str:
    """The sum of the channels from `first` on, times `kernel` (*taps, channels), plus `bias` unless it is 0."""
    parts = [
        f"{number(0 if values is None else values[first + inner])}·{number(kernel[(*tap, inner)])}"
        for tap, values in seen
        for inner in range(kernel.shape[-1])
    ]
    return " + ".join([*parts, number(bias)] if bias else parts)


def inside(seen: Seen, channel: int) -> list[str]:
    """The values of one channel that a window sees, without the padding."""
    return [number(values[channel]) for _, values in seen if values is not None]
