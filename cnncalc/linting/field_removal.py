"""Removal of a field from an item's text that leaves everything else unchanged."""

from __future__ import annotations

import re

from cnncalc.graph.items import Argument, Item
from cnncalc.linting.finding import Edit, Fix
from cnncalc.linting.spec_text import letters
from cnncalc.reading.nodes import Mapping, Scalar, scalars

_BETWEEN = re.compile(r"\s*[:=]\s*")
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_LAST_COMMA = re.compile(r"[ \t]*,[ \t]*$")
_REST = re.compile(r"[ \t]*\r?(?:\n|$)")
_FOLLOWING = ("", *" \t\r\n)|],}'\"")
"""The characters that may follow a removed word."""


def without(argument: Argument, item: Item) -> Fix | None:
    """Remove an argument from a line or a `{…}`, or together with its line; None if the text does not allow it.

    It does not if a comment or an anchor would be removed too, the argument is an alias, or nothing would remain.
    """
    key, value = argument
    text, start, end = value.source.text, (key or value).start, value.end
    parts = [*([key] if key else []), *scalars(value, keys=True)]
    if not all(map(letters, parts)) or any(sign in text[start:end] for sign in "&*#"):
        return None
    if key is not None and not _BETWEEN.fullmatch(text, key.end, value.start):
        return None
    fields = _holder(key, item) if key is not None else None
    if fields is None:
        edit = _from_line(text, start, end)
    elif len(fields.entries) < 2:
        edit = None
    elif text.startswith("{", fields.start):
        edit = _from_braces(text, fields.start, start, end)
    else:
        edit = _with_its_line(text, start, end)
    return Fix("remove it", (edit,)) if edit else None


def _holder(key: Scalar, item: Item) -> Mapping | None:
    """The mapping that contains a key: the item or its type's value; None if the key is part of a line."""
    if not isinstance(item.node, Mapping):
        return None
    for each in (item.node, *(value for _, value in item.node.entries.values())):
        if isinstance(each, Mapping) and key.text in each.entries and each.entries[key.text][0] is key:
            return each
    return None


def _from_line(text: str, start: int, end: int) -> Edit | None:
    """Remove it with the spaces before it; None for the first word after a colon."""
    before = start
    while text[before - 1 : before] in (" ", "\t"):
        before -= 1
    is_inside = before < start and text[before - 1 : before] not in ("", "\n", ":")
    return Edit(before, end, "") if is_inside and text[end : end + 1] in _FOLLOWING else None


def _from_braces(text: str, first: int, start: int, end: int) -> Edit | None:
    """Remove it with the comma after it or, if it is the last, the comma before it."""
    if following := _COMMA.match(text, end):
        return Edit(start, following.end(), "")
    before = _LAST_COMMA.search(text, first, start)
    return Edit(before.start(), end, "") if before else None


def _with_its_line(text: str, start: int, end: int) -> Edit | None:
    """Remove it with its line if nothing else is on the line."""
    line = text.rfind("\n", 0, start) + 1
    rest = _REST.match(text, end)
    return Edit(line, rest.end(), "") if rest and not text[line:start].strip() else None
