"""What a question asks for: any figure of a report, by its path.

`conv_1.output`, `conv_1.output.height`, `conv_1.params`, `conv_1.kernel` (the size of one of its arrays),
`total.macs`, `output`, and the ratio of two: `total.unshared_params / total.params`.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import NamedTuple

from cnncalc.analysis.figures import report_on
from cnncalc.analysis.report import LayerReport, Report
from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, SpecError, did_you_mean
from cnncalc.graph.hints import layer_hint
from cnncalc.graph.model import Graph, Node
from cnncalc.homework.rework import Workings
from cnncalc.layers.base import AXIS_NAMES

Value = int | Fraction | Shape
"""A figure: a count, a ratio, or a shape."""

COUNTS = (
    "params", "trainable_params", "non_trainable_params", "buffers", "unshared_params", "macs", "flops",
    "activation_elements", "activation_bytes",
)  # fmt: skip
TOTALS = (*COUNTS[:-1], "param_bytes", "peak_activation_bytes")
SHAPES = ("output", "input", "receptive_field", "effective_stride")
_SPELLINGS = {
    "output_shape": "output", "input_shape": "input", "shape": "output", "parameters": "params",
    "weights": "params", "unshared_parameters": "unshared_params", "unshared": "unshared_params",
    "peak_activation": "peak_activation_bytes", "rf": "receptive_field",
}  # fmt: skip
_PARTS = ("height", "width", "depth", "length", "channels", "size")


class Subject(NamedTuple):
    """A model that questions are asked about: its graph, its report, and its nodes by name."""

    graph: Graph
    report: Report
    places: dict[str, int]
    workings: Workings

    def layer(self, place: int) -> LayerReport:
        """The report of the node at `place`."""
        return self.report.layer(self.graph.nodes[place].name)


class Asked(NamedTuple):
    """A figure that is asked for. `place` is the layer's node, None for the whole model; `part` one axis of a shape."""

    path: str
    figure: str
    place: int | None
    part: str
    value: Value
    over: Asked | None = None
    """The figure that this one is divided by, where a ratio is asked for."""

    @property
    def is_shape(self) -> bool:
        return isinstance(self.value, tuple)

    @property
    def is_size(self) -> bool:
        """Whether an output's shape, or a part of it, is asked for."""
        return self.figure in ("output", "input")


def subject(graph: Graph, workings: Workings | None = None) -> Subject:
    """A graph with its report; `workings` are what subjects of one call have in common."""
    places = {node.name: place for place, node in enumerate(graph.nodes)}
    return Subject(graph, report_on(graph), places, workings or Workings())


def ask(about: Subject, path: str) -> Asked:
    """The figure that a path names. Raises SpecError with what it could have meant."""
    first, slash, second = path.partition("/")
    asked = _one(about, first.strip())
    if not slash:
        return asked
    over = _one(about, second.strip())
    if isinstance(asked.value, tuple) or isinstance(over.value, tuple):
        raise _mistake(f'"{path}" divides shapes; a ratio is of two numbers')
    if over.value == 0:
        raise _mistake(f'"{path}" divides by {over.path}, which is 0')
    return asked._replace(path=path.strip(), value=Fraction(asked.value) / over.value, over=over)


def _one(about: Subject, path: str) -> Asked:
    owner, rest = _owner(about, path)
    figure, _, part = rest.partition(".")
    figure = _SPELLINGS.get(figure, figure)
    place = about.places.get(owner) if owner else None
    if place is not None and about.graph.nodes[place].layer is None:
        value: Value | None = about.graph.nodes[place].shape if figure in ("output", "input") else None
    elif place is not None:
        value = _of_layer(about, place, figure)
    else:
        value = _of_model(about, figure)
    if value is None and figure in ("receptive_field", "effective_stride") and about.report.layers:
        at = owner or about.report.layers[-1].name
        raise _mistake(f'"{path}": {figure} is undefined at {at}, or no whole number')
    if value is None:
        raise _mistake(
            f'"{path}": there is no figure "{rest or path}"{f" of {owner}" if owner else ""}',
            did_you_mean(rest or path, (*COUNTS, *TOTALS, *SHAPES, *about.places)) or f"ask for {', '.join(COUNTS)}",
        )
    if part:
        value = _part(about, path, value, part)
    return Asked(path, figure, place, part, value)


def _owner(about: Subject, path: str) -> tuple[str, str]:
    """The layer that a path begins with, whose name may hold dots, and what is left; no layer for a total."""
    pieces = path.split(".")
    if pieces[0] in ("total", "totals", "model"):
        return "", ".".join(pieces[1:])
    for count in range(len(pieces) - 1, 0, -1):
        name = ".".join(pieces[:count])
        if name in about.places:
            return name, ".".join(pieces[count:])
    if len(pieces) > 1 and _SPELLINGS.get(pieces[0], pieces[0]) not in SHAPES:
        raise _mistake(f'"{path}": the model has no layer "{pieces[0]}"', layer_hint(pieces[0], about.places))
    return "", path


def _of_layer(about: Subject, place: int, figure: str) -> Value | None:
    layer = about.layer(place)
    if figure in COUNTS:
        return int(getattr(layer, figure))
    if figure == "output":
        return layer.output_shape
    if figure == "input":
        return layer.input_shapes[0] if layer.input_shapes else None
    if figure in ("receptive_field", "effective_stride"):
        return _whole(getattr(layer, figure))
    return _array(about.graph, about.graph.nodes[place], figure)


def _array(graph: Graph, node: Node, name: str) -> int | None:
    """The size of one of a layer's arrays: its kernel, its bias."""
    assert node.layer is not None
    shapes = (*graph.inputs_of(node), node.shape or ())
    return next((weight.size for weight in node.layer.weights(*shapes) if weight.name == name), None)


def _of_model(about: Subject, figure: str) -> Value | None:
    report = about.report
    if figure in TOTALS:
        return int(getattr(report.totals, figure))
    if figure == "layers":
        return len(report.layers)
    if figure == "output":
        return report.outputs[0].shape
    if figure == "input":
        return report.inputs[0].shape
    if figure in ("receptive_field", "effective_stride") and report.layers:
        return _whole(getattr(report.layers[-1], figure))
    return None


def _whole(sizes: tuple[int | float, ...] | None) -> Value | None:
    """A receptive field or stride as whole numbers; None where there is no single answer, or a fraction."""
    if not sizes or any(size != int(size) for size in sizes):
        return None
    return tuple(int(size) for size in sizes)


def _part(about: Subject, path: str, value: Value, part: str) -> int:
    """One axis of a shape, or the number of its elements."""
    if not isinstance(value, tuple):
        raise _mistake(f'"{path}": a number has no {part}')
    if part == "size":
        return prod(value)
    names = axis_names(about, len(value))
    if part not in names:
        raise _mistake(f'"{path}": there is no {part} in {"x".join(map(str, value))}', f"ask for {', '.join(names)}")
    return value[names.index(part)]


def axis_names(about: Subject, rank: int) -> tuple[str, ...]:
    """The names of a shape's axes in the model's layout."""
    spatial = AXIS_NAMES.get(rank - 1) or tuple(f"axis_{place}" for place in range(1, rank))
    return (*spatial, "channels") if about.graph.setting.layout == "HWC" else ("channels", *spatial)


def _mistake(message: str, hint: str = "") -> SpecError:
    return SpecError([Diagnostic("E502", message, hint=hint)])
