"""`re` on short texts, for patterns whose time is bounded: programs take texts such as `r1_k3_s2` apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cnncalc.source.evaluation import operators
from cnncalc.source.values import CallGiven, CodePlace, NativeFunction, Outside, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_LONGEST = 200
_MOST_REPEATS = 3
_RISKY = re.compile(r"\)[*+{]|\\[1-9]|\(\?[^:P]")
"""A repeated group, a reference to a group, or a look around."""
_REPEAT = re.compile(r"[*+}]")


def _is_bounded(*texts: object) -> bool:
    """Whether a match takes no longer than a small power of the lengths."""
    pattern = texts[0]
    if not all(isinstance(each, str) and len(each) <= _LONGEST for each in texts) or not isinstance(pattern, str):
        return False
    return not _RISKY.search(pattern) and len(_REPEAT.findall(pattern)) <= _MOST_REPEATS


class TextMatch(Outside):
    """The match of a pattern in a text."""

    __slots__ = ("match",)

    def __init__(self, match: re.Match[str]) -> None:
        self.match = match

    def attribute(self, interpreter: Interpreter, name: str, place: CodePlace) -> object:
        if name in ("group", "groups", "start", "end", "span", "groupdict"):
            function = getattr(self.match, name)
            return NativeFunction(name, lambda _, given: operators.computed(given.place, function, *given.values))
        return super().attribute(interpreter, name, place)

    def item(self, interpreter: Interpreter, key: object, place: CodePlace) -> object:
        return operators.computed(place, self.match.__getitem__, key)

    def truth(self, place: CodePlace) -> bool | Unfollowed:
        return True

    def title(self) -> str:
        return "a match"


def _function(name: str) -> NativeFunction:
    function: Callable[..., Any] = getattr(re, name)

    def called(interpreter: Interpreter, given: CallGiven) -> object:
        if unknown := given.unfollowed():
            return unknown
        interpreter.steps.spend(_LONGEST)
        if given.keywords or not _is_bounded(*given.values):
            return Unfollowed(f"re.{name}(…)", given.place)
        try:
            found = operators.computed(given.place, function, *given.values)
        except re.error as error:
            return Unfollowed(f"re.{name}(…): {error}", given.place)
        return TextMatch(found) if isinstance(found, re.Match) else found

    return NativeFunction(name, called)


REGULAR_EXPRESSIONS: Mapping[str, object] = MappingProxyType(
    {f"re.{name}": _function(name) for name in ("split", "match", "search", "fullmatch", "sub", "findall")}
)
"""The names of `re` that have a meaning here, by their dotted paths."""
