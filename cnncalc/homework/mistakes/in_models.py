"""Numbers taken from the input of the model instead of the input of the layer."""

from __future__ import annotations

from collections.abc import Iterable

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.graph.model import Node
from cnncalc.homework.figure_paths import Asked, AskedModel, FigureValue
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes.catalogue import misread
from cnncalc.homework.mistakes.kernels import depth_as, one_kernel

_COUNTED = ("params", "trainable_params", "macs")


def _count(own: LayerFormulas, figure: str) -> int:
    return int(own.macs) if figure == "macs" else own.params()


def _difference(about: AskedModel, node: Node, first: Shape, figure: str) -> int:
    """The change of a count of a node, if its filters have the depth of the model's input."""
    if node.layer is None or not one_kernel(node.layer) or node.shares is not None:
        return 0
    own = about.workings.formulas(node.layer, about.graph.inputs_of(node))
    depth = node.layer.channels(first)
    wrong = own.with_counts(depth_as(lambda: depth))
    return 0 if wrong is None else _count(wrong, figure) - _count(own, figure)


@misread("the depth of the model's input for every filter", "(F·F·C₀ + 1)·K", likely=2)
def image_depth_for_filters(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A filter has the depth of its own layer's input: the number of filters of the layer before."""
    if asked.figure not in _COUNTED or asked.over is not None or not isinstance(asked.value, int):
        return
    nodes, first = about.graph.nodes, about.report.inputs[0].shape
    if len(first) < 2:
        return
    chosen = nodes if asked.place is None else [nodes[asked.place]]
    changes = sum(_difference(about, node, first, asked.figure) for node in chosen)
    batch = about.report.batch if asked.figure == "macs" else 1
    if changes:
        yield asked.value + batch * changes, "the count with filters as deep as the model's input"


@misread("a dense layer at every position of the volume before flatten", "output = H×W×units", likely=2)
def dense_before_flatten(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """Flatten puts the whole volume in one row, so a dense layer gives one vector."""
    node = about.graph.nodes[about.graph.outputs[0][1] if asked.place is None else asked.place]
    if asked.figure != "output" or asked.part or node.layer is None or node.layer.type != "dense" or not node.shape:
        return
    before = about.graph.nodes[node.inputs[0]]
    if before.layer is not None and before.layer.type == "flatten":
        volume = about.graph.inputs_of(before)[0]
        yield (*before.layer.spatial(volume), node.shape[-1]), "the output for every position of the volume"


@misread("the layer before left out", "the input of the layer before", likely=3)
def layer_before_left_out(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A layer takes the output of the layer before it."""
    if asked.place is None or asked.part or asked.over is not None:
        return
    node = about.graph.nodes[asked.place]
    before = about.graph.nodes[node.inputs[0]] if len(node.inputs) == 1 else None
    if before is None or before.layer is None or len(before.inputs) != 1 or node.layer is None or node.shares:
        return
    try:
        wrong = about.workings.formulas(node.layer, about.graph.inputs_of(before))
        if asked.figure == "output":
            yield wrong.shape(), f"the output without {before.name}"
        elif asked.figure in _COUNTED:
            batch = about.report.batch if asked.figure == "macs" else 1
            yield _count(wrong, asked.figure) * batch, f"the count without {before.name}"
    except Refusal:  # this layer does not fit the other input
        return
