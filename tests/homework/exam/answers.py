"""The form of the tables: a wrong answer with the reasoning that leads to it, and other answers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

NONE: Mapping[str, Any] = MappingProxyType({})


class Wrong(NamedTuple):
    """A wrong answer. `names` are the accepted names of its mistake, separated by bars."""

    spec: str
    path: str
    answer: int | tuple[int, ...] | str
    reasoning: str
    names: str
    options: Mapping[str, Any] = NONE

    @property
    def text(self) -> str:
        """The answer as a student writes it."""
        return "x".join(map(str, self.answer)) if isinstance(self.answer, tuple) else str(self.answer)


class WrongArray(NamedTuple):
    """A wrong output of a layer on literal numbers."""

    item: str
    data: str
    answer: str
    reasoning: str
    names: str
    weights: str | None = None
    bias: str | None = None


class Written(NamedTuple):
    """A right answer in an unusual notation; `noted` if it deserves a note."""

    spec: str
    path: str
    text: str
    noted: bool = False
    options: Mapping[str, Any] = NONE


class Nonsense(NamedTuple):
    """A wrong answer without any reasoning."""

    spec: str
    path: str
    text: str
