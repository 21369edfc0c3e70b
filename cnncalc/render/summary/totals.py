"""The title above a summary and the totals below it."""

from __future__ import annotations

from cnncalc.analysis.report import OF_SHAPES, Report, Tensor
from cnncalc.number_text import byte_size, short, show_shape, thousands, times
from cnncalc.render.text import styled, visible, wrap
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw


def title_lines(report: Report, limit: int | None, *, color: bool = False) -> list[str]:
    """The model's name, and what the figures hold for."""
    text = visible(" · ".join(facts(report)))
    return [
        *([styled(visible(report.name), "bold", color=color)] if report.name else []),
        *(styled(line, "dim", color=color) for line in wrap(text, limit)),
    ]


def facts(report: Report) -> list[str]:
    """The conditions under which the figures hold: inputs, outputs, layout, convention, data type, batch."""
    return [
        *(_named("input", tensor, report.inputs) for tensor in report.inputs),
        *(_named("output", tensor, report.outputs) for tensor in report.outputs),
        report.layout, f"convention {report.convention}", report.dtype, f"batch {thousands(report.batch)}",
    ]  # fmt: skip


def _named(word: str, tensor: Tensor, tensors: tuple[Tensor, ...]) -> str:
    name = f"{word} {tensor.name}" if len(tensors) > 1 else word
    return f"{name} {show_shape(tensor.shape)}"


def totals_lines(report: Report, limit: int | None = None, *, color: bool = False) -> list[str]:
    """One figure a line, each with its name and a remark."""
    columns = [TableColumn(), TableColumn(align="right"), TableColumn(narrow="below")]
    rows = [
        TableRow([[(name, _name_style(name))], [(figure, _name_style(name))], [(remark, "dim")]])
        for name, figure, remark in totals(report)
    ]
    return draw(TextTable(columns, rows), limit, color=color)


def _name_style(name: str) -> str:
    return "" if name.startswith(" ") else "bold"


def totals(report: Report) -> list[tuple[str, str, str]]:
    """The totals as (name, figure, remark); a name that is part of the one above is indented."""
    rest = (
        "" if report.rest is None or report.rest.is_counted else "without modules that cannot be followed",
        "without the layers of unknown shape",
    )
    return [
        (name, f"≥ {text}", rest[field in OF_SHAPES]) if field in report.at_least else (name, text, remark)
        for field, name, text, remark in _texts(report)
    ]  # fmt: skip


def _texts(report: Report) -> list[tuple[str, str, str, str]]:
    """The totals as (field, name, figure, remark)."""
    t = report.totals
    batch = "" if report.batch == 1 else f", batch {thousands(report.batch)}"
    buffers = ("buffers", "Buffers", thousands(t.buffers), "moving statistics and fixed numbers, not parameters")
    return [
        ("params", "Parameters", thousands(t.params), byte_size(t.param_bytes) if t.params else ""),
        ("trainable_params", "  trainable", thousands(t.trainable_params), ""),
        ("non_trainable_params", "  non-trainable", thousands(t.non_trainable_params), ""),
        *([buffers] if t.buffers else []),
        ("unshared_params", "Unshared parameters", thousands(t.unshared_params),
         _unshared(t.params, t.unshared_params)),
        ("macs", "MACs", thousands(t.macs), f"{_short(t.macs)}multiply-accumulates{batch}"),
        ("flops", "FLOPs", thousands(t.flops), f"{_short(t.flops)}operations (2 per MAC){batch}"),
        ("activation_elements", "Activations", thousands(t.activation_elements),
         f"elements in all layer outputs{batch}"),
        ("peak_activation_bytes", "Peak activation memory", byte_size(t.peak_activation_bytes),
         f"{report.dtype}{batch}"),
    ]  # fmt: skip


def _short(figure: int) -> str:
    return f"{short(figure)} " if figure >= 1000 else ""


def _unshared(params: int, unshared: int) -> str:
    if not params:
        return ""
    if params == unshared:
        return "no weight is shared between positions"
    return f"{times(unshared, params)} times as many"
