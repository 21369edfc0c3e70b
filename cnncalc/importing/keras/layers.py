"""Keras's layers as ours: the type by its class, and each word of its configuration as the field that takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from cnncalc.importing.keras.dialects import is_old, modern
from cnncalc.importing.keras.recurrent import activation_of_cell
from cnncalc.layers.argument_meaning import meaning
from cnncalc.layers.base import REGISTRY, Layer
from cnncalc.layers.declare import Field
from cnncalc.layers.registry import find
from cnncalc.layers.spelling import normal

_WRAPPERS = ("time_distributed", "bidirectional", "spectral_norm", "weight_norm")
_SILENT = ("name", "trainable", "dtype", "momentum")
"""Words that say nothing about the network at inference."""

_NUMBER = re.compile(r"\s*[-+]?[0-9][0-9.]*\s*")

_FUNCTIONS: Mapping[str, str] = {"hard_silu": "hard_swish", "silu": "swish", "linear": "", "Linear": ""}


class OwnLayer(NamedTuple):
    """A layer of ours."""

    type: str
    arguments: dict[str, Any]


class Unknown(Exception):  # noqa: N818 - not an error: the layer becomes opaque
    """Raised for a class without a layer type."""


class QuotedNumberError(Exception):
    """Raised for a number in quotes, with its word in the configuration and its text."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(key, text)
        self.key, self.text = key, text


class UnknownActivation(Unknown):
    """Raised for the name of an activation that no type has; the text is the name."""


def pieces_of(class_name: str, config: Mapping[str, Any]) -> list[OwnLayer]:
    """The layers that one of Keras's is: itself, and its activation after it. Raises Unknown."""
    if is_old(class_name, config):
        class_name, config = modern(class_name, config)
    if class_name == "Activation":
        return _activation(config.get("activation")) or [OwnLayer("identity", {})]
    if class_name == "ReLU":
        return [_relu(config)]
    found = find(class_name)
    if found is None or class_name == "Lambda" or found[0].family == "other":
        raise Unknown(class_name)
    kind = found[0]
    if kind.type in _WRAPPERS:
        return _wrapped(kind, config)
    own = OwnLayer(kind.type, arguments_of(kind, config))
    if kind.family == "recurrent" and kind.activation_field is not None:
        return [OwnLayer(kind.type, {**own.arguments, **activation_of_cell(kind, config)})]
    if "activation" in kind.fields or _means_something(kind, "activation"):
        return [own]
    return [own, *_activation(config.get("activation"))]


def _means_something(kind: type[Layer], word: str) -> bool:
    return meaning(kind, word) is not None


