"""The activation of a file, `nn.SiLU()` unless the file names another: looked up, never evaluated."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cnncalc.diagnostics import did_you_mean, shortened
from cnncalc.importing.ultralytics.model_yaml import ModelYaml, refuse


class ActivationChoice(NamedTuple):
    """A layer type and its fields."""

    type: str
    fields: Mapping[str, Any] = MappingProxyType({})


SILU = ActivationChoice("swish")
RELU = ActivationChoice("relu")
_CALL = re.compile(r"(?:torch\.)?nn\.(\w+)\(([^()]{0,80})\)")
_SLOPE = 0.01
_TYPES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "SiLU": ("swish", ""), "ReLU": ("relu", ""), "ReLU6": ("relu6", ""), "LeakyReLU": ("leaky_relu", "slope"),
    "Hardswish": ("hard_swish", ""), "Hardsigmoid": ("hard_sigmoid", ""), "Mish": ("mish", ""), "GELU": ("gelu", ""),
    "ELU": ("elu", "alpha"), "SELU": ("selu", ""), "CELU": ("celu", "alpha"), "Sigmoid": ("sigmoid", ""),
    "Tanh": ("tanh", ""), "Softplus": ("softplus", ""), "Identity": ("", ""), "Softsign": ("softsign", ""),
})  # fmt: skip
"""PyTorch's activations: the layer type, and the field of the first argument."""


def activation_of(model: ModelYaml) -> ActivationChoice | None:
    """The activation of a file's convolutions; None for the identity."""
    text = model.values.get("activation") or model.values.get("act")
    if text is None:
        return SILU
    key = "activation" if model.values.get("activation") else "act"
    found = _CALL.fullmatch(str(text).strip())
    if found is None:
        hint = "write it as nn.SiLU(), nn.ReLU() or nn.LeakyReLU(0.1)"
        refuse(f'{key}: "{shortened(str(text))}" is not an activation of PyTorch', model.span(key), hint)
    if found[1] not in _TYPES:
        hint = did_you_mean(found[1], _TYPES) or f"known are {', '.join(_TYPES)}"
        refuse(f"{key}: nn.{shortened(found[1])} is not known here", model.span(key), hint)
    type, name = _TYPES[found[1]]
    return ActivationChoice(type, _fields(found[2], name)) if type else None


def named_activation(word: str, slope: float | None = None) -> ActivationChoice | None:
    """The activation that is a module of its own, `nn.ReLU`; None for the identity and unknown words."""
    type, name = _TYPES.get(word, ("", ""))
    return ActivationChoice(type, {name: slope} if name and slope is not None else {}) if type else None


def _fields(text: str, name: str) -> dict[str, Any]:
    """The first number of the arguments, `0.1, inplace=True`, under our name."""
    first = text.partition(",")[0].rpartition("=")[2].strip()
    if not name:
        return {}
    try:
        value = ast.literal_eval(first)
    except (ValueError, SyntaxError):
        value = None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return {name: value} if is_number else {name: _SLOPE} if name == "slope" else {}


def is_activation(word: str) -> bool:
    return word in _TYPES
