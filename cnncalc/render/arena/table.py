"""The plan for a microcontroller on a terminal: the sizes, and a map of the buffer with a row for each tensor."""

from __future__ import annotations

from cnncalc.analysis.device.arena import PlacedTensor
from cnncalc.analysis.device.memory_plan import DevicePlan
from cnncalc.number_text import byte_size, plural, thousands
from cnncalc.render.text import styled, wrap
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

_MAP_CELLS = 24
"""The length of the map's rows."""
NOT_COUNTED = (
    "Not counted: the program and the runtime's own structures, scratch memory of its kernels, and the names and "
    "tables of a model file."
)


def render(plan: DevicePlan, *, limit: int | None = None, color: bool = False) -> str:
    """The two sizes, the tensors in the arena, and what is not counted."""
    title = f"{styled(plan.name or 'the model', 'bold', color=color)}: int8 on a microcontroller, one sample"
    sizes = TextTable(
        [TableColumn(), TableColumn(align="right"), TableColumn(align="right"), TableColumn(narrow="wrap", least=20)],
        [
            TableRow(["arena (RAM)", thousands(plan.arena.bytes), byte_size(plan.arena.bytes), _arena_text(plan)]),
            TableRow(["flash", thousands(plan.flash.total), byte_size(plan.flash.total), flash_text(plan)]),
        ],
    )  # fmt: skip
    parts = [title, "\n".join(draw(sizes, limit, color=color)), "\n".join(draw(_tensors(plan), limit, color=color))]
    return "\n\n".join([*parts, "\n".join(wrap(NOT_COUNTED, limit))])


def _arena_text(plan: DevicePlan) -> str:
    return f"{plural(len(plan.arena.tensors), 'tensor')}, {plural(len(plan.operations), 'operation')}"


def flash_text(plan: DevicePlan) -> str:
    """The sum of the stored numbers."""
    flash = plan.flash
    return f"{thousands(flash.weights)} weights + {thousands(flash.biases)} biases + {thousands(flash.scales)} scales"


def _tensors(plan: DevicePlan) -> TextTable:
    """A row for each tensor; those that are largest together are bold."""
    columns = [
        TableColumn("tensor", narrow="wrap", least=12, at="names"),
        TableColumn("bytes", align="right"),
        TableColumn("offset", align="right"),
        TableColumn("operations", align="right"),
        TableColumn("arena", rank=1),
    ]
    fullest = set(plan.arena.fullest())
    rows = [
        TableRow(
            [
                tensor.name,
                thousands(tensor.bytes),
                thousands(tensor.offset),
                operations_text(tensor),
                _map(tensor, plan),
            ],
            "bold" if tensor in fullest else "",
        )
        for tensor in plan.arena.tensors
    ]
    return TextTable(columns, rows, ruled=True)


def operations_text(tensor: PlacedTensor) -> str:
    """The first and the last operation, counted from 1, during which a tensor is in use."""
    return str(tensor.first + 1) if tensor.first == tensor.last else f"{tensor.first + 1}–{tensor.last + 1}"


def _map(tensor: PlacedTensor, plan: DevicePlan) -> str:
    """The tensor's place in the arena: `░░████░░`."""
    first = tensor.offset * _MAP_CELLS // plan.arena.bytes
    last = max(first + 1, -(-tensor.end * _MAP_CELLS // plan.arena.bytes))
    return "░" * first + "█" * (last - first) + "░" * (_MAP_CELLS - last)
