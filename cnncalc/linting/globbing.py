"""Matching a path against a pattern with `*`, `?`, `[a-z]` and `**`, in time bounded by the product of their lengths.

A regular expression tries all ways to distribute a text among several stars, which takes exponential time. Here, only
the last star is extended: it can match everything that an earlier one could match in addition.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class _Class(NamedTuple):
    """One character from these ranges or, if `negated`, outside them."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False

    def takes(self, char: str) -> bool:
        return any(first <= char <= last for first, last in self.ranges) is not self.negated


_ANY = _Class((), negated=True)
_STAR = None
"""`*` among the characters of a name, and `**` among the names of a path."""

Part = str | tuple[_Class | None, ...] | None
"""A name, as a text or as its characters with wildcards; or any names."""
Parts = tuple[Part, ...]


def parts_of(body: str) -> Parts:
    """The parts of a pattern: one with a slash is anchored, any other matches a name at any depth."""
    parts: list[Part] = []
    for name in body.lstrip("/").split("/"):
        if name != "**":
            parts.append(_name(name))
        elif not parts or parts[-1] is not _STAR:
            parts.append(_STAR)
    if parts[-1] is _STAR:
        parts.append(_name("*"))  # the contents of a folder, not the folder itself
    return tuple(parts) if "/" in body or parts[0] is _STAR else (_STAR, *parts)


def matches(parts: Parts, path: str) -> bool:
    """Whether a pattern matches a whole path, with names joined by slashes."""
    return _matches(parts, path.split("/"), _takes)


def _name(text: str) -> str | tuple[_Class | None, ...]:
    """A name of a pattern; a plain text if it has no wildcards."""
    if not any(char in "*?[\\" for char in text):
        return text
    found: list[_Class | None] = []
    offset = 0
    while offset < len(text):
        one, offset = _one(text, offset)
        if one is not _STAR or not found or found[-1] is not _STAR:
            found.append(one)
    return tuple(found)


def _one(text: str, offset: int) -> tuple[_Class | None, int]:
    """The element at an offset, and the offset after it."""
    char = text[offset]
    if char == "*":
        return _STAR, offset + 1
    if char == "?":
        return _ANY, offset + 1
    if char == "\\" and offset + 1 < len(text):
        return _Class(((text[offset + 1], text[offset + 1]),)), offset + 2
    start = offset + 2 if text[offset + 1 : offset + 2] in ("!", "^") else offset + 1
    end = text.find("]", start + 1) if char == "[" else -1
    if end > 0:
        return _Class(_ranges(text[start:end]), negated=start > offset + 1), end + 1
    return _Class(((char, char),)), offset + 1


def _ranges(inside: str) -> tuple[tuple[str, str], ...]:
    """The ranges in square brackets; a reversed range contains no characters."""
    ranges = []
    offset = 0
    while offset < len(inside):
        is_range = inside[offset + 1 : offset + 2] == "-" and offset + 2 < len(inside)
        ranges.append((inside[offset], inside[offset + 2 if is_range else offset]))
        offset += 3 if is_range else 1
    return tuple(ranges)


def _takes(part: Part, name: str) -> bool:
    if part is None or isinstance(part, str):
        return part == name
    return _matches(part, name, _Class.takes)


def _matches(wanted: Sequence[Any], found: Sequence[Any], takes: Callable[[Any, Any], bool]) -> bool:
    """Whether all of `found` matches, in order; a star matches any number, and only the last one is extended."""
    place = at = 0
    star = mark = -1
    while at < len(found):
        if place < len(wanted) and wanted[place] is _STAR:
            star, mark = place, at
            place += 1
        elif place < len(wanted) and takes(wanted[place], found[at]):
            place, at = place + 1, at + 1
        elif star >= 0:
            mark += 1
            place, at = star + 1, mark
        else:
            return False
    return all(each is _STAR for each in wanted[place:])
