"""Checking one spec: read, build every variant, run the rules, suppress, sort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cnncalc.diagnostics import Source, SpecError
from cnncalc.graph.document import Overrides
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.work import LayerCount
from cnncalc.importing.document import (
    Choices,
    LiveModel,
    ModelDocument,
    ModelFile,
    opened,
    opened_data,
    opened_file,
    opened_text,
)
from cnncalc.linting.discovery import Target
from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec, linted_spec, variants_of
from cnncalc.linting.rule import REGISTRY
from cnncalc.linting.settings import Plan
from cnncalc.linting.source_fixing import is_source, with_fixes
from cnncalc.linting.suppression import Suppression, Suppressions, suppressions
from cnncalc.reading.load import File, Loaded, parsed
from cnncalc.reading.nodes import SpecNode
from cnncalc.reading.revision import PREFIX

AS_WRITTEN = "the spec as written"
"""The name of a spec without a variant, among the variants of a finding."""

UNUSED = "S001"
"""The code of the rule about unused suppressions, which runs after all others."""


def check(target: Target, plan: Plan, cache: BuildCache | None = None) -> list[Finding]:
    """The findings in one spec, in the order of its text. Never raises for user errors.

    Callers that check several specs should pass the same `cache`.
    """
    cache = cache or BuildCache()
    findings = _checked(target, plan, cache)
    return with_fixes(findings, target.path) if is_source(target.path) else findings


def _checked(target: Target, plan: Plan, cache: BuildCache) -> list[Finding]:
    try:
        found = _opened(target, plan)
        if isinstance(found, Loaded):
            document = ModelDocument(*parsed(found, plan.limits))
        elif isinstance(found, ModelFile) and len(models := found.models(plan.limits)) > 1:
            return _check_models(found, models, plan, cache)
        else:
            document = found.document(_choices(plan), plan.limits)
    except SpecError as error:
        return _check_part(error, target.path, plan, cache)
    source = document.source or Source(target.path, "")
    if document.root is None or document.diagnostics:
        return _findings([LintedSpec(source, None, None, document.diagnostics)], plan)
    if document.format:
        return _check_imported(document, document.root, plan, cache)
    return _check_root(document.root, target.variant, plan, cache)


def _check_models(file: ModelFile, models: tuple[str, ...], plan: Plan, cache: BuildCache) -> list[Finding]:
    """The findings in each model of a file, with the models' names. One whose input nothing states is only named."""
    found: dict[str, list[Finding]] = {}
    left: dict[str, list[Finding]] = {}
    for name in models:
        chosen = file.named(name)
        try:
            document = chosen.document(_choices(plan), plan.limits)
        except SpecError as error:
            findings = _check_part(error, file.file.path, plan, cache)
            is_left = all(each.code == "E205" for each in error.diagnostics)
            (left if is_left else found)[name] = findings
            continue
        if document.root is None or document.diagnostics:
            source = document.source or Source(file.file.path, "")
            found[name] = _findings([LintedSpec(source, None, None, document.diagnostics)], plan)
        else:
            found[name] = _check_imported(document, document.root, plan, cache)
    severity = "info" if found else "error"
    unstated = {name: [each._replace(severity=severity) for each in findings] for name, findings in left.items()}
    return sorted(_across({**found, **unstated}, names_all=True), key=_place)


def _check_part(error: SpecError, path: str, plan: Plan, cache: BuildCache) -> list[Finding]:
    """The mistakes of a model, and the findings in its layers before a call that cannot be followed."""
    from cnncalc.importing.remarks import remarks_on  # only model files need them
    from cnncalc.importing.spec.nodes import flat_spec
    from cnncalc.importing.unshaped import UnfollowedError

    if not isinstance(error, UnfollowedError) or not error.draft.layers:
        return _findings([LintedSpec(Source(path, ""), None, None, error.diagnostics)], plan)
    draft = error.draft
    document = ModelDocument(None, [], remarks=(*remarks_on(draft), *error.diagnostics))
    rules = tuple(rule for rule in plan.rules if not rule.needs_whole_model)
    return _check_imported(document, flat_spec(draft).root, plan._replace(rules=rules), cache)


def check_live(model: LiveModel, plan: Plan) -> list[Finding]:
    """The findings in a model in memory."""
    document = model.document(_choices(plan), plan.limits)
    if document.root is None:
        return _findings([LintedSpec(Source(model.made.name, ""), None, None, document.diagnostics)], plan)
    return _check_imported(document, document.root, plan, BuildCache())


