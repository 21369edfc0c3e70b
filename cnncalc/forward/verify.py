"""Comparing the forward pass with the report, layer by layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from cnncalc import shown
from cnncalc.analysis.analyze import load
from cnncalc.analysis.figures import report_on
from cnncalc.analysis.report import LayerReport, Report
from cnncalc.arithmetic.convention import Shape
from cnncalc.forward.receptive_field import MAX_WORK, Probe, probe_receptive_field
from cnncalc.forward.run import Step, random_inputs, run
from cnncalc.forward.weights import Float32Array, declared, untied
from cnncalc.graph.model import Graph
from cnncalc.number_text import scientific, show_shape, thousands
from cnncalc.reading.limits import limits_of
from cnncalc.reading.load import Reference

TOLERANCE = 1e-4
"""The largest allowed difference between the results of tied and shared weights, relative to the largest value."""


class VerifyOptions(NamedTuple):
    """The parts of a verification, and its random numbers."""

    seed: int = 0
    batch: int = 1
    unshared: bool = False
    """Whether layers with sliding kernels also run with one kernel per position."""
    receptive_field: bool = False
    """Whether the input is also perturbed to find each layer's receptive field."""
    most_probing: int = MAX_WORK
    """The maximum multiply–accumulates of probing the receptive field."""


class LayerCheck(NamedTuple):
    """One layer: the values of the report and those of the arrays. `problem` is empty if they agree."""

    name: str
    type: str
    reported_shape: Shape
    actual_shape: Shape | None
    reported_weights: int
    actual_weights: int
    reported_unshared: int | None
    actual_unshared: int | None
    difference: float | None
    """The largest relative difference between the results of untied and shared weights, if both ran."""
    problem: str
    remark: str = ""
    params: int = 0
    """The numbers of parameters and buffers in the arrays, counted as in a summary: shared ones at their owner."""
    buffers: int = 0


@shown.in_notebooks
class Verification(NamedTuple):
    """The result of verifying a model."""

    name: str
    layers: tuple[LayerCheck, ...]
    probes: tuple[Probe, ...]

    @property
    def problems(self) -> list[str]:
        """Every disagreement, in the order of the layers."""
        found = [f"{check.name}: {check.problem}" for check in self.layers if check.problem]
        return found + [f"{probe.name}: {probe.problem}" for probe in self.probes if probe.problem]


def verify(
    source: Reference, *, seed: int = 0, batch: int = 1, unshared: bool = False, receptive_field: bool = False,
    **options: Any,
) -> Verification:  # fmt: skip
    """Run a spec on random input with random weights, and compare every layer's output with the report.

    `options` are those of `cnncalc.load`. `unshared` also runs layers with sliding kernels with one kernel per
    position; `receptive_field` also perturbs the input to find each layer's receptive field. Raises SpecError for an
    invalid spec; `Verification.problems` lists every disagreement.
    """
    graph = load(source, **options | {"limits": limits_of("verify", options.get("limits"))})
    return verify_graph(graph, None, VerifyOptions(seed, batch, unshared, receptive_field))


def verify_graph(
    graph: Graph, report: Report | None = None, options: VerifyOptions = VerifyOptions(),  # noqa: B008
    *, progress: Callable[[LayerReport], None] = lambda layer: None,
) -> Verification:  # fmt: skip
    """Like `verify`, for a graph and its report; `progress` is called with each layer as it runs."""
    report = report or report_on(graph)
    reported = {layer.name: layer for layer in report.layers}
    held = {layer.name: layer.params + layer.buffers for layer in report.layers}
    checks = []
    seed, batch, unshared = options.seed, options.batch, options.unshared
    for step in run(graph, random_inputs(graph, seed=seed, batch=batch), seed=seed):
        layer = reported.pop(graph.nodes[step.node].name)
        progress(layer)
        checks.append(_check(graph, step, layer, _expected(graph, step.node, held), batch, unshared=unshared))
    checks.extend(_not_run(layer) for layer in reported.values())
    probes: list[Probe] = []
    if options.receptive_field:
        probes = probe_receptive_field(graph, report, seed=seed, most=options.most_probing)
    return Verification(report.name, tuple(checks), tuple(probes))


