"""The complete path from a reference to a report: read, build, analyze."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from cnncalc.analysis.figures import report_on
from cnncalc.analysis.report import Report
from cnncalc.analysis.uncollected import uncollected
from cnncalc.arithmetic.convention import CONVENTIONS, LAYOUTS
from cnncalc.diagnostics import Diagnostic, SpecError, did_you_mean
from cnncalc.graph.document import DTYPES, Overrides, build
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.model import Graph
from cnncalc.graph.work import LayerCount
from cnncalc.importing.document import Choices, ModelDocument, read
from cnncalc.reading.limits import Limits, limits_of
from cnncalc.reading.load import Reference


@uncollected
def load(
    source: Reference, *, input: object = None, variables: Mapping[str, object] | None = None,
    convention: str | None = None, layout: str | None = None, limits: Limits | None = None,
    stdin: IO[Any] | None = None, cache: BuildCache | None = None, built: LayerCount | None = None,
) -> Graph:  # fmt: skip
    """The layer graph of a spec. Raises SpecError with all its mistakes.

    Callers that load several specs should pass the same `cache`. The layers in `built` count towards the limit, and the
    layers of this spec are added to it.
    """
    overrides = Overrides(input, variables, convention, layout, None, limits_of(given=limits))
    document = read_document(source, overrides, stdin)
    assert document.root is not None
    graph, diagnostics = build(document.root, overrides._replace(variant=document.variant), cache, built)
    if graph is None:
        raise SpecError(diagnostics)
    return graph._replace(remarks=document.remarks)


def read_document(source: Reference, overrides: Overrides, stdin: IO[Any] | None = None) -> ModelDocument:
    """The spec or model file as nodes. Raises SpecError for one that cannot be read, and for unknown overrides."""
    choices = Choices(overrides.input, overrides.variables)
    if overrides.variables is not None:
        _check_variables(overrides.variables)
    document = read(source, choices, limits=overrides.limits, stdin=stdin)
    if document.root is None or document.diagnostics:
        raise document.unfollowed or SpecError(document.diagnostics)
    if overrides.convention is not None:
        _check_word("convention", overrides.convention, CONVENTIONS)
    if overrides.layout is not None:
        _check_word("layout", overrides.layout, LAYOUTS)
    return document


def analyze(
    source: Reference, *, input: object = None, batch: int = 1, dtype: str | None = None,
    variables: Mapping[str, object] | None = None, convention: str | None = None, layout: str | None = None,
    limits: Limits | None = None, stdin: IO[Any] | None = None,
) -> Report:  # fmt: skip
    """Analyze a spec: the shapes, parameters, MACs, memory and receptive field of every layer.

    `source` is a path, the name of a bundled spec, inline text or a mapping. `input` replaces the input's shape,
    `variables` overrides the spec's variables, `convention` and `layout` override its own; `batch` and `dtype` scale
    MACs and memory. The report's `doubts` are inputs that were probably meant in the other layout. Raises SpecError
    with all mistakes of an invalid spec.

    >>> report = analyze("32x32x3 -> conv 20 8x8 s2 p1")
    >>> report.outputs[0].shape, report.totals.params, report.totals.unshared_params
    ((14, 14, 20), 3860, 756560)
    """
    return examine(
        source, batch=batch, dtype=dtype, input=input, variables=variables, convention=convention, layout=layout,
        limits=limits, stdin=stdin,
    )[1]  # fmt: skip


@uncollected
def examine(source: Reference, *, batch: int = 1, dtype: str | None = None, **options: Any) -> tuple[Graph, Report]:
    """The graph of a spec and its report; `options` are those of `load`. Raises SpecError like `analyze`."""
    check_amount(batch, dtype)
    graph = load(source, **options)
    return graph, examined(graph, batch=batch, dtype=dtype)


def check_amount(batch: object, dtype: str | None) -> None:
    """Raise SpecError for a batch size or a data type that does not exist."""
    if isinstance(batch, bool) or not isinstance(batch, int) or batch < 1:
        raise SpecError([Diagnostic("E204", f"batch: got {batch!r}, but it must be a positive whole number")])
    if dtype is not None:
        _check_word("dtype", dtype, DTYPES)


def examined(graph: Graph, *, batch: int = 1, dtype: str | None = None) -> Report:
    """The report of a graph, in the caller's data type or the graph's own. Raises SpecError for an unknown type."""
    chosen = dtype or graph.dtype or "float32"
    _check_word("dtype", chosen, DTYPES)
    return report_on(graph, batch=batch, dtype=chosen)


def _check_word(what: str, word: object, allowed: Mapping[str, object]) -> None:
    if not isinstance(word, str):
        raise SpecError([Diagnostic("E204", f"{what}: got {word!r}. Allowed: {', '.join(allowed)}")])
    if word not in allowed:
        message = f'{what}: unknown word "{word}". Allowed: {", ".join(allowed)}'
        raise SpecError([Diagnostic("E204", message, hint=did_you_mean(word, allowed))])


def _check_variables(given: object) -> None:
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        message = f"variables: got {given!r}, but a mapping of names to values is needed"
        raise SpecError([Diagnostic("E204", message, hint='write for example variables={"width": 64}')])
