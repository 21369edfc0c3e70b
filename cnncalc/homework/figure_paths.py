"""The metrics that a question can ask for, by path.

`conv_1.output`, `conv_1.output.height`, `conv_1.params`, `conv_1.weights` and `conv_1.biases`, `conv_1.kernel` (the
size of one of its arrays), `conv_1.kernel.shape`, `lstm_1.steps`, `total.macs`, `output`, `weight_layers`, and the
ratio of two: `total.unshared_params / total.params`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.analyze import examine
from cnncalc.analysis.figures import report_on
from cnncalc.analysis.report import LayerReport, Report
from cnncalc.arithmetic.convention import AXIS_NAMES, Shape
from cnncalc.diagnostics import Diagnostic, SpecError, did_you_mean
from cnncalc.graph.hints import layer_hint
from cnncalc.graph.model import Graph, Node
from cnncalc.homework.formulas import is_bias as is_bias
from cnncalc.homework.rework import Workings
from cnncalc.importing.unshaped import UnshapedRest
from cnncalc.layers.base import Weight
from cnncalc.number_text import show_number, show_shape
from cnncalc.reading.load import Reference

FigureValue = int | Fraction | Shape
"""The value of a metric: a count, a ratio, or a shape."""

COUNTS = (
    "params", "trainable_params", "non_trainable_params", "buffers", "unshared_params", "macs", "flops",
    "activation_elements", "activation_bytes",
)  # fmt: skip
TOTALS = (*COUNTS[:-1], "param_bytes", "peak_activation_bytes")
SHAPES = ("output", "input", "receptive_field", "effective_stride")
_FIELDS = SHAPES[2:]
"""The shapes without channels."""
SUMS = ("weights", "biases")
WITH_BATCH, WITH_STEPS = "output_with_batch", "output_with_steps"
FIGURES = (
    *dict.fromkeys((*COUNTS, *TOTALS, *SHAPES)), WITH_BATCH, WITH_STEPS, "steps", "layers", "weight_layers",
    "memory_bytes",
)  # fmt: skip
"""All metrics except those of single arrays: `weights`, `biases`, `kernel`, …"""
_SPELLINGS: Mapping[str, str] = {
    "output_shape": "output", "input_shape": "input", "shape": "output", "parameters": "params",
    "unshared_parameters": "unshared_params", "unshared": "unshared_params",
    "peak_activation": "peak_activation_bytes", "memory": "memory_bytes", "rf": "receptive_field",
    "batch_output": WITH_BATCH, "batched_output": WITH_BATCH, "sequence": WITH_STEPS,
}  # fmt: skip
_PARTS = ("height", "width", "depth", "length", "channels", "size")


class AskedModel(NamedTuple):
    """The model of a question: its graph, its report, and its nodes by name."""

    graph: Graph
    report: Report
    places: dict[str, int]
    workings: Workings

    def layer(self, place: int) -> LayerReport:
        """The report of the node at `place`."""
        return self.report.layer(self.graph.nodes[place].name)


class Asked(NamedTuple):
    """A requested metric. `place` is the layer's node, or None for the whole model; `part` is one axis of a shape."""

    path: str
    figure: str
    place: int | None
    part: str
    value: FigureValue
    over: Asked | None = None
    """The denominator, if the metric is a ratio."""

    @property
    def is_shape(self) -> bool:
        return isinstance(self.value, tuple)

    @property
    def is_size(self) -> bool:
        """Whether the metric is an output's shape or a part of it."""
        return self.figure in ("output", "input")


def show_value(value: FigureValue) -> str:
    """A value as text: `14x14x20`, `756,560`, `4.25`."""
    if isinstance(value, tuple):
        return show_shape(value)
    return show_number(plain_number(value))


def plain_number(value: int | Fraction) -> int | float:
    """An integer if the value is whole, else a float."""
    return int(value) if value == int(value) else float(value)


def subject(
    graph: Graph, workings: Workings | None = None, *, batch: int = 1, dtype: str | None = None,
    rest: UnshapedRest | None = None,
) -> AskedModel:  # fmt: skip
    """A graph with its report, for `batch` samples and the given `dtype` or that of the spec.

    `workings` is shared by the subjects of one call. With the `rest` of code that cannot be followed to its end, the
    metrics of the whole model are unknown.
    """
    report = report_on(graph, batch=batch, dtype=dtype or graph.dtype or "float32")
    return _subject(graph, report._replace(rest=rest), workings)


