"""Sharing independent parts of an array function among threads; NumPy's loops run outside the interpreter's lock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar, copy_context
from functools import cached_property
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

Part = TypeVar("Part")

LEAST_PARTS = 4
"""The smallest number of parts that are shared: for fewer, waking a thread takes about as long as the parts."""


class Helpers:
    """Threads that help the calling one: they start with the first work that is shared, and end with the context."""

    def __init__(self, count: int) -> None:
        self._count = count

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(self._count, "cnncalc-helper")

    def start(self, work: Callable[[], None], most: int) -> list[Future[None]]:
        """Let up to `most` threads call `work`, each in the caller's context; none where threads cannot start."""
        started: list[Future[None]] = []
        with suppress(RuntimeError):
            for _ in range(min(self._count, most)):
                started.append(self._pool.submit(copy_context().run, work))
        return started

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if "_pool" in vars(self):
            self._pool.shutdown()

    @contextmanager
    def helping(self) -> Iterator[None]:
        """Share the work of all functions that are called inside."""
        token = _HELPERS.set(self)
        try:
            yield
        finally:
            _HELPERS.reset(token)


_HELPERS: ContextVar[Helpers | None] = ContextVar("helpers", default=None)
"""The helpers inside `helping`, None elsewhere. A layer's `forward` takes only arrays, so it cannot be given them."""


def for_each(work: Callable[[Part], None], parts: Iterable[Part]) -> None:
    """Call `work` with each of `parts`, in any order and in several threads: each call fills memory of its own.

    The calling thread takes parts as the helpers do, and cancels a helper that has not started when no part is left. So
    it waits at most for one part of each helper, and never for the threads that a forked process lacks.
    """
    waiting = deque(parts)

    def take() -> None:
        try:
            while waiting:
                try:
                    part = waiting.popleft()
                except IndexError:  # another thread took the last one
                    return
                work(part)
        finally:
            waiting.clear()  # parts are left only after an error

    helpers = _HELPERS.get()
    started = helpers.start(take, len(waiting) - 1) if helpers and len(waiting) >= LEAST_PARTS else []
    try:
        take()
    finally:
        for helper in started:
            if not helper.cancel():
                helper.result()
