"""The report page of one model: totals, drawing, plots, table, working of every layer, findings, the spec's text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.analysis.memory import elements, live
from cnncalc.analysis.report import Report
from cnncalc.drawing.folding import diagram
from cnncalc.graph.document import DTYPES
from cnncalc.graph.model import Graph
from cnncalc.number_text import byte_size, short, thousands
from cnncalc.page.document import document
from cnncalc.page.findings import PageFinding, finding_marks, findings_element
from cnncalc.page.folding import DEEPEST, drawn_layers, foldable
from cnncalc.page.layer_table import PageLayer, table_element
from cnncalc.page.panes import details_element, drawing_pane, section, table_tools
from cnncalc.page.plots import DepthPlot, plot_element
from cnncalc.page.source_text import source_element
from cnncalc.page.templates import Templates
from cnncalc.page.workings import workings
from cnncalc.render.html_text import Html, element
from cnncalc.render.summary.totals import facts, totals


class SpecText(NamedTuple):
    """The text of a spec with the name of its file."""

    name: str
    text: str


def model_page(graph: Graph, report: Report, findings: Sequence[PageFinding], spec: SpecText | None) -> str:
    """The complete page."""
    layers = list(_layers(graph, report))
    numbers = {layer.drawn.name: layer.number for layer in layers}
    marks = {name: mark for name, mark in finding_marks(findings) if name in numbers}
    drawing = foldable(diagram(graph, report, DEEPEST), [layer.drawn for layer in layers], marks)
    templates = Templates()
    parts = [[list(each.sections), each.picture] for each in workings(graph, report.batch, templates)]
    lines = [layer.location.line for layer in report.layers]
    title = report.name or "model"
    found = findings_element(findings, numbers) if findings else element("p", "No findings.")
    body = (
        _header(report),
        element(
            "main",
            section("drawing", "Drawing", drawing_pane(drawing.svg, has_copies=drawing.has_copies)),
            section("depth", "Over the layers", element("div", *_plots(graph, report, layers), class_="plots")),
            section("findings", "Findings", found),
            section("table", "Layers", table_tools(), table_element(report, layers, marks)),
            section("spec", _spec_title(spec), source_element(spec.text)) if spec else "",
        ),
        details_element(),
        *templates.elements(),
    )
    names = [layer.drawn.name for layer in layers]
    data = {"names": names, "parts": parts, "lines": lines, "drawing": drawing.places}
    return document(title, [Html(part) for part in body if part], data)


def _spec_title(spec: SpecText) -> str:
    """The title with the name of the file; a text that is not from a file has a name in angle brackets."""
    return "Spec" if spec.name.startswith("<") else f"Spec: {spec.name}"


def _layers(graph: Graph, report: Report) -> Iterator[PageLayer]:
    sizes = [elements(node, report.batch) for node in graph.nodes]
    item = DTYPES[report.dtype]
    in_use = dict(live(graph.nodes, sizes, [index for _, index in graph.outputs]))
    indices = [index for index, node in enumerate(graph.nodes) if node.layer is not None]
    for number, (drawn, index) in enumerate(zip(drawn_layers(graph, report), indices, strict=True)):
        yield PageLayer(number, drawn, in_use[index] * item)


def _header(report: Report) -> Html:
    lines = [element("h1", report.name or "model")]
    if report.description:
        lines.append(element("p", report.description))
    lines.append(element("p", " · ".join(facts(report)), class_="facts"))
    if report.source:
        lines.append(
            element("p", f"Source: {report.source}{f' ({report.year})' if report.year else ''}", class_="facts")
        )
    figures = [_figure(name, value, remark) for name, value, remark in totals(report) if not name.startswith(" ")]
    return element("header", *lines, element("dl", *figures, class_="totals"))


def _figure(name: str, value: str, remark: str) -> Html:
    return element("div", element("dt", name), element("dd", value), element("dd", remark, class_="remark"))


def _plots(graph: Graph, report: Report, layers: Sequence[PageLayer]) -> Iterator[Html]:
    in_use = [layer.live_bytes for layer in layers]
    if in_use:
        place = max(range(len(in_use)), key=in_use.__getitem__)
        top = f"peak {byte_size(in_use[place])} at {layers[place].drawn.name}"
        yield plot_element(DepthPlot("live", "Activation memory in use", in_use, top, "sequence"))
    for key, title, colour in (("params", "Parameters", "dense"), ("macs", "MACs", "merge")):
        counts = [getattr(layer.drawn.figures, key) for layer in layers]
        if any(counts):
            place = max(range(len(counts)), key=counts.__getitem__)
            text = short(counts[place]) if counts[place] >= 1_000_000 else thousands(counts[place])
            yield plot_element(DepthPlot(key, title, counts, f"most {text} in {layers[place].drawn.name}", colour))
    fields = [max(layer.drawn.figures.receptive_field or (0,)) or None for layer in layers]
    if any(fields):
        size = _largest_axis(graph, report)
        most = max(field or 0 for field in fields)
        yield plot_element(
            DepthPlot("field", "Receptive field", fields, f"up to {thousands(most)}", "convolution", size,
                      f"dashed: the input, {thousands(size)}" if size else "")
        )  # fmt: skip


def _largest_axis(graph: Graph, report: Report) -> int | None:
    """The largest spatial size of the first input."""
    return max(graph.setting.spatial(report.inputs[0].shape), default=None) if report.inputs else None
