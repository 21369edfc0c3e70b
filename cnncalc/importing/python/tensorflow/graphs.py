"""The surroundings of a graph of TensorFlow 1: placeholders, and the layers of `tf.layers`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.keras import arrays
from cnncalc.importing.python.keras.graph import GraphTensor, graph_of
from cnncalc.importing.python.keras.layers import classes
from cnncalc.importing.python.keras.models import made_input
from cnncalc.importing.python.tensorflow.scopes import known, numbered, scoped, store_of
from cnncalc.importing.tensors.tensor import TapeArray
from cnncalc.source.values import CallGiven, NativeFunction, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

LAYERS: Mapping[str, str] = MappingProxyType({
    **{f"conv{rank}d": f"Conv{rank}D" for rank in (1, 2, 3)},
    **{f"max_pooling{rank}d": f"MaxPooling{rank}D" for rank in (1, 2, 3)},
    **{f"average_pooling{rank}d": f"AveragePooling{rank}D" for rank in (1, 2, 3)},
    "conv2d_transpose": "Conv2DTranspose", "conv3d_transpose": "Conv3DTranspose", "dense": "Dense",
    "separable_conv2d": "SeparableConv2D", "flatten": "Flatten", "dropout": "Dropout",
    "batch_normalization": "BatchNormalization",
})  # fmt: skip
"""The functions of `tf.layers`, by the classes that they make and call."""

_WITH_ARRAYS = (
    *(f"conv{rank}d" for rank in (1, 2, 3)), "conv2d_transpose", "conv3d_transpose", "dense", "separable_conv2d",
    "batch_normalization",
)  # fmt: skip
_IDLE = ("training", "reuse", "fused", "virtual_batch_size", "adjustment", "renorm")


def placeholder(interpreter: Interpreter, given: CallGiven) -> object:
    """`tf.placeholder(tf.float32, [None, 784], name="x")`: an input; nothing for a setting such as keep_prob."""
    names = ("dtype", "shape", "name")
    values = {**dict(zip(names, given.values, strict=False)), **given.keywords}
    shape, name = values.get("shape"), values.get("name")
    if isinstance(shape, Unfollowed):
        return shape
    own = name if isinstance(name, str) else graph_of(interpreter).automatic("Placeholder")
    if not isinstance(shape, list | tuple) or not shape:
        return GraphTensor((), array=TapeArray(()))
    return made_input(interpreter, tuple(shape)[1:], own, given)


def get_variable(interpreter: Interpreter, given: CallGiven) -> object:
    """`tf.get_variable(name, shape)`: the array of that name in the current scope, made at the first call."""
    name = given.values[0] if given.values else given.keywords.get("name")
    if not isinstance(name, str):
        return arrays.get_variable(interpreter, given)
    found = known(interpreter, name, given)
    if found is None:
        made = arrays.get_variable(interpreter, given)
        if not isinstance(made, GraphTensor):
            return made
        found = store_of(interpreter).found[scoped(interpreter, name)] = made
    return found


def layer_call(word: str) -> NativeFunction:
    """`tf.layers.conv2d(inputs, 32, 5)`: a layer, made and called."""

    def run(interpreter: Interpreter, given: CallGiven) -> object:
        keywords = {key: value for key, value in given.keywords.items() if key not in _IDLE}
        values = list(given.values)
        x = values.pop(0) if values else keywords.pop("inputs", None)
        if word == "dropout" and not values and "rate" not in keywords:
            keywords["rate"] = 0.5
        own = keywords.get("name")
        named = isinstance(own, str)
        name = own if isinstance(own, str) else numbered(interpreter, word)
        earlier = None
        if word in _WITH_ARRAYS:
            earlier = known(interpreter, name, given, reuse=given.keywords.get("reuse"), is_named=named)
        layer = earlier or interpreter.call(classes()[LAYERS[word]], CallGiven(values, keywords, given.place))
        if not isinstance(layer, PyInstance):
            return layer
        store_of(interpreter).found[scoped(interpreter, name)] = layer
        return interpreter.call(layer, CallGiven([x], {}, given.place))

    return NativeFunction(word, run)
