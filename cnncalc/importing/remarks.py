"""Warnings about a draft: the reader's own, and one for each kind of operation that has no layer type."""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic, PartedSource, Span, SpecError
from cnncalc.importing.draft import Draft, DraftLayer

READ_WITH_LOSS = "E112"
"""The code of every such warning."""


def remarks_on(draft: Draft, *, strict: bool = False) -> tuple[Diagnostic, ...]:
    """The warnings about a draft. Raises SpecError for operations without a layer type, if `strict`."""
    kinds: dict[str, list[DraftLayer]] = {}
    for layer in draft.layers:
        if layer.type == "opaque" and "macs" not in layer.arguments:
            kinds.setdefault(layer.operation or layer.name, []).append(layer)
    severity = "error" if strict else "warning"
    unknown = [_unknown(draft, kind, layers, severity) for kind, layers in kinds.items()]
    if strict and unknown:
        raise SpecError(unknown)
    for doubt in draft.doubts:
        doubt.code, doubt.severity = READ_WITH_LOSS, severity
    if strict and draft.doubts:
        raise SpecError(draft.doubts)
    return (*unknown, *draft.doubts)


def _unknown(draft: Draft, kind: str, layers: list[DraftLayer], severity: str) -> Diagnostic:
    first, count = layers[0], len(layers)
    several = f" ({count} times, first in {first.name})" if count > 1 else f" ({first.name})"
    lost = "MACs" if draft.states_params else "parameters and MACs"
    message = f"{kind} has no layer type here{several}: its output is the file's, its {lost} are not counted"
    return Diagnostic(READ_WITH_LOSS, message, _span(draft, first), severity=severity)


def _span(draft: Draft, layer: DraftLayer) -> Span:
    place = layer.location
    if draft.source.text:
        return Span(draft.source, place.start, place.end)
    return Span(PartedSource(draft.source.name, (place.path,)), 0, 1)
