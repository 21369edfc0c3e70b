"""Chunks of work on an executor: results come in order, and a chunk whose worker is lost is submitted again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from typing import TypeVar

from cnncalc.diagnostics import SpecError

MOST_ATTEMPTS = 3
"""The number of times that a chunk is submitted before its error is raised."""

Bounds = tuple[int, int]
"""The first combination of a chunk, and the one after its last."""

T = TypeVar("T")


def bounds_of(first: int, last: int, size: int) -> Iterator[Bounds]:
    """Consecutive chunks of a range."""
    for start in range(first, last, size):
        yield start, min(start + size, last)


def in_order(
    chunks: Iterable[Bounds], submit: Callable[[Bounds], Future[list[T]]], ahead: int
) -> Iterator[tuple[Bounds, list[T]]]:  # fmt: skip
    """The result of each chunk, in order, while at most `ahead` chunks are submitted.

    The result of a chunk is taken once: if its worker is lost, or the chunk is cancelled, the chunk is submitted again,
    and only the last future counts. Raises the error of a chunk that fails three times.
    """
    waiting = iter(chunks)
    running: deque[tuple[Bounds, Future[list[T]], int]] = deque()
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
