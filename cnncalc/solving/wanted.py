"""Conditions on a model: `bottleneck=7x7`, `conv_1.params=896`, `macs<=5G`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import inf
from typing import Any, NamedTuple

from cnncalc.analysis.check_claims import figure_of
from cnncalc.analysis.report import Report
from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal, did_you_mean
from cnncalc.graph.hints import layer_hint
from cnncalc.graph.model import Graph, Node
from cnncalc.graph.read_claims import COUNTS, OF_MODEL, SHAPES, SHORT, quantity
from cnncalc.layers.shapes import as_shape
from cnncalc.number_text import show_shape, thousands
from cnncalc.reading.scalars import value_of
from cnncalc.solving.question import unusable

FIGURES = (*COUNTS, *SHAPES)
"""The metrics of a layer, a block or the model that conditions may use: those of `expect`."""

TRAINING_MEMORY = "training_memory"
"""The peak of a training step, which depends on an optimizer. `solve` accepts it as the only condition."""

WantedSizes = tuple[int | float, ...]
ActualFigure = int | WantedSizes | None
"""The actual value of a metric; None if it is undefined."""

_SAID = re.compile(r"(.+?)\s*(<=|>=|≤|≥|=)\s*(.+)")
_RELATIONS: Mapping[str, str] = {"≤": "<=", "≥": ">="}
_MODEL = ("", "total", "model")


class Metric(NamedTuple):
    """A metric of the layer or block `name` (empty: the model)."""

    name: str
    figure: str

    def __str__(self) -> str:
        return f"{self.name}.{self.figure}" if self.name else self.figure

    @property
    def needs_report(self) -> bool:
        """Whether the metric is more than a shape, which the graph contains."""
        return self.figure != "output"


class Wanted(NamedTuple):
    """A condition on a metric of the layer or block `name` (empty: the model)."""

    name: str
    figure: str
    relation: str
    """`=`, `<=` or `>=`; only `=` for an output; for other sizes, it applies to each axis."""
    value: int | WantedSizes

    def __str__(self) -> str:
        shown = show_shape(self.value) if isinstance(self.value, tuple) else thousands(self.value)
        return f"{self.title} {self.relation} {shown}"

    @property
    def metric(self) -> Metric:
        return Metric(self.name, self.figure)

    @property
    def title(self) -> str:
        return str(self.metric)

    def holds(self, actual: ActualFigure, spatial: Shape) -> bool:
        """Whether the actual value meets the condition; for an output, its `spatial` axes may be compared alone."""
        if actual is None:
            return False
        if self.figure != "output":
            return all(_related(self.relation, one, other) for one, other in self._pairs(actual))
        assert isinstance(self.value, tuple)
        every = len(self.value) == 1 and set(spatial) == set(self.value)
        return self.value in (actual, spatial) or every

    def distance(self, actual: ActualFigure, spatial: Shape) -> float:
        """The distance of the actual value from the condition: 0 if it is met, infinite if the value is undefined."""
        if self.holds(actual, spatial):
            return 0
        if actual is None:
            return inf
        if self.figure == "output" and isinstance(self.value, tuple):
            actual = actual if isinstance(actual, tuple) and len(self.value) == len(actual) else spatial
            if len(self.value) not in (1, len(actual)) or not actual:
                return inf  # a shape with other axes is not near
        return sum(abs(one - other) for one, other in self._pairs(actual))

    def _pairs(self, actual: int | WantedSizes) -> Iterator[tuple[int | float, int | float]]:
        """Pairs of actual and desired numbers; a single desired number applies to every axis."""
        found = actual if isinstance(actual, tuple) else (actual,)
        wanted = self.value if isinstance(self.value, tuple) else (self.value,)
        return zip(found, wanted * len(found) if len(wanted) == 1 else wanted, strict=False)


def _related(relation: str, actual: int | float, wanted: int | float) -> bool:
    return {"=": actual == wanted, "<=": actual <= wanted, ">=": actual >= wanted}[relation]


def read_output(text: str) -> Wanted:
    """`7x7`, `bottleneck=7x7`, `bottleneck=512x7x7`. Raises SpecError."""
    name, _, shape = text.rpartition("=")
    name = name.strip().removesuffix(".output")
    return Wanted("" if name in (*_MODEL, "output") else name, "output", "=", _sizes(shape.strip()))


def read_wanted(text: str) -> Wanted:
    """`params=61706`, `conv_1.params=896`, `total.macs<=5G`, `pool_2.output=7x7`. Raises SpecError."""
    found = _SAID.fullmatch(text.strip())
    if not found:
        raise unusable(
            f'"{text}" is not a condition', "for example, params=61706, conv_1.macs<=5M or pool_2.output=7x7"
        )
    name, figure = read_metric(found[1])
    relation = _RELATIONS.get(found[2], found[2])
    if figure == "output":
        if relation != "=":
            raise unusable(f'"{text}": shapes can only be compared with =', "write output=7x7")
        return Wanted(name, figure, relation, _sizes(found[3]))
    if figure in SHAPES:
        return Wanted(name, figure, relation, _numbers(found[3]))
    try:
        return Wanted(
            name,
            figure,
            relation,
            quantity(found[3]),
        )
    except Refusal as refusal:
        raise unusable(f"{figure}: {refusal.message}", refusal.hint) from None


def read_metric(text: str) -> Metric:
    """`params`, `conv_1.params`, `total.macs`. Raises SpecError."""
    name, _, figure = text.strip().rpartition(".")
    figure = SHORT.get(figure, figure)
    if figure == TRAINING_MEMORY:
        hint = f'write cnncalc solve SPEC --vary batch=1..4096 --want "{TRAINING_MEMORY}<=24GiB"'
        raise unusable(f"{TRAINING_MEMORY} is only for solve, as its only condition on the whole model", hint, "E203")
    if figure not in FIGURES:
        known = f"known: {', '.join(FIGURES)}, and {TRAINING_MEMORY} for solve alone"
        hint = did_you_mean(figure, (*FIGURES, TRAINING_MEMORY)) or known
        raise unusable(f'unknown metric "{figure}"', hint, "E203")
    name = "" if name in _MODEL else name
    if name and figure in OF_MODEL:
        raise unusable(f"{figure} is a figure of the whole model", f"write {figure} without {name}.", "E203")
    return Metric(name, figure)


def _sizes(text: str) -> Shape:
    shape = as_shape(int(text) if text.isascii() and text.isdecimal() and len(text) <= 40 else text.replace("×", "x"))
    if shape is None:
        raise unusable(f'"{text}" is not a shape', "for example, bottleneck=7x7")
    return shape


def _numbers(text: str) -> WantedSizes:
    """Sizes that need not be whole: `0.5x0.5`. Raises SpecError."""
    numbers = tuple(value_of(part) for part in text.replace("×", "x").split("x"))
    if not all(isinstance(number, int | float) and not isinstance(number, bool) and number > 0 for number in numbers):
        raise unusable(f'"{text}" is not a number per axis', "for example, receptive_field<=32x32")
    return numbers  # type: ignore[return-value]


def actual_figure(metric: Metric, graph: Graph, report: Report | None) -> tuple[ActualFigure, Shape]:
    """The actual value of a metric and, for an output, its spatial axes. Raises SpecError for an unknown layer.

    A receptive field or effective stride is None if it is undefined.
    """
    if metric.figure == "output":
        shape = output_of(graph) if not metric.name else part_of(graph, metric.name)[-1].shape or ()
        return shape, graph.setting.spatial(shape)
    assert report is not None
    names = {node.name for node in part_of(graph, metric.name)} if metric.name else ()
    part = [layer for layer in report.layers if not metric.name or layer.name in names]
    found: Any = figure_of(metric.figure, part, report, graph=graph, whole=not metric.name)
    return found, ()


def output_of(graph: Graph) -> Shape:
    """The shape of the model's first output, which is the last layer by default."""
    place = graph.outputs[0][1] if graph.outputs else -1
    return graph.nodes[place].shape or ()


def part_of(graph: Graph, name: str) -> list[Node]:
    """The output or layer called `name`, or the layers of the block with that name. Raises SpecError."""
    found = [graph.nodes[place] for label, place in graph.outputs if label == name]
    found = found or [node for node in graph.nodes if node.name == name]
    found = found or [node for node in graph.nodes if node.name.startswith(f"{name}.")]
    if not found:
        layers = [node for node in graph.nodes if node.layer is not None]
        names = list(dict.fromkeys(part for node in layers for part in (*node.path[:1], node.name)))
        raise unusable(f'unknown layer "{name}"', layer_hint(name, names), "E206")
    return found
