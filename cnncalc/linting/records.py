"""Findings as plain records, in which they go from one process to another and into the cache.

A record holds offsets into the spec's text, not the text itself: who reads it has the text.
"""

from __future__ import annotations

from typing import Any

from cnncalc.diagnostics import Source, Span
from cnncalc.linting.finding import Edit, Finding, Fix

Record = dict[str, Any]


def as_record(finding: Finding) -> Record:
    """A finding without its text."""
    record: Record = finding._asdict()
    record["span"] = [finding.span.start, finding.span.end]
    if finding.fix:
        record["fix"] = [finding.fix.title, [list(edit) for edit in finding.fix.edits]]
    return record


def from_record(record: Record, source: Source) -> Finding:
    """The finding of a record in a text. Raises KeyError, TypeError or ValueError for what is no record."""
    start, end = record["span"]
    fix = record["fix"]
    made = {
        **record,
        "span": Span(source, int(start), int(end)),
        "fix": None if fix is None else Fix(fix[0], tuple(Edit(*edit) for edit in fix[1])),
        "others": tuple(record["others"]),
        "variants": tuple(record["variants"]),
    }
    return Finding(**made)