def _opened(target: Target, plan: Plan) -> Loaded | ModelFile | LiveModel:
    """The text of a target, or its model file."""
    text = target.text
    if isinstance(text, str):
        return opened_text(target.path, text)
    if text is not None:
        return opened_data(target.path, text, lambda most: text[:most], plan.limits)
    if target.path.startswith(PREFIX):
        return opened(target.path, limits=plan.limits)
    found = opened_file(File(target.path, target.variant), plan.limits)
    return found._replace(source=Source(target.path, found.source.text)) if isinstance(found, Loaded) else found


def _choices(plan: Plan) -> Choices:
    """The values of the configuration and of `--set` for the reader of a model file."""
    shapes = dict(plan.inputs)
    return Choices(shapes[""] if set(shapes) == {""} else shapes or None, dict(plan.variables))


def _check_imported(document: ModelDocument, root: SpecNode, plan: Plan, cache: BuildCache) -> list[Finding]:
    """The findings in a model file, without those about how a spec is written, and without fixes."""
    spec = linted_spec(root, Overrides(limits=plan.limits), plan.budgets, cache, LayerCount())
    spec = spec._replace(diagnostics=[*spec.diagnostics, *document.remarks])
    plan = plan._replace(rules=tuple(rule for rule in plan.rules if not rule.only_for_specs))
    comments = Suppressions(suppressions(spec))
    found = (finding._replace(fix=None) for finding in _findings([spec], plan))
    return sorted((finding for finding in found if not _suppressed(finding, comments)), key=_place)


def _check_root(root: SpecNode, variant: str | None, plan: Plan, cache: BuildCache) -> list[Finding]:
    names: list[str | None] = [variant] if variant else [None, *variants_of(root)]
    built = LayerCount()
    given = Overrides(variables=dict(plan.variables), limits=plan.limits)
    specs = [linted_spec(root, given._replace(variant=name), plan.budgets, cache, built) for name in names]
    comments = Suppressions(suppressions(specs[0]))
    found = [finding for finding in _findings(specs, plan) if not _suppressed(finding, comments)]
    whole = variant is None  # a comment may be needed by a different variant
    if comments.each and whole and plan.runs(UNUSED) and all(spec.network for spec in specs):
        unused = _findings_unused(comments.each, plan)
        found += [finding for finding in unused if not _suppressed(finding, comments)]
    return sorted(found, key=_place)


def _findings(specs: list[LintedSpec], plan: Plan) -> list[Finding]:
    """The findings of the rules in all variants of a spec, each once."""
    of_text = [finding for rule in plan.rules if rule.only_reads_text for finding in rule.check(specs[0])]
    others = [rule for rule in plan.rules if not rule.only_reads_text]
    by_variant = [of_text + [finding for rule in others for finding in rule.check(spec)] for spec in specs]
    names = [spec.variant or AS_WRITTEN for spec in specs]
    merged = _across(dict(zip(names, map(_once, by_variant), strict=True)))
    return sorted((plan.graded(finding) for finding in merged), key=_place)


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for all layers created by the same text, such as those of a block."""
    merged: dict[tuple[str, int, int, str], tuple[Finding, dict[str, None]]] = {}
    for finding in findings:
        what = "" if finding.layer else finding.message
        key = (finding.code, finding.span.start, finding.span.end, what)
        first, others = merged.setdefault(key, (finding, {}))
        if finding.layer != first.layer:
            others[finding.layer] = None
    return [first._replace(others=(*first.others, *others)) for first, others in merged.values()]


def _across(by_variant: dict[str, list[Finding]], *, names_all: bool = False) -> Iterator[Finding]:
    """The findings of all variants, each once, with the names of its variants; unless it occurs in all, by default."""
    together: dict[tuple[str, int, int, str], dict[str, Finding]] = {}
    for variant, findings in by_variant.items():
        for finding in findings:
            what = "" if finding.layer else finding.message
            together.setdefault((finding.code, finding.span.start, finding.span.end, what), {})[variant] = finding
    for held in together.values():
        first = next(iter(held.values()))
        yield first if len(held) == len(by_variant) and not names_all else first._replace(variants=tuple(held))


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.span.start, finding.span.end, finding.code


def _suppressed(finding: Finding, comments: Suppressions) -> bool:
    """Whether a comment applies to a finding."""
    rule = REGISTRY[finding.code]
    return not rule.always and comments.suppress(finding, rule)


def _findings_unused(comments: list[Suppression], plan: Plan) -> Iterator[Finding]:
    from cnncalc.linting.rules.style.unused_suppression import UnusedSuppression

    for rule in plan.rules:
        if isinstance(rule, UnusedSuppression):
            yield from map(plan.graded, rule.unused(comments, plan))
