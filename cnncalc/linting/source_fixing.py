"""Fixes of model code: a declared size that is written as numbers, and differs from what arrives.

Such a fix changes the model, and so it is tried: it stays if the model, read again, has fewer mistakes and no new one.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable

from cnncalc.linting.finding import Edit, Finding, Fix

_MOST_TRIES = 50
"""The number of fixes that are tried in one file, each of which reads it again."""
_ENDING = re.compile(r"\.(?:pyw?|ipynb)$")
_HINT = re.compile(r"write (\d+|\[\d+(?:, \d+)*\])$")
_NUMBERS = (ast.Expression, ast.Constant, ast.BinOp, ast.operator, ast.Tuple, ast.List, ast.Load)


def is_source(path: str) -> bool:
    """Whether a file is Python, or a notebook."""
    return _ENDING.search(path) is not None


def with_fixes(findings: Iterable[Finding], path: str) -> list[Finding]:
    """The findings in a file, with fixes for sizes that are written there as numbers."""
    return [finding._replace(fix=_fix_of(finding)) if finding.file == path else finding for finding in findings]


def _fix_of(finding: Finding) -> Fix | None:
    found = _HINT.fullmatch(finding.hint)
    span = finding.span
    written = span.source.text[span.start : span.end]
    if finding.code != "E308" or found is None or not _is_number(written):
        return None
    place = span.source.in_file(span.start, span.end)
    return None if place is None else Fix(f"Write {found[1]} instead of {written}", (Edit(*place, found[1]),))


def _is_number(text: str) -> bool:
    """Whether a text is a number, arithmetic on numbers, or a list of them."""
    if len(text) > 100:
        return False
    try:
        nodes = list(ast.walk(ast.parse(text, mode="eval")))
    except (SyntaxError, ValueError, RecursionError):
        return False
    return all(isinstance(each, _NUMBERS) for each in nodes) and all(
        isinstance(each.value, int) for each in nodes if isinstance(each, ast.Constant)
    )


class SourceFixes:
    """The fixes of one file, tried one after the other."""

    def __init__(self, text: str, findings: list[Finding]) -> None:
        self.text = text
        self.findings = findings
        self.resolved = 0
        self.tried: set[tuple[int, str]] = set()

    def next(self) -> str | None:
        """The text with the next fix that was not tried."""
        for finding in self.findings:
            key = (finding.line, finding.message)
            if finding.fix is not None and key not in self.tried and len(self.tried) < _MOST_TRIES:
                self.tried.add(key)
                (edit,) = finding.fix.edits
                return self.text[: edit.start] + edit.text + self.text[edit.end :]
        return None

    def judge(self, text: str, findings: list[Finding]) -> None:
        """Keep a text whose findings are fewer, and no other ones."""
        before, after = _errors(self.findings), _errors(findings)
        if after.total() < before.total() and not after - before:
            self.text, self.findings = text, findings
            self.resolved += before.total() - after.total()


def _errors(findings: Iterable[Finding]) -> Counter[tuple[str, int, str]]:
    """The errors by their codes, lines and models."""
    return Counter(
        (each.code, each.line, model)
        for each in findings
        if each.severity == "error"
        for model in each.variants or ("",)
    )
