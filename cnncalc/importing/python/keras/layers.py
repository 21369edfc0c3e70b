"""Keras's layers: classes that a program makes, inherits from and calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.keras.composed import composed, with_sizes
from cnncalc.importing.keras.layers import OwnLayer, Unknown, UnknownActivation, has_weights
from cnncalc.importing.python import outcome
from cnncalc.importing.python.binding import Parameters, bind, parameters_of
from cnncalc.importing.python.keras import channels, states
from cnncalc.importing.python.keras.arrays import are_samples, of_samples
from cnncalc.importing.python.keras.configuration import (
    KerasSetup,
    declared_shape,
    is_idle,
    plain,
    reason_of,
)
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
from cnncalc.importing.python.keras.keras_1 import modern_call
from cnncalc.importing.python.keras.own_cells import call_own_cell
from cnncalc.importing.python.keras.problems import check_activation
from cnncalc.importing.python.keras.vectorizing import VECTORIZERS, vectorized
from cnncalc.importing.python.tracing import BATCH
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeTensor
from cnncalc.reading.signatures.keras import LAYERS as SIGNATURES
from cnncalc.source.values import (
    CallGiven,
    NativeFunction,
    PyClass,
    PyInstance,
    Unfollowed,
    native_class,
)

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_CELLS: Mapping[str, str] = MappingProxyType({
    "RNN": "cell! return_sequences return_state go_backwards stateful unroll", "StackedRNNCells": "cells!",
    "CuDNNLSTM": SIGNATURES["LSTM"], "CuDNNGRU": SIGNATURES["GRU"],
})  # fmt: skip
"""Classes of recurrences that have no item of their own in a spec."""
_COMMON = (
    "name trainable dtype input_shape batch_input_shape input_dim input_length batch_size weights seed alpha fused "
    "implementation unroll time_major stateful zero_output_for_mask autocast batch_shape"
)
"""Parameters that every layer takes, and those of earlier versions."""
_DEFAULTS: Mapping[str, tuple[str, Any]] = MappingProxyType({
    "MaxPool": ("pool_size", 2), "AveragePool": ("pool_size", 2), "AvgPool": ("pool_size", 2),
    "UpSampling": ("size", 2), "ZeroPadding": ("padding", 1), "Cropping": ("cropping", 1),
})  # fmt: skip
"""A parameter that Keras's own layers may leave out, and its value, by the beginning of the class."""

BUILT_IN: Final = "call of Keras"
"""The name of the method `call` that Keras's own layers and models have."""
_IDLE = re.compile("initializer|regularizer|constraint|^(?:seed|dtype|name|weights)$")
"""Parameters that change no metric, whose values need not be known."""
_INPUT_SIZES: Final = ("input_shape", "batch_input_shape", "batch_shape", "input_dim", "input_length")
"""Parameters that state the shape of the input, which also follows from the layer before."""


def layer_name(interpreter: Interpreter, class_name: str, given: object) -> str:
    """The name that a program gives to a layer, or an automatic one."""
    return given if isinstance(given, str) and given else graph_of(interpreter).automatic(snake(class_name))


def snake(name: str) -> str:
    """`conv2d_transpose` of `Conv2DTranspose`, as Keras writes it."""
    words = re.sub(r"\W+", "", name)
    words = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", words)
    return re.sub("([a-z])([A-Z])", r"\1_\2", words).lower()


# --- constructors --------------------------------------------------------------------------------------------------


def signatures() -> Iterator[tuple[str, str]]:
    """The classes and their parameters; `Conv#D` is three of them."""
    for name, text in (*SIGNATURES.items(), *_CELLS.items(), *VECTORIZERS.items()):
        for rank in "123" if "#" in name else " ":
            yield name.replace("#", rank), text


def default_of(class_name: str) -> tuple[str, Any]:
    """The parameter with a default that our types do not have, and its value; empty for most classes."""
    return next((each for start, each in _DEFAULTS.items() if class_name.startswith(start)), ("", None))


def parameters_with(text: str, optional: str) -> Parameters:
    """The parameters of a class and those that all classes have; one of them is not required."""
    words = [word.rstrip("!") if word.partition("=")[0].rstrip("!") == optional else word for word in text.split()]
    known = {re.split("[!=:]", word)[0] for word in words}
    return parameters_of(" ".join([*words, *(word for word in _COMMON.split() if word not in known)]))


