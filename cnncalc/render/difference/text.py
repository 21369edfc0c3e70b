"""A difference as text: a headline, the totals side by side, the layers with their signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap as fill

from cnncalc.analysis.difference.limits import Excess
from cnncalc.analysis.difference.model import Difference, FigureChange
from cnncalc.render.difference import words
from cnncalc.render.difference.folds import left_out, rows
from cnncalc.render.difference.rows import Row
from cnncalc.render.text import styled, visible, width

_STYLES: Mapping[str, str] = {"+": "green", "−": "red", "~": "yellow", "·": "dim"}
_WIDEST_NAME = 28


def render(
    difference: Difference, labels: tuple[str, str], broken: tuple[Excess, ...] = (), *, everything: bool = False,
    limit: int | None = None, color: bool = False,
) -> str:  # fmt: skip
    """The difference in at most `limit` terminal cells; `labels` name the sides, `broken` are the limits exceeded."""
    if difference.is_empty and not broken:
        return words.NO_DIFFERENCES
    parts = [
        [
            *(styled(line, "bold", color=color) for line in _wrapped(visible(" → ".join(labels)), limit, 2)),
            *_wrapped(words.headline(difference), limit, 0),
        ],
        _totals(words.shown_totals(difference, everything=everything), limit, color=color),
        list(_layers(difference, limit, everything=everything, color=color)),
        [styled(line, "bold red", color=color) for line in _broken(broken, limit)],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _totals(totals: list[FigureChange], limit: int | None, *, color: bool) -> list[str]:
    """The figures side by side; below each other where they are too wide for that."""
    cells = [
        (words.TITLES[total.figure], words.figure_text(total.figure, total.old),
         words.figure_text(total.figure, total.new), words.growth_text(total), words.percent_text(total))
        for total in totals
    ]  # fmt: skip
    heads = ("", "old", "new", "change", "")
    widths = [max(width(row[index]) for row in (heads, *cells)) for index in range(5)]
    if limit is not None and sum(widths) + 8 > limit:
        return [
            line
            for title, old, new, *growth in cells
            for line in _wrapped(f"{title}  {old} → {new}  {' '.join(growth)}".rstrip(), limit, 4)
        ]
    lines = [styled(_line(heads, widths), "dim", color=color)]
    for total, row in zip(totals, cells, strict=True):
        text = _line(row, widths)
        lines.append(text if total.is_changed else styled(text, "dim", color=color))
    return lines


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    texts = [row[0] + " " * (widths[0] - width(row[0]))]
    texts += [" " * (size - width(text)) + text for text, size in zip(row[1:], widths[1:], strict=True)]
    return "  ".join(texts).rstrip()


def _layers(difference: Difference, limit: int | None, *, everything: bool, color: bool) -> Iterator[str]:
    found = rows(difference, everything=everything)
    longest = min(_WIDEST_NAME, max((width(row.name) for row in found), default=0))
    for row in found:
        yield from _row(row, longest, limit, color=color)
    rest = "" if everything else left_out(difference)
    if rest:
        yield from (styled(line, "dim", color=color) for line in _wrapped(f"· {rest}, shown with --all", limit, 2))


def _row(row: Row, longest: int, limit: int | None, *, color: bool) -> Iterator[str]:
    start = visible(f"{row.sign} {row.name}") + " " * (longest - width(row.name))
    first, *others = _wrapped(f"{start}  {visible(row.what)}", limit, 4)
    yield styled(first, _STYLES[row.sign], color=color)
    yield from (styled(line, _STYLES[row.sign], color=color) for line in others)
    for remark in row.remarks:
        yield from _indented(remark, limit)
    if row.figures:
        yield from (styled(line, "dim", color=color) for line in _listed(row.figures, limit))


def _indented(text: str, limit: int | None) -> Iterator[str]:
    room = None if limit is None else max(20, limit - 4)
    yield from (" " * 4 + line for line in _wrapped(visible(text), room, 2))


def _listed(figures: list[str], limit: int | None) -> Iterator[str]:
    """The figures with a dot between, as many in a line as it holds."""
    room = None if limit is None else max(20, limit - 4)
    line = ""
    for figure in map(visible, figures):
        joined = f"{line} · {figure}" if line else figure
        if line and room is not None and width(joined) > room:
            yield " " * 4 + line
            joined = figure
        line = joined
    yield " " * 4 + line


def _wrapped(text: str, limit: int | None, indent: int) -> list[str]:
    """A line in at most `limit` cells, broken at blanks, the lines that follow it indented."""
    if limit is None or width(text) <= limit:
        return [text]
    return fill(text, max(20, limit), subsequent_indent=" " * indent, break_on_hyphens=False) or [text]


def _broken(broken: tuple[Excess, ...], limit: int | None) -> Iterator[str]:
    for excess in broken:
        yield from _wrapped(f"over the limit: {words.excess_text(excess)}", limit, 2)
