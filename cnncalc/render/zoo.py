"""The bundled specs as a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnncalc.number_text import byte_size, short, show_shape, thousands
from cnncalc.render.json_text import json_lines
from cnncalc.render.markdown_text import table
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

if TYPE_CHECKING:
    from cnncalc.analysis.zoo import ZooEntry

_LEAST_SOURCE = 24
"""Terminal cells of a source that are worth their room."""
_COLUMNS = (
    TableColumn("name"),
    TableColumn("year", rank=4),
    TableColumn("input", rank=6),
    TableColumn("parameters", "right"),
    TableColumn("MACs", "right", rank=5),
    TableColumn("field", "right", rank=2),
    TableColumn("memory", "right", rank=1),
    TableColumn("source", narrow="shorten", least=_LEAST_SOURCE, rank=3),
)
_TITLES = tuple(column.title for column in _COLUMNS)

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
    return "\n".join([_PAGE, *table(_TITLES, map(_cells, entries), "lllrrrrl", pads=False)])


def as_text(entries: Sequence[ZooEntry], *, limit: int | None = None, color: bool = False) -> str:
    """A line for each spec: every column in a pipe, and on a terminal those that have room, with a shortened source."""
    rows = [TableRow(_cells(entry)) for entry in entries]
    return "\n".join(draw(TextTable(_COLUMNS, rows), limit, color=color))


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