def subject_of(source: Reference, workings: Workings | None = None, **options: Any) -> AskedModel:
    """The subject of a spec; options are those of `analyze`. Raises SpecError for an invalid spec."""
    return _subject(*examine(source, **options), workings)


def _subject(graph: Graph, report: Report, workings: Workings | None) -> AskedModel:
    places = {node.name: place for place, node in enumerate(graph.nodes)}
    return AskedModel(graph, report, places, workings or Workings())


def ask(about: AskedModel, path: str) -> Asked:
    """The metric with a path. Raises SpecError with the closest name."""
    first, slash, second = path.partition("/")
    asked = _one(about, first.strip())
    if not slash:
        return asked
    over = _one(about, second.strip())
    if isinstance(asked.value, tuple) or isinstance(over.value, tuple):
        raise _mistake(f'"{path}" divides shapes; a ratio needs two numbers')
    if over.value == 0:
        raise _mistake(f'"{path}" divides by {over.path}, which is 0')
    return asked._replace(path=path.strip(), value=Fraction(asked.value) / over.value, over=over)


def _one(about: AskedModel, path: str) -> Asked:
    owner, rest = _owner(about, path)
    _check_known(about, owner, path)
    figure, _, part = rest.partition(".")
    if figure.endswith("_shape") and figure not in _SPELLINGS:
        figure, part = figure.removesuffix("_shape"), "shape"
    figure = _SPELLINGS.get(figure, figure)
    place = about.places.get(owner)
    if place is not None and about.graph.nodes[place].layer is None:
        value: FigureValue | None = about.graph.nodes[place].shape if figure in ("output", "input") else None
    elif place is not None and part == "shape" and figure not in SHAPES:
        return Asked(path, figure, place, part, _array_shape(about, place, figure, path))
    elif place is not None:
        value = _of_layer(about, place, figure)
    else:
        value = _of_model(about, figure)
    if value is None and figure in _FIELDS and about.report.layers:
        at = owner or about.report.layers[-1].name
        raise _mistake(f'"{path}": {figure} is undefined at {at}, or not a whole number')
    if value is None and path in about.places:
        raise _mistake(f'"{path}" is a layer', f"add a metric, for example {path}.output or {path}.params")
    if value is None:
        raise _mistake(
            f'"{path}": unknown metric "{rest or path}"{f" of {owner}" if owner else ""}',
            did_you_mean(rest or path, (*FIGURES, "weights", "biases", *about.places))
            or f"the metrics are {', '.join((*SHAPES, *SUMS, *COUNTS))}",
        )
    if part:
        rank = len(value) if isinstance(value, tuple) else 0
        value = _part(path, value, part, spatial_names(rank) if figure in _FIELDS else axis_names(about, rank))
    return Asked(path, figure, place, part, value)


def _check_known(about: AskedModel, owner: str, path: str) -> None:
    """Raise SpecError for a metric that depends on code that cannot be followed."""
    rest = about.report.rest
    if rest is None or owner or path.partition(".")[0] == "input":
        return
    raise _mistake(f'"{path}" is unknown: {rest.reason.message} ({rest.line})', rest.reason.hint)


def _owner(about: AskedModel, path: str) -> tuple[str, str]:
    """The layer at the beginning of a path, whose name may contain dots, and the rest; no layer for a total."""
    pieces = path.split(".")
    if pieces[0] in ("total", "totals", "model"):
        return "", ".".join(pieces[1:])
    for count in range(len(pieces) - 1, 0, -1):
        name = ".".join(pieces[:count])
        if name in about.places:
            return name, ".".join(pieces[count:])
    if about.report.rest is not None:
        return "", path
    if len(pieces) > 1 and path not in about.places and _SPELLINGS.get(pieces[0], pieces[0]) not in SHAPES:
        raise _mistake(f'"{path}": the model has no layer "{pieces[0]}"', layer_hint(pieces[0], about.places))
    return "", path


def _of_layer(about: AskedModel, place: int, figure: str) -> FigureValue | None:
    layer = about.layer(place)
    if figure in COUNTS:
        return int(getattr(layer, figure))
    if figure == "output":
        return layer.output_shape
    if figure == "input":
        return layer.input_shapes[0] if layer.input_shapes else None
    if figure in _FIELDS:
        return _whole(getattr(layer, figure))
    if figure == WITH_BATCH:
        return (about.report.batch, *layer.output_shape)
    if figure in (WITH_STEPS, "steps"):
        return _with_steps(about.graph.nodes[place], layer, figure)
    return _arrays(about.graph, about.graph.nodes[place], figure)


