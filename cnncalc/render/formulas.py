"""The formulas of a model, as a table in text, Markdown or LaTeX, or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.analysis.formulas import FormShape, ModelFormulas
from cnncalc.analysis.lettered_source import show_lettered
from cnncalc.arithmetic.form_writing import as_formula, range_texts
from cnncalc.arithmetic.linear_form import LinearForm
from cnncalc.arithmetic.notation import LATEX, TEXT, Notation
from cnncalc.number_text import thousands
from cnncalc.render.json_text import json_text
from cnncalc.render.latex_text import escape
from cnncalc.render.markdown_text import escape as markdown_escape
from cnncalc.render.markdown_text import table as markdown_table
from cnncalc.render.text import styled, wrap
from cnncalc.render.text_table import TableColumn, TableRow, TextTable, draw

FORMAT = 1

TITLES = ("Layer", "Type", "Output shape", "Params", "MACs")

WriteForm = Callable[[LinearForm], str]

_LEAST_FORMULA = 24
"""Terminal cells in which a formula is worth reading."""


def as_text(found: ModelFormulas, *, limit: int | None = None, color: bool = False) -> str:
    """The layers, the totals, and the sizes for which they hold."""
    columns = [TableColumn(title, narrow="wrap", least=_LEAST_FORMULA, at="formulas") for title in TITLES]
    rows = [TableRow(cells) for cells in _rows(found, TEXT)]
    title = f"{styled(found.name or 'model', 'bold', color=color)}\n{_given(found)}"
    totals = [TableRow(cells) for cells in _totals(found, TEXT)]
    wide = [TableColumn(), TableColumn(narrow="wrap", least=_LEAST_FORMULA, at="formulas")]
    parts = [
        title,
        "\n".join(draw(TextTable(columns, rows, ruled=True), limit, color=color)),
        "\n".join(draw(TextTable(wide, totals), limit, color=color)),
        "\n".join(wrap(_holds(found), limit, hanging="  ")),
    ]
    return "\n\n".join(parts)


def as_markdown(found: ModelFormulas) -> str:
    """Two tables, and the sizes for which they hold."""
    layers = markdown_table(TITLES, _rows(found, TEXT))
    totals = markdown_table(("Total", "Formula"), _totals(found, TEXT))
    heading = f"### {markdown_escape(found.name or 'model')}"
    return "\n".join([heading, "", _given(found), "", *layers, "", *totals, "", _holds(found)]) + "\n"


def _given(found: ModelFormulas) -> str:
    """The inputs, the layout and the convention."""
    inputs = ", ".join(f"{name} {show_lettered(shape)}" for name, shape in found.inputs.items())
    return f"{inputs} · {found.layout} · {found.convention}"


def as_latex(found: ModelFormulas) -> str:
    """Two tables for the package booktabs, with the formulas in math mode, and the sizes for which they hold."""
    rows = [[*map(escape, cells[:2]), *(f"${cell}$" for cell in cells[2:])] for cells in _rows(found, LATEX)]
    totals = [[escape(name), f"${formula}$"] for name, formula in _totals(found, LATEX)]
    ranges = "; ".join(f"${text}$" for text in range_texts(found.held, latex=True))
    ends = [f"for {ranges}"] if ranges else []
    tables = [*_tabular([list(TITLES), *rows], headed=True), "", *_tabular(totals)]
    return "\n".join([r"% \usepackage{amsmath,booktabs}", *tables, *ends]) + "\n"


def _tabular(rows: list[list[str]], *, headed: bool = False) -> list[str]:
    lines = [" & ".join(cells) + r" \\" for cells in rows]
    if headed:
        lines.insert(1, r"\midrule")
    return [rf"\begin{{tabular}}{{{'l' * len(rows[0])}}}", r"\toprule", *lines, r"\bottomrule", r"\end{tabular}"]


def as_json(found: ModelFormulas) -> str:
    """The stable form: each formula as text, plain numbers and the ranges of the letters as numbers."""
    return json_text(to_dict(found))


def to_dict(found: ModelFormulas) -> dict[str, Any]:
    write_text = _writer(found, TEXT)

    def write(form: LinearForm) -> int | str:
        return form.constant if form.is_constant else write_text(form)

    layers = [
        {
            "name": layer.name,
            "type": layer.type,
            "output_shape": [write(size) for size in layer.output],
            **{name: write(getattr(layer, name)) for name in ("params", "macs", "flops", "activation_bytes")},
        }
        for layer in found.layers
    ]
    ranges: Mapping[str, Any] = {
        each.name: {
            "low": each.low, "high": each.high, "divisor": each.divisor, "remainders": sorted(each.remainders),
        }
        for each in found.held.letters
    }  # fmt: skip
    return {
        "format": FORMAT,
        "name": found.name,
        "convention": found.convention,
        "layout": found.layout,
        "inputs": {name: list(shape) for name, shape in found.inputs.items()},
        "layers": layers,
        "outputs": {name: [write(size) for size in shape] for name, shape in found.outputs.items()},
        "totals": {name: write(form) for name, form in found.totals.items()},
        "peak_activation_bytes": {"layer": found.peak.layer, "formula": write(found.peak.bytes)},
        "ranges": ranges,
        "conditions": range_texts(found.held._replace(letters=())),
    }


def _writer(found: ModelFormulas, notation: Notation) -> WriteForm:
    return lambda form: notation.write(as_formula(form, found.held))


def _rows(found: ModelFormulas, notation: Notation) -> list[list[str]]:
    times = " × " if notation is TEXT else r" \times "
    write = _writer(found, notation)
    return [
        [layer.name, layer.type, _shape(layer.output, write, times), write(layer.params), write(layer.macs)]
        for layer in found.layers
    ]


def _shape(shape: FormShape, write: WriteForm, times: str) -> str:
    """The sizes with a sign between; sums in parentheses."""
    texts = [write(size) for size in shape]
    return (
        times.join(
            f"({text})" if len(size.terms) > 1 and " " in text and text[0] not in "⌊⌈\\" else text
            for size, text in zip(shape, texts, strict=True)
        )
        or "1"
    )


def _totals(found: ModelFormulas, notation: Notation) -> list[list[str]]:
    write = _writer(found, notation)
    return [
        ["Parameters", write(found.totals["params"])],
        ["MACs", write(found.totals["macs"])],
        ["FLOPs", write(found.totals["flops"])],
        ["Bytes of parameters", write(found.totals["param_bytes"])],
        ["Bytes of all outputs", write(found.totals["activation_bytes"])],
        [f"Live bytes at {found.peak.layer}", write(found.peak.bytes)],
    ]


def _holds(found: ModelFormulas) -> str:
    sizes = ", ".join(f"{name} = {thousands(size)}" for name, size in found.sizes.items())
    peak = f"{found.peak.layer} has the peak of live bytes at {sizes}."
    ranges = "; ".join(range_texts(found.held)) or "all sizes"
    return f"The formulas hold for {ranges}. {peak}"
