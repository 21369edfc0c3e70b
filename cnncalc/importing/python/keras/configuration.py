"""The configuration of a layer of Keras, as its constructor was called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.importing.python.binding import BoundArguments
from cnncalc.importing.python.keras.graph import unknown_in
from cnncalc.source.values import (
    CodePlace,
    LibraryName,
    NativeFunction,
    Outside,
    PyClass,
    PyFunction,
    PyInstance,
    Unfollowed,
)


class KerasSetup(NamedTuple):
    """A layer of Keras as its constructor was called."""

    class_name: str
    config: dict[str, Any]
    name: str
    shape: tuple[int | None, ...] | None
    """The input's shape without the batch, `input_shape=`."""
    problem: str = ""
    """Why the layer cannot be used, if an argument is unknown."""
    declared_at: CodePlace | None = None
    """Where the number of features of the input is written, `input_dim=`."""
    bound: BoundArguments | None = None
    """The arguments as they are written."""

    @property
    def written(self) -> BoundArguments | None:
        """The arguments of the layer, or those of the layer that it wraps."""
        inner = self.bound.values.get("layer") if self.bound is not None else None
        setup = inner.extra if isinstance(inner, PyInstance) else None
        return setup.written if isinstance(setup, KerasSetup) else self.bound


def declared_shape(class_name: str, values: Mapping[str, Any]) -> tuple[int | None, ...] | None:
    """The shape of the input without the batch that a layer states, if it is known."""
    shape, whole, size = (values.get(key) for key in ("input_shape", "batch_input_shape", "input_dim"))
    if size is not None and class_name != "Embedding":
        shape = (size,)
    elif shape is None and isinstance(whole, list | tuple):
        shape = whole[1:]
    if isinstance(shape, int):
        shape = (shape,)
    is_known = isinstance(shape, list | tuple) and all(each is None or isinstance(each, int) for each in shape)
    return tuple(shape) if shape and is_known else None


def reason_of(value: object) -> str:
    """Why a value is unknown, if it is."""
    found = unknown_in(value)
    return found.reason if found else ""


def is_idle(value: object) -> bool:
    """Whether an argument is an object without an effect on shapes: an initializer, a regularizer."""
    return isinstance(value, Unfollowed) or (isinstance(value, Outside) and not isinstance(value, LibraryName))


def plain(value: object) -> Any:
    """An argument as a configuration has it."""
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, NativeFunction | PyFunction):
        return value.name
    if isinstance(value, LibraryName):
        return value.path.rpartition(".")[2]
    if isinstance(value, PyInstance):
        return config_of(value)
    if isinstance(value, PyClass):
        return value.name
    return value


def config_of(instance: PyInstance) -> dict[str, Any]:
    """The configuration of a layer or a Sequential, as a file has it."""
    from cnncalc.importing.python.keras.model_kinds import SequentialModel

    if isinstance(instance.extra, KerasSetup):
        return {"class_name": instance.extra.class_name, "config": instance.extra.config}
    if isinstance(instance.extra, SequentialModel):
        layers = [config_of(each) for each in instance.extra.layers]
        return {"class_name": "Sequential", "config": {"layers": layers}}
    return {"class_name": instance.kind.name, "config": {}}
