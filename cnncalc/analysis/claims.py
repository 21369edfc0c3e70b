"""Holding a report against what its spec claims: `expect` and `budget`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.report import LayerReport, Report
from cnncalc.diagnostics import Diagnostic
from cnncalc.graph.model import Claim, Graph
from cnncalc.layers.base import show_shape

_OF_BATCH = {"macs", "flops", "activation_elements", "activation_bytes", "peak_activation_bytes"}
_OF_DTYPE = {"param_bytes", "activation_bytes", "peak_activation_bytes"}


def broken_claims(graph: Graph, report: Report) -> Iterator[Diagnostic]:
    """A diagnostic for every claim that does not hold, in the order of the spec: E401 expect, E402 budget.

    What a spec expects holds for the spec as written: a figure that the caller's batch or dtype changes is not asked.
    """
    if not graph.claims:
        return
    changed = _OF_BATCH if report.batch != 1 else set()
    if report.dtype != (graph.dtype or "float32"):
        changed = changed | _OF_DTYPE
    by_node = iter(report.layers)
    layers = [next(by_node) if node.layer is not None else None for node in graph.nodes]
    for claim in graph.claims:
        part = [layer for layer in layers[claim.first : claim.last] if layer is not None]
        actual = _figure(claim, part, report)
        if claim.kind == "expect" and claim.figure not in changed and not _equal(claim.value, actual):
            message = f"{claim.subject}: expected {claim.figure} {_show(claim.value)}, got {_show(actual)}"
            yield Diagnostic("E401", message, claim.span, hint=_difference(claim.value, actual))
        if claim.kind == "budget" and _exceeds(actual, claim.value):
            message = f"{claim.subject}: {claim.figure} {_show(actual)} exceeds the budget of {_show(claim.value)}"
            yield Diagnostic("E402", message, claim.span, hint=_difference(claim.value, actual))


def _figure(claim: Claim, part: list[LayerReport], report: Report) -> object:
    """The report's value of a figure: the model's, or the sum or last value over a layer or block."""
    if claim.figure == "layers":
        return len(part)
    if claim.whole and claim.figure == "output":
        shapes = {tensor.name: tensor.shape for tensor in report.outputs}
        return shapes if isinstance(claim.value, dict) else next(iter(shapes.values()))
    if claim.figure in ("output", "receptive_field", "effective_stride"):
        name = "output_shape" if claim.figure == "output" else claim.figure
        return getattr(part[-1], name) if part else None
    if claim.whole:
        return getattr(report.totals, claim.figure, None) or sum(getattr(layer, claim.figure, 0) for layer in part)
    if claim.figure == "peak_activation_bytes":
        return max((layer.activation_bytes for layer in part), default=0)
    if claim.figure == "param_bytes":
        return sum(layer.params for layer in part) * (report.totals.param_bytes // max(report.totals.params, 1))
    return sum(getattr(layer, claim.figure) for layer in part)


def _equal(wanted: object, actual: object) -> bool:
    if isinstance(wanted, dict) and isinstance(actual, dict):
        return all(actual.get(name) == shape for name, shape in wanted.items())
    if isinstance(wanted, tuple) and isinstance(actual, tuple) and len(wanted) == 1:
        return set(actual) == set(wanted)
    return wanted == actual


def _exceeds(actual: object, allowed: object) -> bool:
    if isinstance(actual, tuple) and isinstance(allowed, tuple):
        return any(size > limit for size, limit in zip(actual, allowed, strict=False))
    return isinstance(actual, int) and isinstance(allowed, int) and actual > allowed


def _difference(wanted: object, actual: object) -> str:
    if not isinstance(wanted, int) or not isinstance(actual, int):
        return ""
    return f"{abs(actual - wanted):,} too {'many' if actual > wanted else 'few'}"


def _show(value: object) -> str:
    if isinstance(value, tuple):
        return show_shape(value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_show(shape)}" for name, shape in value.items())
    return f"{value:,}" if isinstance(value, int) else "no single answer" if value is None else str(value)
