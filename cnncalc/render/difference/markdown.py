"""A difference as a comment on a pull request: a headline, the totals, the layers, the rest folded."""

from __future__ import annotations

from cnncalc.analysis.difference.limits import Excess
from cnncalc.analysis.difference.model import Difference
from cnncalc.number_text import thousands
from cnncalc.render.difference import words
from cnncalc.render.difference.folds import left_out, rows
from cnncalc.render.difference.rows import Row
from cnncalc.render.markdown_text import code, escape, table

_ROOM = 30_000
"""The number of characters of each of two tables, unless all is asked for: a comment on GitHub holds 65,536."""


def render(
    difference: Difference, labels: tuple[str, str], broken: tuple[Excess, ...] = (), *, everything: bool = False
) -> str:
    """The comment; `labels` name the sides, `broken` are the limits exceeded."""
    title = " → ".join(code(label) for label in labels)
    if difference.is_empty and not broken:
        return f"**{title}**: {words.NO_DIFFERENCES}"
    parts = [[f"**{title}**: {escape(words.headline(difference))}"]]
    parts += [[f"- **over the limit:** {escape(words.excess_text(excess))}" for excess in broken]]
    parts += [_totals(difference, everything=everything)]
    room = None if everything else _ROOM
    found = rows(difference)
    parts += [_layers(found, room)]
    every = rows(difference, everything=True)
    if len(every) > len(found):
        rest = left_out(difference)
        parts += [[f"{rest}."]] if rest else []
        summary = f"<summary>All {thousands(len(every))} layers that differ, one by one</summary>"
        parts += [["<details>", summary, "", *_layers(every, room), "", "</details>"]]
    if left := words.not_compared_text(difference):
        parts += [[f"{escape(left)}."]]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _totals(difference: Difference, *, everything: bool) -> list[str]:
    cells = []
    for total in words.shown_totals(difference, everything=everything):
        growth, percent = words.growth_text(total), words.percent_text(total)
        sides = [words.figure_text(total.figure, side) for side in (total.old, total.new)]
        mark = f"**{growth}**" if growth and total.is_changed else growth or ("changed" if total.is_changed else "")
        cells.append([words.TITLES[total.figure], *sides, mark, percent])
    return table(["", "old", "new", "change", "%"], cells, "lrrrr")


def _layers(found: list[Row], room: int | None) -> list[str]:
    """The table of rows, and how many there are beyond those that have room."""
    if not found:
        return []
    lines = _table(found)
    shown = len(found)
    while room is not None and sum(map(len, lines)) > room and shown > 1:
        shown = min(shown // 2, 100)
        lines = _table(found[:shown])
    left = len(found) - shown
    return [*lines, "", f"{thousands(left)} more rows are shown with `--all`."] if left else lines


def _table(found: list[Row]) -> list[str]:
    cells = [[row.sign, row.name, row.what, "; ".join(row.remarks), " · ".join(row.figures)] for row in found]
    return table(["", "layer", "what", "change", "figures"], cells)
