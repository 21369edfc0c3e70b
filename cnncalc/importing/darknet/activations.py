"""The activation of a section, and the batch normalization before it, as layers of their own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cnncalc.importing.darknet.network import DarknetModel
from cnncalc.importing.darknet.sections import DarknetSection

_ACTIVATIONS: Mapping[str, tuple[str, dict[str, Any]] | None] = MappingProxyType({
    "linear": None, "logistic": ("sigmoid", {}), "relu": ("relu", {}), "relu6": ("relu6", {}), "elu": ("elu", {}),
    "selu": ("selu", {}), "gelu": ("gelu", {}), "leaky": ("leaky_relu", {"slope": 0.1}), "tanh": ("tanh", {}),
    "relie": ("leaky_relu", {"slope": 0.01}), "revleaky": ("leaky_relu", {"slope": 0.1}), "swish": ("swish", {}),
    "mish": ("mish", {}), "hard_mish": ("opaque", {}), "hardtan": ("hard_tanh", {}), "ramp": ("opaque", {}),
    "loggy": ("opaque", {}), "plse": ("opaque", {}), "stair": ("opaque", {}), "lhtan": ("opaque", {}),
    "normalize_channels": ("opaque", {}), "normalize_channels_softmax": ("softmax", {}),
    "normalize_channels_softmax_maxval": ("softmax", {}),
})  # fmt: skip
"""Darknet's activations; None for the identity, `opaque` for functions that no layer type has."""


def activate(network: DarknetModel, section: DarknetSection, default: str) -> None:
    word = section.word("activation", default).lower()
    if word not in _ACTIVATIONS:
        section.fail(f'activation: unknown word "{word}"', f"known are {', '.join(_ACTIVATIONS)}", key="activation")
    found = _ACTIVATIONS[word]
    if found is None:
        return
    type, arguments = found
    shape = network.current.shape
    if type == "opaque":
        arguments = {"output": list(shape)}
    network.add(section, type, dict(arguments), shape)
    if type == "opaque":
        network.layers[-1].operation = f"the activation {word}"


def normalize_and_activate(
    network: DarknetModel, section: DarknetSection, default: str, key: str = "batch_normalize"
) -> None:
    if section.number(key, 0):
        network.add(section, "batch_norm", {}, network.current.shape)
    activate(network, section, default)
