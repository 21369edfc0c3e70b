"""Keras's layers: the classes that a program makes and inherits from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from cnncalc.importing.python.binding import Parameters, bind, parameters_of
from cnncalc.importing.python.keras.configuration import (
    KerasSetup,
    declared_shape,
    is_idle,
    plain,
    reason_of,
)
from cnncalc.importing.python.keras.graph import graph_of, unknown_in
from cnncalc.importing.python.keras.keras_1 import modern_call
from cnncalc.importing.python.keras.layer_arrays import array_of, shape_of
from cnncalc.importing.python.keras.layer_calls import BUILT_IN, as_call, call_built_in, call_layer
from cnncalc.importing.python.keras.layer_names import layer_name
from cnncalc.importing.python.keras.vectorizing import VECTORIZERS, vocabulary_size
from cnncalc.reading.signatures.keras import LAYERS as SIGNATURES
from cnncalc.source.signals import Raised
from cnncalc.source.values import CallGiven, CodePlace, NativeFunction, PyClass, PyInstance, Unfollowed, native_class

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

_IDLE = re.compile("initializer|regularizer|constraint|^(?:seed|dtype|name|weights)$")
"""Parameters that change no metric, whose values need not be known."""
_INPUT_SIZES: Final = ("input_shape", "batch_input_shape", "batch_shape", "input_dim", "input_length")
"""Parameters that state the shape of the input, which also follows from the layer before."""


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
        made.extra = KerasSetup(class_name, config, name, shape, reason_of(unknown), declared_at, bound)
        made.attributes.update({key: value for key, value in bound.values.items() if key != "name"}, name=name)
        return None

    return native_class(class_name, (LAYER,), {"__init__": NativeFunction("__init__", init)})


def may_be_unknown(parameter: str, own: Collection[str]) -> bool:
    """Whether the value of a parameter need not be known; `own` are those of the class alone."""
    return _IDLE.search(parameter) is not None or (parameter in _INPUT_SIZES and parameter not in own)


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


_WEIGHT_LISTS: Final = (
    "weights", "trainable_weights", "non_trainable_weights", "variables", "trainable_variables",
    "non_trainable_variables", "get_weights", "count_params",
)  # fmt: skip


def _weights_of(interpreter: Interpreter, given: CallGiven) -> object:
    """An attribute with arrays of a layer, which is unknown. Raises Raised (AttributeError) for any other name."""
    layer, name = given.values
    assert isinstance(layer, PyInstance)
    if (found := array_of(layer, str(name))) is not None:
        return found
    if "tensorflow" in graph_of(interpreter).source.text and (sizes := shape_of(layer, str(name))) is not None:
        return sizes  # Keras 3 has no such attribute
    setup = layer.extra
    kind = setup.class_name if isinstance(setup, KerasSetup) else ""
    if kind in VECTORIZERS and name in ("vocabulary_size", "get_vocabulary", "set_vocabulary"):
        assert isinstance(setup, KerasSetup)
        return _vocabulary(setup, str(name), given.place)
    words = next((text.split() for each, text in signatures() if each == kind), [])
    initializers = (f"{name}_initializer", f"{str(name).removesuffix('_kernel')}_initializer")
    if name in _WEIGHT_LISTS or any(each in words for each in initializers):
        return Unfollowed(f"{layer.kind.name}.{name}", given.place)
    raise Raised("AttributeError", f"'{layer.kind.name}' object has no attribute '{name}'", given.place)


def _vocabulary(setup: KerasSetup, name: str, place: CodePlace) -> object:
    """`layer.vocabulary_size()` of a layer that is given its tokens; those that it takes from texts are unknown."""

    def put(interpreter: Interpreter, given: CallGiven) -> object:
        setup.config["vocabulary"] = next(iter(given.values), None)
        return None

    if name == "set_vocabulary":
        return NativeFunction(name, put)
    size = vocabulary_size(setup.class_name, setup.config) if name == "vocabulary_size" else None
    if size is None:
        return Unfollowed(f"{name}(): the vocabulary of {setup.class_name} follows from the texts", place)
    return NativeFunction(name, lambda interpreter, given: size)


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
        "__getattr__": NativeFunction("__getattr__", _weights_of),
        "trainable": True, "built": False, "dtype": "float32", "compute_dtype": "float32",
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
