"""The working that gives a right answer, as lines of text."""

from __future__ import annotations

from cnncalc.analysis.explain import explain_graph
from cnncalc.graph.model import Graph
from cnncalc.homework.asking import Asked
from cnncalc.homework.judge import show_value
from cnncalc.render.explain_sections import Section, sections
from cnncalc.render.explain_text import pieces

_SECTIONS = {
    "output": ("Output size",), "params": ("Parameters",), "trainable_params": ("Parameters",),
    "unshared_params": ("Without sharing",), "macs": ("MACs",), "flops": ("FLOPs",),
    "receptive_field": ("Receptive field",), "effective_stride": ("Receptive field",), "kernel": ("Weights",),
    "bias": ("Weights",),
}  # fmt: skip
_MOST_SUMMANDS = 12


def working(graph: Graph, asked: Asked) -> list[str]:
    """The lines that lead to the figure: a layer's formula with its numbers, or the sum over the layers."""
    titles = _SECTIONS.get(asked.figure, ())
    if asked.over is not None:
        return [f"{asked.path} = {show_value(asked.value)}"]
    place = asked.place
    if place is None and asked.figure in ("output", "receptive_field", "effective_stride"):
        place = graph.outputs[0][1]
    if place is None:
        layers = [node for node in graph.nodes if node.layer is not None]
        if len(layers) > 1:
            return _sum(graph, asked)
        place = graph.nodes.index(layers[0])
    node = graph.nodes[place]
    if node.layer is None:
        return []
    (explanation,) = explain_graph(graph, [node])
    found = [section for section in sections(explanation) if section.title in titles]
    lines = [line for section in found for line in _lines(section)]
    return lines if len(graph.nodes) == 2 else [f"{node.name}: {line}" for line in lines]


def _lines(section: Section) -> list[str]:
    """The statements of a section; a count begins with what is counted."""
    named = "" if section.title in ("Output size", "Receptive field", "Weights") else f"{section.title} = "
    found = []
    for entry in section.entries:
        text = " = ".join([entry.label] * bool(entry.label) + pieces(entry))
        joint = "" if not text else " " if entry.prose.startswith("=") else ": " if text == entry.label else "; "
        found.append(named + text + (joint + entry.prose if entry.prose else ""))
    return found


def _sum(graph: Graph, asked: Asked) -> list[str]:
    """The figure of every layer that has one, added up."""
    from cnncalc.analysis.figures import report_on

    report = report_on(graph)
    own = [(layer.name, getattr(layer, asked.figure, 0)) for layer in report.layers]
    counted = [(name, number) for name, number in own if number]
    if not counted or sum(number for _, number in counted) != asked.value:
        return [f"{asked.figure} = {show_value(asked.value)}"]
    shown = " + ".join(f"{number:,}" for _, number in counted[:_MOST_SUMMANDS])
    names = " + ".join(name for name, _ in counted[:_MOST_SUMMANDS])
    rest = f" + {len(counted) - _MOST_SUMMANDS} more" if len(counted) > _MOST_SUMMANDS else ""
    return [f"{names}{rest}", f"= {shown}{rest} = {show_value(asked.value)}"]
