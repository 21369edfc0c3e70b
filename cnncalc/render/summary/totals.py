"""The title above a summary and the totals below it."""

from __future__ import annotations

from cnncalc.analysis.report import Report, Tensor
from cnncalc.number_text import byte_size, short, show_shape, thousands, times
from cnncalc.render.text import styled, visible, width
from cnncalc.render.text_table import wrap


def title_lines(report: Report, limit: int | None, *, color: bool = False) -> list[str]:
    """The model's name, and what the figures hold for."""
    facts = [
        *(f"{_named('input', tensor, report.inputs)}" for tensor in report.inputs),
        *(f"{_named('output', tensor, report.outputs)}" for tensor in report.outputs),
        report.layout, f"convention {report.convention}", report.dtype, f"batch {thousands(report.batch)}",
    ]  # fmt: skip
    text = visible(" · ".join(facts))
    return [
        *([styled(visible(report.name), "bold", color=color)] if report.name else []),
        *(styled(line.strip(), "dim", color=color) for line in (wrap(text, limit) if limit else [text])),
    ]


def _named(word: str, tensor: Tensor, tensors: tuple[Tensor, ...]) -> str:
    name = f"{word} {tensor.name}" if len(tensors) > 1 else word
    return f"{name} {show_shape(tensor.shape)}"


def totals_lines(report: Report, limit: int | None = None, *, color: bool = False) -> list[str]:
    """One figure a line, each with its name and a remark."""
    lines = totals(report)
    names = max(len(name) for name, _, _ in lines)
    figures = max(len(figure) for _, figure, _ in lines)
    found = []
    for name, figure, remark in lines:
        start = f"{name:{names}}  {figure:>{figures}}"
        beside = not remark or limit is None or width(start) + 2 + width(remark) <= limit
        below = [] if beside or limit is None else wrap(remark, limit - 4)
        tail = f"  {styled(remark, 'dim', color=color)}" if remark and beside else ""
        found.append(styled(start, "" if name.startswith(" ") else "bold", color=color) + tail)
        found += [" " * 4 + styled(line, "dim", color=color) for line in below]
    return found


def totals(report: Report) -> list[tuple[str, str, str]]:
    """The totals as (name, figure, remark); a name that is part of the one above is indented."""
    t = report.totals
    batch = "" if report.batch == 1 else f", batch {thousands(report.batch)}"
    return [
        ("Parameters", thousands(t.params), byte_size(t.param_bytes) if t.params else ""),
        ("  trainable", thousands(t.trainable_params), ""),
        ("  non-trainable", thousands(t.non_trainable_params), ""),
        *(
            [("Buffers", thousands(t.buffers), "moving statistics and fixed numbers, not parameters")]
            if t.buffers
            else []
        ),
        ("Unshared parameters", thousands(t.unshared_params), _unshared(t.params, t.unshared_params)),
        ("MACs", thousands(t.macs), f"{_short(t.macs)}multiply-accumulates{batch}"),
        ("FLOPs", thousands(t.flops), f"{_short(t.flops)}operations (2 per MAC){batch}"),
        ("Activations", thousands(t.activation_elements), f"elements in all layer outputs{batch}"),
        ("Peak activation memory", byte_size(t.peak_activation_bytes), f"{report.dtype}{batch}"),
    ]


def _short(figure: int) -> str:
    return f"{short(figure)} " if figure >= 1000 else ""


def _unshared(params: int, unshared: int) -> str:
    if not params:
        return ""
    if params == unshared:
        return "no weight is shared between positions"
    return f"{times(unshared, params)} times as many"
