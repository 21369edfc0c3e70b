"""The picture beside a question: its layer's window or its network, without the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnncalc.analysis.explain import explanations
from cnncalc.diagnostics import Refusal
from cnncalc.drawing.folding import diagram
from cnncalc.drawing.forms import svg
from cnncalc.drawing.layer_window import PICTURED
from cnncalc.drawing.picture import Picture
from cnncalc.drawing.sliding import GridSteps, grid_steps
from cnncalc.drawing.styles.question import graph_question, window_question
from cnncalc.graph.model import Graph, Node
from cnncalc.homework.figure_paths import AskedModel
from cnncalc.homework.sheet import QuestionPart
from cnncalc.homework.values import Output

_MOST_BOXES = 30


def question_svg(parts: Sequence[QuestionPart]) -> str | None:
    """The picture of a question with these parts as a complete SVG text; None if there is none to show."""
    picture = question_picture(parts)
    return None if picture is None else svg.render(picture)


def question_picture(parts: Sequence[QuestionPart]) -> Picture | None:
    """The picture of a question: the window of a single layer, with the numbers of literal arrays, or the network.

    It never contains an answer: neither output sizes nor the last window, and no counts. There is none for questions
    without a model, for single layers without a window, and where the padding follows from the output, as with `same`.
    """
    for part in parts:
        if isinstance(part.value, Output):
            return _array_picture(part.value)
        if part.question is not None:
            return _model_picture(part.question.about)
    return None


def _model_picture(about: AskedModel) -> Picture | None:
    nodes = [node for node in about.graph.nodes if node.layer is not None]
    if len(nodes) == 1:
        steps = _steps(about.graph, nodes[0])
        return None if steps is None else window_question(steps)
    found = diagram(about.graph, about.report)
    return graph_question(found) if 1 < found.root.size <= _MOST_BOXES else None


def _array_picture(output: Output) -> Picture | None:
    """The window on the numbers of the first channel."""
    steps = _steps(output.ready.graph, output.ready.node)
    return None if steps is None else window_question(steps, _numbers(output.ready.arrays[0]))


def _steps(graph: Graph, node: Node) -> GridSteps | None:
    """The windows of a layer whose padding is given as numbers."""
    if node.layer is None or node.layer.family not in PICTURED:
        return None
    (explanation,) = explanations(graph, [node], batch=1)
    try:
        return None if explanation.paddings else grid_steps(graph, node)
    except Refusal:
        return None


def _numbers(array: Any) -> tuple[tuple[float, ...], ...]:
    """The rows of the first channel, which is the last axis; a sequence has one row."""
    plane = array[..., 0]
    while plane.ndim > 2:
        plane = plane[0]
    rows = plane.reshape(1, -1) if plane.ndim == 1 else plane
    return tuple(tuple(float(value) for value in row) for row in rows)
