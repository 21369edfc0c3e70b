"""Fingerprints of findings, equal in every run: of file, rule, layer and sentence, not of the line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from cnncalc.linting.finding import Finding


def fingerprints(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Each finding with 64 hexadecimal digits; equal findings are distinguished by their order."""
    seen: Counter[str] = Counter()
    for finding in findings:
        known = "\0".join((finding.file, finding.code, finding.layer, finding.lasting_message))
        digits = sha256(f"{known}\0{seen[known]}".encode("utf-8", "surrogateescape")).hexdigest()
        seen[known] += 1
        yield finding, digits
