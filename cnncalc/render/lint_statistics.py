"""The number of findings of each rule, the most frequent first."""

from __future__ import annotations

from collections import Counter

from cnncalc.linting.rule import REGISTRY
from cnncalc.linting.run import Result
from cnncalc.number_text import thousands
from cnncalc.render.json_text import json_text
from cnncalc.render.linting._words import LEAST_SENTENCE
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

_COLUMNS = (
    TableColumn(align="right"),
    TableColumn(style="cyan"),
    TableColumn(),
    TableColumn(narrow="wrap", least=LEAST_SENTENCE),
)


def as_text(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    """A line for each rule: the number of its findings, its code, its name, its summary."""
    rows = [
        TableRow([thousands(count), code, REGISTRY[code].name, REGISTRY[code].title()])
        for code, count in _ordered(result)
    ]
    return "\n".join(draw(TextTable(_COLUMNS, rows), limit, color=color)) if rows else ""


def as_json(result: Result) -> str:
    """A list of objects with code, name and count."""
    found = [{"code": code, "name": REGISTRY[code].name, "count": count} for code, count in _ordered(result)]
    return json_text(found)


def _ordered(result: Result) -> list[tuple[str, int]]:
    counts = Counter(finding.code for finding in result.findings)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
