"""The computation of a right answer, as lines of text; the last number in them is the answer."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.explain import explain_graph
from cnncalc.analysis.explanation import Explanation, Size
from cnncalc.graph.model import Node
from cnncalc.homework.figure_paths import (
    COUNTS,
    SUMS,
    WITH_BATCH,
    WITH_STEPS,
    Asked,
    AskedModel,
    axis_names,
    show_value,
)
from cnncalc.number_text import thousands
from cnncalc.render.explanation.sections import Section, sections
from cnncalc.render.explanation.text import pieces
from cnncalc.render.homework.counted import chained, counted, weights_of
from cnncalc.render.homework.summed import peak_memory, summed, summed_arrays, weight_memory, whole_memory

_STATED: Mapping[str, str] = {
    WITH_BATCH: "The batch comes first: ", WITH_STEPS: "The output at each step: ", "steps": "The input's first axis: ",
    "weight_layers": "Layers with a kernel, a matrix or a table: ",
}  # fmt: skip
"""Metrics that are there to be read off, and what they are."""
_FIELDS: Mapping[str, str] = {"receptive_field": "Receptive field", "effective_stride": "Effective stride"}


def working(about: AskedModel, asked: Asked) -> list[str]:
    """The lines that lead to the metric: a layer's formula with its numbers, or the sum over the layers."""
    if asked.over is not None:
        return _ratio(about, asked)
    if asked.part == "shape" or asked.figure in _STATED:
        return [f"{_STATED.get(asked.figure, '')}{asked.path} = {show_value(asked.value)}"]
    if asked.figure == "input":
        return _input(about, asked)
    if asked.figure == "output" or asked.figure in _FIELDS:
        return _shape(about, asked)
    if asked.place is not None:
        return _of_layer(about, asked, asked.place)
    return _of_model(about, asked)


def _ratio(about: AskedModel, asked: Asked) -> list[str]:
    """Both numbers, and the one divided by the other."""
    assert asked.over is not None
    above = asked.value * asked.over.value  # type: ignore[operator]
    first, second = (path.strip() for path in asked.path.split("/", 1))
    one, other = show_value(above), show_value(asked.over.value)
    return [f"{first} = {one}", f"{second} = {other}", f"{one} / {other} = {show_value(asked.value)}"]


def _of_layer(about: AskedModel, asked: Asked, place: int) -> list[str]:
    """The working of a layer's count, or of the size of one of its arrays."""
    node = about.graph.nodes[place]
    explanation = _explained(about, node)
    if asked.figure in SUMS:
        return _named(about, node, summed_arrays(about, asked))
    lines = counted(about, place, explanation, asked.figure) if asked.figure in COUNTS else None
    return _named(about, node, lines or weights_of(explanation, asked))


def _of_model(about: AskedModel, asked: Asked) -> list[str]:
    """The sum over the layers, a layer's own working where it is the only one, or what a total is made of."""
    layers = [place for place, node in enumerate(about.graph.nodes) if node.layer is not None]
    if asked.figure == "layers":
        return [f"The model has {', '.join(about.graph.nodes[place].name for place in layers)}: layers = {len(layers)}"]
    if asked.figure == "param_bytes":
        return weight_memory(about)
    if asked.figure == "peak_activation_bytes":
        return peak_memory(about)
    if asked.figure == "memory_bytes":
        return whole_memory(about)
    if asked.figure in SUMS:
        return summed_arrays(about, asked)
    if len(layers) == 1:
        return _of_layer(about, asked, layers[0])
    return summed(about, asked)


def _explained(about: AskedModel, node: Node) -> Explanation:
    (explanation,) = explain_graph(about.graph, [node], batch=about.report.batch)
    return explanation


def _named(about: AskedModel, node: Node, lines: list[str]) -> list[str]:
    """The lines with the layer's name before them, where there are several layers."""
    return lines if len(about.graph.nodes) == 2 else [f"{node.name}: {line}" for line in lines]


# --- shapes ------------------------------------------------------------------------------------------------------


def _input(about: AskedModel, asked: Asked) -> list[str]:
    """The origin of an input, and its shape."""
    node = about.graph.nodes[asked.place] if asked.place is not None else None
    source = about.graph.nodes[node.inputs[0]] if node is not None and node.inputs else None
    origin = "The spec gives the input"
    if source is not None and source.layer is not None:
        origin = f"The input is the output of {source.name}"
    return [f"{origin}: {asked.part or 'input'} = {show_value(asked.value)}"]


def _shape(about: AskedModel, asked: Asked) -> list[str]:
    """The working of an output, a receptive field or a stride, and then the whole of it, or the part asked for."""
    title = "Output size" if asked.figure == "output" else "Receptive field"
    place = _place(about, asked)
    node = about.graph.nodes[place]
    last = f"{asked.part or _FIELDS.get(asked.figure, 'Output')} = {show_value(asked.value)}"
    if node.layer is None:
        return [f"The spec gives the input: {last}"]
    explanation = _explained(about, node)
    if asked.part and asked.figure == "output":
        return _named(about, node, _axis(about, asked, explanation))
    found = [section for section in sections(explanation) if section.title == title]
    return _named(about, node, [*(line for section in found for line in _lines(section)), last])


def _place(about: AskedModel, asked: Asked) -> int:
    """The node whose shape is asked for: of the whole model the first output, or for a field the last layer."""
    if asked.place is not None:
        return asked.place
    if asked.figure == "output":
        return about.graph.outputs[0][1]
    return max(place for place, node in enumerate(about.graph.nodes) if node.layer is not None)


def _axis(about: AskedModel, asked: Asked, explanation: Explanation) -> list[str]:
    """The working of one axis of an output, or of all of its elements."""
    output = explanation.output
    if asked.part == "size":
        factors = "·".join(thousands(size) for size in output)
        return [f"size = {factors} = {show_value(asked.value)}" if len(output) > 1 else f"size = {factors}"]
    at = axis_names(about, len(output)).index(asked.part)
    per_axis: list[Size] = [size for size in explanation.sizes for _ in size.axes]
    size = per_axis[at]
    if size.reason == "unchanged":
        return [f"The layer does not change it: {asked.part} = {show_value(asked.value)}"]
    if size.reason:
        return [f"{asked.part}: {size.reason} = {show_value(asked.value)}"]
    return [chained(asked.part, size.derivation)]


def _lines(section: Section) -> list[str]:
    """The statements of a section."""
    found = []
    for entry in section.entries:
        text = " = ".join([entry.label] * bool(entry.label) + pieces(entry))
        joint = "" if not text else " " if entry.prose.startswith("=") else ": " if text == entry.label else "; "
        found.append(text + (joint + entry.prose if entry.prose else ""))
    return found
