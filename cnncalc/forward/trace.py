"""How each output of a small layer comes about, number by number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Layer
from cnncalc.layers.window_layer import WindowLayer

Array = NDArray[Any]

MAX_OUTPUTS = 1000


class Trace(NamedTuple):
    """One output: where it stands, and the calculation that gives it."""

    position: tuple[int, ...]
    channel: int | None
    working: str


def can_trace(layer: Layer) -> bool:
    """Whether `trace` shows this layer's working: convolutions, pools and dense layers."""
    return isinstance(layer, WindowLayer) or layer.type == "dense"


def trace(layer: Layer, x: Array, weights: dict[str, Array], shape: Shape) -> list[Trace]:
    """The working of every output of `layer` on `x` (without a batch axis)."""
    if isinstance(layer, WindowLayer):
        return list(_windows(layer, x, weights, shape))
    if layer.type == "dense":
        return list(_dense(x, weights))
    return []


def _windows(layer: WindowLayer, x: Array, weights: dict[str, Array], shape: Shape) -> Iterator[Trace]:
    volume = x if layer.setting.layout == "HWC" else np.moveaxis(x, 0, -1)
    steps, dilations = layer.windows(shape), layer.dilations(shape)
    kernels = layer.kernels(shape)
    filters = weights["kernel"].shape[-1] if layer.type == "conv" else volume.shape[-1]
    for position in product(*(range(step.output) for step in steps)):
        taps = [
            [place * step.stride - step.before + tap * dilation for tap in range(kernel)]
            for place, step, dilation, kernel in zip(position, steps, dilations, kernels, strict=True)
        ]
        for channel in range(filters):
            working = _window(layer, volume, weights, taps, channel)
            yield Trace(position, channel if filters > 1 else None, working)


def _window(layer: WindowLayer, volume: Array, weights: dict[str, Array], taps: list[list[int]], channel: int) -> str:
    if layer.type != "conv":
        return _pool(layer, volume, taps, channel)
    kernel = weights["kernel"]
    depth, per_group = kernel.shape[-2], kernel.shape[-1] // getattr(layer, "groups", 1)
    first = channel // per_group * depth
    parts = []
    for tap in product(*(range(len(axis)) for axis in taps)):
        place = tuple(axis[index] for axis, index in zip(taps, tap, strict=True))
        for inner in range(depth):
            parts.append(f"{_at(volume, place, first + inner)}·{_number(kernel[(*tap, inner, channel)])}")
    bias = weights.get("bias")
    total = " + ".join(parts)
    if bias is not None and bias[channel]:
        total += f" + {_number(bias[channel])}"
    return total


def _pool(layer: WindowLayer, volume: Array, taps: list[list[int]], channel: int) -> str:
    inside = [
        _at(volume, place, channel)
        for place in product(*taps)
        if all(0 <= index < size for index, size in zip(place, volume.shape, strict=False))
    ]
    if layer.type == "max_pool":
        return f"max({', '.join(inside)})"
    counted = len(list(product(*taps))) if _counts_padding(layer) else len(inside)
    return f"({' + '.join(inside)})/{counted}"


def _counts_padding(layer: Layer) -> bool:
    given = getattr(layer, "count_include_pad", None)
    return layer.setting.convention.average_counts_padding if given is None else bool(given)


def _dense(x: Array, weights: dict[str, Array]) -> Iterator[Trace]:
    kernel, bias = weights["kernel"], weights.get("bias")
    flat = x.reshape(-1)
    if flat.size != kernel.shape[0]:
        return
    for unit in range(kernel.shape[1]):
        parts = [f"{_number(value)}·{_number(factor)}" for value, factor in zip(flat, kernel[:, unit], strict=True)]
        if bias is not None and bias[unit]:
            parts.append(_number(bias[unit]))
        yield Trace((unit,), None, " + ".join(parts))


def _at(volume: Array, place: tuple[int, ...], channel: int) -> str:
    """A value of the input, or 0 where the padding is."""
    if any(not 0 <= index < size for index, size in zip(place, volume.shape, strict=False)):
        return "0"
    return _number(volume[(*place, channel)])


def _number(value: Any) -> str:
    text = f"{float(value):.6g}"
    return f"({text})" if text.startswith("-") else text
