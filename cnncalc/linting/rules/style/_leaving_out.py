"""Leaving a field out of the text of an item, so that nothing else changes."""

from __future__ import annotations

import re

from cnncalc.graph.items import Argument, Item
from cnncalc.linting.finding import Edit, Fix
from cnncalc.linting.source_items import letters
from cnncalc.reading.nodes import Mapping, Scalar, scalars

_BETWEEN = re.compile(r"\s*[:=]\s*")
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_LAST_COMMA = re.compile(r"[ \t]*,[ \t]*$")
_REST = re.compile(r"[ \t]*\r?(?:\n|$)")
_BEHIND = ("", *" \t\r\n)|],}'\"")
"""What may stand behind a word that is left out."""


def without(argument: Argument, item: Item) -> Fix | None:
    """Leave an argument out of a line or a `{…}`, or with its line; None where the text is too involved for that.

    That is where a comment or an anchor would go with it, where it is an alias, or where nothing would remain.
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
    return Fix("leave it out", (edit,)) if edit else None


def _holder(key: Scalar, item: Item) -> Mapping | None:
    """The mapping that has a key: the item, or what its type holds; None where it stands in a line."""
    if not isinstance(item.node, Mapping):
        return None
    for each in (item.node, *(value for _, value in item.node.entries.values())):
        if isinstance(each, Mapping) and key.text in each.entries and each.entries[key.text][0] is key:
            return each
    return None


def _from_line(text: str, start: int, end: int) -> Edit | None:
    """With the blanks before it; None for the first word behind a colon."""
    before = start
    while text[before - 1 : before] in (" ", "\t"):
        before -= 1
    is_inside = before < start and text[before - 1 : before] not in ("", "\n", ":")
    return Edit(before, end, "") if is_inside and text[end : end + 1] in _BEHIND else None


def _from_braces(text: str, first: int, start: int, end: int) -> Edit | None:
    """With the comma behind it, or, for the last, the one before it."""
    if behind := _COMMA.match(text, end):
        return Edit(start, behind.end(), "")
    before = _LAST_COMMA.search(text, first, start)
    return Edit(before.start(), end, "") if before else None


def _with_its_line(text: str, start: int, end: int) -> Edit | None:
    """With its line, where nothing else stands on it."""
    line = text.rfind("\n", 0, start) + 1
    rest = _REST.match(text, end)
    return Edit(line, rest.end(), "") if rest and not text[line:start].strip() else None
