"""Chunks of work of about half a second: results come in order, and a chunk whose worker is lost is submitted again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from typing import TypeVar

from cnncalc.diagnostics import SpecError

MOST_ATTEMPTS = 3
"""The number of times that a chunk is submitted before its error is raised."""

SECONDS = 0.5
"""The work in a chunk, which is the most that an interrupted sweep loses on each worker."""

GROWTH = 4
MOST_COMBINATIONS = 1000
"""The most combinations in a chunk, which bounds the memory of results that wait."""

Bounds = tuple[int, int]
"""The first combination of a chunk, and the one after its last."""

T = TypeVar("T")


class Chunks:
    """Consecutive chunks of a range. The first is one combination; the time of earlier chunks decides the next size.

    >>> chunks = Chunks(0, 100)
    >>> first = next(chunks)
    >>> chunks.took(first, seconds=0.25)
    >>> first, next(chunks)
    ((0, 1), (1, 3))
    """

    def __init__(self, first: int, last: int) -> None:
        self._next = first
        self._last = last
        self._size = 1

    def __iter__(self) -> Iterator[Bounds]:
        return self

    def __next__(self) -> Bounds:
        if self._next >= self._last:
            raise StopIteration
        bounds = self._next, min(self._next + self._size, self._last)
        self._next = bounds[1]
        return bounds

    def took(self, bounds: Bounds, seconds: float) -> None:
        """Choose the size of the next chunks: `SECONDS` of work, at most `GROWTH` times a chunk that was measured."""
        number = bounds[1] - bounds[0]
        fitting = int(number * SECONDS / seconds) if seconds > 0 else MOST_COMBINATIONS
        self._size = max(1, min(fitting, GROWTH * number, MOST_COMBINATIONS))


def in_order(
    chunks: Iterable[Bounds], submit: Callable[[Bounds], Future[T]], ahead: int
) -> Iterator[tuple[Bounds, T]]:  # fmt: skip
    """The result of each chunk, in order, while at most `ahead` chunks are submitted.

    The result of a chunk is taken once: if its worker is lost, or the chunk is cancelled, the chunk is submitted again,
    and only the last future counts. Raises the error of a chunk that fails three times.
    """
    waiting = iter(chunks)
    running: deque[tuple[Bounds, Future[T], int]] = deque()
    try:
        while True:
            while len(running) < ahead and (bounds := next(waiting, None)):
                running.append((bounds, submit(bounds), 1))
            if not running:
                return
            bounds, future, attempt = running.popleft()
            try:
                found = future.result()
            except SpecError:
                raise
            except (Exception, CancelledError):
                if attempt == MOST_ATTEMPTS:
                    raise
                running.appendleft((bounds, submit(bounds), attempt + 1))
            else:
                yield bounds, found
    finally:
        for _, future, _ in running:
            future.cancel()