def _with_steps(node: Node, layer: LayerReport, figure: str) -> FigureValue | None:
    """The number of steps of a layer's sequence, or its output at every step, even if it returns only the last."""
    if node.layer is None or not node.layer.steps_first() or not layer.input_shapes:
        return None
    steps, features = layer.input_shapes[0][0], layer.output_shape[-1]
    if figure == "steps":
        return steps
    keeps_one = len(layer.input_shapes) > 1 and len(layer.output_shape) > 1  # of several sequences, such as the target
    return (layer.output_shape[0] if keeps_one else steps, features)


def _arrays(graph: Graph, node: Node, name: str) -> int | None:
    """The size of one of a layer's learned arrays, such as its kernel, of all its weights, or of all its biases."""
    arrays = arrays_of(graph, node)
    if name in SUMS:
        sizes = [array.size for array in arrays if not array.statistic and is_bias(array) == (name == "biases")]
        return sum(sizes) if arrays else None
    return next((array.size for array in arrays if array.name == name), None)


def _array_shape(about: AskedModel, place: int, name: str, path: str) -> Shape:
    """The shape of one of a layer's arrays. Raises SpecError."""
    arrays = arrays_of(about.graph, about.graph.nodes[place])
    name = "bias" if name == "biases" else name
    shape = next((array.shape for array in arrays if array.name == name), None)
    if shape is None:
        names = ", ".join(f"{array.name}.shape" for array in arrays)
        raise _mistake(f'"{path}": the layer has no array "{name}"', f"it has {names}" if names else "it has none")
    return shape


def arrays_of(graph: Graph, node: Node) -> list[Weight]:
    """A layer's arrays."""
    assert node.layer is not None
    return list(node.layer.weights(*graph.inputs_of(node), node.shape or ()))


def _weight_layers(about: AskedModel) -> int:
    """The number of layers with weights in the sense of "a network of 16 layers": a kernel, a matrix, a table.

    Source: Simonyan and Zisserman, arXiv 1409.1556, table 1. Normalizations and slopes, with one number per channel, do
    not count.
    """
    return sum(
        any(len(array.shape) > 1 and not array.statistic for array in arrays_of(about.graph, node))
        for node in about.graph.nodes
        if node.layer is not None
    )


def _of_model(about: AskedModel, figure: str) -> FigureValue | None:
    report = about.report
    if figure in TOTALS:
        return int(getattr(report.totals, figure))
    if figure in COUNTS and len(report.layers) == 1:
        return int(getattr(report.layers[0], figure))
    if figure == "memory_bytes":
        return report.totals.param_bytes + report.totals.peak_activation_bytes
    if figure == "layers":
        return len(report.layers)
    if figure == "weight_layers":
        return _weight_layers(about)
    if figure in SUMS:
        nodes = [node for node in about.graph.nodes if node.layer is not None and node.shares is None]
        return sum(_arrays(about.graph, node, figure) or 0 for node in nodes)
    if figure == WITH_BATCH:
        return (report.batch, *report.outputs[0].shape)
    if figure == "output":
        return report.outputs[0].shape
    if figure == "input":
        return report.inputs[0].shape
    if figure in _FIELDS and report.layers:
        return _whole(getattr(report.layers[-1], figure))
    return None


def _whole(sizes: tuple[int | float, ...] | None) -> FigureValue | None:
    """A receptive field or stride as whole numbers; None if it is undefined or a fraction."""
    if not sizes or any(size != int(size) for size in sizes):
        return None
    return tuple(int(size) for size in sizes)


def _part(path: str, value: FigureValue, part: str, names: tuple[str, ...]) -> int:
    """One axis of a shape with axes of these names, or the number of its elements."""
    if not isinstance(value, tuple):
        raise _mistake(f'"{path}": a number has no {part}')
    if part == "size":
        return prod(value)
    if part not in names:
        raise _mistake(f'"{path}": {show_shape(value)} has no {part}', f"it has {', '.join(names)}")
    return value[names.index(part)]


def axis_names(about: AskedModel, rank: int) -> tuple[str, ...]:
    """The names of a shape's axes in the model's layout."""
    spatial = spatial_names(rank - 1)
    return (*spatial, "channels") if about.graph.setting.layout == "HWC" else ("channels", *spatial)


def spatial_names(count: int) -> tuple[str, ...]:
    """The names of this number of axes without the channels."""
    return AXIS_NAMES.get(count) or tuple(f"axis_{place}" for place in range(1, count + 1))


def _mistake(message: str, hint: str = "") -> SpecError:
    return SpecError([Diagnostic("E502", message, hint=hint)])
