"""Merges that the common tables lack: minimum, average and divide, stacks, dot and matrix products."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.oracles import drawing
from tests.oracles.cases import Case
from tests.oracles.deviations import Deviation
from tests.oracles.drawing import Drawn, Fields, any_volume, chance, maybe
from tests.oracles.families import Answer, Weights
from tests.oracles.values import normal_inputs

FREQUENCY = {
    "pytorch": {"average": 1, "minimum": 1, "divide": 1, "stack": 1, "matmul": 2, "where": 1},
    "keras": {"where": 1, "minimum": 1, "stack": 1, "dot": 3, "matmul": 1},
    "onnx": {"where": 1, "minimum": 1, "divide": 1, "stack": 1, "matmul": 2},
}

SIZES = (1, 2, 3, 5, 7, 11)


def stack(random: Random, convention: str) -> Drawn:
    """Two to four equal inputs, some of which differ after all."""
    shape = any_volume(random, convention)
    inputs = [shape]
    for _ in range(random.randint(1, 3)):
        other = list(shape)
        if chance(random, 0.12):
            other[random.randrange(len(other))] += 1
        inputs.append(other[:-1] if chance(random, 0.04) and len(other) > 1 else other)
    fields: Fields = {}
    maybe(random, fields, "axis", 0.7, lambda: random.choice((-1, *range(1, len(shape) + 3))))
    return inputs, fields


def matmul(random: Random, convention: str) -> Drawn:
    """Matrices that mostly meet, with up to two axes of heads, some of which have to be stretched."""
    rows, inner, columns = random.sample(SIZES[1:], 3)
    fields: Fields = {}
    maybe(random, fields, "transpose_a", 0.4, lambda: True)
    maybe(random, fields, "transpose_b", 0.4, lambda: True)
    a = [inner, rows] if "transpose_a" in fields else [rows, inner]
    b = [columns, inner] if "transpose_b" in fields else [inner, columns]
    if chance(random, 0.15):
        random.shuffle(b)
    heads = [random.choice(SIZES) for _ in range(random.choice((0, 0, 1, 2)))]
    stretched = [1 if chance(random, 0.3) else size + chance(random, 0.15) for size in heads]
    inputs = [[*heads, *a], [*stretched, *b]]
    random.shuffle(inputs)
    return inputs, fields


def dot(random: Random, convention: str) -> Drawn:
    """Inputs of any rank whose chosen axes mostly have one size; some axes are counted from the end, some too far."""
    if chance(random, 0.12):
        first, *others = random.sample(SIZES, 3)
        return [[first, *others], [first]], {"axes": -3}
    x, y = ([random.choice(SIZES) for _ in range(random.choice((1, 2, 2, 3)))] for _ in range(2))
    first, second = random.randrange(len(x)), random.randrange(len(y))
    if chance(random, 0.85):
        y[second] = x[first]
    named = [first + 1 - chance(random, 0.3) * (len(x) + 1), second + 1 - chance(random, 0.3) * (len(y) + 1)]
    if chance(random, 0.08):
        named[random.randrange(2)] = random.choice((0, 4))
    fields: Fields = {"axes": named[0] if chance(random, 0.3) else named}
    maybe(random, fields, "normalize", 0.3, lambda: True)
    return [x, y], fields


def where(random: Random, convention: str) -> Drawn:
    """Three inputs of one shape, of which some axes are 1; now and then one differs."""
    shape = any_volume(random, convention)
    inputs = [[1 if chance(random, 0.2) else size for size in shape] for _ in range(3)]
    if chance(random, 0.15):
        inputs[random.randrange(3)][random.randrange(len(shape))] += 1
    return inputs, {}


def some_true(generator: np.random.Generator, case: Case) -> list[np.ndarray]:
    """A condition of zeros and ones, and two inputs."""
    condition, *others = normal_inputs(generator, case)
    return [(condition > 0).astype(np.float32), *others]


INPUTS = {"where": some_true}
DRAW = {
    "where": where, "minimum": drawing.merge(3),
    "divide": drawing.merge(2), "stack": stack, "matmul": matmul, "dot": dot,
}  # fmt: skip


def _along(case: Case) -> int:
    return int(case["fields"].get("axis", 1))


def _mean(*tensors: Any) -> Any:
    import torch

    return torch.stack(torch.broadcast_tensors(*tensors)).mean(0)


def _smallest(*tensors: Any) -> Any:
    import torch

    smallest = tensors[0]
    for tensor in tensors[1:]:
        smallest = torch.minimum(smallest, tensor)
    return smallest


def _pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import torch

    from tests.oracles.pytorch_oracle import run_module

    functions = {
        "average": _mean,
        "minimum": _smallest,
        "divide": torch.div,
        "where": lambda condition, one, other: torch.where(condition != 0, one, other),
        "stack": lambda *tensors: torch.stack(tensors, _along(case)),
        "matmul": lambda a, b: torch.matmul(*_swapped(case, a, b)),
    }
    return run_module(functions[case["layer"]], inputs, weights)


def _swapped(case: Case, a: Any, b: Any) -> tuple[Any, Any]:
    """The matrices with their last two axes swapped where the case says so."""
    return (
        a.swapaxes(-1, -2) if case["fields"].get("transpose_a") else a,
        b.swapaxes(-1, -2) if case["fields"].get("transpose_b") else b,
    )


def _keras_layer(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from tests.oracles.keras_oracle import keras, run_layer

    if case["layer"] == "minimum":
        return run_layer(keras.layers.Minimum(), inputs, None if weights is None else [])
    axes = case["fields"]["axes"]
    layer = keras.layers.Dot(tuple(axes) if isinstance(axes, list) else axes, bool(case["fields"].get("normalize")))
    return run_layer(layer, inputs, None if weights is None else [])


def _keras_operation(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from tests.oracles.keras_oracle import jax, keras

    def call(*arrays: Any) -> Any:
        if case["layer"] == "where":
            return keras.ops.where(arrays[0] != 0, *arrays[1:])
        if case["layer"] == "stack":
            return keras.ops.stack(arrays, axis=_along(case))
        return keras.ops.matmul(*_swapped(case, *arrays))

    if weights is None:
        return Answer(np.zeros(jax.eval_shape(call, *inputs).shape, np.float32), 0)
    return Answer(np.asarray(call(*inputs)), 0)


def _onnx(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    names = [f"x{index}" for index in range(len(inputs))]
    rank = max(array.ndim for array in inputs)
    if case["layer"] == "stack":
        nodes = [
            helper.make_node("SequenceConstruct", names, ["several"]),
            helper.make_node("ConcatFromSequence", ["several"], ["y"], axis=_along(case), new_axis=1),
        ]
        return run_nodes(nodes, inputs, {}, rank=rank + 1)
    if case["layer"] == "where":
        nodes = [helper.make_node("Cast", ["x0"], ["condition"], to=9)]
        nodes.append(helper.make_node("Where", ["condition", "x1", "x2"], ["y"]))
        return run_nodes(nodes, inputs, {}, rank=rank)
    if case["layer"] == "matmul":
        nodes, names = _transposes(case, inputs)
        return run_nodes([*nodes, helper.make_node("MatMul", names, ["y"])], inputs, {}, rank=rank)
    operator = {"minimum": "Min", "divide": "Div"}[case["layer"]]
    return run_nodes([helper.make_node(operator, names, ["y"])], inputs, {}, rank=rank)


def _transposes(case: Case, inputs: list[np.ndarray]) -> tuple[list[Any], list[str]]:
    """A `Transpose` for each input that the case swaps, and the names that the product then reads."""
    from onnx import helper

    nodes, names = [], []
    for index, flag in enumerate(("transpose_a", "transpose_b")):
        if case["fields"].get(flag):
            order = list(range(inputs[index].ndim))
            order[-2:] = order[:-3:-1]
            nodes.append(helper.make_node("Transpose", [f"x{index}"], [f"t{index}"], perm=order))
        names.append(f"t{index}" if case["fields"].get(flag) else f"x{index}")
    return nodes, names


PYTORCH = dict.fromkeys(("where", "average", "minimum", "divide", "stack", "matmul"), _pytorch)
KERAS = {
    "minimum": _keras_layer, "dot": _keras_layer, "stack": _keras_operation, "matmul": _keras_operation,
    "where": _keras_operation,
}  # fmt: skip
ONNX = dict.fromkeys(("where", "minimum", "divide", "stack", "matmul"), _onnx)


def _wraps_around(case: Case) -> bool:
    axis = case["fields"].get("axes")
    return case["layer"] == "dot" and isinstance(axis, int) and -axis > min(len(shape) for shape in case["inputs"])


DEVIATIONS = (
    Deviation(
        "a dot product along an axis that an input lacks",
        "Keras takes one negative axis modulo the number of axes: -3 of a vector is then its only one",
        "keras",
        _wraps_around,
        refuses="cnncalc",
    ),
)
