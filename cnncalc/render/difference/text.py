"""A difference as text: a headline, the totals side by side, the layers with their signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cnncalc.analysis.difference.limits import Excess
from cnncalc.analysis.difference.model import Difference, FigureChange
from cnncalc.render.difference import words
from cnncalc.render.difference.folds import left_out, rows
from cnncalc.render.difference.rows import Row
from cnncalc.render.text import padded, styled, visible, width, wrap
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

_STYLES: Mapping[str, str] = {"+": "green", "−": "red", "~": "yellow", "·": "dim"}
_WIDEST_NAME = 28
_INDENT = " " * 4
_COLUMNS = (
    TableColumn(narrow="wrap", least=14),
    *(TableColumn(title, "right") for title in ("old", "new", "change", "")),
)


def render(
    difference: Difference, labels: tuple[str, str], broken: tuple[Excess, ...] = (), *, everything: bool = False,
    limit: int | None = None, color: bool = False,
) -> str:  # fmt: skip
    """The difference in at most `limit` terminal cells; `labels` name the sides, `broken` are the limits exceeded."""
    if difference.is_empty and not broken:
        return words.NO_DIFFERENCES
    parts = [
        [
            *(styled(line, "bold", color=color) for line in wrap(visible(" → ".join(labels)), limit, hanging="  ")),
            *wrap(words.headline(difference), limit),
        ],
        _totals(words.shown_totals(difference, everything=everything), limit, color=color),
        list(_layers(difference, limit, everything=everything, color=color)),
        [styled(line, "bold red", color=color) for line in _broken(broken, limit)],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _totals(totals: list[FigureChange], limit: int | None, *, color: bool) -> list[str]:
    """The figures of the models side by side, unchanged ones dim."""
    rows = [
        TableRow(
            [words.TITLES[total.figure], words.figure_text(total.figure, total.old),
             words.figure_text(total.figure, total.new), words.growth_text(total), words.percent_text(total)],
            "" if total.is_changed else "dim",
        )
        for total in totals
    ]  # fmt: skip
    return draw(TextTable(_COLUMNS, rows), limit, color=color)


def _layers(difference: Difference, limit: int | None, *, everything: bool, color: bool) -> Iterator[str]:
    found = rows(difference, everything=everything)
    longest = min(_WIDEST_NAME, max((width(visible(row.name)) for row in found), default=0))
    for row in found:
        yield from _row(row, longest, limit, color=color)
    rest = "" if everything else left_out(difference)
    if rest:
        yield from (
            styled(line, "dim", color=color) for line in wrap(f"· {rest} (list them with --all)", limit, hanging="  ")
        )
    if left := words.not_compared_text(difference):
        yield from wrap(visible(f"? {left}"), limit, hanging="  ")


def _row(row: Row, longest: int, limit: int | None, *, color: bool) -> Iterator[str]:
    start = padded(visible(f"{row.sign} {row.name}"), longest + 2)
    lines = wrap(f"{start}  {visible(row.what)}", limit, hanging=_INDENT)
    yield from (styled(line, _STYLES[row.sign], color=color) for line in lines)
    room = None if limit is None else limit - len(_INDENT)
    for remark in row.remarks:
        yield from (_INDENT + line for line in wrap(visible(remark), room, hanging="  "))
    if row.figures:
        yield from (styled(_INDENT + line, "dim", color=color) for line in _listed(row.figures, room))


def _listed(figures: list[str], room: int | None) -> Iterator[str]:
    """The figures joined with dots, as many on each line as fit."""
    line = ""
    for figure in map(visible, figures):
        joined = f"{line} · {figure}" if line else figure
        if line and room is not None and width(joined) > room:
            yield line
            joined = figure
        line = joined
    yield line


def _broken(broken: tuple[Excess, ...], limit: int | None) -> Iterator[str]:
    for excess in broken:
        yield from wrap(f"over the limit: {words.excess_text(excess)}", limit, hanging="  ")
