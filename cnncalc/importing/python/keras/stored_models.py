"""Models that a program saves and loads again, or copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.keras.configuration import KerasSetup
from cnncalc.importing.python.keras.graph import graph_of
from cnncalc.importing.python.keras.layer_calls import own_call
from cnncalc.importing.python.keras.model_kinds import SequentialModel
from cnncalc.source.values import CallGiven, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def save(interpreter: Interpreter, given: CallGiven) -> object:
    """`model.save(path)`, which `load_model` may read."""
    model, *values = given.values
    path = values[0] if values else given.keywords.get("filepath")
    if isinstance(path, str) and isinstance(model, PyInstance):
        graph_of(interpreter).saved[path] = model
    return None


def load_model(interpreter: Interpreter, given: CallGiven) -> object:
    """`load_model(path)`: the model that the program saved there."""
    path = given.values[0] if given.values else given.keywords.get("filepath")
    tracing = graph_of(interpreter)
    found = tracing.saved.get(path) if isinstance(path, str) else None
    is_own = isinstance(path, str) and path in tracing.checkpoints
    return found or (tracing.open_input if is_own else None) or Unfollowed("load_model(…) of a file", given.place)


def clone_model(interpreter: Interpreter, given: CallGiven) -> object:
    """`clone_model(model)` of a Sequential: its layers once more, with arrays of their own."""
    model = given.values[0] if given.values else given.keywords.get("model")
    if isinstance(model, Unfollowed):
        return model
    found = _copied(model) if isinstance(model, PyInstance) and isinstance(model.extra, SequentialModel) else None
    return found or Unfollowed("clone_model(…) of a model that is not a Sequential of Keras's layers", given.place)


def _copied(layer: PyInstance) -> PyInstance | None:
    """A layer with the configuration of another one; None if it is not one of Keras's own."""
    extra, attributes = layer.extra, dict(layer.attributes)
    if own_call(layer.kind):
        return None
    if isinstance(extra, SequentialModel):
        inner = [_copied(each) for each in extra.layers]
        layers = [each for each in inner if each is not None]
        if len(layers) < len(inner):
            return None
        extra = SequentialModel(extra.name, layers, extra.shape)
    elif not isinstance(extra, KerasSetup) or any(isinstance(each, PyInstance) for each in attributes.values()):
        return None
    return PyInstance(layer.kind, attributes, layer.place, extra)
