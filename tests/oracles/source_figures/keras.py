"""A Keras model's figures: parameters, every layer's parameters and output shape, and multiply-accumulates."""

from __future__ import annotations

import math
from typing import Any

import jax
import keras
import numpy as np

from tests.oracles.source_figures.listing import CorpusModel
from tests.oracles.source_figures.running import built


def prepared() -> None:
    """Make the initial weights zeros: drawing them is most of the work, and no figure depends on them."""
    for name in ("RandomUniform", "VarianceScaling", "Orthogonal", "RandomNormal", "TruncatedNormal"):
        getattr(keras.initializers, name).__call__ = zeros


def zeros(self: Any, shape: Any, dtype: Any = None, **others: Any) -> Any:
    """An initializer of zeros."""
    return np.zeros(shape, dtype or "float32")


def arguments(net: Any, model: CorpusModel, batch: int, make: Any = keras.KerasTensor) -> Any:
    """Inputs of a model without values: one, a list of several, or a dictionary where the model takes one."""
    kinds = ["float32" if each.below is None else "int32" for each in model.inputs]
    values = [make((batch, *each.shape), kind) for each, kind in zip(model.inputs, kinds, strict=True)]
    if isinstance(getattr(net, "_inputs_struct", None), dict):
        return {each.name: value for each, value in zip(model.inputs, values, strict=True)}
    return values[0] if len(values) == 1 else values


def multiplications(jaxpr: Any) -> int:
    """The multiply-accumulates of a JAX program; resizing is not counted."""
    total = 0
    for equation in jaxpr.eqns:
        shapes = [getattr(each.aval, "shape", ()) for each in (*equation.invars, *equation.outvars)]
        if equation.primitive.name == "dot_general":
            (contracted, _), _ = equation.params["dimension_numbers"]
            total += math.prod(shapes[-1]) * math.prod(shapes[0][axis] for axis in contracted)
        elif equation.primitive.name == "conv_general_dilated":
            spec = equation.params["dimension_numbers"]
            kernel, groups = shapes[1], equation.params["feature_group_count"]
            if max(equation.params["lhs_dilation"]) > 1:
                total += math.prod(shapes[0]) * math.prod(kernel) // (kernel[spec.rhs_spec[1]] * groups)
            else:
                total += math.prod(shapes[-1]) * math.prod(kernel) // kernel[spec.rhs_spec[0]]
        times = equation.params.get("length", 1) if equation.primitive.name == "scan" else 1
        if "resize" not in str(equation.params.get("name", "")):
            total += times * sum(multiplications(each) for each in jax.core.jaxprs_in_params(equation.params))
    return total


def paths(layer: Any, prefix: str = "") -> dict[int, str]:
    """The attribute paths of a subclassed model's layers, by identity."""
    found: dict[int, str] = {}
    for name, value in vars(layer).items():
        values = enumerate(value) if isinstance(value, list | tuple) else [("", value)]
        for place, each in values if not name.startswith("_") else ():
            if isinstance(each, keras.layers.Layer) and id(each) not in found:
                found[id(each)] = f"{prefix}{name}" + (f".{place}" if place != "" else "")
                found |= paths(each, found[id(each)] + ".")
    return found


def shape_of(value: Any) -> Any:
    """The shape of an output without its batch, or several."""
    if isinstance(value, dict):
        value = list(value.values())
    return [shape_of(each) for each in value] if isinstance(value, list | tuple) else list(value.shape[1:])


def figures(model: CorpusModel) -> dict[str, Any]:
    """Everything that is recorded of a model: by name for the functional style, by attribute for subclasses."""
    keras.backend.clear_session()
    net, _ = built(model)
    shapes: dict[int, list[Any]] = {}
    layers: list[Any] = []
    original = keras.layers.Layer.__call__

    def recorded(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        if id(self) not in shapes:
            layers.append(self)
        shapes.setdefault(id(self), []).append(shape_of(result))
        return result

    keras.layers.Layer.__call__ = recorded
    try:
        output = net(arguments(net, model, 2))
    finally:
        keras.layers.Layer.__call__ = original
    subclassed = type(net) not in (keras.Sequential, keras.Model) and type(net).__name__ != "Functional"
    names = paths(net) if subclassed else {}
    trainable = [each.value for each in net.trainable_variables]
    others = [each.value for each in net.non_trainable_variables]
    program = jax.make_jaxpr(lambda a, b, x: net.stateless_call(a, b, x))(
        trainable, others, arguments(net, model, 1, jax.ShapeDtypeStruct)
    )
    modules = {
        names.get(id(each), each.name): [each.count_params(), shapes[id(each)][-1], len(shapes[id(each)])]
        for each in layers
        if each is not net
    }
    return {
        "params": net.count_params(),
        "trainable": sum(math.prod(each.shape) for each in net.trainable_variables),
        "macs": multiplications(program.jaxpr),
        "output": shape_of(output),
        "modules": modules,
    }


def outcome(model: CorpusModel, text: str) -> str:
    """What becomes visible of a changed file: the error, or the output's shapes."""
    keras.backend.clear_session()
    try:
        net, _ = built(model, text)
        return f"output {shape_of(net(arguments(net, model, 2)))}"
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
