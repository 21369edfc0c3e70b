"""Functions of Keras and TensorFlow that are more than one operation, or none: shapes, sums, activations by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.keras.arrays import constant
from cnncalc.importing.python.keras.function_calls import FunctionCall, GraphFunction, called, native
from cnncalc.importing.python.keras.functions import ROWS
from cnncalc.importing.python.keras.graph import GraphTensor
from cnncalc.importing.python.keras.methods import combined
from cnncalc.importing.tensors.tensor import TapeTensor
from cnncalc.source.values import CallGiven, NativeFunction, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def shape(interpreter: Interpreter, given: CallGiven) -> object:
    """`tf.shape(x)`: the sizes, the batch's among them as a number."""
    value = given.values[0] if given.values else next(iter(given.keywords.values()), None)
    return tuple(value.dims) if isinstance(value, GraphTensor) else Unfollowed("shape(…)", given.place)


def static_shape(interpreter: Interpreter, given: CallGiven) -> object:
    """`K.int_shape(x)`: the sizes, None for the batch."""
    value = given.values[0] if given.values else None
    return value.shape if isinstance(value, GraphTensor) else Unfollowed("int_shape(…)", given.place)


def rank(interpreter: Interpreter, given: CallGiven) -> object:
    value = given.values[0] if given.values else None
    return len(value.dims) if isinstance(value, GraphTensor) else Unfollowed("ndim(…)", given.place)


def add_n(interpreter: Interpreter, given: CallGiven) -> object:
    """The sum of several tensors."""
    values = given.values[0] if given.values else None
    total: object = None
    for each in values if isinstance(values, list | tuple) else []:
        if not isinstance(each, GraphTensor):
            return each if isinstance(each, Unfollowed) else Unfollowed("add_n(…)", given.place)
        total = each if not isinstance(total, GraphTensor) else combined(interpreter, "add", [total, each], given.place)
    return total if total is not None else Unfollowed("add_n(…)", given.place)


def get_activation(interpreter: Interpreter, given: CallGiven) -> object:
    """`keras.activations.get("relu")`."""
    value = given.values[0] if given.values else None
    if isinstance(value, str) and value in ROWS:
        return native(value, ROWS[value])
    if value is None or value == "linear":
        return NativeFunction("linear", lambda _, inner: inner.values[0] if inner.values else None)
    return value


def image_resize(interpreter: Interpreter, given: CallGiven) -> object:
    """`tf.image.resize(x, [height, width])`."""
    row = GraphFunction("x|images|image size method|interpolation", _resized)
    return called(interpreter, "resize", row, given)


def _resized(call: FunctionCall) -> TapeTensor:
    height, width = call.sizes("size")
    x = call.tape.tensor(call.x)
    fields = {"height": height, "width": width}
    return call.tape.append("resize_image", fields, [x], (x.dims[0], height, width, x.dims[3]), x.batch)


@cache
def functions() -> Mapping[str, NativeFunction]:
    """Every function by its name."""
    found = {name: native(name, row) for name, row in ROWS.items()}
    found |= {
        "shape": NativeFunction("shape", shape), "int_shape": NativeFunction("int_shape", static_shape),
        "ndim": NativeFunction("ndim", rank), "rank": NativeFunction("rank", rank),
        "add_n": NativeFunction("add_n", add_n),
        "convert_to_tensor": NativeFunction("convert_to_tensor", constant),
    }  # fmt: skip
    return MappingProxyType(found)


def layer_function(class_name: str, kind: object) -> NativeFunction:
    """`layers.add([a, b])`, `layers.concatenate(values, axis=3)`: the layer of the same name, made and called."""

    def run(interpreter: Interpreter, given: CallGiven) -> object:
        values, *rest = given.values
        layer = interpreter.call(kind, CallGiven(rest, given.keywords, given.place))
        if not isinstance(layer, PyInstance):
            return layer
        return interpreter.call(layer, CallGiven([values], {}, given.place))

    return NativeFunction(class_name.lower(), run)
