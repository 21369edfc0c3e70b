"""The counts of other tools as text, Markdown, JSON or CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cnncalc.analysis.tools.comparison import TOOLS
from cnncalc.number_text import short, thousands
from cnncalc.render.csv_text import csv_text
from cnncalc.render.json_text import json_lines
from cnncalc.render.markdown_text import escape, table
from cnncalc.render.text import styled, visible, wrap
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

if TYPE_CHECKING:
    from cnncalc.analysis.tools.comparison import LayerCounts, ToolComparison

_TITLES = ("tool", "prints", "count", "why it differs from the MACs")
_LAYER_TITLES = ("layer", "type", "MACs")
_CAUSES: Mapping[str, str] = {"merge": "sums and products", "activation": "activations"}
"""The words for families of layers, where the name of the family is not one."""


def as_json(found: ToolComparison) -> str:
    """Totals with their parts and mistakes per tool, and the counts per layer."""
    tools = [_tool_dict(found, name) for name in found.tools]
    layers = [
        {"name": layer.name, "type": layer.type, "macs": layer.macs, "flops": layer.flops}
        | {"counts": {name: layer.operations(name) for name in found.tools}}
        for layer in found.layers
    ]
    own = {"format": 1, "name": found.name, "macs": found.macs, "flops": found.flops}
    return json_lines({**own, "tools": tools, "layers": layers})


def _tool_dict(found: ToolComparison, name: str) -> dict[str, Any]:
    tool = TOOLS[name]
    mistakes = [
        {"layer": layer.name, "type": each.type, "count": each.operations, "rule": each.rule.words}
        | {"mistake": each.rule.mistake}
        for layer, each in found.mistakes(name)
    ]
    return {
        "tool": name, "version": tool.version, "framework": tool.framework, "prints": tool.prints,
        "per_mac": tool.per_mac, "total": found.total(name), "unknown": found.unknown(name),
        "total_of_functions": found.total_of_functions(name),
        "parts": found.parts(name), "mistakes": mistakes, "remark": tool.remark, "source": tool.source,
    }  # fmt: skip


def as_csv(found: ToolComparison) -> str:
    """A row per layer and a column per tool."""
    rows = ([layer.name, layer.type, layer.macs, layer.flops, *_counts(layer, found)] for layer in found.layers)
    return csv_text(("name", "type", "macs", "flops", *found.tools), rows)


def _counts(layer: LayerCounts, found: ToolComparison) -> list[int | str]:
    counts = (layer.operations(name) for name in found.tools)
    return ["" if count is None else count for count in counts]


def as_markdown(found: ToolComparison, *, layers: bool = False) -> str:
    """The table of the totals, the mistakes as a list, and the table of the layers."""
    lines = [f"### {escape(found.name or 'model')}", "", _own(found), "", *table(_TITLES, _total_rows(found), "llrl")]
    mistakes = [f"- {text}" for text in (*_mistakes(found), *_functions(found))]
    lines += ["", *mistakes] if mistakes else []
    if layers:
        lines += ["", *table(_titles(found), _layer_rows(found), "ll" + "r" * (1 + len(found.tools)))]
    return "\n".join(lines)


def as_text(found: ToolComparison, *, layers: bool = False, limit: int | None = None, color: bool = False) -> str:
    """The model's own counts, the totals per tool with the reasons, what tools count wrongly, and the layers."""
    columns = (
        TableColumn(_TITLES[0]), TableColumn(_TITLES[1], rank=1), TableColumn(_TITLES[2], "right"),
        TableColumn(_TITLES[3], narrow="wrap", least=24),
    )  # fmt: skip
    rows = [TableRow(cells) for cells in _total_rows(found)]
    parts = [styled(visible(found.name) or "model", "bold", color=color) + f" · {_own(found)}"]
    parts.append("\n".join(draw(TextTable(columns, rows), limit, color=color)))
    mistakes = [line for text in _mistakes(found) for line in wrap(f"  {text}", limit, hanging="    ")]
    if mistakes:
        parts.append("\n".join([styled("Counts that are wrong", "bold", color=color), *mistakes]))
    parts += ["\n".join(wrap(text, limit, hanging="  ")) for text in _functions(found)]
    if layers:
        titles = _titles(found)
        each = [TableColumn(title, "left" if number < 2 else "right") for number, title in enumerate(titles)]
        drawn = TextTable(each, [TableRow(cells) for cells in _layer_rows(found)])
        parts.append("\n".join(draw(drawn, limit, color=color)))
    return "\n\n".join(parts)


