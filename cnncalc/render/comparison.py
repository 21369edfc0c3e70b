"""A comparison of rules as text, Markdown or JSON."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.number_text import show_shape, thousands
from cnncalc.render.json_text import json_lines
from cnncalc.render.markdown_text import escape
from cnncalc.render.text import styled

if TYPE_CHECKING:
    from cnncalc.analysis.compare import Ruling

_HEAD = ("rule", "output", "parameters", "unshared", "")


class ComparedRules(NamedTuple):
    """One layer and what each rule makes of it."""

    name: str
    type: str
    rulings: list[Ruling]


def as_json(entries: list[ComparedRules]) -> str:
    """A list with one object per layer."""
    layers = [
        {"name": entry.name, "type": entry.type, "rulings": [ruling._asdict() for ruling in entry.rulings]}
        for entry in entries
    ]
    return json_lines({"format": 1, "layers": layers})


def as_markdown(entries: list[ComparedRules]) -> str:
    """A table per layer."""
    parts = []
    for entry in entries:
        rows = [_HEAD, ("---", "---", "---:", "---:", "---"), *(map(escape, _cells(each)) for each in entry.rulings)]
        parts.append(
            f"### {escape(entry.name)} ({entry.type})\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)
        )
    return "\n\n".join(parts) or _AGREE


_AGREE = "Every rule gives the same figures for every layer."


def as_text(entries: list[ComparedRules], *, limit: int | None = None, color: bool = False) -> str:
    """An aligned table per layer; what differs from the spec's own figures is marked with ≠."""
    return "\n\n".join(_table(entry, limit, color=color) for entry in entries) or _AGREE


def _table(entry: ComparedRules, limit: int | None, *, color: bool) -> str:
    rows = [_HEAD, *(_cells(ruling) for ruling in entry.rulings)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [styled(f"{entry.name} ({entry.type})", "bold", color=color)]
    for row, ruling in zip(rows, (None, *entry.rulings), strict=True):
        start = f"  {row[0].ljust(widths[0])}  {row[1].ljust(widths[1])}"
        if ruling is not None and ruling.output_shape is None:
            lines.append(_refusal(row, widths[0], limit))
            continue
        line = f"{start}  {row[2].rjust(widths[2])}  {row[3].rjust(widths[3])}  {row[4]}".rstrip()
        style = "dim" if ruling is None else "yellow" if ruling.differs else ""
        lines.append(styled(line, style, color=color))
    return "\n".join(lines)


def _refusal(row: tuple[str, ...], indent: int, limit: int | None) -> str:
    start = f"  {row[0].ljust(indent)}  "
    text = f"refuses: {row[4]}"
    lines = wrap(text, max(20, limit - len(start))) if limit else [text]
    return ("\n" + " " * len(start)).join([start + lines[0], *lines[1:]])


def _cells(ruling: Ruling) -> tuple[str, ...]:
    if ruling.output_shape is None:
        return ruling.rule, "—", "", "", ruling.refusal
    counts = (thousands(ruling.params or 0), thousands(ruling.unshared_params or 0))
    return ruling.rule, show_shape(ruling.output_shape), *counts, "≠" if ruling.differs else ""
