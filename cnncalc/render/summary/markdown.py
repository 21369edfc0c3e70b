"""A report as a Markdown table."""

from __future__ import annotations

from cnncalc.analysis.report import Report
from cnncalc.render.markdown_text import escape, table
from cnncalc.render.summary.columns import Column
from cnncalc.render.summary.fold import fold
from cnncalc.render.summary.totals import totals


def render(report: Report, columns: list[Column], depth: int | None = None) -> str:
    """The layers with a line of totals, then the totals by name; GitHub's flavour."""
    rows = [[column.cell(layer, report) for column in columns] for layer in fold(report.all_layers, depth)]
    bold = [f"**{footer}**" if footer else "" for footer in (column.footer(report) for column in columns)]
    align = "".join("r" if column.numeric else "l" for column in columns)
    layers = table([column.title for column in columns], [*rows, bold], align)
    figures = table(["Total", "", ""], [[name.strip(), *rest] for name, *rest in totals(report)], "lrl")
    heading = [f"### {escape(report.name)}", ""] if report.name else []
    return "\n".join([*heading, *layers, "", *figures]) + "\n"
