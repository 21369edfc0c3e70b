"""What was found in unchanged files, kept from run to run.

The folder may be deleted at any time. An entry is found by a hash of everything that a finding depends on: the bytes
of the file, the rules that run with their options and budgets, the limits, the installed plug-ins, and the very
sources of the tool. So an edit, another configuration or an upgrade asks for another entry, and no entry is ever
wrong; one that cannot be read, or is damaged, is made again.
"""

from __future__ import annotations

import json
import os
import tempfile
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import cnncalc
from cnncalc.diagnostics import Source
from cnncalc.linting.finding import Finding
from cnncalc.linting.records import Record, from_record
from cnncalc.linting.rule import Rule
from cnncalc.linting.settings import Plan
from cnncalc.version import __version__

FOLDER = ".cnncalc_cache"
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of cnncalc's; it may be deleted.\n"


class Cache:
    """A folder of entries; without one nothing is kept."""

    def __init__(self, folder: str | None) -> None:
        self._folder = Path(folder) if folder else None

    def key(self, data: bytes, variant: str | None, plan: Plan) -> str:
        """What an entry is found by."""
        parts = (tool_state(), repr(_plan_state(plan)), variant or "", str(len(data)))
        return sha256("\0".join(parts).encode() + b"\0" + data).hexdigest()

    def get(self, key: str, source: Source) -> list[Finding] | None:
        """The findings of an entry in a text; None where there is none that can be used."""
        if self._folder is None:
            return None
        try:
            checked, _, text = self._path(key).read_text(encoding="utf-8").partition("\n")
            return [from_record(record, source) for record in json.loads(text)] if checked == _check(text) else None
        except (OSError, ValueError, TypeError, KeyError):  # missing or damaged: it is made again
            return None

    def put(self, key: str, records: list[Record]) -> None:
        """Keep the records of a file; where the folder cannot be written, nothing is kept."""
        if self._folder is None:
            return
        path = self._path(key)
        try:
            self._begin(path.parent)
            text = json.dumps(records, ensure_ascii=False)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
                file.write(f"{_check(text)}\n{text}")
            os.replace(file.name, path)  # a reader sees the whole entry, or none
        except OSError:
            self._folder = None

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / "lint" / key[:2] / f"{key[2:]}.json"

    def _begin(self, folder: Path) -> None:
        """Make a folder for entries; a new cache tells version control and backups to pass over it."""
        assert self._folder is not None
        if not self._folder.is_dir():
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / "CACHEDIR.TAG").write_text(_TAG, encoding="utf-8")
            (self._folder / ".gitignore").write_text("*\n", encoding="utf-8")
        folder.mkdir(parents=True, exist_ok=True)


def _check(text: str) -> str:
    """What the first line of an entry says of the rest, so that no damage goes unnoticed."""
    return f"{crc32(text.encode()):08x}"


@cache
def tool_state() -> str:
    """What the tool is: its version, its sources as they lie on disk, and the packages that add layers to it."""
    from importlib.metadata import entry_points

    root = Path(cnncalc.__file__).parent
    state = sha256(__version__.encode())
    for path in sorted(root.rglob("*.py")):
        found = path.stat()
        state.update(f"{path.relative_to(root)} {found.st_size} {found.st_mtime_ns}\n".encode())
    for plugin in sorted(entry_points(group="cnncalc.layers"), key=lambda plugin: plugin.name):
        version = plugin.dist.version if plugin.dist else ""
        state.update(f"{plugin.name} {plugin.value} {version}\n".encode())
    return state.hexdigest()


@lru_cache(maxsize=64)
def _rules_state(rules: tuple[Rule, ...]) -> str:
    return repr([(rule.code, sorted((name, repr(value)) for name, value in vars(rule).items())) for rule in rules])


def _plan_state(plan: Plan) -> tuple[Any, ...]:
    """What a plan says, in a form that is equal for equal plans."""
    return _rules_state(plan.rules), plan.budgets, plan.severities, plan.limits
