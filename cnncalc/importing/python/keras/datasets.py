"""Data sets that Keras loads: arrays whose sizes are known."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from cnncalc.importing.python.keras.graph import GraphTensor
from cnncalc.importing.tensors.tensor import TapeArray
from cnncalc.source.values import NativeFunction


class Samples(NamedTuple):
    """The numbers of samples for training and for testing, and the shapes of a sample and of its label."""

    train: int
    test: int
    sample: tuple[int, ...]
    label: tuple[int, ...]


DATASETS: Mapping[str, Samples] = MappingProxyType({
    "mnist": Samples(60_000, 10_000, (28, 28), ()), "fashion_mnist": Samples(60_000, 10_000, (28, 28), ()),
    "cifar10": Samples(50_000, 10_000, (32, 32, 3), (1,)), "cifar100": Samples(50_000, 10_000, (32, 32, 3), (1,)),
    "boston_housing": Samples(404, 102, (13,), ()), "california_housing": Samples(16_512, 4_128, (8,), ()),
})  # fmt: skip
"""By the module of `keras.datasets`."""


def loader(name: str) -> NativeFunction:
    """`load_data()`: pairs of samples and labels."""
    found = DATASETS[name]
    parts = tuple((_array(size, found.sample), _array(size, found.label)) for size in (found.train, found.test))
    return NativeFunction("load_data", lambda _, given: parts)


def _array(size: int, shape: tuple[int, ...]) -> GraphTensor:
    dims = (size, *shape)
    return GraphTensor(dims, array=TapeArray(dims))