def _expected(graph: Graph, index: int, held: dict[str, int]) -> int:
    """The weights of a node: those that the report counts there, and those of the layer it shares with."""
    node = graph.nodes[index]
    if node.shares is None:
        return held[node.name]
    if not node.ties:
        return _expected(graph, node.shares, held)
    names = {tie.theirs for tie in node.ties}
    return held[node.name] + sum(weight.size for weight in declared(graph, node.shares) if weight.name in names)


def _check(graph: Graph, step: Step, layer: LayerReport, expected: int, batch: int, *, unshared: bool) -> LayerCheck:
    node = graph.nodes[step.node]
    assert node.layer is not None
    actual = None if step.output is None else tuple(step.output.shape[1:])
    weights = sum(array.size for array in step.weights.values())
    problem = step.failure
    if not problem and actual != layer.output_shape:
        shown = show_shape(actual) if actual is not None else "nothing"
        problem = f"the report states {show_shape(layer.output_shape)}, the array is {shown}"
    samples = 1 if node.unbatched else batch * layer.samples
    if not problem and step.output is not None and len(step.output) != samples:
        problem = f"the report states {thousands(samples)} samples, the array has {thousands(len(step.output))}"
    if not problem and weights != expected:
        problem = f"the report counts {thousands(expected)} weights, the arrays have {thousands(weights)}"
    copies = difference = None
    if unshared and not problem:
        copies, difference, problem = _untie(graph, step, layer)
    remark = "" if node.layer.witnessed else "declared by the spec, not verified"
    buffers = 0 if graph.setting.convention.statistics_are_params else _statistics(graph, step)
    own = weights - (expected - layer.params - layer.buffers)
    return LayerCheck(
        layer.name, layer.type, layer.output_shape, actual, expected, weights,
        layer.unshared_params if unshared else None, copies, difference, problem, remark, own - buffers, buffers,
    )  # fmt: skip


def _statistics(graph: Graph, step: Step) -> int:
    """The count of a layer's own numbers that are not learned: moving means, fixed kernels."""
    if graph.nodes[step.node].shares is not None:
        return 0
    names = [weight.name for weight in declared(graph, step.node) if weight.statistic]
    return sum(step.weights[name].size for name in names if name in step.weights)


def _untie(graph: Graph, step: Step, layer: LayerReport) -> tuple[int | None, float | None, str]:
    """Run the layer again with one copy of its weights per position: their number, the difference, the problem."""
    node = graph.nodes[step.node]
    declarations = declared(graph, step.node)
    if node.layer is None or not node.layer.slides_weights or not declarations:
        return None, None, ""
    copies = untied(step.weights, declarations)
    count = sum(array.size for array in copies.values())
    result = node.layer.forward_untied(np, *step.inputs, **copies)
    if node.activation is not None:
        result = node.activation.forward(np, result)
    assert step.output is not None
    difference = relative_difference(result, step.output)
    if count != layer.unshared_params:
        problem = f"the report counts {thousands(layer.unshared_params)} unshared weights, not {thousands(count)}"
        return count, difference, problem
    if difference > TOLERANCE:
        return count, difference, f"tied copies differ from the shared weights' result by {scientific(difference)}"
    return count, difference, ""


def relative_difference(one: Float32Array, other: Float32Array) -> float:
    """The largest difference between two arrays, relative to the largest magnitude."""
    if one.shape != other.shape:
        return float("inf")
    scale = float(np.max(np.abs(other), initial=0.0))
    return float(np.max(np.abs(one - other), initial=0.0)) / (scale or 1.0)


def _not_run(layer: LayerReport) -> LayerCheck:
    return LayerCheck(
        layer.name, layer.type, layer.output_shape, None, layer.params + layer.buffers, 0, None, None, None,
        "not run: a layer before it failed",
    )  # fmt: skip
