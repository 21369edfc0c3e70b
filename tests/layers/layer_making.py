"""Makes layers for the tables: fields are read as a spec's values are."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnncalc.arithmetic.convention import Shape, setting
from cnncalc.layers import registry
from cnncalc.layers.base import Layer


def make(name: str, convention: str = "formula", layout: str | None = None, **values: Any) -> Layer:
    """A layer by any of its names, in a convention, with its fields as a spec would write them."""
    found = registry.find(name)
    assert found is not None, name
    kind = found[0]
    read = {field: kind.fields[field].parse(value) for field, value in values.items()}
    return kind(setting(convention, layout), **read)


def learned(layer: Layer, *inputs: Shape) -> int:
    """The number of learned weights."""
    return sum(weight.size for weight in layer.weights(*inputs, layer.shape(*inputs)) if not weight.statistic)


def statistics(layer: Layer, *inputs: Shape) -> int:
    """The number of moving statistics."""
    return sum(weight.size for weight in layer.weights(*inputs, layer.shape(*inputs)) if weight.statistic)


def unshared(layer: Layer, *inputs: Shape) -> int:
    """The number of learned weights if no position shared one with another."""
    return sum(weight.unshared_size for weight in layer.weights(*inputs, layer.shape(*inputs)) if not weight.statistic)


def run(layer: Layer, *inputs: Shape) -> Any:
    """The layer's output on ones, batch of 2, with weights of ones."""
    arrays = [np.ones((2, *shape), np.float32) for shape in inputs]
    weights = {w.name: np.ones(w.shape, np.float32) for w in layer.weights(*inputs, layer.shape(*inputs))}
    return layer.forward(np, *arrays, **weights)
