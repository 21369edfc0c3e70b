"""A comparison of rules as text, Markdown or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.number_text import show_shape, thousands
from cnncalc.render.json_text import json_lines
from cnncalc.render.markdown_text import escape, table
from cnncalc.render.text import styled, visible
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

if TYPE_CHECKING:
    from cnncalc.analysis.compare import Ruling

_COLUMNS = (
    TableColumn("rule", narrow="wrap", least=14),
    TableColumn("output"),
    TableColumn("parameters", "right"),
    TableColumn("unshared", "right"),
    TableColumn(),
)
TITLES = tuple(column.title for column in _COLUMNS)
_AGREE = "Every rule gives the same figures for every layer."


class ComparedRules(NamedTuple):
    """One layer and what each rule makes of it."""

    name: str
    type: str
    rulings: list[Ruling]


def as_json(compared: list[ComparedRules]) -> str:
    """A list with one object per layer."""
    layers = [
        {"name": layer.name, "type": layer.type, "rulings": [ruling._asdict() for ruling in layer.rulings]}
        for layer in compared
    ]
    return json_lines({"format": 1, "layers": layers})


def as_markdown(compared: list[ComparedRules]) -> str:
    """A table per layer."""
    parts = []
    for layer in compared:
        rows = map(ruling_cells, layer.rulings)
        title = f"### {escape(layer.name)} ({layer.type})"
        parts.append("\n".join([title, "", *table(TITLES, rows, "llrrl")]))
    return "\n\n".join(parts) or _AGREE


def as_text(compared: list[ComparedRules], *, limit: int | None = None, color: bool = False) -> str:
    """An aligned table per layer; values that differ from the spec's own are marked with ≠."""
    parts = []
    for layer in compared:
        title = styled(f"{visible(layer.name)} ({layer.type})", "bold", color=color)
        lines = draw(_table(layer), limit, color=color)
        parts.append("\n".join([title, *lines]))
    return "\n\n".join(parts) or _AGREE


def _table(layer: ComparedRules) -> TextTable:
    return TextTable(_COLUMNS, list(map(_row, layer.rulings)), indent=2)


def _row(ruling: Ruling) -> TableRow:
    cells = _cells(ruling)
    if not cells:
        return TableRow([ruling.rule], rest=f"refuses: {ruling.refusal}")
    return TableRow(cells, "yellow" if ruling.differs else "")


def ruling_cells(ruling: Ruling) -> list[str]:
    """The cells of a rule, with the reason if it refuses the layer."""
    return _cells(ruling) or [ruling.rule, "—", "", "", ruling.refusal]


def _cells(ruling: Ruling) -> list[str]:
    """The cells of a rule; none if it refuses the layer."""
    if ruling.output_shape is None:
        return []
    counts = (thousands(ruling.params or 0), thousands(ruling.unshared_params or 0))
    return [ruling.rule, show_shape(ruling.output_shape), *counts, "≠" if ruling.differs else ""]
