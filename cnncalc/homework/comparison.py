"""The comparison of an answer with the right value, in the notations that are accepted for it."""

from __future__ import annotations

import re
from fractions import Fraction

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import SpecError
from cnncalc.graph.model import Node
from cnncalc.homework.answers.numbers import read_number
from cnncalc.homework.answers.problems import unreadable
from cnncalc.homework.answers.shapes import WrittenShape, read_shape
from cnncalc.homework.answers.sums import WrittenNumber
from cnncalc.homework.answers.wording import is_blank, says_none
from cnncalc.homework.figure_paths import (
    WITH_BATCH,
    Asked,
    AskedModel,
    FigureValue,
    arrays_of,
    ask,
    axis_names,
    show_value,
    spatial_names,
)
from cnncalc.number_text import show_shape

_POINTED = re.compile(r"[^\d.,]*\d{1,3}\.\d{3}(?:\s+[A-Za-z]{2,})*")
"""A number whose point may separate thousands; no unit with a prefix follows."""
_COMMA = re.compile(r"[^\d.,]*[1-9]\d{0,2},\d{3}[^\d.,]*")
"""A number whose comma separates thousands, or decimals where the comma is the decimal mark."""
_PRODUCT = re.compile(r"\d\s*[x×X*·/+]\s*\d")

Compared = tuple[FigureValue | WrittenNumber | WrittenShape | None, str]
"""An answer's value if it is wrong, or None if it is right; and a note."""


def compare(about: AskedModel, asked: Asked, text: str) -> Compared:
    """Compare an answer with the value of a metric. Raises SpecError if the answer cannot be parsed."""
    if text.strip() and (is_blank(text) or (says_none(text) and asked.value != 0)):
        raise unreadable(text, 0, len(text), f'"{text.strip()}" is not an answer', "write a number or a shape")
    if isinstance(asked.value, tuple):
        return _compare_shape(about, asked, text, asked.value)
    return _compare_number(about, asked, text, asked.value)


def value_said(about: AskedModel, asked: Asked, text: str) -> FigureValue:
    """The value of an answer, right or wrong, with the axes in the model's order. Raises SpecError."""
    if not isinstance(asked.value, tuple):
        return read_number(text).value
    read = read_shape(text)
    return read.in_order(axis_names(about, len(asked.value))) or read.sizes if read.axes else read.sizes


def _compare_number(about: AskedModel, asked: Asked, text: str, value: int | Fraction) -> Compared:
    number = _read(text, value)
    if number is None:
        return None, "read as 0"
    if number.value == value:
        return None, ""
    _check_unit(asked, text, number)
    if note := _taught_otherwise(about, asked, number):
        return None, note
    if number.rounded and number.says(value):
        return None, f"right within the given digits; the exact value is {show_value(value)}"
    if value == int(value) and _POINTED.fullmatch(text.strip()):
        whole = read_number(re.sub(r"(?<=\d)\.(?=\d)", "", text))
        return (None, "the point was read as a thousands separator") if whole.value == value else (whole, "")
    _check_comma(text, number, value)
    return number, ""


def _check_unit(asked: Asked, text: str, number: WrittenNumber) -> None:
    """Raise SpecError for a unit that the metric cannot have: 1 MB of operations."""
    is_memory = asked.figure.endswith("bytes")
    is_share = asked.over is not None
    if number.kind and not (is_memory if number.kind == "bytes" else is_share):
        unit = {"bytes": "a unit of memory", "%": "a percent sign"}.get(number.kind, f'an "{number.kind}"')
        message = f'"{text.strip()}" has {unit}, but {asked.path} is a number without a unit'
        raise unreadable(text, 0, len(text), message, "write the number")


def _check_comma(text: str, number: WrittenNumber, value: int | Fraction) -> None:
    """Raise SpecError for a comma that makes the answer right if it is a decimal mark: 1,509 for 1.509."""
    plain_count = value == int(value) and not number.rounded  # nobody writes decimals of a count
    if plain_count or not _COMMA.fullmatch(text.strip()):
        return
    pointed = text.replace(",", ".")
    if not read_number(pointed).says(value):
        return
    message = f'"{text.strip()}" has two meanings: {pointed.strip()} and {show_value(number.value)}'
    raise unreadable(text, 0, len(text), message, "write a decimal point, and no separator of thousands")


def _read(text: str, value: int | Fraction) -> WrittenNumber | None:
    """The number of an answer; None for a word such as `none` where 0 is right. Raises SpecError."""
    return None if says_none(text) and value == 0 else read_number(text)


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
    if len(value) == 1 and _is_number(text, value[0]):
        return None, ""
    read = read_shape(text)
    sizes, batch = read.sizes, read.batch
    if read.written:
        return read, ""
    if asked.part == "shape" and asked.place is not None:
        return _compare_array(about, sizes, value, about.graph.nodes[asked.place])
    if asked.figure == WITH_BATCH and about.report.batch == 1 and batch and sizes == value[1:]:
        return None, f"the first size, {batch}, is the batch"
    if not asked.is_size:
        sizes = read.in_order(spatial_names(len(value))) or sizes if read.axes else sizes
        sizes = sizes * len(value) if len(sizes) == 1 else sizes  # one number for all axes
        return (None if sizes == value else sizes), ""
    if read.axes:
        sizes = read.in_order(axis_names(about, len(value))) or sizes
        return (None if sizes == value else sizes), ""
    moved = value if _is_reordered(about, asked) else _moved(about, value)
    as_whole = sizes[1:] in (value, moved)
    if not batch and len(sizes) == len(value) + 1 and as_whole and not _are_steps(about, asked, sizes[0]):
        sizes, batch = sizes[1:], str(sizes[0])
    return _compare_sizes(about, sizes, batch, value, moved)


def _moved(about: AskedModel, value: Shape) -> Shape:
    """A shape in the other layout."""
    return (*value[-1:], *value[:-1]) if about.graph.setting.layout == "HWC" else (*value[1:], *value[:1])


def _are_steps(about: AskedModel, asked: Asked, size: int) -> bool:
    """Whether a size in front of a layer's output is the number of steps of a sequence, which the layer drops."""
    node = _asked_node(about, asked)
    if node.layer is None or not node.layer.steps_first() or not node.inputs or about.report.batch == size:
        return False
    return about.graph.inputs_of(node)[0][:1] == (size,)


def _is_number(text: str, size: int) -> bool:
    """Whether an answer for a shape of one size is a number, such as `7·7·64 = 3136` or `3,136 units`."""
    try:
        return (_PRODUCT.search(text) is None or "=" in text) and read_number(text).value == size
    except SpecError:
        return False


def _is_reordered(about: AskedModel, asked: Asked) -> bool:
    """Whether the question is about the order of the axes, so that another layout is another answer."""
    node = _asked_node(about, asked)
    return node.layer is not None and node.layer.type in ("permute", "transpose")


def _asked_node(about: AskedModel, asked: Asked) -> Node:
    """The layer asked for, or the model's output."""
    return about.graph.nodes[about.graph.outputs[0][1] if asked.place is None else asked.place]


def _compare_sizes(
    about: AskedModel, sizes: Shape, batch: str, value: Shape, moved: Shape
) -> tuple[Shape | None, str]:  # fmt: skip
    """Compare sizes without names, with a batch in front or with the channels in the other layout: `moved`."""
    note = f"the first size, {batch}, is the batch" if batch else ""
    if sizes == value:
        return None, note
    if len(value) == 1 and [size for size in sizes if size != 1] == list(value):
        return None, f"axes of size 1 were ignored; here it is {show_shape(value)}"
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
