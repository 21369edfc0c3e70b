"""Patterns for paths, as in `.gitignore`: `*`, `?`, `[a-z]`, `**`; a pattern with a slash is anchored to its folder."""

import os
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.linting.globbing import Parts, matches, parts_of
from cnncalc.reading.files import UnusableFileError, read_file


class Pattern(NamedTuple):
    """One pattern. `negated` reverts matches of earlier patterns; `folders` matches only folders."""

    text: str
    folder: str
    parts: Parts
    negated: bool = False
    folders: bool = False

    def matches(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether the absolute `path` is below the pattern's folder and matches."""
        if self.folders and not is_folder:
            return False
        relative = os.path.relpath(path, self.folder).replace(os.sep, "/")
        is_below = relative not in (".", "..") and not relative.startswith("../")
        return is_below and matches(self.parts, relative)

    def covers(self, path: str) -> bool:
        """Whether the absolute path of a file, or one of its folders, matches."""
        return self.matches(path) or any(self.matches(folder, is_folder=True) for folder in folders_above(path)[1:])


@lru_cache(maxsize=1024)  # pure: depends only on the text of the path
def folders_above(folder: str) -> tuple[str, ...]:
    """A folder and all its enclosing folders, innermost first."""
    parent = os.path.dirname(folder)
    return (folder,) if parent == folder else (folder, *folders_above(parent))


def pattern(text: str, folder: str) -> Pattern:
    """The pattern `text`, from a file in `folder`."""
    negated = text.startswith("!")
    body = text[1:] if negated else text
    folders = body.endswith("/")
    return Pattern(text, folder, parts_of(body.rstrip("/")), negated, folders)


def last_word(patterns: Iterable[Pattern], path: str, *, is_folder: bool) -> bool:
    """Whether `path` matches: the last matching pattern decides."""
    matched = False
    for each in patterns:
        if each.negated == matched and each.matches(path, is_folder=is_folder):
            matched = not each.negated
    return matched


def read_gitignore(folder: str) -> list[Pattern]:
    """The patterns of a folder's `.gitignore`; empty without one. Raises SpecError for an unusable one."""
    path = os.path.join(folder, ".gitignore")
    try:
        lines = read_file(path).decode("utf-8", "replace").splitlines()
    except UnusableFileError as error:
        raise SpecError([Diagnostic("E106", f'"{path}" cannot be read: {error.strerror}')]) from None
    except OSError:
        return []
    texts = [line.rstrip() for line in lines if line.strip() and not line.startswith("#")]
    return [pattern(text, folder) for text in texts]
