"""Calls of a model on arrays, by the program itself: they state the shapes of the model's inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.keras.graph import GraphTensor, GraphTracing, StatedInputs, graph_of
from cnncalc.source.values import CallGiven, Outside, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

OpenShape = tuple[int | None, ...]


def remember(interpreter: Interpreter, model: object, shapes: list[OpenShape]) -> None:
    """Note the shapes without the batch of a model's inputs."""
    if isinstance(model, PyInstance) and shapes:
        graph_of(interpreter).stated.append(StatedInputs(model, tuple(shapes)))


def stated(tracing: GraphTracing, model: PyInstance) -> list[OpenShape]:
    """The shapes that the first call of a model has, else that of another instance of its class."""
    own = [each for each in tracing.stated if each.model is model]
    others = [each for each in tracing.stated if each.model.kind is model.kind and model.kind.place is not None]
    return next((list(each.shapes) for each in (*own, *others)), [])


def array_shapes(value: object) -> list[OpenShape]:
    """The shapes without the batch of an array, or of those in a list; empty if one is none."""
    if isinstance(value, GraphTensor):
        return [value.dims[1:]] if value.array is not None and not value.array.learned and len(value.dims) > 1 else []
    parts = list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list | tuple) else []
    found = [array_shapes(each) for each in parts]
    return [shape for each in found for shape in each] if all(found) else []


def fed(interpreter: Interpreter, given: CallGiven) -> object:
    """`model.fit(x, y)`, `model.predict(x)`: the shape of the samples."""
    model, *values = given.values
    remember(interpreter, model, array_shapes(values[0] if values else given.keywords.get("x")))
    callbacks = given.keywords.get("callbacks")
    for each in callbacks if isinstance(callbacks, list | tuple) else [callbacks]:
        if isinstance(each, Checkpoint) and isinstance(model, PyInstance):
            graph_of(interpreter).saved[each.path] = model
    return Unfollowed("what training or a prediction gives", given.place)


class Checkpoint(Outside):
    """`ModelCheckpoint(path)`: a model that is trained with it can be loaded from there."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path


def checkpoint(interpreter: Interpreter, given: CallGiven) -> object:
    """`keras.callbacks.ModelCheckpoint(filepath)`."""
    path = given.values[0] if given.values else given.keywords.get("filepath")
    if not isinstance(path, str):
        return Unfollowed("ModelCheckpoint(…)", given.place)
    graph_of(interpreter).checkpoints.add(path)
    return Checkpoint(path)


def on_arrays(interpreter: Interpreter, given: CallGiven) -> bool:
    """Whether a model is called on arrays of numbers, outside of all models; then the call is noted."""
    model, *values = given.values
    if graph_of(interpreter).path or not values:
        return False
    shapes = array_shapes(values[0])
    remember(interpreter, model, shapes)
    return bool(shapes)
