"""The order of execution that needs the least memory.

The search runs between places where a single tensor is alive, which every order passes. There it extends sets of
executed steps, one step at a time, and keeps one order for each set: the one with the smallest peak. Where sets become
too many, those with the largest peaks are dropped, and the order that is found may not be the best.

Source: Liberis and Lane, "Neural networks on microcontrollers: saving memory at inference via operator reordering",
arXiv 1910.05110, which searches sets of executed operators in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.analysis.device.schedule import Schedule

_MOST_WORK = 12_000
"""The number of sets that are extended in one part of a model."""


class LeastOrder(NamedTuple):
    """The indices of the steps in the order found, its peak in bytes, and whether no order has a smaller one."""

    steps: tuple[int, ...]
    peak: int
    exact: bool


class _State(NamedTuple):
    """A set of executed steps, as bits, and the best known order of them, as its last step and the state before it."""

    peak: int
    alive: int
    done: int
    ready: tuple[int, ...]
    step: int = -1
    before: _State | None = None

    def order(self) -> list[int]:
        """The executed steps."""
        found: list[int] = []
        state = self
        while state.before is not None:
            found.append(state.step)
            state = state.before
        return found[::-1]


def least_order(schedule: Schedule, *, in_place: bool = True) -> LeastOrder:
    """The order of a schedule's steps with the smallest peak, each step after those whose tensors it reads."""
    listed = schedule.peak(in_place=in_place)
    order: list[int] = []
    exact = True
    for first, last, in_use in _parts(schedule):
        if last - first == 1:
            order.append(first)
            continue
        part = _PartSearch(schedule, first, last, in_place=in_place)
        order += [first + index for index in part.search(in_use)]
        exact = exact and part.exact
    found = schedule.in_order(order).peak(in_place=in_place)
    if found >= listed:
        return LeastOrder(tuple(range(len(order))), listed, exact)
    return LeastOrder(tuple(order), found, exact)


def _parts(schedule: Schedule) -> Iterator[tuple[int, int, int]]:
    """The parts between places where the only tensor in use is the one just written.

    Each is the first step, the last one (exclusive), and the bytes in use before the first. A step whose tensor is
    never read could run in a later part, so no part ends after one.
    """
    last_uses = schedule.last_uses()
    in_use = {tensor for tensor in schedule.inputs if last_uses[tensor] >= 0}
    first, bytes_before, movable = 0, _size(schedule, in_use), False
    for index, step in enumerate(schedule.steps):
        in_use.add(step.writes)
        in_use.difference_update([tensor for tensor in (*step.reads, step.writes) if last_uses[tensor] == index])
        movable = movable or step.writes not in in_use
        if (in_use == {step.writes} and not movable) or index == len(schedule.steps) - 1:
            yield first, index + 1, bytes_before
            first, bytes_before = index + 1, _size(schedule, in_use)


def _size(schedule: Schedule, tensors: set[int]) -> int:
    return sum(schedule.tensors[tensor].bytes for tensor in tensors)


class _PartSearch:
    """The search in one part of a schedule, from step `first` to step `last`, exclusive."""

    def __init__(self, schedule: Schedule, first: int, last: int, *, in_place: bool) -> None:
        self.steps = schedule.steps[first:last]
        self.in_place = in_place
        self.exact = True
        self.width = max(8, _MOST_WORK // len(self.steps))
        self.sizes = [tensor.bytes for tensor in schedule.tensors]
        self.readers: dict[int, int] = {}
        """The steps that read each tensor, as bits."""
        for index, step in enumerate(self.steps):
            for tensor in step.reads:
                self.readers[tensor] = self.readers.get(tensor, 0) | 1 << index
        last_uses = schedule.last_uses()
        self.kept = {
            tensor for step in self.steps for tensor in (*step.reads, step.writes) if last_uses[tensor] >= last
        }
        makers = {step.writes: index for index, step in enumerate(self.steps)}
        before = [{makers[tensor] for tensor in step.reads if tensor in makers} for step in self.steps]
        self.needs = [sum(1 << maker for maker in makers) for makers in before]
        self.followers: list[list[int]] = [[] for _ in self.steps]
        for index, makers_of in enumerate(before):
            for maker in makers_of:
                self.followers[maker].append(index)

    def search(self, in_use: int) -> list[int]:
        """The best order found, as indices into the part; `in_use` are the bytes in use before it."""
        ready = tuple([index for index, needs in enumerate(self.needs) if not needs])
        states = [_State(in_use, in_use, 0, ready)]
        for _ in self.steps:
            best: dict[int, _State] = {}
            for state in states:
                for index in state.ready:
                    after = self._after(state, index)
                    known = best.get(after.done)
                    if known is None or after.peak < known.peak:
                        best[after.done] = after
            states = sorted(best.values(), key=lambda state: (state.peak, state.alive))
            self.exact = self.exact and len(states) <= self.width
            del states[self.width :]
        return states[0].order()

    def _after(self, state: _State, index: int) -> _State:
        """The state after one more step."""
        step = self.steps[index]
        done = state.done | 1 << index
        freed = [tensor for tensor in {*step.reads, step.writes} if self._is_free(tensor, done)]
        size = self.sizes[step.writes]
        replaced = self.in_place and any(tensor in freed for tensor in step.overwrites)
        alive = state.alive + size - sum([self.sizes[tensor] for tensor in freed])
        enabled = [follower for follower in self.followers[index] if not self.needs[follower] & ~done]
        ready = (*[other for other in state.ready if other != index], *enabled)
        return _State(max(state.peak, state.alive + (0 if replaced else size)), alive, done, ready, index, state)

    def _is_free(self, tensor: int, done: int) -> bool:
        return tensor not in self.kept and not self.readers.get(tensor, 0) & ~done