def arguments_of(kind: type[Layer], config: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a configuration gives and that are not the defaults."""
    found: dict[str, Any] = {}
    spellings = _spellings(kind.type)
    for key, value in config.items():
        if value is None or key in _SILENT:
            continue
        name = spellings.get(normal(key))
        if name is None:
            told = meaning(kind, key)
            if told is None or told.values is None or not isinstance(value, str | bool | int | float):
                continue
            name, value = told.field, told.values.get(value, value)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and _NUMBER.fullmatch(each):
                raise QuotedNumberError(key, each)
        if name == "axis" and isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, dict):  # an object of Keras, such as an initializer
            continue
        is_none = name == "padding" and value == "valid" and "valid" not in (kind.fields[name].choices or ())
        value = 0 if is_none else _shortest(kind.fields[name], value)
        is_usual = name == "epsilon" and value == 0.001 and kind.fields[name].default is None
        if value != kind.fields[name].default and not is_usual:
            found[name] = value
    return found


def _shortest(field: Field, value: Any) -> Any:
    """One number where all axes agree, unless the field takes a number as a list of one item, such as a shape."""
    short = _short(value)
    return value if isinstance(value, list) and type(short) is int and isinstance(field.parse(1), tuple) else short


def _short(value: Any) -> Any:
    """`3` for `[3, 3]` or `[[3, 3], [3, 3]]`: one number where all axes agree."""
    if not isinstance(value, list):
        return value
    parts = [_short(each) for each in value]
    return parts[0] if len(parts) > 1 and type(parts[0]) is int and parts.count(parts[0]) == len(parts) else value


@cache
def _spellings(type: str) -> dict[str, str]:
    kind = REGISTRY[type]
    return {normal(word): name for name, field in kind.fields.items() for word in (*field.aliases, name)}


def _relu(config: Mapping[str, Any]) -> OwnLayer:
    slope = config.get("negative_slope") or 0
    if isinstance(slope, list):
        slope = slope[0] if slope else 0
    if config.get("max_value") == 6 and not slope and not config.get("threshold"):
        return OwnLayer("relu6", {})
    kind = find("relu")
    assert kind is not None
    return OwnLayer("relu", arguments_of(kind[0], {**config, "negative_slope": slope}))


def _activation(value: Any) -> list[OwnLayer]:
    """An activation: a word, or an object in the words of Keras 3. Raises Unknown for a function of the user's."""
    if isinstance(value, dict):
        config = value.get("config")
        if isinstance(config, str):
            value = config
        elif isinstance(config, dict) and value.get("class_name") != "function":
            return pieces_of(str(value.get("class_name")), config)
        else:
            value = value.get("registered_name") or value.get("class_name")
    if value is None:
        return []
    word = _FUNCTIONS.get(str(value), str(value))
    if not word:
        return []
    found = find(word)
    if found is None or not found[0].usable_as_activation:
        raise UnknownActivation(word)
    return [OwnLayer(found[0].type, {"slope": 0.2} if found[0].type == "leaky_relu" else {})]


def _wrapped(kind: type[Layer], config: Mapping[str, Any]) -> list[OwnLayer]:
    """A wrapper around another layer; the inner activation stays inside where it is a layer of its own."""
    inner = config.get("layer")
    if not isinstance(inner, dict) or not isinstance(inner.get("config"), dict):
        raise Unknown(kind.type)
    first, *rest = pieces_of(str(inner.get("class_name")), inner["config"])
    if kind.type == "bidirectional":
        _refuse_other_direction(inner, config.get("backward_layer"))
        first = OwnLayer(first.type, {**first.arguments, **_merge(config)})
    own = arguments_of(kind, {key: value for key, value in config.items() if key != "layer"})
    wrapped = OwnLayer(kind.type, {**own, "layer": {first.type: first.arguments}})
    outer = [OwnLayer(kind.type, {"layer": {piece.type: piece.arguments}}) for piece in rest]
    return [wrapped, *(piece if kind.type == "time_distributed" else OwnLayer(*_unwrapped(piece)) for piece in outer)]


def _refuse_other_direction(forward: Mapping[str, Any], backward: Any) -> None:
    """Raise Unknown for directions that differ, of which a layer here has one."""
    if isinstance(backward, dict) and isinstance(backward.get("config"), dict):
        both = [
            pieces_of(str(each.get("class_name")), {**each["config"], "go_backwards": False})
            for each in (forward, backward)
        ]
        if both[0] != both[1]:
            raise Unknown("Bidirectional")


def _merge(config: Mapping[str, Any]) -> dict[str, Any]:
    """The way in which two directions are joined. Raises Unknown if they stay apart."""
    word = config.get("merge_mode", "concat")
    if not isinstance(word, str):
        raise Unknown("Bidirectional")
    return {} if word == "concat" else {"merge": word}


def _unwrapped(piece: OwnLayer) -> tuple[str, dict[str, Any]]:
    ((type, arguments),) = piece.arguments["layer"].items()
    return type, arguments


def has_weights(type: str) -> bool:
    """Whether a type declares arrays that can be shared."""
    found = find(type)
    return found is not None and (found[0].wraps or found[0].weights is not Layer.weights)


def without_channels_axis(piece: OwnLayer, shape: tuple[int, ...] | None) -> dict[str, Any]:
    """The arguments without an axis that is the last one, `axis: 3` of an image, where that is the default.

    `shape` is the layer's output without the batch, if the file states it.
    """
    found = find(piece.type)
    axis = piece.arguments.get("axis")
    is_default = found is not None and "axis" in found[0].fields and found[0].fields["axis"].default == "channels"
    if is_default and (axis == -1 or (shape is not None and axis == len(shape))):
        return {key: value for key, value in piece.arguments.items() if key != "axis"}
    return piece.arguments
