"""Checking a report against the claims of its spec: `expect` and `budget`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.receptive_field import views
from cnncalc.analysis.report import LayerReport, Report
from cnncalc.diagnostics import Diagnostic
from cnncalc.graph.model import Claim, Graph
from cnncalc.graph.read_claims import OF_MODEL
from cnncalc.number_text import show_shape, thousands

_OF_BATCH = ("macs", "flops", "activation_elements", "activation_bytes", "peak_activation_bytes")
_OF_DTYPE = ("param_bytes", "activation_bytes", "peak_activation_bytes")


def broken_claims(graph: Graph, report: Report) -> Iterator[Diagnostic]:
    """A diagnostic for every claim that is not met, in the order of the spec: E401 expect, E402 budget.

    Expectations apply to the spec as written: metrics that depend on the caller's batch or dtype are not checked.
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
        actual = figure_of(claim.figure, part, report, graph=graph, whole=claim.whole, by_output=by_output)
        if claim.kind == "expect" and claim.figure not in changed and not _equal(claim.value, actual):
            message = (
                f"{claim.subject}: expected {claim.key or claim.figure} {_said(claim)}, {_got(actual, claim, graph)}"
            )
            yield Diagnostic("E401", message, claim.span, hint=_difference(claim.value, actual))
        if claim.kind == "budget" and _exceeds(actual, claim.value):
            figure = claim.key or claim.figure
            message = f"{claim.subject}: {figure} {_show(actual)} exceeds the budget of {_said(claim)}"
            yield Diagnostic("E402", message, claim.span, hint=_excess(claim, actual, graph))


def figure_of(
    figure: str, part: list[LayerReport], report: Report, *, graph: Graph, whole: bool, by_output: bool = False
) -> object:  # fmt: skip
    """The report's value of a metric: that of the model (`whole`), or the sum or last value over a layer or block.

    With `by_output`, the output is a mapping of the model's outputs to shapes.
    """
    if figure == "layers":
        return len(part)
    if figure in OF_MODEL:
        from cnncalc.analysis.device.device_figures import device_figure  # few specs name one

        return device_figure(figure, graph)
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


def _excess(claim: Claim, actual: object, graph: Graph) -> str:
    """The amount above a budget; for the arena, the tensors that need it."""
    if claim.figure != "arena":
        return _difference(claim.value, actual)
    from cnncalc.analysis.device.device_figures import fullest_text  # few specs name the arena

    return fullest_text(graph)


def _difference(wanted: object, actual: object) -> str:
    if not isinstance(wanted, int) or not isinstance(actual, int):
        return ""
    return f"{thousands(abs(actual - wanted))} too {'many' if actual > wanted else 'few'}"


def _said(claim: Claim) -> str:
    """The value of a claim with the user's unit: `5M`, or `16MiB` with the number of bytes."""
    unit = claim.written.lstrip("0123456789., ")
    if not unit or not isinstance(claim.value, int):
        return _show(claim.value)
    return f"{claim.written} ({thousands(claim.value)})" if "i" in unit else claim.written


def _got(actual: object, claim: Claim, graph: Graph) -> str:
    """The actual value; if it is undefined, with the layer through which a receptive field cannot be traced."""
    if actual is not None or claim.figure not in ("receptive_field", "effective_stride"):
        return f"got {_show(actual)}"
    view = views(graph)[claim.last - 1]
    if view is None or view.axes is not None:
        return "but it is undefined here"
    cause = graph.nodes[view.cause]
    assert cause.layer is not None
    where = f"the {cause.layer.type} layer {cause.name}"
    return f"but it is undefined here (it cannot be traced through {where}: {view.reason})"


def _show(value: object) -> str:
    if isinstance(value, tuple):
        return show_shape(value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_show(shape)}" for name, shape in value.items())
    return thousands(value) if isinstance(value, int) else "undefined"
