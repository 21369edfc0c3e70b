"""Another number of classes for a model file: `--set classes=20` changes the layer that gives the scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from cnncalc.diagnostics import shortened
from cnncalc.importing.draft import Draft, DraftLayer
from cnncalc.importing.formats import fail
from cnncalc.layers.registry import find

_COUNTS: Mapping[str, str] = MappingProxyType({"dense": "units", "conv": "filters"})
"""The field with the number of classes, by the type of the layer that gives the scores."""
_POOLS = ("global_avg_pool", "global_max_pool")
_PASSING = (*_POOLS, "flatten", "squeeze", "dropout", "identity", "batch_norm")
"""Layers after the scores that keep their number; activations do too."""


def with_classes(draft: Draft, wanted: object) -> Draft:
    """The draft with another number of classes. The file's statements about the layers that change are left out.

    Raises SpecError for anything but a whole number from 1, and for a model without a single layer of scores.
    """
    if not isinstance(wanted, int) or isinstance(wanted, bool) or wanted < 1:
        message = f"classes: got {shortened(str(wanted))}, but it must be a whole number from 1"
        fail(draft.source.name, message, code="E206")
    changed = list(_scores_and_after(draft))
    shared = {layer.shares for layer in draft.layers}
    if not changed or changed[-1].shares or changed[-1].name in shared:
        message = "classes: the model has no single layer of scores at its end, whose size is the number of classes"
        fail(draft.source.name, message, "cnncalc import writes a spec, which can be edited", code="E206")
    scores = changed[-1]
    if scores.arguments[_COUNTS[scores.type]] == wanted:
        return draft
    new = {each.name: replace(each, stated_shape=None, stated_params=None) for each in changed}
    new[scores.name].arguments = {**scores.arguments, _COUNTS[scores.type]: wanted}
    return replace(draft, layers=[new.get(layer.name, layer) for layer in draft.layers])


def _scores_and_after(draft: Draft) -> Iterator[DraftLayer]:
    """The layers from the output back to the one that gives the scores; empty if no layer gives them."""
    layers = {layer.name: layer for layer in draft.layers}
    if len(draft.outputs) != 1:
        return
    chain: list[DraftLayer] = []
    name = draft.outputs[0]
    while (layer := layers.get(name)) is not None and len(layer.inputs) == 1:
        chain.append(layer)
        if layer.type in _COUNTS:
            one_position = layer.type == "dense" or any(each.type in (*_POOLS, "flatten") for each in chain)
            if one_position and isinstance(layer.arguments.get(_COUNTS[layer.type]), int):
                yield from chain
            return
        if not _keeps_number(layer.type):
            return
        name = layer.inputs[0]


def _keeps_number(type: str) -> bool:
    found = find(type)
    return type in _PASSING or (found is not None and found[0].family == "activation")
