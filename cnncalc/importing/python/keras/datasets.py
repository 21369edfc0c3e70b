"""Data sets that Keras loads: arrays whose sizes are known."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.importing.python.keras.graph import GraphTensor
from cnncalc.importing.tensors.tensor import TapeArray
from cnncalc.source.values import CallGiven, NativeFunction, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


class Samples(NamedTuple):
    """The numbers of samples for training and for testing, and the shapes of a sample and of its label."""

    train: int
    test: int
    sample: tuple[int, ...]
    label: tuple[int, ...]
    classes: int = 0
    """The number of classes of the labels; 0 for labels that are not classes."""


DATASETS: Mapping[str, Samples] = MappingProxyType({
    "mnist": Samples(60_000, 10_000, (28, 28), (), 10), "fashion_mnist": Samples(60_000, 10_000, (28, 28), (), 10),
    "cifar10": Samples(50_000, 10_000, (32, 32, 3), (1,), 10),
    "cifar100": Samples(50_000, 10_000, (32, 32, 3), (1,), 100),
    "boston_housing": Samples(404, 102, (13,), ()), "california_housing": Samples(16_512, 4_128, (8,), ()),
})  # fmt: skip
"""By the module of `keras.datasets`."""


def loader(name: str) -> NativeFunction:
    """`load_data()`: pairs of samples and labels."""
    found = DATASETS[name]

    def load(interpreter: Interpreter, given: CallGiven) -> object:
        classes = 0 if given.values or given.keywords else found.classes
        return tuple(
            (_array(size, found.sample), _array(size, found.label, classes)) for size in (found.train, found.test)
        )

    return NativeFunction("load_data", load)


def _array(size: int, shape: tuple[int, ...], classes: int = 0) -> GraphTensor:
    dims = (size, *shape)
    made = GraphTensor(dims, array=TapeArray(dims))
    made.classes = classes
    return made


def unique(interpreter: Interpreter, given: CallGiven) -> object:
    """`np.unique(y)` of labels."""
    value = given.values[0] if given.values else None
    if isinstance(value, GraphTensor) and value.classes and len(given.values) == 1 and not given.keywords:
        return _array(value.classes, ())
    return value if isinstance(value, Unfollowed) else Unfollowed("unique(…)", given.place)


def largest(interpreter: Interpreter, given: CallGiven) -> object:
    """`np.max(y)` of labels."""
    value = given.values[0] if given.values else None
    if isinstance(value, GraphTensor) and value.classes and len(given.values) == 1 and not given.keywords:
        return value.classes - 1
    return value if isinstance(value, Unfollowed) else Unfollowed("max(…)", given.place)
