"""Calls of Keras's layers: a node of the graph for each, or the program's own `call`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from cnncalc.importing.python import outcome
from cnncalc.importing.python.keras import states
from cnncalc.importing.python.keras.arrays import are_samples, of_samples
from cnncalc.importing.python.keras.configuration import KerasSetup
from cnncalc.importing.python.keras.graph import (
    GraphTensor,
    LayerCall,
    NodeWords,
    child_name,
    graph_of,
    opaque,
    record,
    tensors_in,
    unknown_in,
)
from cnncalc.importing.python.keras.layer_pieces import runner
from cnncalc.importing.python.keras.own_cells import call_own_cell
from cnncalc.importing.tensors.tensor import NotSaid
from cnncalc.source.values import CallGiven, NativeFunction, PyClass, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

BUILT_IN: Final = "call of Keras"
"""The name of the method `call` that Keras's own layers and models have."""


def as_call(function: Callable[[Interpreter, CallGiven], object]) -> Callable[[Interpreter, CallGiven], object]:
    """A function that calls a layer or model; the nodes that it records belong to the outermost of them."""

    def run(interpreter: Interpreter, given: CallGiven) -> object:
        tracing, instance = graph_of(interpreter), given.values[0]
        if tracing.call is not None or not isinstance(instance, PyInstance):
            return function(interpreter, given)
        tracing.call = LayerCall(instance)
        try:
            return function(interpreter, given)
        finally:
            tracing.call = None

    return run


def call_layer(interpreter: Interpreter, given: CallGiven) -> object:
    """A call of a layer: a node, or the program's own `call`."""
    instance = given.values[0]
    assert isinstance(instance, PyInstance)
    own = given.without_first()
    if found := own_call(instance.kind):
        from cnncalc.importing.python.keras.own_layers import call_own

        return call_own(interpreter, instance, found, own)
    return call_built_in(interpreter, given)


def own_call(kind: PyClass) -> object | None:
    """The `call` of a class, if Keras itself does not have it."""
    found = kind.find("call")
    is_built_in = found is not None and isinstance(found[1], NativeFunction) and found[1].name == BUILT_IN
    return None if found is None or is_built_in else found[1]


def call_built_in(interpreter: Interpreter, given: CallGiven) -> object:
    """A call of one of Keras's layers, also by `super().call(x)` of a subclass."""
    instance = given.values[0]
    assert isinstance(instance, PyInstance)
    own = given.without_first()
    if unknown := unknown_in([*own.values, *own.keywords.values()]):
        return _unknown(interpreter, instance, unknown)
    setup = instance.extra
    if not isinstance(setup, KerasSetup):
        return Unfollowed(f"{instance.kind.name}(…)", given.place)
    try:
        words = ("inputs", "sequences", "value", "key", "initial_state")
        more = [own.keywords[key] for key in words if own.keywords.get(key) is not None]
        tensors = tensors_in([*(each for each in own.values if each is not None), *more])
    except NotSaid:
        return Unfollowed(f"{setup.class_name}(…)", given.place)
    place = instance.place or given.place
    if setup.problem:
        shape = outcome.shape_in_comment(place)
        return (
            _unknown(interpreter, instance, Unfollowed(setup.problem, place))
            if shape is None
            else opaque(interpreter, tensors, shape, setup.problem, place)
        )
    if (own_steps := call_own_cell(interpreter, instance, setup, tensors, place)) is not None:
        return own_steps
    if setup.class_name == "TimeDistributed" and tensors:
        from cnncalc.importing.python.keras.models import at_each_step

        inner = at_each_step(interpreter, instance, setup, tensors[0])
        if inner is not None:
            return inner
    doubt = states.doubt_of(setup.name, setup.class_name, [each for each in tensors[1:] if each.array is None])
    node_words = NodeWords(*_named(interpreter, instance, setup), doubt=doubt, bound=setup.written)
    computes = not graph_of(interpreter).path and are_samples(tensors)
    run = runner(instance, setup)
    made = (
        of_samples(interpreter, run, tensors, setup.class_name, place)
        if computes
        else record(interpreter, run, tensors, node_words, place)
    )
    instance.attributes.update(output=made, input=tensors[0] if len(tensors) == 1 else tensors)
    if isinstance(made, Unfollowed):
        return _unknown(interpreter, instance, made)
    if not isinstance(made, GraphTensor):
        return made
    if setup.class_name in states.CELLS_OF_ONE_STATE:
        return made, [made] if any(isinstance(each, list | tuple) for each in own.values[1:]) else made
    more = states.states_of(interpreter, setup.class_name, setup.config, made, place)
    return (made, *more) if more else made


def _unknown(interpreter: Interpreter, instance: PyInstance, value: Unfollowed) -> Unfollowed:
    """The unknown value that a layer takes or gives, after a note of the call."""
    graph_of(interpreter).reach_unknown(instance, value)
    return value


def _named(interpreter: Interpreter, instance: PyInstance, setup: KerasSetup) -> tuple[str, str, tuple[str, ...]]:
    """The name of a layer's node, its class, and the modules around it."""
    around = graph_of(interpreter).path
    if not around:
        return setup.name, setup.class_name, ()
    scope = around[-1].parts
    path = next((child_name(each.instance, instance) for each in around[-1:]), ())
    return (path or (setup.name,))[-1], setup.class_name, (*scope, *path[:-1])
