"""The limits of an interpretation: steps, nesting and sizes of values."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from contextlib import contextmanager
from typing import NamedTuple

from cnncalc.source.signals import Stop
from cnncalc.source.values import CodePlace


class SourceLimits(NamedTuple):
    """The resources of a program. A step is an expression or a statement; long containers cost more."""

    steps: int = 1_500_000
    depth: int = 60
    """Calls inside calls."""
    elements: int = 200_000
    """The length of a list, a text or a dictionary."""
    bits: int = 4_096
    """The size of an integer."""
    files: int = 200
    file_bytes: int = 4_000_000


class Steps:
    """The steps that are left."""

    __slots__ = ("left", "limits")

    def __init__(self, limits: SourceLimits) -> None:
        self.limits = limits
        self.left = limits.steps

    def spend(self, count: int = 1) -> None:
        self.left -= count
        if self.left < 0:
            raise Stop("this program takes too many steps", is_of_steps=True)

    @contextmanager
    def noted(self, what: str, place: CodePlace) -> Iterator[None]:
        """Note a loop that the end of the steps leaves."""
        before = self.left
        try:
            yield
        except Stop as limit:
            limit.leaves(what, place, before - self.left)
            raise

    def check_length(self, length: int) -> None:
        """Refuse a container that would be too long."""
        if length > self.limits.elements:
            raise Stop("a list or a text in this program is too long")
        self.spend(length >> 3)


_ATOMS = (int, float, str, bytes, bool, complex, type(None), range)


def weigh(value: object, most: int = 2_000) -> tuple[int, object | None]:
    """The number of values in nested containers, counted up to `most`, and the first that is not plain."""
    waiting, count = [value], 0
    strange = None
    while waiting and count <= most:
        each = waiting.pop()
        count += 1
        if isinstance(each, list | tuple | set | frozenset):
            waiting += list(each)[: most + 1]
        elif isinstance(each, AnyMapping):
            waiting += list(each.keys())[: most + 1]
            waiting += list(each.values())[: most + 1]
        elif strange is None and not isinstance(each, _ATOMS) and each is not Ellipsis and not isinstance(each, slice):
            strange = each
    return count, strange
