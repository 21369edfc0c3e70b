"""A cache of the findings of unchanged files.

The folder can be deleted at any time. The key of an entry is a hash of everything that a finding depends on: the bytes
of the file, the rules with their options and budgets, the limits, and the sources of the tool and of the installed
plug-ins. Therefore, an edit, a changed configuration or an upgrade leads to a different entry. An entry begins with a
digest of its key and text: a truncated, damaged or copied entry is ignored and created again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import cnncalc
from cnncalc.diagnostics import Source
from cnncalc.linting.finding import Finding
from cnncalc.linting.records import Record, from_record
from cnncalc.linting.rule import Rule
from cnncalc.linting.settings import Plan
from cnncalc.reading.files import read_file
from cnncalc.version import __version__

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

FOLDER = ".cnncalc_cache"
_MOST_BYTES = 64 * 1024 * 1024
_MOST_PLUGIN_FILES = 2000
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of cnncalc's; it may be deleted.\n"


class Cache:
    """A folder of entries; without a folder, nothing is cached."""

    def __init__(self, folder: str | None) -> None:
        self._folder = Path(folder) if folder else None
        self._rules_states: dict[tuple[Rule, ...], str] = {}
        """The serialized options of rules, which are shared by similar files."""

    def key(self, data: bytes, variant: str | None, plan: Plan) -> str:
        """The key of an entry; empty if nothing is cached."""
        if self._folder is None:
            return ""
        rules, *others = plan
        if rules not in self._rules_states:
            self._rules_states[rules] = _rules_state(rules)
        parts = (tool_state(), repr((self._rules_states[rules], *others)), variant or "", str(len(data)))
        return sha256("\0".join(parts).encode() + b"\0" + data).hexdigest()

    def get(self, key: str, source: Source) -> list[Finding] | None:
        """The findings of an entry in a text; None if there is no usable entry."""
        if self._folder is None:
            return None
        try:
            digest, _, text = _read_entry(self._path(key)).partition("\n")
            records = json.loads(text) if digest == seal(key, text) else None
            return [from_record(record, source) for record in records] if isinstance(records, list) else None
        except (OSError, ValueError, RecursionError):  # missing or damaged: created again
            return None

    def put(self, key: str, records: list[Record]) -> None:
        """Store the records of a file; do nothing if the folder cannot be written."""
        if self._folder is None:
            return
        import tempfile

        path = self._path(key)
        try:
            self._begin(path.parent)
            text = json.dumps(records)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
                file.write(f"{seal(key, text)}\n{text}")
            os.replace(file.name, path)  # readers see the complete entry or none
        except OSError:
            self._folder = None

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / "lint" / key[:2] / f"{key[2:]}.json"

    def _begin(self, folder: Path) -> None:
        """Create a folder for entries; a new cache is excluded from version control and backups."""
        assert self._folder is not None
        if not self._folder.is_dir():
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / "CACHEDIR.TAG").write_text(_TAG, encoding="utf-8")
            (self._folder / ".gitignore").write_text("*\n", encoding="utf-8")
        folder.mkdir(parents=True, exist_ok=True)


def _read_entry(path: Path) -> str:
    """The text of an entry. Raises OSError if it is not a regular file or is implausibly large."""
    return read_file(os.fspath(path), _MOST_BYTES).decode("utf-8")


def seal(key: str, text: str) -> str:
    """The digest in the first line of an entry, which is valid only for this text and key."""
    return sha256(f"{key}\n{text}".encode("utf-8", "surrogateescape")).hexdigest()


@cache  # constant for a process: the loaded sources do not change
def tool_state() -> str:
    """A digest of the tool: its version, its sources on disk, and those of the packages that add layers."""
    from importlib.metadata import entry_points

    root = Path(cnncalc.__file__).parent
    state = sha256(__version__.encode())
    state.update(_files_state(sorted(root.rglob("*.py"))))
    for plugin in sorted(entry_points(group="cnncalc.layers"), key=lambda plugin: plugin.name):
        version = plugin.dist.version if plugin.dist else ""
        state.update(f"{plugin.name} {plugin.value} {version}\n".encode())
        state.update(_files_state(sorted(_sources_of(plugin))[:_MOST_PLUGIN_FILES]))
    return state.hexdigest()


def _files_state(paths: list[Path]) -> bytes:
    """Name, size and time of each file, which reveal an edit without reading the file."""
    found = [(path, path.stat()) for path in paths]
    return "".join(f"{path} {stat.st_size} {stat.st_mtime_ns}\n" for path, stat in found).encode("utf-8", "replace")


def _sources_of(plugin: EntryPoint) -> Iterator[Path]:
    """The files of a plug-in's package, which can change under the same version in an editable install."""
    from importlib.util import find_spec

    try:
        spec = find_spec(plugin.module.partition(".")[0])
    except (ImportError, ValueError):  # the plug-in's own error is reported when its layers are loaded
        return
    if spec is None:
        return
    for folder in spec.submodule_search_locations or ():
        yield from Path(folder).rglob("*.py")
    if spec.submodule_search_locations is None and spec.origin:
        yield Path(spec.origin)


def _rules_state(rules: tuple[Rule, ...]) -> str:
    """The codes and options of rules in a canonical form."""
    return repr([(rule.code, sorted((name, repr(value)) for name, value in vars(rule).items())) for rule in rules])
