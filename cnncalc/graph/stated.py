"""Sizes that an item states, `in_channels=64`, against those that arrive."""

from __future__ import annotations

from math import prod

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.graph.model import Node
from cnncalc.layers.argument_meaning import meaning
from cnncalc.layers.base import Layer
from cnncalc.number_text import show_shape


def check_stated(layer: Layer, nodes: list[Node], sources: tuple[int, ...], shapes: tuple[Shape, ...]) -> None:
    """Refuse a stated size that differs from what arrives, with both numbers and where the second comes from."""
    while layer.wraps:
        layer, shapes = layer.layer, layer.inside(*shapes)  # type: ignore[attr-defined]
    for word, number in layer.stated.items():
        found = meaning(type(layer), word)
        assert found is not None
        arriving = layer.arriving(found.states, *shapes)
        if arriving == number:
            continue
        place = min({"second": 1, "third": 2}.get(found.states.partition(" ")[0], 0), len(sources) - 1)
        source = sources[place]
        size = found.states.rpartition(" ")[2]
        raise Refusal(
            f"{word} is {number}, but {_arrives(nodes, source, size, arriving)}",
            hint=_hint(layer, nodes[source], shapes[place], number, size) or f"write {arriving}, or leave {word} out",
            field=word,
            code="E308",
        )


def _arrives(nodes: list[Node], source: int, size: str, arriving: int) -> str:
    """Where a size comes from: `16x6x6 flattened is 576`."""
    node = nodes[source]
    assert node.shape is not None
    shape = show_shape(node.shape)
    if node.layer is not None and node.layer.type == "flatten" and len(node.shape) == 1:
        before = nodes[node.inputs[0]]
        if before.shape is not None and len(before.shape) > 1:
            return f"{show_shape(before.shape)} flattened is {arriving}"
    subject = f"the input {shape} has" if node.layer is None else f"{node.name} gives {shape}, which has"
    if len(node.shape) == 1:
        return f"the input has {arriving}" if node.layer is None else f"{node.name} gives {arriving}"
    if size == "numbers" and len(node.shape) > 2 and arriving != prod(node.shape):
        whole = f"the input {shape}" if node.layer is None else f"{shape}, which {node.name} gives,"
        return f"the last axis of {whole} has {arriving}"
    return f"{subject} {arriving} {size if arriving != 1 else size.removesuffix('s')}"


def _hint(layer: Layer, node: Node, shape: Shape, number: int, size: str) -> str:
    """The hint where the size is right once the shape, or the layer, is read in another way."""
    layout = layer.setting.layout
    if size == "numbers" and len(shape) > 1 and shape[-1] == number:
        title = layer.setting.convention.title
        return f"{title} connects to the whole input; for the last axis alone write convention: pytorch"
    if size == "numbers" and len(shape) > 2 and shape[-1] != prod(shape):
        flat = f"{show_shape(shape)} flattened is {prod(shape)}"
        return f"put flatten before it: {flat}" if number == prod(shape) else f"if flatten is missing before it, {flat}"
    if size == "channels" and node.layer is None:
        other, named, end = (shape[0], "CHW", "last") if layout == "HWC" else (shape[-1], "HWC", "first")
        if other == number:
            return f"shapes are read as {layout}, channels {end}: write layout: {named} in the spec"
    return ""
