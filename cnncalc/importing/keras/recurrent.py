"""The activation of a cell, which is part of the recurrent layer and no layer after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cnncalc.layers.base import Layer
from cnncalc.layers.registry import find

_USUAL = "tanh"


def activation_of_cell(kind: type[Layer], config: Mapping[str, Any]) -> dict[str, Any]:
    """The field of a recurrent layer that takes the activation, where the activation is not the usual one."""
    word = _word(config)
    return {kind.activation_field: word} if kind.activation_field and word != _USUAL and _takes(kind, word) else {}


def with_inner(class_name: str, config: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A layer of Keras itself, and the layers and cells inside it, by their class and configuration."""
    yield class_name, config
    for key in ("layer", "backward_layer", "cell"):
        inner = config.get(key)
        if not isinstance(inner, dict) or inner.get("module", "keras.layers") != "keras.layers":
            continue
        if isinstance(inner.get("config"), dict):
            yield from with_inner(str(inner.get("class_name")), inner["config"])


def unread_activations(class_name: str, config: Mapping[str, Any]) -> Iterator[str]:
    """The activations of cells, also inside wrappers, that no field takes."""
    for inner in (config.get("layer"), config.get("cell")):
        if isinstance(inner, dict) and isinstance(inner.get("config"), dict):
            yield from unread_activations(str(inner.get("class_name")), inner["config"])
    found = find(class_name)
    if found is not None and found[0].family == "recurrent" and found[0].activation_field is not None:
        word = _word(config)
        if word != _USUAL and not _takes(found[0], word):
            yield word


def _takes(kind: type[Layer], word: str) -> bool:
    field = kind.fields.get(kind.activation_field or "")
    return field is not None and word in (field.choices or ())


def _word(config: Mapping[str, Any]) -> str:
    """The name of the activation; Keras 3 writes an object for a function of the user's."""
    value = config.get("activation", _USUAL)
    if isinstance(value, dict):
        inner = value.get("config")
        value = inner if isinstance(inner, str) else value.get("registered_name") or value.get("class_name")
    return "linear" if value is None else str(value)
