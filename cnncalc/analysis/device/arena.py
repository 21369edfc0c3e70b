"""One buffer for all tensors, planned before the first run, as runtimes for microcontrollers do.

Tensors are placed from the largest to the smallest, each at the lowest offset where no tensor lies that is in use at
the same time.

Source: TensorFlow Lite for Microcontrollers, `GreedyMemoryPlanner`; Pisarchyk and Lee, "Efficient memory management for
deep neural net inference", arXiv 2001.03288 (greedy by size).
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.analysis.device.schedule import Schedule

ALIGNMENT = 16
"""The number of bytes that offsets are multiples of."""


class PlacedTensor(NamedTuple):
    """A tensor in the arena: `first` and `last` are the steps between which it is in use, both inclusive."""

    name: str
    bytes: int
    offset: int
    first: int
    last: int

    @property
    def end(self) -> int:
        """The offset after it, aligned."""
        return self.offset + aligned(self.bytes)


class Arena(NamedTuple):
    """The planned buffer: its size in bytes, and its tensors in the order in which they are written."""

    bytes: int
    tensors: tuple[PlacedTensor, ...]

    def fullest(self) -> tuple[PlacedTensor, ...]:
        """The tensors in use at the first step at which they are largest together."""
        steps = {tensor.first for tensor in self.tensors}
        in_use = [[tensor for tensor in self.tensors if tensor.first <= step <= tensor.last] for step in sorted(steps)]
        return tuple(max(in_use, key=lambda tensors: sum(aligned(tensor.bytes) for tensor in tensors), default=()))


def aligned(size: int) -> int:
    """The size rounded up to the alignment."""
    return -(-size // ALIGNMENT) * ALIGNMENT


def plan_arena(schedule: Schedule) -> Arena:
    """Place every tensor of a schedule. Inputs are in use from the first step, outputs until the last."""
    last_step = len(schedule.steps) - 1
    first = [0] * len(schedule.tensors)
    for index, step in enumerate(schedule.steps):
        first[step.writes] = index
    waiting = [
        PlacedTensor(tensor.name, tensor.bytes, 0, begin, max(begin, min(use, last_step)))
        for tensor, begin, use in zip(schedule.tensors, first, schedule.last_uses(), strict=True)
        if tensor.bytes
    ]
    placed: list[PlacedTensor] = []
    at_step: list[list[PlacedTensor]] = [[] for _ in range(last_step + 1)]
    for tensor in sorted(waiting, key=lambda tensor: -aligned(tensor.bytes)):
        in_use = at_step[tensor.first : tensor.last + 1]
        beside = sorted({other for tensors in in_use for other in tensors}, key=lambda other: other.offset)
        placed.append(tensor._replace(offset=_lowest_gap(beside, aligned(tensor.bytes))))
        for tensors in in_use:
            tensors.append(placed[-1])
    placed.sort(key=lambda tensor: (tensor.first, tensor.offset))
    return Arena(max((tensor.end for tensor in placed), default=0), tuple(placed))


def _lowest_gap(beside: list[PlacedTensor], size: int) -> int:
    """The lowest offset with `size` free bytes, between tensors in the order of their offsets."""
    offset = 0
    for tensor in beside:
        if tensor.offset - offset >= size:
            break
        offset = max(offset, tensor.end)
    return offset
