"""How often each rule found something, the most frequent first."""

from __future__ import annotations

from collections import Counter

from cnncalc.linting.rule import REGISTRY
from cnncalc.linting.run import Result
from cnncalc.number_text import thousands
from cnncalc.render.json_text import json_text
from cnncalc.render.text import styled


def as_text(result: Result, *, color: bool = False) -> str:
    """One line a rule: how often, its code, its name, what it is about."""
    ordered = _ordered(result)
    if not ordered:
        return ""
    widest = len(thousands(ordered[0][1]))
    name = max(len(REGISTRY[code].name) for code, _ in ordered)
    return "\n".join(
        f"{thousands(count).rjust(widest)}  {styled(code, 'cyan', color=color)}  {REGISTRY[code].name.ljust(name)}  "
        f"{REGISTRY[code].title()}"
        for code, count in ordered
    )


def as_json(result: Result) -> str:
    """A list of objects with code, name and count."""
    found = [{"code": code, "name": REGISTRY[code].name, "count": count} for code, count in _ordered(result)]
    return json_text(found)


def _ordered(result: Result) -> list[tuple[str, int]]:
    counts = Counter(finding.code for finding in result.findings)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