def _own(found: ToolComparison) -> str:
    return f"{thousands(found.macs)} MACs · {thousands(found.flops)} FLOPs · one sample"


def layer_as_text(layer: LayerCounts, *, limit: int | None = None, color: bool = False) -> str:
    """One layer's count by each tool, with the rule that gives it."""
    title = styled(f"{visible(layer.name)} ({layer.type})", "bold", color=color)
    own = f"{title} · {thousands(layer.macs)} MACs · {thousands(layer.flops)} FLOPs"
    columns = (TableColumn("tool"), TableColumn("count", "right"), TableColumn("rule", narrow="wrap", least=24))
    cells = ([TOOLS[name].name, _number(layer.operations(name)), _rules(layer, name)] for name in layer.tools)
    rows = list(map(TableRow, cells))
    return "\n".join([own, *draw(TextTable(columns, rows, indent=2), limit, color=color)])


def _rules(layer: LayerCounts, tool: str) -> str:
    several = len(layer.tools[tool]) > 1
    rules = ((f"{each.type}: " if several else "", each.rule) for each in layer.tools[tool])
    return "; ".join(
        f"{subject}{rule.words}{f' (wrong: {rule.mistake})' if rule.mistake else ''}" for subject, rule in rules
    )


def _total_rows(found: ToolComparison) -> Iterator[list[str]]:
    for name in found.tools:
        tool, unknown = TOOLS[name], found.unknown(name)
        total = thousands(found.total(name))
        yield [tool.name, tool.prints, f"≥ {total}" if unknown else total, _why(found, name)]


def _why(found: ToolComparison, name: str) -> str:
    """The unit, the parts that are added and missing, and the layers whose rule is not known."""
    tool = TOOLS[name]
    parts = found.parts(name)
    more = [f"{_CAUSES.get(cause, cause)} {short(rest)}" for cause, rest in parts.items() if rest > 0]
    less = [f"{_CAUSES.get(cause, cause)} {short(-rest)}" for cause, rest in parts.items() if rest < 0]
    words = [
        "2 per MAC" if tool.per_mac == 2 else "",
        f"plus {', '.join(more)}" if more else "",
        f"without {', '.join(less)}" if less else "",
        f"no rule is known for {', '.join(found.unknown(name))}" if found.unknown(name) else "",
    ]
    return "; ".join(filter(None, words)) or "the same"


def _mistakes(found: ToolComparison) -> Iterator[str]:
    for name in found.tools:
        for layer, each in found.mistakes(name):
            right = f" ({thousands(each.macs)} MACs)" if each.macs else ""
            yield (
                f"{TOOLS[name].name}, {visible(layer.name)}: {thousands(each.operations or 0)} for {each.type}, "
                f"{each.rule.words}; but {each.rule.mistake}{right}"
            )


def _functions(found: ToolComparison) -> Iterator[str]:
    """The totals of the tools that count a function's call, such as `F.relu(x)`, unlike a module."""
    functions = {name: found.total_of_functions(name) for name in found.tools}
    differ = [
        f"{TOOLS[name].name} {thousands(total)}" for name, total in functions.items() if total != found.total(name)
    ]
    if differ:
        yield (
            "Layers without weights are counted as modules (nn.ReLU). "
            f"If all are called as functions (F.relu): {', '.join(differ)}"
        )


def _titles(found: ToolComparison) -> list[str]:
    return [*_LAYER_TITLES, *(TOOLS[name].name for name in found.tools)]


def _layer_rows(found: ToolComparison) -> Iterator[list[str]]:
    for layer in found.layers:
        counts = (_number(layer.operations(name)) for name in found.tools)
        yield [visible(layer.name), layer.type, thousands(layer.macs), *counts]


def _number(count: int | None) -> str:
    return "?" if count is None else thousands(count)
