"""Transposed convolution: every input adds a scaled kernel to the output."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from types import ModuleType
from typing import NamedTuple

from cnncalc.kernels.arrays import Array, per_group, require

PRODUCT_BYTES = 8 * 1024 * 1024
"""The maximum size of the products of several taps, which are added to the output one by one."""


class AxisSpread(NamedTuple):
    """The geometry along one axis: the amounts removed before and after, negative where zeros are added."""

    kernel: int
    stride: int
    dilation: int
    cut_before: int
    cut_after: int


def spread(np: ModuleType, x: Array, kernel: Array, spreads: list[AxisSpread], groups: int) -> Array:
    """`x` (batch, *spatial, channels) with `kernel` (*kernel, channels, filters/groups).

    Several taps are computed in one product of matrices, unless it is larger than PRODUCT_BYTES.
    """
    depth, count = per_group("input channels", x.shape[-1], groups), kernel.shape[-1]
    require("kernel", kernel, (*(step.kernel for step in spreads), x.shape[-1], count))
    full = np.zeros((len(x), *_full(x, spreads), count * groups), dtype=np.result_type(x, kernel))
    inputs = x.reshape(-1, groups, depth).swapaxes(0, 1)
    kernels = kernel.reshape(-1, groups, depth, count)
    reached = [view for _, view in _taps(full, x, spreads)]
    several = max(1, PRODUCT_BYTES // max(1, inputs.shape[1] * count * groups * full.itemsize))
    for first in range(0, len(reached), several):
        taps = slice(first, first + several)
        matrix = kernels[taps].transpose(1, 2, 0, 3).reshape(groups, depth, -1)
        products = (inputs @ matrix).reshape(groups, inputs.shape[1], -1, count)
        for place, view in enumerate(reached[taps]):
            view += products[:, :, place].swapaxes(0, 1).reshape(view.shape)
    return _cut(np, full, spreads)


def spread_untied(np: ModuleType, x: Array, kernel: Array, spreads: list[AxisSpread], groups: int) -> Array:
    """Like `spread`, with one kernel per input position: (*spatial, *kernel, channels, filters/groups)."""
    spatial, count = x.shape[1:-1], kernel.shape[-1]
    depth = per_group("input channels", x.shape[-1], groups)
    require("kernel", kernel, (*spatial, *(step.kernel for step in spreads), x.shape[-1], count))
    full = np.zeros((len(x), *_full(x, spreads), count * groups), dtype=np.result_type(x, kernel))
    inputs = x.reshape(len(x), prod(spatial), groups, 1, depth)
    for tap, reached in _taps(full, x, spreads):
        kernels = kernel[(slice(None),) * len(spatial) + tap].reshape(prod(spatial), groups, depth, count)
        reached += (inputs @ kernels).reshape(reached.shape)
    return _cut(np, full, spreads)


def _full(x: Array, spreads: list[AxisSpread]) -> list[int]:
    """The sizes that the kernels span, before anything is removed."""
    lasts = [(size - 1) * step.stride for size, step in zip(x.shape[1:-1], spreads, strict=True)]
    return [last + step.dilation * (step.kernel - 1) + 1 for last, step in zip(lasts, spreads, strict=True)]


def _taps(full: Array, x: Array, spreads: list[AxisSpread]) -> Iterator[tuple[tuple[int, ...], Array]]:
    """For each tap of the kernel, its index and a view of the positions in `full` that it writes."""
    for tap in product(*(range(step.kernel) for step in spreads)):
        places = [
            slice(index * step.dilation, index * step.dilation + (size - 1) * step.stride + 1, step.stride)
            for index, size, step in zip(tap, x.shape[1:-1], spreads, strict=True)
        ]
        yield tap, full[(slice(None), *places)]


def _cut(np: ModuleType, full: Array, spreads: list[AxisSpread]) -> Array:
    added = [(max(0, -step.cut_before), max(0, -step.cut_after)) for step in spreads]
    if any(before or after for before, after in added):
        full = np.pad(full, [(0, 0), *added, (0, 0)])
    kept = tuple(
        slice(max(0, step.cut_before), size - max(0, step.cut_after))
        for step, size in zip(spreads, full.shape[1:-1], strict=True)
    )
    return full[(slice(None), *kept)]
