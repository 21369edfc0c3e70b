"""A baseline: the recorded findings of an existing repository, so that only new ones are reported.

A finding is identified by its file (relative to the baseline), its code, its layer and its message, not by its line;
equal findings are counted. Line numbers in a message are ignored. Unreadable files (E106) are never recorded.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError
from cnncalc.linting.atomic_write import write
from cnncalc.linting.finding import Finding
from cnncalc.linting.run import UNREADABLE, Result
from cnncalc.linting.settings import Settings
from cnncalc.reading.files import read_file
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Mapping, Sequence, SpecNode
from cnncalc.reading.revision import PREFIX
from cnncalc.reading.yaml_reader import read_yaml

FORMAT = 1
DEFAULT_FILE = "cnncalc-baseline.json"


class Known(NamedTuple):
    """The facts that identify a finding."""

    file: str
    code: str
    layer: str
    message: str


class Baseline:
    """The counted findings of a baseline. `path` is its file; paths in it are relative to its folder."""

    def __init__(self, path: str, counts: Counter[Known] | None = None) -> None:
        self.path = path
        self.counts: Counter[Known] = counts or Counter()
        self._folder = os.path.dirname(os.path.abspath(path))

    def known(self, finding: Finding) -> Known | None:
        """The identity of a finding; None if it cannot be recorded: its file is unreadable, or it has no file."""
        if finding.code in UNREADABLE or finding.file.startswith(("<", PREFIX)):
            return None
        file = os.path.relpath(os.path.abspath(finding.file), self._folder).replace(os.sep, "/")
        return Known(file, finding.code, finding.layer, finding.lasting_message)

    def split(self, findings: Iterable[Finding]) -> tuple[list[Finding], Counter[Known]]:
        """The findings that are not in the baseline, and the entries of the baseline that were not found."""
        left = Counter(self.counts)
        new = []
        for finding in findings:
            known = self.known(finding)
            if known is not None and left[known] > 0:
                left[known] -= 1
            else:
                new.append(finding)
        return new, +left

    def was_asked(self, known: Known, result: Result, settings: Settings) -> bool:
        """Whether a run covered an entry: its rule ran on its file, or the file no longer exists."""
        file = os.path.normpath(os.path.join(self._folder, known.file))
        if file in {os.path.abspath(each) for each in result.files}:
            return settings.plan_for(file).runs(known.code)
        return not os.path.lexists(file)


def read_baseline(path: str) -> Baseline:
    """The baseline in a file. Raises SpecError if it is invalid."""
    try:
        source = Source(path, read_file(path).decode("utf-8-sig"))
    except FileNotFoundError:
        hint = "create one with --write-baseline"
        raise SpecError([Diagnostic("E106", f'no such baseline: "{path}"', hint=hint)]) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SpecError([Diagnostic("E106", f'the baseline "{path}" cannot be read: {reason}')]) from None
    counts: Counter[Known] = Counter()
    try:
        for known, count in _entries(json.loads(source.text)):
            counts[known] += count
    except ValueError as error:  # a JSONDecodeError, or a number with thousands of digits
        start = getattr(error, "pos", 0)
        message = f"the baseline is not JSON: {getattr(error, 'msg', error)}"
        raise SpecError([Diagnostic("E101", message, Span(source, start, start + 1), hint=_AGAIN)]) from None
    except RecursionError:
        raise SpecError([Diagnostic("E103", "the baseline is nested too deeply", Span(source, 0, 1))]) from None
    except _WrongEntry as mistake:
        span = _place(source, mistake.path)
        raise SpecError([Diagnostic("E204", f"the baseline: {mistake}", span, hint=_AGAIN)]) from None
    return Baseline(path, counts)


def write_baseline(baseline: Baseline) -> None:
    """Write a baseline to its file. Raises OSError."""
    data = as_text(baseline).encode("utf-8", "backslashreplace")  # JSON escapes for names that are not valid text
    write(baseline.path, data)


def as_text(baseline: Baseline) -> str:
    """A baseline as sorted JSON with one finding per line, for readable diffs."""
    files: dict[str, list[str]] = {}
    for known, count in sorted(baseline.counts.items()):
        entry = {"code": known.code, "layer": known.layer, "message": known.message, "count": count}
        files.setdefault(known.file, []).append("      " + json.dumps(entry, ensure_ascii=False))
    lists = {json.dumps(file, ensure_ascii=False): ",\n".join(own) for file, own in files.items()}
    inner = ",\n".join([f"    {file}: [\n{own}\n    ]" for file, own in lists.items()])
    findings = f"{{\n{inner}\n  }}" if inner else "{}"
    return f'{{\n  "format": {FORMAT},\n  "findings": {findings}\n}}\n'


_AGAIN = "fix it, or delete it and create a new one with --write-baseline"

_Path = tuple[str | int, ...]


class _WrongEntry(Exception):  # noqa: N818 - not an internal error: it carries the user's
    """An invalid entry; `path` is its position: keys and list indices."""

    def __init__(self, message: str, path: _Path = ()) -> None:
        super().__init__(message)
        self.path = path


def _entries(value: Any) -> Iterator[tuple[Known, int]]:
    if not isinstance(value, dict) or not isinstance(value.get("findings"), dict) or "format" not in value:
        raise _WrongEntry('expected an object with "format" and "findings"')
    if value["format"] != FORMAT:
        raise _WrongEntry(f"its format is {value['format']!r}, but this version reads {FORMAT}", ("format",))
    for file, entries in value["findings"].items():
        if not isinstance(entries, list):
            raise _WrongEntry("expected a list of findings", ("findings", file))
        for place, entry in enumerate(entries):
            yield _entry(file, entry, ("findings", file, place))


def _entry(file: str, entry: Any, path: _Path) -> tuple[Known, int]:
    if not isinstance(entry, dict):
        raise _WrongEntry("expected an object", path)
    for key in ("code", "layer", "message"):
        if not isinstance(entry.get(key), str):
            raise _WrongEntry(f'expected the text "{key}"', (*path, key))
    count = entry.get("count")
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise _WrongEntry('expected a "count" of at least 1', (*path, "count"))
    return Known(file, entry["code"], entry["layer"], entry["message"]), count


def _place(source: Source, path: _Path) -> Span:
    """The position of a path, or of its last existing part; JSON is YAML, whose reader keeps positions."""
    node: SpecNode | None
    node, _ = read_yaml(source, Limits(file_bytes=len(source.text) * 4, alias_nodes=1))
    found = node
    for step in path:
        if isinstance(node, Mapping):
            node = node.get(str(step))
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
        found = node or found
    return found.span if found else Span(source, 0, 1)
