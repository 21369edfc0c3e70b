"""The variables of a spec: declared in order, changed by a variant or by the caller."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping

from cnncalc.diagnostics import Diagnostic, Reporter, did_you_mean
from cnncalc.graph.names import no_incoming
from cnncalc.graph.scope import Scope
from cnncalc.graph.values import LOST, LOST_NAMES, Unknowable, Values, WrongValue
from cnncalc.graph.work import Work
from cnncalc.reading.nodes import Mapping, Scalar, SpecNode


def read_variables(
    root: Mapping, given: AnyMapping[str, object], variant: str | None, work: Work, report: Reporter
) -> dict[str, object]:
    """The variables' values, each able to use those before it; what the caller gives counts first, then the variant."""
    declared = mapping(root, "variables", report)
    entries = {name: node for name, (_, node) in declared.entries.items()} if declared else {}
    changes = _variant(root, variant, report)
    for name, span in [(name, root.span) for name in given] + [(key.text, key.span) for key in changes]:
        if name not in entries:
            hint = did_you_mean(name, entries) or f"it has {', '.join(entries) or 'none'}"
            report(Diagnostic("E206", f'the spec has no variable "{name}"', span, hint=hint))
    chosen = {**entries, **{key.text: node for key, node in changes.items()}}
    scope = Scope({} if declared or "variables" not in root.entries else {LOST_NAMES: LOST})
    for name in entries:
        scope.values[name] = given[name] if name in given else _read(chosen[name], scope, work, report)
    return scope.values


def _read(node: SpecNode, scope: Scope, work: Work, report: Reporter) -> object:
    try:
        return Values(scope, no_incoming, work).read(node)
    except WrongValue as mistake:
        report(mistake.diagnostic)
        return LOST
    except Unknowable:
        return LOST


def _variant(root: Mapping, name: str | None, report: Reporter) -> dict[Scalar, SpecNode]:
    """The variables that the chosen variant sets, by their keys."""
    variants = mapping(root, "variants", report)
    if name is None:
        return {}
    chosen = variants.get(name) if variants else None
    if isinstance(chosen, Mapping):
        return dict(chosen.entries.values())
    if chosen is not None:
        hint = "write for example {width: 64}"
        message = f'variant "{name}" needs a mapping of variables to values, got a {chosen.kind}'
        report(Diagnostic("E209", message, chosen.span, hint=hint))
        return {}
    known = variants.entries if variants else {}
    hint = did_you_mean(name, known) or f"it has {', '.join(known) or 'none'}"
    report(Diagnostic("E206", f'the spec has no variant "{name}"', variants.span if variants else root.span, hint=hint))
    return {}


def mapping(root: Mapping, key: str, report: Reporter) -> Mapping | None:
    """The mapping under `key`, or None after reporting anything else."""
    node = root.get(key)
    if node is None or isinstance(node, Mapping):
        return node
    report(Diagnostic("E209", f"`{key}` needs a mapping, got a {node.kind}", node.span))
    return None
