"""The state of all files that a run depends on, for later comparison."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator

from cnncalc.linting.configuration import OWN_FILE, PROJECT_FILE
from cnncalc.linting.discovery import candidates_below
from cnncalc.linting.patterns import folders_above

State = frozenset[tuple[str, int, int, int]]


def state_of(paths: Iterable[str], others: Iterable[str] = ()) -> State:
    """The state of the specs of paths, the configurations that may apply to them, and `others`.

    A file is identified by its modification time, size and inode; only names are read.
    """
    specs = {file for path in paths for file in _files(path)}
    folders = {os.path.abspath(os.path.dirname(file)) for file in specs} | {os.getcwd()}
    around = {above for folder in folders for above in folders_above(folder)}
    names = (OWN_FILE, PROJECT_FILE, ".gitignore")
    return frozenset(_stated({*specs, *others, *(os.path.join(each, name) for each in around for name in names)}))


def _files(path: str) -> Iterator[str]:
    for found in glob.glob(path, recursive=True) or [path]:
        if os.path.isdir(found):
            yield from candidates_below(found)
        else:
            yield found


def _stated(files: Iterable[str]) -> Iterator[tuple[str, int, int, int]]:
    for file in files:
        try:
            found = os.stat(file)
        except (OSError, ValueError):  # ValueError: an inline text with a NUL byte
            continue
        yield file, found.st_mtime_ns, found.st_size, found.st_ino
