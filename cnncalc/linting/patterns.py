"""Patterns of paths, as in `.gitignore`: `*`, `?`, `[a-z]`, `**`; one with a slash is anchored to its folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple


class Pattern(NamedTuple):
    """One pattern. `negated` takes back what an earlier one matched; `folders` matches folders alone."""

    text: str
    folder: str
    expression: re.Pattern[str]
    negated: bool = False
    folders: bool = False

    def matches(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether `path`, absolute, lies below the pattern's folder and is matched."""
        if self.folders and not is_folder:
            return False
        relative = os.path.relpath(path, self.folder).replace(os.sep, "/")
        is_below = relative not in (".", "..") and not relative.startswith("../")
        return is_below and self.expression.fullmatch(relative) is not None

    def covers(self, path: str) -> bool:
        """Whether a file, by its absolute path, is matched, or a folder that it lies in."""
        return self.matches(path) or any(self.matches(folder, is_folder=True) for folder in folders_above(path)[1:])


@cache
def folders_above(folder: str) -> tuple[str, ...]:
    """A folder and all those around it, innermost first."""
    parent = os.path.dirname(folder)
    return (folder,) if parent == folder else (folder, *folders_above(parent))


def pattern(text: str, folder: str) -> Pattern:
    """The pattern `text`, which stands in a file of `folder`."""
    negated = text.startswith("!")
    body = text[1:] if negated else text
    folders = body.endswith("/")
    body = body.rstrip("/")
    anchored = "/" in body
    expression = _expression(body.lstrip("/"))
    return Pattern(text, folder, re.compile(expression if anchored else f"(?:.*/)?{expression}"), negated, folders)


def _expression(body: str) -> str:
    """The regular expression of a pattern without its leading and trailing slashes."""
    parts = []
    offset = 0
    while offset < len(body):
        if body.startswith("**/", offset):
            parts.append("(?:.*/)?")
            offset += 3
        elif body.startswith("**", offset):
            parts.append(".*")
            offset += 2
        else:
            part, offset = _one(body, offset)
            parts.append(part)
    return "".join(parts)


def _one(body: str, offset: int) -> tuple[str, int]:
    """The expression of one sign, and the offset behind it."""
    char = body[offset]
    if char == "\\" and offset + 1 < len(body):
        return re.escape(body[offset + 1]), offset + 2
    end = body.find("]", offset + 2) if char == "[" else -1
    if end > 0:
        inside = body[offset + 1 : end].replace("\\", "\\\\")
        return f"[{'^' + inside[1:] if inside[0] in '!^' else inside}]", end + 1
    return {"*": "[^/]*", "?": "[^/]"}.get(char, re.escape(char)), offset + 1


def last_word(patterns: Iterable[Pattern], path: str, *, is_folder: bool) -> bool:
    """Whether `path` is matched: of the patterns that match it, the last decides."""
    matched = False
    for each in patterns:
        if each.negated == matched and each.matches(path, is_folder=is_folder):
            matched = not each.negated
    return matched


def read_gitignore(folder: str) -> list[Pattern]:
    """The patterns of a folder's `.gitignore`; none where there is no such file."""
    try:
        with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
    except OSError:
        return []
    texts = [line.rstrip() for line in lines if line.strip() and not line.startswith("#")]
    return [pattern(text, folder) for text in texts]
