"""The report of code that cannot be followed to its end: the layers before, and those whose shapes are unknown."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.analyze import analyze
from cnncalc.analysis.figures import report_on
from cnncalc.analysis.report import Report, Tensor, Totals
from cnncalc.diagnostics import SpecError
from cnncalc.graph.document import DTYPES, Overrides, build
from cnncalc.importing.draft import Draft
from cnncalc.importing.remarks import remarks_on
from cnncalc.importing.spec.nodes import flat_spec
from cnncalc.importing.unshaped import UnfollowedError, UnshapedRest
from cnncalc.reading.limits import limits_of
from cnncalc.reading.load import Reference


def analyze_part(source: Reference, **options: Any) -> Report:
    """Like `analyze`, but code that cannot be followed to its end gives a report with a `rest`. Raises SpecError."""
    try:
        return analyze(source, **options)
    except UnfollowedError as error:
        if not error.draft.layers and not error.rest.layers:
            raise
        return _with_rest(_known(error.draft, **options), error.rest)


def _known(draft: Draft, *, batch: int = 1, dtype: str | None = None, **options: Any) -> Report:
    """The report of the layers before. Raises SpecError."""
    dtype = dtype or "float32"
    if not draft.layers:
        inputs = tuple(Tensor(each.name, tuple(size or 0 for size in each.shape or ())) for each in draft.inputs)
        nothing = Totals(*[0] * len(Totals._fields))
        return Report(draft.name, draft.convention, draft.layout, dtype, batch, inputs, (), (), nothing)
    remarks = remarks_on(draft)
    given = Overrides(
        convention=options.get("convention"),
        layout=options.get("layout"),
        limits=limits_of(given=options.get("limits")),
    )
    graph, diagnostics = build(flat_spec(draft).root, given)
    if graph is None:
        raise SpecError(diagnostics)
    return report_on(graph._replace(remarks=remarks), batch=batch, dtype=dtype)


def _with_rest(report: Report, rest: UnshapedRest) -> Report:
    """The report with the parameters of the rest in its totals. The other totals are those of the known layers."""
    added = {
        field: getattr(report.totals, field) + sum(getattr(layer, field) or 0 for layer in rest.layers)
        for field in ("params", "trainable_params", "non_trainable_params", "buffers")
    }
    totals = report.totals._replace(**added, param_bytes=added["params"] * DTYPES[report.dtype])
    return report._replace(outputs=(), totals=totals, rest=rest)
