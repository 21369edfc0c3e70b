"""What Keras itself says about a case, on its JAX backend.

The layer is built and asked for its output shape by its own rule; then its call is traced on abstract arrays, so that
JAX's operations have their say as well. With `really` it runs on zeros, which compiles and is slow.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("XLA_FLAGS", "--xla_disable_hlo_passes=algsimp")  # it aborts on some transposed convolutions

import jax
import keras
import numpy as np

from tests.oracles.cases import Case, Verdict, accepted, per_axis, refused, spatial_rank, verdict_on
from tests.oracles.families import Answer, table

BATCH = 2
ERRORS = (ValueError, TypeError, RuntimeError, AssertionError, IndexError, ZeroDivisionError)


def verdict(case: Case, *, really: bool = False) -> Verdict:
    """Shape and parameters of the case, or the error that Keras raises."""
    try:
        if case["layer"] in table("KERAS"):
            zeros = [np.zeros((BATCH, *shape), np.float32) for shape in case["inputs"]]
            return verdict_on(table("KERAS")[case["layer"]](case, zeros, None), case["layer"])
        layer = build(case)
        shapes = [(BATCH, *shape) for shape in case["inputs"]]
        given = shapes if len(shapes) > 1 or case["layer"] == "concat" else shapes[0]
        layer.build(given)
        ruled = tuple(layer.compute_output_shape(given))
        ran = run(layer, given) if really else trace(layer, given)
    except ERRORS as error:
        return refused(error)
    if 0 in ran:
        return refused("an empty output")
    if ruled != ran:
        return refused(f"its shape rule says {ruled}, its operation {ran}")
    return accepted(ran[1:], layer.count_params())


def trace(layer: keras.Layer, given: Any, dtype: str = "float32") -> tuple[int, ...]:
    """The output's shape when the call is traced on abstract arrays."""
    abstract = [jax.ShapeDtypeStruct(shape, dtype) for shape in (given if isinstance(given, list) else [given])]
    return tuple(jax.eval_shape(lambda *x: layer.call(list(x) if isinstance(given, list) else x[0]), *abstract).shape)


def run(layer: keras.Layer, given: Any) -> tuple[int, ...]:
    """The output's shape when the layer runs on zeros."""
    zeros = [np.zeros(shape, "float32") for shape in given] if isinstance(given, list) else np.zeros(given, "float32")
    return tuple(layer(zeros).shape)


def output(case: Case, inputs: list[np.ndarray], weights: dict[str, np.ndarray]) -> np.ndarray:
    """What the layer computes with these weights, which are in cnncalc's order of axes and Keras's order of names."""
    if case["layer"] in table("KERAS"):
        answer: Answer = table("KERAS")[case["layer"]](case, inputs, weights)
        return answer.output
    layer = build(case)
    several = len(inputs) > 1 or case["layer"] == "concat"
    layer.build([array.shape for array in inputs] if several else inputs[0].shape)
    swapped = case["layer"] == "conv_transpose"
    given = [np.swapaxes(array, -1, -2) if swapped and array.ndim > 1 else array for array in weights.values()]
    layer.set_weights([array.reshape(own.shape) for array, own in zip(given, layer.weights, strict=True)])
    return np.asarray(layer(inputs if several else inputs[0]))


def run_layer(
    layer: keras.Layer, inputs: list[np.ndarray], weights: list[np.ndarray] | None = None, *, dtype: str = "float32"
) -> Answer:
    """A layer on arrays of its own; `weights` are in Keras's order of names and axes.

    Without weights it is only traced, which is fast, and zeros of the traced shape come out; its rule must agree.
    """
    given = [array.astype(dtype) for array in inputs]
    shapes = [array.shape for array in given]
    layer.build(shapes if len(shapes) > 1 else shapes[0])
    if weights is None:
        ran = trace(layer, shapes if len(shapes) > 1 else shapes[0], dtype)
        ruled = tuple(layer.compute_output_shape(shapes if len(shapes) > 1 else shapes[0]))
        if ruled != ran:
            raise ValueError(f"its shape rule says {ruled}, its operation {ran}")
        return Answer(np.zeros(ran, np.float32), layer.count_params())
    layer.set_weights([array.reshape(own.shape) for array, own in zip(weights, layer.weights, strict=True)])
    return Answer(np.asarray(layer(given if len(given) > 1 else given[0])), layer.count_params())


