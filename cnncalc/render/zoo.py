"""The bundled specs as a list."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

from cnncalc.number_text import byte_size, short, show_shape, thousands
from cnncalc.render.json_text import json_lines
from cnncalc.render.text import styled

if TYPE_CHECKING:
    from cnncalc.analysis.zoo import ZooEntry

_HEAD = ("name", "year", "input", "parameters", "MACs", "field", "memory", "source")
_NUMBERS = ("parameters", "MACs", "field", "memory")
_DISPENSABLE = ("memory", "field", "source", "year", "MACs", "input")
"""What a narrow terminal goes without, the first of them first."""
_LEAST_SOURCE = 24
"""Characters of a source that are worth their room."""

_PAGE = """\
# The zoo

The bundled specs, as `cnncalc zoo --format markdown` lists them. Every name works wherever a SPEC is asked for
(`cnncalc summary resnet101`), and `cnncalc zoo NAME` prints the spec to copy. MACs are multiply–accumulates. The field
is the receptive field of the last layer whose outputs have places in the input, in pixels; that of a network with
squeeze-and-excitation is its whole input. Memory is that of the parameters and, at its peak, of the activations of one
sample, in float32.
"""


def as_json(entries: Sequence[ZooEntry]) -> str:
    """A list of objects with exact figures."""
    return json_lines({"format": 1, "models": [entry.to_dict() for entry in entries]})


def as_markdown(entries: Sequence[ZooEntry]) -> str:
    """A page with a table."""
    rule = ["---:" if head in _NUMBERS else "---" for head in _HEAD]
    rows = [_HEAD, rule, *(_cells(entry) for entry in entries)]
    return _PAGE + "\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_text(entries: Sequence[ZooEntry], *, limit: int | None = None, color: bool = False) -> str:
    """A line per spec: everything in a pipe, the columns that a terminal has room for, and there a shortened source."""
    rows = [dict(zip(_HEAD, cells, strict=True)) for cells in (_HEAD, *map(_cells, entries))]
    widths = {head: max(len(row[head]) for row in rows) for head in _HEAD[:-1]} | {"source": _LEAST_SOURCE}
    heads = list(_HEAD)
    for dispensable in _DISPENSABLE:
        if limit and sum(widths[head] + 2 for head in heads) - 2 > limit:
            heads.remove(dispensable)
    lines = [_line([row[head] for head in heads], heads, widths, limit) for row in rows]
    return "\n".join([styled(lines[0], "bold", color=color), *lines[1:]])


def _line(cells: list[str], heads: list[str], widths: dict[str, int], limit: int | None) -> str:
    shown = [
        cell.rjust(widths[head]) if head in _NUMBERS else cell.ljust(widths[head])
        for cell, head in zip(cells, heads, strict=True)
        if head != "source"
    ]
    start = "  ".join(shown)
    if heads[-1] != "source":
        return start.rstrip()
    room = limit - len(start) - 2 if limit else None
    return f"{start}  {shorten(cells[-1], room, placeholder=' …') if room else cells[-1]}"


def _cells(entry: ZooEntry) -> tuple[str, ...]:
    totals, field = entry.totals, entry.receptive_field
    shown = "–" if field is None else str(field[0]) if len(set(field)) == 1 else show_shape(field)
    return (
        entry.name,
        str(entry.year or ""),
        ", ".join(show_shape(tensor.shape) for tensor in entry.inputs),
        thousands(totals.params),
        short(totals.macs),
        shown,
        f"{byte_size(totals.param_bytes)} + {byte_size(totals.peak_activation_bytes)}",
        entry.source,
    )
