"""The graph and report of code that cannot be followed to its end: the layers before, and those of unknown shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.analysis.analyze import examined, load
from cnncalc.analysis.report import Report, Tensor, Totals
from cnncalc.diagnostics import SpecError
from cnncalc.graph.document import DTYPES, Overrides, build
from cnncalc.graph.model import Graph
from cnncalc.reading.limits import limits_of
from cnncalc.reading.load import Reference

if TYPE_CHECKING:
    from cnncalc.importing.draft import Draft
    from cnncalc.importing.unshaped import UnfollowedError, UnshapedRest


def load_part(source: Reference, **options: Any) -> tuple[Graph, UnshapedRest | None]:
    """Like `load`, but code that cannot be followed to its end gives the graph of the layers before, and the rest.

    Raises SpecError, also if no layer is known.
    """
    try:
        return load(source, **options), None
    except SpecError as error:
        unfollowed = _unfollowed(error)
        if unfollowed is None or not unfollowed.draft.layers:
            raise
        return _known(unfollowed.draft, **options), unfollowed.rest


def _unfollowed(error: SpecError) -> UnfollowedError | None:
    """The error if it has the known part of a model. Specs do not need the readers of models, which take a while."""
    from cnncalc.importing.unshaped import UnfollowedError

    return error if isinstance(error, UnfollowedError) else None


def examine_part(
    source: Reference, *, batch: int = 1, dtype: str | None = None, **options: Any
) -> tuple[Graph, Report]:
    """Like `examine`, but the report of code that cannot be followed to its end has a `rest`. Raises SpecError."""
    graph, rest = load_part(source, **options)
    report = examined(graph, batch=batch, dtype=dtype)
    return graph, report if rest is None else _with_rest(report, rest)


def analyze_part(source: Reference, *, batch: int = 1, dtype: str | None = None, **options: Any) -> Report:
    """The report of `examine_part`, also of code whose first call cannot be followed. Raises SpecError."""
    try:
        return examine_part(source, batch=batch, dtype=dtype, **options)[1]
    except SpecError as error:
        unfollowed = _unfollowed(error)
        if unfollowed is None or not unfollowed.rest.layers:
            raise
        draft = unfollowed.draft
        inputs = tuple(Tensor(each.name, tuple(size or 0 for size in each.shape or ())) for each in draft.inputs)
        nothing = Totals(*[0] * len(Totals._fields))
        report = Report(
            draft.name, draft.convention, draft.layout, dtype or "float32", batch, inputs, (), (), nothing
        )  # fmt: skip
        return _with_rest(report, unfollowed.rest)


def _known(draft: Draft, **options: Any) -> Graph:
    """The graph of the layers before. Raises SpecError."""
    from cnncalc.importing.remarks import remarks_on
    from cnncalc.importing.spec.nodes import flat_spec

    given = Overrides(
        convention=options.get("convention"),
        layout=options.get("layout"),
        limits=limits_of(given=options.get("limits")),
    )
    graph, diagnostics = build(flat_spec(draft).root, given)
    if graph is None:
        raise SpecError(diagnostics)
    return graph._replace(remarks=remarks_on(draft))


def _with_rest(report: Report, rest: UnshapedRest) -> Report:
    """The report with the parameters of the rest in its totals. The other totals are those of the known layers."""
    added = {
        field: getattr(report.totals, field) + sum(getattr(layer, field) or 0 for layer in rest.layers)
        for field in ("params", "trainable_params", "non_trainable_params", "buffers")
    }
    totals = report.totals._replace(**added, param_bytes=added["params"] * DTYPES[report.dtype])
    return report._replace(outputs=(), totals=totals, rest=rest)