def layer_class(class_name: str, text: str) -> PyClass:
    """A class of Keras."""

    def init(interpreter: Interpreter, given: CallGiven) -> object:
        made = given.values[0]
        assert isinstance(made, PyInstance)
        optional, usual = default_of(class_name)
        parameters = parameters_with(text, optional)
        bound = bind(class_name, parameters, modern_call(interpreter, class_name, given).without_first())
        own = {re.split("[!=:]", word)[0] for word in text.split()}
        needed = [each for key, each in bound.values.items() if not may_be_unknown(key, own)]
        unknown = next((each for each in needed if unknown_in(each)), None)
        config = {key: plain(value) for key, value in bound.values.items() if not is_idle(value)}
        if "data_format" in own and graph_of(interpreter).data_format != "channels_last":
            config.setdefault("data_format", graph_of(interpreter).data_format)
        if class_name == "RNN" and isinstance(config["cell"], list):
            config["cell"] = {"class_name": "StackedRNNCells", "config": {"cells": config["cell"]}}
        if optional:
            config.setdefault(optional, usual)
        name = layer_name(interpreter, class_name, bound.values.get("name"))
        made.place = given.place
        shape = declared_shape(class_name, bound.values)
        declared_at = bound.place_of("input_dim") if "input_dim" in bound.nodes else None
        made.extra = KerasSetup(class_name, config, name, shape, reason_of(unknown), declared_at)
        made.attributes.update({key: value for key, value in bound.values.items() if key != "name"}, name=name)
        return None

    return native_class(class_name, (LAYER,), {"__init__": NativeFunction("__init__", init)})


def may_be_unknown(parameter: str, own: Collection[str]) -> bool:
    """Whether the value of a parameter need not be known; `own` are those of the class alone."""
    return _IDLE.search(parameter) is not None or (parameter in _INPUT_SIZES and parameter not in own)


# --- calls ---------------------------------------------------------------------------------------------------------


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
    node_words = NodeWords(*_named(interpreter, instance, setup), doubt=doubt)
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


def runner(instance: PyInstance, setup: KerasSetup) -> Any:
    """The layers of one call of a layer of Keras, which share their arrays with its other calls.

    `known` holds the pieces by the shape of the input, the only thing besides the layer that they depend on: a node
    runs on the program's own tape, and again on the draft's.
    """
    known: dict[Shape, list[OwnLayer]] = {}

    def run(tape: Tape, values: Sequence[Operand]) -> TapeTensor:
        given = states.without_states(setup.class_name, setup.config, values)
        tensors = [tape.tensor(each) for each in given]
        if not tensors:
            raise NotSaid("a layer without an input")
        channels.use_layout(tape, setup.class_name, setup.config)
        if (shape := vectorized(setup.class_name, setup.config, tensors[0].sample)) is not None:
            return tape.opaque(tensors, (BATCH, *shape), BatchAxis(0))
        pieces = known.get(tensors[0].sample)
        if pieces is None:
            pieces = known[tensors[0].sample] = _pieces(instance, setup, tensors[0].sample)
        if any(each.batch != BatchAxis(0) for each in tensors if not each.free):
            raise NotSaid("a layer whose first axis is not the batch")
        tensors, count = entering(pieces[0], tensors), len(tape.layers)
        for number, piece in enumerate(pieces):
            made = append_piece(tape, piece, tensors, number, f"{id(instance)} {number}")
            tensors = [made]
        if instance.attributes.get("trainable") is False:
            for layer in tape.layers[count:]:
                layer.trainable = False
        return tensors[0]

    return run


def _pieces(instance: PyInstance, setup: KerasSetup, sample: Shape) -> list[OwnLayer]:
    """The layers that a layer of Keras is, for an input of this shape. Raises NotSaid."""
    config = with_sizes(setup.class_name, setup.config, [None, *sample])
    try:
        return [unwrapped(each) for each in composed(setup.class_name, config)]
    except Unknown as reason:
        if isinstance(reason, UnknownActivation):
            check_activation(instance, str(reason))
        raise NotSaid(f"{reason} has no layer type") from None


