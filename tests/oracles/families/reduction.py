"""Reductions along axes: PyTorch's functions, Keras's operations and ONNX's operators."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import Drawn, Fields, any_volume, chance, maybe
from tests.oracles.families import Answer, Weights

Ask = Callable[[Case, list[np.ndarray], Weights], Answer]

FUNCTIONS = {
    "reduce_mean": "mean", "reduce_sum": "sum", "reduce_max": "amax", "reduce_min": "amin",
    "reduce_log_sum_exp": "logsumexp",
}  # fmt: skip
OPERATIONS = {**FUNCTIONS, "reduce_max": "max", "reduce_min": "min", "reduce_prod": "prod"}
OPERATORS = {
    "reduce_mean": "ReduceMean", "reduce_sum": "ReduceSum", "reduce_max": "ReduceMax", "reduce_min": "ReduceMin",
    "reduce_prod": "ReduceProd", "reduce_l1": "ReduceL1", "reduce_l2": "ReduceL2", "reduce_log_sum": "ReduceLogSum",
    "reduce_log_sum_exp": "ReduceLogSumExp", "reduce_sum_square": "ReduceSumSquare",
}  # fmt: skip

SPREADS = {"reduce_std": "std", "reduce_variance": "var"}
POSITIONS = ("argmax", "argmin")

FREQUENCY = {
    "pytorch": dict.fromkeys((*FUNCTIONS, "reduce_l1", "reduce_l2", *SPREADS, *POSITIONS), 1),
    "keras": dict.fromkeys((*OPERATIONS, *SPREADS, *POSITIONS), 1),
    "onnx": dict.fromkeys((*OPERATORS, *POSITIONS), 1),
}


def reduction(random: Random, convention: str) -> Drawn:
    """Axes that are there, now and then one that is not, or one that is named twice."""
    shape = any_volume(random, convention)
    rank = len(shape)
    axes = random.sample([random.choice((place, place - rank - 1)) for place in range(1, rank + 1)], rank)
    axes = axes[: random.randint(1, rank)]
    if chance(random, 0.1):
        axes[0] = random.choice((rank + 1, -rank - 2))
    if chance(random, 0.08):
        axes.append(axes[0])
    fields: Fields = {"axis": axes[0] if len(axes) == 1 else axes}
    maybe(random, fields, "keep", 0.6, lambda: chance(random, 0.5))
    return [shape], fields


def position(random: Random, convention: str) -> Drawn:
    """One axis."""
    inputs, fields = reduction(random, convention)
    return inputs, {**fields, "axis": axes_of({"fields": fields})[0]}


def spread(random: Random, convention: str) -> Drawn:
    """The corrections that leave something to divide by; Keras has none."""
    inputs, fields = reduction(random, convention)
    if convention == "pytorch":
        maybe(random, fields, "correction", 0.5, lambda: random.choice((0, 0, 1)))
    return inputs, fields


DRAW = {
    **dict.fromkeys(OPERATORS, reduction), **dict.fromkeys(POSITIONS, position), **dict.fromkeys(SPREADS, spread),
}  # fmt: skip


def positive_for_logarithms(generator: np.random.Generator, case: Case) -> list[np.ndarray]:
    arrays = [generator.standard_normal((2, *shape)).astype(np.float32) for shape in case["inputs"]]
    return [abs(array) for array in arrays] if case["layer"] == "reduce_log_sum" else arrays


INPUTS = {"reduce_log_sum": positive_for_logarithms}


def axes_of(case: Case) -> list[int]:
    axis = case["fields"]["axis"]
    return list(axis) if isinstance(axis, list) else [axis]


def in_pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import torch

    given: dict[str, Any] = {"dim": axes_of(case), "keepdim": case["fields"].get("keep", False)}
    x = torch.from_numpy(inputs[0])
    if case["layer"] in POSITIONS:
        y = getattr(torch, case["layer"])(x, case["fields"]["axis"], given["keepdim"]).float()
    elif case["layer"] in SPREADS:
        y = getattr(torch, SPREADS[case["layer"]])(x, **given, correction=case["fields"].get("correction", 1))
    elif case["layer"] in FUNCTIONS:
        y = getattr(torch, FUNCTIONS[case["layer"]])(x, **given)
    else:
        y = torch.linalg.vector_norm(x, ord=int(case["layer"][-1]), **given)
    return Answer(y.numpy(), 0)


def in_keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    operation = getattr(keras.ops, {**OPERATIONS, **SPREADS}.get(case["layer"], case["layer"]))
    axis = case["fields"]["axis"] if case["layer"] in POSITIONS else tuple(axes_of(case))
    y = operation(inputs[0], axis=axis, keepdims=case["fields"].get("keep", False)).astype("float32")
    return Answer(np.asarray(y), 0)


def in_onnx(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    if case["layer"] in POSITIONS:
        operator = {"argmax": "ArgMax", "argmin": "ArgMin"}[case["layer"]]
        words = {"axis": case["fields"]["axis"], "keepdims": int(case["fields"].get("keep", True))}
        node = helper.make_node(operator, ["x0"], ["places"], **words)
        nodes = [node, helper.make_node("Cast", ["places"], ["y"], to=1)]
        return Answer(run_nodes(nodes, inputs, {}, rank=inputs[0].ndim).output, 0)
    node = helper.make_node(
        OPERATORS[case["layer"]], ["x0", "axes"], ["y"], keepdims=int(case["fields"].get("keep", True))
    )
    answer = run_nodes([node], inputs, {"axes": np.array(axes_of(case), np.int64)}, rank=inputs[0].ndim, learned=())
    return Answer(answer.output, 0)


PYTORCH: dict[str, Ask] = dict.fromkeys(FREQUENCY["pytorch"], in_pytorch)
KERAS: dict[str, Ask] = dict.fromkeys(FREQUENCY["keras"], in_keras)
ONNX: dict[str, Ask] = dict.fromkeys(FREQUENCY["onnx"], in_onnx)
