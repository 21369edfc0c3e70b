"""Solving for the sizes of a model: it is built with each candidate, and the result is compared with the conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TextIO

from cnncalc.analysis.figures import report_on
from cnncalc.diagnostics import Diagnostic, SpecError
from cnncalc.graph.document import LAYERS_OF_A_VARIANT, Overrides, build
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.model import Graph
from cnncalc.graph.work import LayerCount
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.number_text import thousands
from cnncalc.reading.bundled import meant_bundled
from cnncalc.reading.load import Reference
from cnncalc.solving.family import ChosenValues, is_of_sizes, read_family
from cnncalc.solving.question import unusable
from cnncalc.solving.ranges import WrittenRange
from cnncalc.solving.remainder import left_over
from cnncalc.solving.study import LeftOver, Study, Trial, failure_of
from cnncalc.solving.wanted import Wanted, actual_figure, output_of

MOST = 10_000
"""The maximum number of combinations, each of which builds the model and takes milliseconds."""

MOST_LAYERS_BUNDLED = 500_000
"""The maximum number of layers built for a bundled spec in all combinations, about half a minute."""
MOST_LAYERS_IN_FILES = 150_000
"""The same for a model file, which lists each of its layers: about ten seconds."""
MOST_LAYERS_READ_AGAIN = 60_000
"""The same for a model file that is read for each combination: about twenty seconds."""
LARGEST_MODELS = 3
"""The limit on the layers of all combinations for other specs, as a multiple of the largest model."""


class Amount(NamedTuple):
    """The batch size and the data type; None for the spec's own."""

    batch: int = 1
    dtype: str | None = None


def study(
    source: Reference, ranges: Mapping[str, WrittenRange], wanted: tuple[Wanted, ...], *, overrides: Overrides,
    amount: Amount = Amount(), stdin: TextIO | None = None,  # noqa: B008
) -> Study:  # fmt: skip
    """A study of every combination of the ranges' values in the spec.

    Raises SpecError if the spec fails for a reason other than its sizes, or there are too many combinations.
    """
    family = read_family(source, ranges, overrides, stdin)
    document, varied, size = family.document, family.varied, family.size
    assert document.root is not None
    if size > MOST:
        raise unusable(
            f"{thousands(size)} combinations are more than {thousands(MOST)}", "use steps, such as 32..512:32"
        )
    name, layers = "", 0
    trials: list[Trial] = []
    bundled = isinstance(source, str) and meant_bundled(source) is not None
    by_file = MOST_LAYERS_READ_AGAIN if family.is_read_again else MOST_LAYERS_IN_FILES
    least = MOST_LAYERS_BUNDLED if bundled else by_file if document.format else 0
    most = max(LARGEST_MODELS * overrides.limits.expanded(document.root.source.extent).layers, least)
    rejected: list[Diagnostic] = []
    cache = BuildCache()
    for values in map(family.values, range(size)):
        built = LayerCount()
        graph, diagnostics = family.build(values, cache, built)
        layers += max(0, built.layers - LAYERS_OF_A_VARIANT)
        _check_layers(layers, len(trials) + 1, size, most)
        if graph is None:
            rejected = rejected or ([] if is_of_sizes(diagnostics) else diagnostics)
            trials.append(Trial(values, failure=failure_of(diagnostics[0])))
            continue
        name = graph.name
        trials.append(_trial(graph, values, wanted, amount))
    if rejected and all(trial.failure for trial in trials):
        raise SpecError(rejected)
    written, _ = build(document.root, family.base.overrides, cache)
    name = name or (written.name if written else "")
    return Study(name, varied, wanted, tuple(trials), written.doubts if written else (), document.remarks)


def _check_layers(layers: int, tried: int, size: int, most: int) -> None:
    if layers > most:
        built = f"{thousands(tried)} of {thousands(size)} combinations have {thousands(layers)} layers in total"
        hint = "narrow the ranges, use steps, such as 32..512:32, or give --max-layers N"
        raise unusable(f"{built}, more than {thousands(most)}", hint)


def _trial(graph: Graph, values: ChosenValues, wanted: tuple[Wanted, ...], amount: Amount) -> Trial:
    needed = any(each.metric.needs_report for each in wanted)
    report = report_on(graph, batch=amount.batch, dtype=amount.dtype or graph.dtype or "float32") if needed else None
    figures = [actual_figure(each.metric, graph, report) for each in wanted]
    return Trial(
        values,
        output_of(graph),
        tuple(figure for figure, _ in figures),
        sum(each.distance(*found) for each, found in zip(wanted, figures, strict=True)),
        tuple(_left_over(graph)),
    )


def _left_over(graph: Graph) -> Iterator[LeftOver]:
    """The layers whose strides do not divide evenly."""
    for node in graph.nodes:
        layer = node.layer
        if not isinstance(layer, WindowLayer) or not layer.slides_over_input or layer.inputs != (1, 1):
            continue
        x = graph.inputs_of(node)[0]
        sizes = tuple(left_over(W, window) for W, window in zip(layer.spatial(x), layer.windows(x), strict=True))
        if any(sizes):
            yield LeftOver(node.name, sizes)
