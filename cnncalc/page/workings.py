"""The working of every layer and the picture of its window, as parts that equal layers share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.analysis.explain import explanations
from cnncalc.analysis.explanation import Explanation
from cnncalc.drawing.layer_window import layer_window
from cnncalc.graph.model import Graph, Node
from cnncalc.page.drawn import picture_element
from cnncalc.page.templates import Templates
from cnncalc.render.explanation.html import section_html
from cnncalc.render.explanation.sections import sections


class Working(NamedTuple):
    """The numbers of a layer's parts: its sections in order, and its picture."""

    sections: tuple[int, ...]
    picture: int | None


def workings(graph: Graph, batch: int, templates: Templates) -> Iterator[Working]:
    """The working of each layer, in the order of the model."""
    nodes = [node for node in graph.nodes if node.layer is not None]
    pictures = _Pictures(graph, templates)
    for node, explanation in zip(nodes, explanations(graph, nodes, batch=batch), strict=True):
        parts = tuple(templates.number(section_html(section)) for section in sections(explanation))
        yield Working(parts, pictures.number(node, explanation))


class _Pictures:
    """The pictures that are drawn so far, by layer and input shape: within a graph, equal layers are one object."""

    def __init__(self, graph: Graph, templates: Templates) -> None:
        self._graph = graph
        self._templates = templates
        self._known: dict[object, int | None] = {}

    def number(self, node: Node, explanation: Explanation) -> int | None:
        """The number of a layer's picture; None for a layer without a window."""
        assert node.layer is not None
        key = (node.layer, explanation.inputs)
        if key not in self._known:
            self._known[key] = self._drawn(node, explanation)
        return self._known[key]

    def _drawn(self, node: Node, explanation: Explanation) -> int | None:
        picture = layer_window(self._graph, node, explanation)
        if picture is None:
            return None
        return self._templates.number(picture_element(picture, title=f"The window of a {explanation.type} layer"))