def build(case: Case) -> keras.Layer:
    """The layer of a case, not yet built."""
    return BUILD[case["layer"]](case)


def of_rank(name: str, case: Case) -> Any:
    """`Conv{}D` as `Conv1D`, `Conv2D` or `Conv3D`."""
    return getattr(keras.layers, name.format(spatial_rank(case)))


def chosen(case: Case, **names: str) -> dict[str, Any]:
    """The fields that the case gives, under Keras's names."""
    return {
        names[name]: tuple(value) if isinstance(value, list) else value
        for name, value in case["fields"].items()
        if name in names
    }


SLIDING = {
    "kernel": "kernel_size", "stride": "strides", "padding": "padding", "dilation": "dilation_rate", "bias": "use_bias",
}  # fmt: skip


def zero_pad(case: Case) -> keras.Layer:
    rank = spatial_rank(case)
    sides = [tuple(per_axis(side, 2)) for side in per_axis(case["fields"]["amount"], rank)]
    return of_rank("ZeroPadding{}D", case)(sides[0] if rank == 1 else tuple(sides))


def no_numbers(shape: tuple[int, ...], dtype: object = None) -> np.ndarray:
    """Zeros made by NumPy: an initializer of JAX's own is compiled for every shape."""
    return np.zeros(shape, "float32")


def sliding(name: str, **names: str) -> Callable[[Case], keras.Layer]:
    """A convolution; `depthwise_initializer` is what its kernel's is called where it is depthwise."""
    kernel = "depthwise_initializer" if name.startswith("Depthwise") else "kernel_initializer"
    return lambda case: of_rank(name, case)(**chosen(case, **SLIDING, **names), **{kernel: no_numbers})


def pool(name: str) -> Callable[[Case], keras.Layer]:
    return lambda case: of_rank(name, case)(**chosen(case, kernel="pool_size", stride="strides", padding="padding"))


def dense(case: Case) -> keras.Layer:
    return keras.layers.Dense(**chosen(case, units="units", bias="use_bias"), kernel_initializer=no_numbers)


def by_name(name: str, **names: str) -> Callable[[Case], keras.Layer]:
    return lambda case: getattr(keras.layers, name)(**chosen(case, **names))


BUILD: dict[str, Callable[[Case], keras.Layer]] = {
    "conv": sliding("Conv{}D", filters="filters", groups="groups"),
    "depthwise_conv": sliding("DepthwiseConv{}D", multiplier="depth_multiplier"),
    "conv_transpose": sliding("Conv{}DTranspose", filters="filters", output_padding="output_padding"),
    "max_pool": pool("MaxPooling{}D"),
    "avg_pool": pool("AveragePooling{}D"),
    "global_avg_pool": lambda case: of_rank("GlobalAveragePooling{}D", case)(**chosen(case, keep="keepdims")),
    "global_max_pool": lambda case: of_rank("GlobalMaxPooling{}D", case)(**chosen(case, keep="keepdims")),
    "dense": dense,
    "batch_norm": by_name("BatchNormalization", scale="scale", shift="center", axis="axis", renorm="renorm"),
    "zero_pad": zero_pad,
    "concat": by_name("Concatenate", axis="axis"),
    "add": by_name("Add"),
    "multiply": by_name("Multiply"),
    "average": by_name("Average"),
    "maximum": by_name("Maximum"),
    "subtract": by_name("Subtract"),
    "flatten": by_name("Flatten"),
    "reshape": by_name("Reshape", shape="target_shape"),
    "dropout": by_name("Dropout", rate="rate"),
}