def unwrapped(piece: OwnLayer) -> OwnLayer:
    """A recurrent layer of two directions as the layer itself, whose field says so."""
    if piece.type != "bidirectional":
        return piece
    ((type, arguments),) = piece.arguments["layer"].items()
    return OwnLayer(type, {**arguments, "bidirectional": True})


def entering(piece: OwnLayer, tensors: list[TapeTensor]) -> list[TapeTensor]:
    """The tensors that a layer takes, in our order."""
    if piece.type == "multi_head_attention" and len(tensors) > 2:  # Keras has the value before the key
        return [tensors[0], tensors[2], tensors[1], *tensors[3:]]
    if piece.type == "multi_head_attention" and len({each.name for each in tensors}) == 1:
        return tensors[:1]
    return tensors


def append_piece(tape: Tape, piece: OwnLayer, tensors: list[TapeTensor], number: int, owner: str) -> TapeTensor:
    """Append one layer, which shares the arrays of the one that has the same owner."""
    arguments = channels.with_axis(tape, piece, tensors)
    sample = tape.shape_of(piece.type, arguments, tensors)
    suffix = f"_{piece.type}" if number else ""
    made = tape.append(piece.type, arguments, tensors, (BATCH, *sample), BatchAxis(0), suffix=suffix)
    if has_weights(piece.type):
        first = tape.owners.setdefault(f"layer {owner}", made.name)
        if first != made.name:
            tape.layers[-1].shares = first
    return made


# --- the classes ---------------------------------------------------------------------------------------------------


def _initialize(interpreter: Interpreter, given: CallGiven) -> object:
    """`super().__init__(name=…)` of a layer of the program's own."""
    made = given.values[0]
    assert isinstance(made, PyInstance)
    name = given.keywords.get("name")
    made.attributes["name"] = layer_name(interpreter, made.kind.name, name)
    made.place = made.place or given.place
    return None


def _nothing(interpreter: Interpreter, given: CallGiven) -> object:
    return None


def _set_attribute(interpreter: Interpreter, given: CallGiven) -> object:
    from cnncalc.importing.python.keras.model_layers import set_attribute

    return set_attribute(interpreter, given)


def _methods() -> dict[str, object]:
    from cnncalc.importing.python.keras.arrays import add_weight

    return {
        "__init__": NativeFunction("__init__", _initialize),
        "__call__": NativeFunction("__call__", as_call(call_layer)),
        "call": NativeFunction(BUILT_IN, call_built_in),
        "__setattr__": NativeFunction("__setattr__", _set_attribute),
        "add_weight": NativeFunction("add_weight", add_weight),
        "add_variable": NativeFunction("add_weight", add_weight),
        **{
            name: NativeFunction(name, _nothing) for name in ("adapt", "build", "add_loss", "add_metric", "set_weights")
        },
        "trainable": True, "built": False,
    }  # fmt: skip


LAYER: PyClass = native_class("Layer", (), _methods())
"""The class that every layer descends from."""


def _function_init(interpreter: Interpreter, given: CallGiven) -> object:
    """`Lambda(function, arguments={…})`."""
    made, *values = given.values
    assert isinstance(made, PyInstance)
    made.place = given.place
    made.attributes["function"] = values[0] if values else given.keywords.get("function")
    made.attributes["arguments"] = given.keywords.get("arguments")
    made.attributes["name"] = layer_name(interpreter, "Lambda", given.keywords.get("name"))
    return None


def _function_call(interpreter: Interpreter, given: CallGiven) -> object:
    made, *values = given.values
    assert isinstance(made, PyInstance)
    more = made.attributes["arguments"]
    keywords = {str(key): value for key, value in more.items()} if isinstance(more, dict) else {}
    return interpreter.call(made.attributes["function"], CallGiven(values, keywords, given.place))


LAMBDA: PyClass = native_class(
    "Lambda", (LAYER,),
    {"__init__": NativeFunction("__init__", _function_init), "call": NativeFunction("call", _function_call)},
)  # fmt: skip


@cache
def classes() -> Mapping[str, PyClass]:
    """Every class of layers by its name."""
    return MappingProxyType({**{name: layer_class(name, text) for name, text in signatures()}, "Lambda": LAMBDA})
