"""Figures of a TensorFlow 1 graph: variables, operations with their shapes, and multiply-accumulates."""

from __future__ import annotations

import math
import sys
from typing import Any

import tensorflow.compat.v1 as tf

from tests.oracles.source_figures.listing import CorpusModel
from tests.oracles.source_figures.running import loaded

RECORDED = ("Conv2D", "Conv2DBackpropInput", "MaxPool", "MatMul", "LRN", "Relu", "Elu", "Sigmoid")
"""The operations whose output shapes are recorded."""


def prepared() -> None:
    """Give the files the TensorFlow that they were written for."""
    tf.disable_v2_behavior()
    sys.modules["tensorflow"] = tf


def graph(model: CorpusModel, text: str | None = None) -> Any:
    """The output of a model's graph: a variable of the file, or a function called with placeholders."""
    tf.reset_default_graph()
    names = loaded(model, text)
    found = names[model.name]
    if callable(found):
        found = found(*[tf.placeholder(tf.float32, [None, *each.shape]) for each in model.inputs])
    return found[0] if isinstance(found, tuple) else found


def shape(tensor: Any) -> tuple[int, ...]:
    """The shape of a tensor, with a batch of 1 for what is not known."""
    return tuple(1 if size is None else size for size in tensor.shape.as_list())


def operations(output: Any) -> list[Any]:
    """The operations that an output depends on, in the order of the graph."""
    needed, waiting = set(), [output.op]
    while waiting:
        operation = waiting.pop()
        if operation.name not in needed:
            needed.add(operation.name)
            waiting += [each.op for each in operation.inputs]
    return [each for each in output.graph.get_operations() if each.name in needed]


def macs(operation: Any) -> int:
    """The multiply-accumulates of a convolution or matrix product."""
    if operation.type == "MatMul":
        left, right = map(shape, operation.inputs)
        return math.prod(left) * right[-1]
    if operation.type == "Conv2D":
        kernel = shape(operation.inputs[1])
        return math.prod(shape(operation.outputs[0])) * math.prod(kernel[:3])
    if operation.type == "Conv2DBackpropInput":
        kernel = shape(operation.inputs[1])
        return math.prod(shape(operation.inputs[2])) * math.prod(kernel[:3])
    return 0


def figures(model: CorpusModel) -> dict[str, Any]:
    """Everything that is recorded of a model: variables by name, and the operations in order."""
    output = graph(model)
    needed = operations(output)
    variables = {each.op.name: list(shape(each)) for each in tf.trainable_variables()}
    return {
        "params": sum(map(math.prod, variables.values())),
        "macs": sum(map(macs, needed)),
        "output": list(shape(output)[1:]),
        "variables": variables,
        "operations": [[each.type, list(shape(each.outputs[0])[1:])] for each in needed if each.type in RECORDED],
    }


def outcome(model: CorpusModel, text: str) -> str:
    """What becomes visible of a changed file: the error, or the output's shape."""
    try:
        return f"output {list(shape(graph(model, text))[1:])}"
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
