"""The bundled specs as a list."""

from __future__ import annotations

from math import prod
from textwrap import shorten
from typing import TYPE_CHECKING

from cnncalc.layers.base import show_shape
from cnncalc.render.json import by_lines
from cnncalc.render.numbers import byte_size, short
from cnncalc.render.text import styled

if TYPE_CHECKING:
    from cnncalc.analysis.report import LayerReport, Report

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


def receptive_field(report: Report) -> tuple[int, ...] | None:
    """The field of the last layer whose outputs have places in the input; None where no layer's have.

    Where a layer behind it is as large and sees everything (a squeeze-and-excitation), that is the whole input.
    """
    for layer in reversed(report.layers):
        field: tuple[int, ...] | None = layer.receptive_field
        if layer.effective_stride or (field and _positions(report, layer) > 1):
            return field
    return None


def _positions(report: Report, layer: LayerReport) -> int:
    """How many places an image's output still has."""
    axes = len(layer.receptive_field or ())
    if len(layer.output_shape) != axes + 1:
        return 1
    return prod(layer.output_shape[1:] if report.layout == "CHW" else layer.output_shape[:-1])


def as_json(reports: list[Report]) -> str:
    """A list of objects with exact figures."""
    models = [
        {
            "name": report.name,
            "description": report.description,
            "year": int(report.year) if report.year.isdecimal() else None,
            "source": report.source,
            "convention": report.convention,
            "inputs": [{"name": tensor.name, "shape": list(tensor.shape)} for tensor in report.inputs],
            "layers": len(report.layers),
            "receptive_field": receptive_field(report),
            **report.totals._asdict(),
        }
        for report in reports
    ]
    return by_lines({"format": 1, "models": models})


def as_markdown(reports: list[Report]) -> str:
    """A page with a table."""
    rule = ["---:" if head in _NUMBERS else "---" for head in _HEAD]
    rows = [_HEAD, rule, *(_cells(report) for report in reports)]
    return _PAGE + "\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_text(reports: list[Report], *, limit: int | None = None, color: bool = False) -> str:
    """A line per spec: everything in a pipe, the columns that a terminal has room for, and there a shortened source."""
    rows = [dict(zip(_HEAD, cells, strict=True)) for cells in (_HEAD, *map(_cells, reports))]
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


def _cells(report: Report) -> tuple[str, ...]:
    totals, field = report.totals, receptive_field(report)
    shown = "–" if field is None else str(field[0]) if len(set(field)) == 1 else show_shape(field)
    return (
        report.name,
        report.year,
        ", ".join(show_shape(tensor.shape) for tensor in report.inputs),
        f"{totals.params:,}",
        short(totals.macs),
        shown,
        f"{byte_size(totals.param_bytes)} + {byte_size(totals.peak_activation_bytes)}",
        report.source,
    )
