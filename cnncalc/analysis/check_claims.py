"""Holding a report against what its spec claims: `expect` and `budget`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.report import LayerReport, Report
from cnncalc.diagnostics import Diagnostic
from cnncalc.graph.model import Claim, Graph
from cnncalc.number_text import show_shape, thousands

_OF_BATCH = ("macs", "flops", "activation_elements", "activation_bytes", "peak_activation_bytes")
_OF_DTYPE = ("param_bytes", "activation_bytes", "peak_activation_bytes")


def broken_claims(graph: Graph, report: Report) -> Iterator[Diagnostic]:
    """A diagnostic for every claim that does not hold, in the order of the spec: E401 expect, E402 budget.

    What a spec expects holds for the spec as written: a figure that the caller's batch or dtype changes is not asked.
    """
    if not graph.claims:
        return
    changed = _OF_BATCH if report.batch != 1 else ()
    if report.dtype != (graph.dtype or "float32"):
        changed = (*changed, *_OF_DTYPE)
    by_node = iter(report.layers)
    layers = [next(by_node) if node.layer is not None else None for node in graph.nodes]
    for claim in graph.claims:
        part = [layer for layer in layers[claim.first : claim.last] if layer is not None]
        by_output = isinstance(claim.value, dict)
        actual = figure_of(claim.figure, part, report, whole=claim.whole, by_output=by_output)
        if claim.kind == "expect" and claim.figure not in changed and not _equal(claim.value, actual):
            message = f"{claim.subject}: expected {claim.key or claim.figure} {_said(claim)}, got {_show(actual)}"
            yield Diagnostic("E401", message, claim.span, hint=_difference(claim.value, actual))
        if claim.kind == "budget" and _exceeds(actual, claim.value):
            figure = claim.key or claim.figure
            message = f"{claim.subject}: {figure} {_show(actual)} exceeds the budget of {_said(claim)}"
            yield Diagnostic("E402", message, claim.span, hint=_difference(claim.value, actual))


def figure_of(
    figure: str, part: list[LayerReport], report: Report, *, whole: bool, by_output: bool = False
) -> object:  # fmt: skip
    """The report's value of a figure: the model's (`whole`), or the sum or last value over a layer or block.

    `by_output` gives the model's output as a shape for each of its outputs.
    """
    if figure == "layers":
        return len(part)
    if whole and figure == "output":
        shapes = {tensor.name: tensor.shape for tensor in report.outputs}
        return shapes if by_output else next(iter(shapes.values()))
    if figure in ("output", "receptive_field", "effective_stride"):
        name = "output_shape" if figure == "output" else figure
        return getattr(part[-1], name) if part else None
    if whole:
        return getattr(report.totals, figure, None) or sum(getattr(layer, figure, 0) for layer in part)
    if figure == "peak_activation_bytes":
        return max((layer.activation_bytes for layer in part), default=0)
    if figure == "param_bytes":
        return sum(layer.params for layer in part) * (report.totals.param_bytes // max(report.totals.params, 1))
    return sum(getattr(layer, figure) for layer in part)


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
    return f"{thousands(abs(actual - wanted))} too {'many' if actual > wanted else 'few'}"


def _said(claim: Claim) -> str:
    """The value of a claim with the unit that the user wrote: 5M, and what 16MiB are in bytes."""
    unit = claim.written.lstrip("0123456789., ")
    if not unit or not isinstance(claim.value, int):
        return _show(claim.value)
    return f"{claim.written} ({thousands(claim.value)})" if "i" in unit else claim.written


def _show(value: object) -> str:
    if isinstance(value, tuple):
        return show_shape(value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_show(shape)}" for name, shape in value.items())
    return thousands(value) if isinstance(value, int) else "no single answer" if value is None else str(value)
