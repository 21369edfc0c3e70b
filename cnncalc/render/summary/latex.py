"""A report as a LaTeX table, for the `booktabs` package."""

from __future__ import annotations

from cnncalc.analysis.report import Report
from cnncalc.render.latex_text import escape
from cnncalc.render.summary.columns import Column
from cnncalc.render.summary.fold import fold
from cnncalc.render.summary.totals import totals


def render(report: Report, columns: list[Column], depth: int | None = None) -> str:
    """A `tabular` of the layers with a line of totals, and one of the totals by name."""
    rows = [[column.cell(layer, report) for column in columns] for layer in fold(report.all_layers, depth)]
    layers = _tabular(
        "".join("r" if column.numeric else "l" for column in columns),
        [column.title for column in columns],
        rows,
        [column.footer(report) for column in columns],
    )
    figures = _tabular("lrl", [], [[name.strip(), *rest] for name, *rest in totals(report)], [])
    return "\n".join(["% \\usepackage{booktabs}", *layers, "", *figures]) + "\n"


def _tabular(alignment: str, titles: list[str], rows: list[list[str]], footer: list[str]) -> list[str]:
    return [
        rf"\begin{{tabular}}{{{alignment}}}",
        r"\toprule",
        *([_line(titles), r"\midrule"] if titles else []),
        *map(_line, rows),
        *([r"\midrule", _line(footer)] if footer else []),
        r"\bottomrule",
        r"\end{tabular}",
    ]


def _line(cells: list[str]) -> str:
    return " & ".join(map(escape, cells)).rstrip() + r" \\"
