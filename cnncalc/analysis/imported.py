"""A model file as the text of a spec, which is built and compared with the file before it is given away."""

from __future__ import annotations

from typing import IO, Any, NamedTuple

from cnncalc.analysis.figures import report_on
from cnncalc.analysis.report import Report
from cnncalc.analysis.same_network import differences
from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Source, SpecError
from cnncalc.graph.document import Overrides, build
from cnncalc.graph.model import Graph
from cnncalc.hidden_characters import visible
from cnncalc.importing.document import Choices, LiveModel, ModelFile, opened
from cnncalc.importing.draft import Draft
from cnncalc.importing.formats import fail
from cnncalc.importing.remarks import remarks_on
from cnncalc.importing.spec.canonical import canonical
from cnncalc.importing.spec.nodes import FlatSpec, flat_spec
from cnncalc.importing.spec.write import Facts, flat_text, written
from cnncalc.importing.unshaped import UnfollowedError, UnshapedRest
from cnncalc.reading.limits import Limits, limits_of
from cnncalc.reading.load import Loaded, Reference, parsed
from cnncalc.reading.nodes import SpecNode


class Imported(NamedTuple):
    """A spec's text, the report of the model, and warnings about the file."""

    text: str
    report: Report
    remarks: tuple[Diagnostic, ...]
    differences: tuple[str, ...] = ()
    """Where the short text is not the model, so that `text` lists every layer; a mistake of the tool."""
    rest: UnshapedRest | None = None
    """The rest of code that cannot be followed to its end, of which `text` has only the layers before."""

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Where the file's own statements differ from what is computed, and the end of what can be followed."""
        return (*self.report.findings, *([self.rest.reason] if self.rest is not None else []))


def imported(
    source: Reference, choices: Choices = Choices(), *, flat: bool = False,  # noqa: B008
    limits: Limits | None = None, stdin: IO[Any] | None = None,
) -> Imported:  # fmt: skip
    """The spec of a model file; with `flat`, with every layer under its own name. Raises SpecError."""
    bounds = limits_of(given=limits)
    found = opened(source, stdin=stdin, limits=bounds)
    if isinstance(found, Loaded):
        fail(found.source.name, "this is a spec already", "name a model file of another tool")
    draft, rest = _followed(found, choices, bounds)
    remarks = remarks_on(draft, strict=choices.strict)
    made = imported_draft(draft, remarks, flat=flat, limits=bounds)
    return made if rest is None else _before(made, rest)


def _followed(found: ModelFile | LiveModel, choices: Choices, limits: Limits) -> tuple[Draft, UnshapedRest | None]:
    """The draft of a model, or of its layers before a call that cannot be followed, and the rest."""
    try:
        return found.draft(choices, limits), None
    except UnfollowedError as error:
        if not error.draft.layers:
            raise
        return error.draft, error.rest


def _before(made: Imported, rest: UnshapedRest) -> Imported:
    """The spec of a part of a model, with a comment that says where it ends."""
    first, _, others = made.text.partition("\n")
    comment = f"# Only the layers before {rest.line}: {visible(rest.reason.message)}."
    return made._replace(text=f"{first}\n{comment}\n{others}", rest=rest)


def spec_of(source: Reference, *, flat: bool = False, limits: Limits | None = None) -> str:
    """The YAML text of a model of another tool or library, as `cnncalc import` writes it.

    `source` is a model file, or what `from_torch` and `from_keras` return. With `flat` every layer is listed under its
    own name. Raises SpecError for what cannot be read.
    """
    return imported(source, flat=flat, limits=limits).text


def imported_draft(
    draft: Draft, remarks: tuple[Diagnostic, ...] = (), *, flat: bool = False, limits: Limits | None = None
) -> Imported:  # fmt: skip
    """The spec of a draft. Raises SpecError."""
    bounds = limits_of(given=limits)
    stated = flat_spec(draft)
    graph, report = _built(stated.root, bounds)
    facts = _facts(draft, stated, graph, report)
    listed = flat_text(draft, stated.root, facts)
    if flat:
        return Imported(listed, report, remarks)
    plain, theirs = canonical(draft, facts.shapes), (graph, report)
    if plain is not draft:
        stated = flat_spec(plain)
        theirs = _built(stated.root, bounds, with_fields=False)
        facts = _facts(plain, stated, *theirs)
    unlike: tuple[str, ...] = ()
    for text in written(plain, facts):
        unlike = _unlike(text, theirs, bounds)
        if not unlike:
            return Imported(text, report, remarks)
    return Imported(listed, report, remarks, unlike)


def _unlike(text: str, theirs: tuple[Graph, Report], limits: Limits) -> tuple[str, ...]:
    """Where a text is another network, in sentences."""
    document = parsed(Loaded(Source("<import>", text), "yaml"), limits)
    if document.root is None:
        return tuple(each.message for each in document.diagnostics)
    try:
        mine = _built(document.root, limits, with_fields=False)
    except SpecError as error:
        return tuple(map(str, error.diagnostics))
    return tuple(differences(mine, theirs))


def _built(root: SpecNode, limits: Limits, *, with_fields: bool = True) -> tuple[Graph, Report]:
    """The graph and the report of a spec, which may do without receptive fields. Raises SpecError."""
    graph, diagnostics = build(root, Overrides(limits=limits))
    if graph is None:
        raise SpecError(diagnostics)
    return graph, report_on(graph, seen=None if with_fields else [None] * len(graph.nodes))


def _facts(draft: Draft, stated: FlatSpec, graph: Graph, report: Report) -> Facts:
    """The facts that the texts need in addition to the draft."""
    nodes = {node.name: node for node in graph.nodes}
    shapes: dict[str, tuple[Shape, ...]] = {}
    for layer in draft.layers:
        node = nodes.get(stated.names[layer.name])
        shapes[layer.name] = graph.inputs_of(node) if node is not None else ()
    return Facts(
        {tensor.name: tensor.shape for tensor in report.inputs},
        shapes,
        {tensor.name: tensor.shape for tensor in report.outputs},
        {"params": report.totals.params, "macs": report.totals.macs},
    )
