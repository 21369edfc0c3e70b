"""The settings of a layer that were found, as text, JSON or CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from cnncalc.layers.declare import show_value
from cnncalc.number_text import plural, show_shape, thousands
from cnncalc.render.csv_text import csv_text
from cnncalc.render.json_text import json_text
from cnncalc.render.text import styled
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

if TYPE_CHECKING:
    from cnncalc.solving.solution import Solution, Solutions

COLUMNS = ("kernel", "stride", "padding", "dilation", "output_padding")
_UNLESS: Mapping[str, tuple[int | None, ...]] = {"dilation": (1, None), "output_padding": (None,)}
"""Columns that are omitted if every solution has one of these values."""


def as_json(found: Solutions) -> str:
    """The stable form, on lines."""
    return json_text(found.to_dict())


def as_csv(found: Solutions) -> str:
    """A row for each solution; settings that it does not have are empty."""
    return csv_text((*COLUMNS, "output", "exact", "left_over", "item"), map(_row_of, found.solutions))


def _row_of(each: Solution) -> list[object]:
    values = ["" if getattr(each, name) is None else show_value(getattr(each, name)) for name in COLUMNS]
    exact = "" if each.exact is None else str(each.exact).lower()
    left = "" if each.left_over is None else show_shape(each.left_over)
    return [*values, show_shape(each.output), exact, left, each.item]


def as_text(found: Solutions, *, limit: int | None = None, color: bool = False) -> str:
    """The question, the number of solutions, and the simplest of them; or the nearest misses."""
    title = f"{found.type}, {show_shape(found.input)} → {show_shape(found.wanted)}"
    parts = [styled(title, "bold", color=color) + f" · convention {found.setting.convention.name}\n{_verdict(found)}"]
    rows = found.solutions or found.nearest
    if rows:
        parts.append("\n".join(draw(_table(rows, nearest=not found.found), limit, color=color)))
    hidden = found.fitting - len(found.solutions)
    if found.found and hidden:
        parts.append(styled(f"{thousands(hidden)} more: --limit {found.fitting} shows them all", "dim", color=color))
    return "\n\n".join(parts)


def _verdict(found: Solutions) -> str:
    tried = plural(found.combinations, "combination")
    if not found.found:
        nearest = " What comes nearest:" if found.nearest else ""
        refused = f"\nRefused: {found.refusal}." if found.refusal else ""
        return f"None of {tried} fits.{_other_channels(found)}{nearest}{refused}"
    fits = f"{thousands(found.fitting)} of {tried} fit{'s' if found.fitting == 1 else ''}"
    if found.exact is None:
        return f"{fits}."
    if found.fitting == 1:
        return f"{fits}, and divides evenly." if found.exact else f"{fits}, with a remainder."
    if found.exact in (0, found.fitting):
        return f"{fits}; {'all of them divide' if found.exact else 'none of them divides'} evenly."
    return f"{fits}; {thousands(found.exact)} of them {'divides' if found.exact == 1 else 'divide'} evenly."


def _other_channels(found: Solutions) -> str:
    """The sentence for an output whose channels no settings of the type give, as a pool keeps those of its input."""
    place = -1 if found.setting.layout == "HWC" else 0
    given = {each.output[place] for each in found.nearest}
    if len(given) != 1 or len(found.wanted) != len(found.input) or found.wanted[place] in given:
        return ""
    return f" A {found.type} gives {plural(given.pop(), 'channel')} here, not {found.wanted[place]}."


def _table(rows: tuple[Solution, ...], *, nearest: bool) -> TextTable:
    """The solutions, each on a row; a narrow terminal hides the settings that the item repeats."""
    shown: dict[TableColumn, Callable[[Solution], str]] = {
        TableColumn(name.replace("_", " "), rank=1): partial(_field, name)
        for name in COLUMNS
        if any(getattr(row, name) not in _UNLESS.get(name, ()) for row in rows)
    }
    if nearest:
        shown[TableColumn("output")] = lambda row: show_shape(row.output)
    if rows[0].left_over is not None:
        shown[TableColumn("remainder")] = _remainder
    shown[TableColumn("as an item")] = lambda row: row.item
    styles = ["" if row.exact is not False else "dim" for row in rows]
    cells = [[show(row) for show in shown.values()] for row in rows]
    return TextTable(list(shown), list(map(TableRow, cells, styles)), ruled=True)


def _field(name: str, row: Solution) -> str:
    return show_value(getattr(row, name))


def _remainder(row: Solution) -> str:
    return "none" if row.exact else show_shape(row.left_over or ())
