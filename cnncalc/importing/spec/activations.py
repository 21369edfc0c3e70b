"""Activations folded into the layer before them: `batch_norm relu` in place of two items."""

from __future__ import annotations

from collections import Counter

from cnncalc.importing.draft import Draft, DraftLayer
from cnncalc.importing.spec.item_text import Style, without_defaults
from cnncalc.layers.registry import find


def folded(draft: Draft, style: Style) -> dict[str, DraftLayer]:
    """The activation layers that a layer before them can carry, by the name of that layer.

    The layer learns weights, the activation alone uses its output, and its numbers are the convention's.
    """
    uses = Counter(name for layer in draft.layers for name in layer.inputs)
    uses.update(draft.outputs)
    known = {layer.name: layer for layer in draft.layers}
    found: dict[str, DraftLayer] = {}
    for layer in draft.layers:
        before = known.get(layer.inputs[0]) if len(layer.inputs) == 1 else None
        if before is None or uses[before.name] > 1 or not _carries(before) or not is_plain_activation(layer, style):
            continue
        found[before.name] = layer
    return found


def is_plain_activation(layer: DraftLayer, style: Style) -> bool:
    """Whether `activation: TYPE` says all about a layer."""
    kind = find(layer.type)
    if kind is None or not kind[0].usable_as_activation or layer.shares or layer.trainable is not True:
        return False
    return not without_defaults(layer.type, layer.arguments, style)


def _carries(layer: DraftLayer) -> bool:
    kind = find(layer.type)
    if kind is None or kind[0].splits or kind[0].wraps or kind[0].activation_field or "activation" in layer.arguments:
        return False
    return kind[0].role in ("convolution", "dense") or kind[0].family == "normalization"
