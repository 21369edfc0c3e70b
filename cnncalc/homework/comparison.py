"""The comparison of an answer with the right value, in the notations that are accepted for it."""

from __future__ import annotations

import re
from fractions import Fraction

from cnncalc.arithmetic.convention import Shape
from cnncalc.graph.model import Node
from cnncalc.homework.answer_parsing import WrittenNumber, WrittenShape, read_number, read_shape
from cnncalc.homework.figure_paths import Asked, AskedModel, FigureValue, arrays_of, ask, show_value
from cnncalc.number_text import show_shape

Compared = tuple[FigureValue | WrittenNumber | WrittenShape | None, str]
"""An answer's value if it is wrong, or None if it is right; and a note."""


def compare(about: AskedModel, asked: Asked, text: str) -> Compared:
    """Compare an answer with the value of a metric. Raises SpecError if the answer cannot be parsed."""
    if isinstance(asked.value, tuple):
        return _compare_shape(about, asked, text, asked.value)
    return _compare_number(about, asked, text, asked.value)


def _compare_number(about: AskedModel, asked: Asked, text: str, value: int | Fraction) -> Compared:
    is_pointed = value == int(value) and bool(re.fullmatch(r"\s*\d{1,3}(?:\.\d{3})+\s*", text))
    number = read_number(text.replace(".", ",") if is_pointed and text.count(".") > 1 else text)
    if number.value == value:
        return None, ""
    if note := _taught_otherwise(about, asked, number):
        return None, note
    if number.rounded and number.says(value):
        return None, f"right within the given digits; the exact value is {show_value(value)}"
    if is_pointed:
        whole = int(text.replace(".", ""))
        if whole == value:
            return None, "the point was read as a thousands separator"
        return WrittenNumber(Fraction(whole), Fraction(0), rounded=False), ""
    return number, ""


def _taught_otherwise(about: AskedModel, asked: Asked, number: WrittenNumber) -> str:
    """A note if the answer for FLOPs is 2·MACs, which many courses use; else an empty text."""
    if asked.figure != "flops" or asked.over is not None:
        return ""
    owner = "total" if asked.place is None else about.graph.nodes[asked.place].name
    twice = 2 * int(ask(about, f"{owner}.macs").value)  # type: ignore[arg-type]
    if not twice or not (number.value == twice or (number.rounded and number.says(twice))):
        return ""
    return f"2·MACs; with biases and element-wise operations it is {show_value(asked.value)}"


def _compare_shape(about: AskedModel, asked: Asked, text: str, value: Shape) -> Compared:
    read = read_shape(text)
    sizes, batch = read.sizes, read.batch
    if read.written:
        return read, ""
    if asked.part == "shape" and asked.place is not None:
        return _compare_array(about, sizes, value, about.graph.nodes[asked.place])
    if not asked.is_size:
        sizes = sizes * len(value) if len(sizes) == 1 else sizes  # one number for all axes
        return (None if sizes == value else sizes), ""
    if not batch and len(sizes) == len(value) + 1 and sizes[1:] == value:
        sizes, batch = sizes[1:], str(sizes[0])
    note = f"the first size, {batch}, is the batch" if batch else ""
    if sizes == value:
        return None, note
    moved = (*value[-1:], *value[:-1]) if about.graph.setting.layout == "HWC" else (*value[1:], *value[:1])
    if sizes == moved:
        first = "first" if about.graph.setting.layout == "HWC" else "last"
        return None, f"channels {first}; in this model's layout it is {show_shape(value)}"
    return sizes, ""


def _compare_array(about: AskedModel, sizes: Shape, value: Shape, node: Node) -> tuple[Shape | None, str]:
    """Compare the shape of one of a layer's arrays, in this order of axes or in PyTorch's."""
    assert node.layer is not None
    if sizes == value:
        return None, ""
    for array in arrays_of(about.graph, node):
        if array.shape == value and sizes == tuple(value[axis] for axis in node.layer.channels_first(array)):
            return None, f"outputs first, as in PyTorch and ONNX; here it is {show_shape(value)}"
    return sizes, ""
