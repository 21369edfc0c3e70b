"""Einstein sums of one to three inputs: PyTorch's function, Keras's operation and ONNX's operator."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import Drawn, chance
from tests.oracles.families import Answer, Weights

FREQUENCY = {convention: {"einsum": 2} for convention in ("pytorch", "keras", "onnx")}


def einsum(random: Random, convention: str) -> Drawn:
    """Terms of some of five letters, the output of some of theirs; some inputs with another size, or an axis more."""
    sizes = dict(zip("hqkcd", random.sample((2, 3, 5, 7, 11), 5), strict=True))
    terms = ["".join(random.sample("hqkcd", random.randint(1, 3))) for _ in range(random.choice((1, 2, 2, 2, 3)))]
    letters = sorted(set("".join(terms)))
    made = "".join(random.sample(letters, random.randint(1, min(3, len(letters)))))
    inputs = [[1 if chance(random, 0.07) else sizes[letter] for letter in term] for term in terms]
    if chance(random, 0.08):
        inputs[0].append(3)
    if chance(random, 0.08) and len(terms) > 1 and set(terms[0]) & set(terms[1]):
        inputs[0] = [size + 1 for size in inputs[0]]
    return inputs, {"equation": ",".join("b" + term for term in terms) + "->b" + made}


DRAW = {"einsum": einsum}


def _pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import torch

    from tests.oracles.pytorch_oracle import run_module

    return run_module(lambda *tensors: torch.einsum(case["fields"]["equation"], *tensors), inputs)


def _keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from tests.oracles.keras_oracle import jax, keras

    def call(*arrays: Any) -> Any:
        return keras.ops.einsum(case["fields"]["equation"], *arrays)

    if weights is None:
        return Answer(np.zeros(jax.eval_shape(call, *inputs).shape, np.float32), 0)
    return Answer(np.asarray(call(*inputs)), 0)


def _onnx(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    equation = case["fields"]["equation"]
    node = helper.make_node("Einsum", [f"x{index}" for index in range(len(inputs))], ["y"], equation=equation)
    return run_nodes([node], inputs, {}, rank=len(equation.split("->")[1]))


PYTORCH, KERAS, ONNX = {"einsum": _pytorch}, {"einsum": _keras}, {"einsum": _onnx}
