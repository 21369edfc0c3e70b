"""Findings as plain records, for transfer between processes and for the cache.

A record contains offsets into the spec's text, not the text itself, which its reader has.
"""

from __future__ import annotations

from typing import Any

from cnncalc.diagnostics import Source, Span
from cnncalc.linting.finding import SEVERITIES, Edit, Finding, Fix

Record = dict[str, Any]


def as_record(finding: Finding) -> Record:
    """A finding without its text."""
    record: Record = finding._asdict()
    record["span"] = [finding.span.start, finding.span.end]
    if finding.fix:
        record["fix"] = [finding.fix.title, [list(edit) for edit in finding.fix.edits]]
    return record


def from_record(record: Record, source: Source) -> Finding:
    """The finding of a record in a text. Raises ValueError for an invalid record."""
    match record:
        case {
            "code": str(), "name": str(), "severity": str(severity), "message": str(), "hint": str(), "layer": str(),
            "span": [int(start), int(end)], "fix": fix, "others": [*others], "variants": [*variants],
        } if (
            len(record) == len(Finding._fields)
            and severity in SEVERITIES
            and 0 <= start <= end <= len(source.text)
            and all(isinstance(name, str) for name in (*others, *variants))
        ):  # fmt: skip
            span = Span(source, start, end)
            lists = {"others": tuple(others), "variants": tuple(variants), "fix": _fix_of(fix, len(source.text))}
            return Finding(**{**record, **lists, "span": span})
    raise ValueError("not the record of a finding")


def _fix_of(record: Any, length: int) -> Fix | None:
    match record:
        case None:
            return None
        case [str(title), [*edits]]:
            return Fix(title, tuple(_edit_of(edit, length) for edit in edits))
    raise ValueError("not the record of a fix")


def _edit_of(record: Any, length: int) -> Edit:
    match record:
        case [int(start), int(end), str(text)] if 0 <= start <= end <= length:
            return Edit(start, end, text)
    raise ValueError("not the record of an edit")
