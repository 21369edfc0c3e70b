"""How the normalizations' random cases are drawn, and how often."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import (
    CHANNEL_FIRST,
    CHANNELS,
    Drawn,
    Fields,
    Shape,
    any_volume,
    chance,
    maybe,
    spatial_axes,
    volume,
)

FREQUENCY = {
    "pytorch": {
        "layer_norm": 2, "group_norm": 2, "instance_norm": 2, "local_response_norm": 1, "rms_norm": 1, "unit_norm": 1,
    },
    "keras": {
        "layer_norm": 2, "group_norm": 2, "rms_norm": 1, "unit_norm": 1, "rescaling": 1, "standardization": 1,
    },
    "onnx": {
        "layer_norm": 2, "group_norm": 2, "instance_norm": 2, "local_response_norm": 1, "rms_norm": 1, "unit_norm": 1,
    },
    "tensorflow": {"local_response_norm": 2},
}  # fmt: skip

PLACES = (-4, -3, -2, -1, -1, 1, 1, 2, 2, 3, 4)


def switches(random: Random, fields: Fields, convention: str) -> None:
    """Scale and shift, where the framework can leave them out."""
    if convention == "keras":
        maybe(random, fields, "scale", 0.3, lambda: chance(random, 0.4))
        maybe(random, fields, "shift", 0.3, lambda: chance(random, 0.4))
    if convention == "pytorch":
        maybe(random, fields, "affine", 0.4, lambda: chance(random, 0.5))


def epsilon(random: Random, fields: Fields) -> None:
    maybe(random, fields, "epsilon", 0.3, lambda: random.choice((1e-6, 0.01, 0.5)))


def named_axes(random: Random, rank: int) -> Any:
    """One axis, or a list of several."""
    if chance(random, 0.6):
        return random.choice(PLACES)
    return random.sample(range(1, rank + 2), random.randint(1, rank)) if rank == 1 or chance(random, 0.6) else [1, -1]


def trailing(random: Random, convention: str) -> Drawn:
    """Layer and RMS normalization as each framework names the axes."""
    shape = any_volume(random, convention)
    fields: Fields = {}
    if convention == "pytorch":
        fields["normalized_shape"] = shape[random.randrange(len(shape)) :]
        if chance(random, 0.25):
            fields["normalized_shape"] = [*fields["normalized_shape"][:-1], random.choice(CHANNELS)]
        if chance(random, 0.08):
            fields["normalized_shape"] = [3, *shape]
    elif convention == "onnx":
        maybe(random, fields, "axis", 0.6, lambda: random.choice(PLACES))
    else:
        maybe(random, fields, "axis", 0.6, lambda: named_axes(random, len(shape)))
    epsilon(random, fields)
    return [shape], fields


def layer_norm(random: Random, convention: str) -> Drawn:
    inputs, fields = trailing(random, convention)
    switches(random, fields, convention)
    if convention == "pytorch":
        maybe(random, fields, "shift", 0.3, lambda: chance(random, 0.5))
    if convention == "onnx":
        maybe(random, fields, "shift", 0.4, lambda: chance(random, 0.3))
    return inputs, fields


def rms_norm(random: Random, convention: str) -> Drawn:
    inputs, fields = trailing(random, convention)
    if convention == "pytorch":
        maybe(random, fields, "scale", 0.4, lambda: chance(random, 0.5))
    return inputs, fields


def group_norm(random: Random, convention: str) -> Drawn:
    shape = any_volume(random, convention)
    if chance(random, 0.2):
        shape = volume(convention, spatial_axes(random), 32)
    along = shape[0] if convention in CHANNEL_FIRST else shape[-1]
    fields: Fields = {"groups": random.choice([g for g in range(1, along + 1) if along % g == 0])}
    if chance(random, 0.3):
        fields["groups"] = random.choice((-1, 2, 3, 5, 32))
    if convention == "keras":
        maybe(random, fields, "axis", 0.3, lambda: random.choice(PLACES))
        if chance(random, 0.1):
            fields.pop("groups")
    switches(random, fields, convention)
    epsilon(random, fields)
    return [without_single_numbers(shape, fields)], fields


def without_single_numbers(shape: Shape, fields: Fields) -> Shape:
    """A group of one number is rounding error alone, many times enlarged: twice the channels, or one group."""
    if fields.get("groups") == -1 and prod(shape) == max(shape):
        fields["groups"] = 1
    return [2 * size for size in shape] if prod(shape) == fields.get("groups") else shape


def swinging(generator: np.random.Generator, case: Case) -> list[np.ndarray]:
    """Sixteenths around 2 and −2 in turn: a group of two near numbers would be rounding error alone."""
    x = np.round(16 * generator.standard_normal((2, *case["inputs"][0]), dtype=np.float32)) / 16
    return [x + np.where(np.arange(x.size).reshape(x.shape) % 2, np.float32(2), np.float32(-2))]


def instance_norm(random: Random, convention: str) -> Drawn:
    fields: Fields = {}
    switches(random, fields, convention)
    if convention == "pytorch":
        maybe(random, fields, "track_running_stats", 0.3, lambda: chance(random, 0.7))
    epsilon(random, fields)
    spatial = spatial_axes(random)
    if convention == "onnx":
        spatial[0] = max(2, spatial[0])  # a channel of one number is rounding error alone, many times enlarged
    elif chance(random, 0.15):
        spatial = [1] * len(spatial)
    return [volume(convention, spatial, random.choice(CHANNELS))], fields


def local_response_norm(random: Random, convention: str) -> Drawn:
    spatial = spatial_axes(random) if chance(random, 0.3) else [*spatial_axes(random), 3][:2]
    fields: Fields = {}
    if convention == "tensorflow":
        maybe(random, fields, "depth_radius", 0.7, lambda: random.choice((0, 1, 2, 3, 7)))
    else:
        fields["size"] = random.choice((1, 2, 3, 3, 4, 5, 5, 7, 11))
    maybe(random, fields, "alpha", 0.7, lambda: random.choice((1e-4, 0.1, 1.0, 3.0)))
    maybe(random, fields, "beta", 0.4, lambda: random.choice((0.5, 0.75, 1.0, 2.0)))
    maybe(random, fields, "bias", 0.4, lambda: random.choice((0.5, 1.0, 2.0)))
    return [volume(convention, spatial, random.choice(CHANNELS))], fields


def unit_norm(random: Random, convention: str) -> Drawn:
    shape = any_volume(random, convention)
    fields: Fields = {}
    if convention == "keras":
        maybe(random, fields, "axis", 0.6, lambda: named_axes(random, len(shape)))
        return [shape], fields
    maybe(random, fields, "axis", 0.6, lambda: random.choice(PLACES))
    maybe(random, fields, "axis", 0.12, lambda: -1 - len(shape))
    maybe(random, fields, "order", 0.5, lambda: random.choice((1, 2, 2, 3) if convention == "pytorch" else (1, 2)))
    return [shape], fields


def some_numbers(random: Random, length: int) -> Any:
    """One number, or one for each channel; sometimes one too many."""
    listed = [round(random.uniform(0.25, 2), 3) for _ in range(length + int(chance(random, 0.2)))]
    return random.choice((0.5, 2.0, listed))


def rescaling(random: Random, convention: str) -> Drawn:
    shape = any_volume(random, convention)
    fields: Fields = {"scale": some_numbers(random, shape[-1])}
    maybe(random, fields, "offset", 0.6, lambda: some_numbers(random, shape[-1]))
    return [shape], fields


def standardization(random: Random, convention: str) -> Drawn:
    shape = any_volume(random, convention)
    fields: Fields = {}
    maybe(random, fields, "invert", 0.3, lambda: chance(random, 0.7))
    if chance(random, 0.5):
        maybe(random, fields, "axis", 0.5, lambda: named_axes(random, len(shape)))
        return [shape], fields
    listed = chance(random, 0.6)
    for name in ("mean", "variance"):
        fields[name] = [0.5 + index for index in range(shape[-1])] if listed else 2.0
    if chance(random, 0.1):
        fields.pop(random.choice(("mean", "variance")))
    return [shape], fields


DRAW: dict[str, Callable[[Random, str], Drawn]] = {
    "layer_norm": layer_norm, "rms_norm": rms_norm, "group_norm": group_norm, "instance_norm": instance_norm,
    "local_response_norm": local_response_norm, "unit_norm": unit_norm, "rescaling": rescaling,
    "standardization": standardization,
}  # fmt: skip

INPUTS = {"group_norm": swinging}
