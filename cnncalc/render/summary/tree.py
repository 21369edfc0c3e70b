"""A report as a tree: the table with a row for each block, with the sums of its layers, above its own rows."""

from __future__ import annotations

from itertools import groupby

from cnncalc.analysis.report import AnyLayer, Report
from cnncalc.render.summary.columns import Column
from cnncalc.render.summary.fold import block_row
from cnncalc.render.summary.table import draw_report


def render(
    report: Report, columns: list[Column], depth: int | None = None, *, limit: int | None = None, color: bool = False
) -> str:
    """The report in at most `limit` terminal cells (None: any width), blocks opened to `depth` (None: all)."""
    rows = tuple(_rows(list(report.all_layers), 0, depth, ""))
    return draw_report(report, rows, columns, limit=limit, color=color)


def _rows(layers: list[AnyLayer], level: int, depth: int | None, indent: str) -> list[AnyLayer]:
    """The layers of one block, `level` blocks deep, each block inside it with its own rows."""
    groups = [(block, list(inside)) for block, inside in groupby(layers, key=lambda layer: layer.path[level:][:1])]
    entries = [
        (block, part) for block, inside in groups for part in ([inside] if block else [[layer] for layer in inside])
    ]
    rows: list[AnyLayer] = []
    for number, (block, inside) in enumerate(entries):
        last = number == len(entries) - 1
        branch, below = ("", "") if level == 0 else ("└─ ", "   ") if last else ("├─ ", "│  ")
        if not block:
            rows.append(inside[0]._replace(name=indent + branch + _local(inside[0])))
            continue
        path = inside[0].path[: level + 1]
        rows.append(block_row(path, inside)._replace(name=indent + branch + path[-1]))
        if depth is None or level + 1 < depth:
            rows += _rows(inside, level + 1, depth, indent + below)
    return rows


def _local(layer: AnyLayer) -> str:
    """The layer's name inside its block."""
    return layer.name.removeprefix(".".join(layer.path) + ".") if layer.path else layer.name
