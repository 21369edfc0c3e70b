"""Applying fixes: edits of a spec's text that resolve findings without changing metrics or the surrounding text.

A fix is applied completely or not at all. A fix that overlaps with another waits for the next pass. The result must
build to the same network in every variant; otherwise the spec is not changed.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.diagnostics import SpecError
from cnncalc.linting.atomic_write import write
from cnncalc.linting.discovery import Target
from cnncalc.linting.engine import check
from cnncalc.linting.equivalence import networks_of, same
from cnncalc.linting.finding import Edit, Finding
from cnncalc.linting.network import Network
from cnncalc.linting.settings import Plan
from cnncalc.linting.source_fixing import SourceFixes, is_source
from cnncalc.reading.files import read_file
from cnncalc.reading.load import decoded

PASSES = 100
"""The maximum number of passes, since rules that undo each other's fixes would never end."""


class Fixed(NamedTuple):
    """The result of fixing a spec: its bytes before and after, and the number of resolved findings.

    `problem` is the reason if it was not changed; then nothing was resolved.
    """

    path: str
    before: bytes
    after: bytes
    resolved: int
    problem: str = ""
    failed: bool = False
    """Whether the problem is that the file could not be written."""

    @property
    def texts(self) -> tuple[str, str]:
        """The text before and after, with its byte order mark, if any."""
        return self.before.decode("utf-8"), self.after.decode("utf-8")


def fix(target: Target, plan: Plan) -> Fixed:
    """The fixed spec, without writing it. Raises OSError for an unreadable file."""
    data = _bytes(target)
    unchanged = Fixed(target.path, data, data, 0)
    try:
        text = decoded(target.path, data)
    except SpecError:
        return unchanged
    if is_source(target.path):
        return _fixed_source(unchanged, target, text, plan)
    target = target._replace(text=text)
    networks = networks_of(target.path, text, plan.limits)
    if networks is None:
        is_wanted = any(finding.fix for finding in check(target, plan))
        return unchanged._replace(problem="the spec has errors" if is_wanted else "")
    after, count = _passes(target, text, plan, networks)
    if count and not same(networks, networks_of(target.path, after, plan.limits)):
        return unchanged._replace(problem="the fixes would change the network")
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return Fixed(target.path, data, mark + after.encode("utf-8"), count)


def _fixed_source(unchanged: Fixed, target: Target, text: str, plan: Plan) -> Fixed:
    """Model code with the fixes after which the model has fewer mistakes."""
    fixes = SourceFixes(text, check(target._replace(text=text.encode("utf-8")), plan))
    while (after := fixes.next()) is not None:
        fixes.judge(after, check(target._replace(text=after.encode("utf-8")), plan))
    if not fixes.resolved:
        return unchanged._replace(problem="another part of the model does not fit then" if fixes.tried else "")
    mark = codecs.BOM_UTF8 if unchanged.before.startswith(codecs.BOM_UTF8) else b""
    return unchanged._replace(after=mark + fixes.text.encode("utf-8"), resolved=fixes.resolved)


def fix_file(path: str, plan: Plan, *, in_place: bool = True) -> Fixed:
    """Fix a file, and replace it atomically if `in_place`."""
    try:
        fixed = fix(Target(path), plan)
        if fixed.resolved and in_place:
            write(path, fixed.after, expected=fixed.before)
    except OSError as error:
        return Fixed(path, b"", b"", 0, f"{error.strerror or error}", failed=True)
    return fixed


def _bytes(target: Target) -> bytes:
    if target.text is None:
        return read_file(target.path)
    return target.text.encode("utf-8") if isinstance(target.text, str) else target.text


def _passes(target: Target, text: str, plan: Plan, networks: list[Network]) -> tuple[str, int]:
    """The text after all passes, and the number of resolved findings."""
    total = 0
    for _ in range(PASSES):
        findings = check(target._replace(text=text), plan)
        text, count = applied(text, _usable(findings, target.path, text, plan, networks))
        total += count
        if not count:
            break
    return text, total


def _usable(
    findings: list[Finding], path: str, text: str, plan: Plan, networks: list[Network]
) -> Iterator[tuple[Edit, ...]]:  # fmt: skip
    """The edits of the fixes. Findings in only some variants are fixed if the other variants do not change."""
    for finding in findings:
        if finding.fix is None:
            continue
        if finding.variants:
            alone, _ = applied(text, [finding.fix.edits])
            if not same(networks, networks_of(path, alone, plan.limits)):
                continue
        yield finding.fix.edits


def applied(text: str, fixes: Iterable[tuple[Edit, ...]]) -> tuple[str, int]:
    """The text with the fixes that do not overlap with an earlier one, and their number; equal fixes are one edit."""
    taken: list[Edit] = []  # sorted, without overlaps between fixes
    done: set[tuple[Edit, ...]] = set()
    count = 0
    for edits in fixes:
        if edits not in done:
            if any(_touches(edit, taken) for edit in edits):
                continue
            done.add(edits)
            for edit in edits:
                insort(taken, edit)
        count += 1
    return _edited(text, taken), count


def _touches(edit: Edit, taken: list[Edit]) -> bool:
    """Whether an edit overlaps or touches one of the accepted edits."""
    before = bisect_right(taken, edit.end, key=lambda each: each.start) - 1
    return before >= 0 and taken[before].end >= edit.start


def _edited(text: str, edits: list[Edit]) -> str:
    """The text with sorted edits applied; inserted text gets the line endings of the text."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    parts, at = [], 0
    for start, end, put in edits:
        parts += [text[at:start], put.replace("\r\n", "\n").replace("\n", line_end)]
        at = end
    return "".join([*parts, text[at:]])
