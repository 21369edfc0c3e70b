"""Layers around a layer: what PyTorch's parametrizations and Keras's wrappers say."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.oracles import drawing
from tests.oracles.cases import Case
from tests.oracles.drawing import Drawn
from tests.oracles.families import Answer, Weights

FREQUENCY = {
    "pytorch": {"weight_norm": 2, "spectral_norm": 2, "split": 1},
    "keras": {"time_distributed": 3, "spectral_norm": 1},
}

KERNELS = ("conv", "conv_transpose", "depthwise_conv", "dense")
STEPWISE = ("conv", "depthwise_conv", "max_pool", "avg_pool", "dense", "flatten", "batch_norm", "reshape")


def around(random: Random, convention: str, types: tuple[str, ...]) -> tuple[list[int], dict[str, Any]]:
    """The input and the fields of a wrapper with a random layer of one of these types inside."""
    kind = random.choice(types)
    while True:
        (shape,), fields = drawing.DRAW[kind](random, convention)
        if "output_size" not in fields and not (kind == "dense" and len(shape) > 1):
            return shape, {"layer": {kind: fields}}


def normalized(random: Random, convention: str) -> Drawn:
    kinds = KERNELS if convention == "pytorch" else ("conv", "conv_transpose", "dense")
    shape, fields = around(random, convention, kinds)
    return [shape], fields


def time_distributed(random: Random, convention: str) -> Drawn:
    shape, fields = around(random, convention, STEPWISE)
    return [[random.choice((1, 2, 3, 5)), *shape]], fields


def split(random: Random, convention: str) -> Drawn:
    """The last of the parts is what comes out."""
    shape = drawing.any_volume(random, convention)
    return [shape], {"parts": random.choice((1, 2, 3, 4, 5)), "axis": random.randint(1, len(shape))}


DRAW = {
    "weight_norm": normalized, "spectral_norm": normalized, "time_distributed": time_distributed, "split": split,
}  # fmt: skip


def inner(case: Case) -> Case:
    """The case of the layer inside; it sees what is left behind the steps."""
    ((kind, fields),) = case["fields"]["layer"].items()
    (shape,) = case["inputs"]
    shape = shape[1:] if case["layer"] == "time_distributed" else shape
    return {"convention": case["convention"], "layer": kind, "inputs": [shape], "fields": fields}


# --- PyTorch ---------------------------------------------------------------------------------------------------------


def weight_norm_in_pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch.nn.utils.parametrizations import weight_norm

    from tests.oracles import pytorch_oracle as oracle

    module = weight_norm(oracle.build(inner(case)))
    given = None
    if weights is not None:
        direction = oracle.rearranged(inner(case), weights["kernel"])
        lengths = weights["magnitude"].reshape(-1, *[1] * (direction.ndim - 1))
        names = ("parametrizations.weight.original0", "parametrizations.weight.original1")
        given = dict(zip(names, (lengths, direction), strict=True)) | bias(weights)
    return oracle.run_module(module, inputs, given)


def spectral_norm_in_pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch.nn.utils.parametrizations import spectral_norm

    from tests.oracles import pytorch_oracle as oracle

    module = spectral_norm(oracle.build(inner(case)))
    if weights is None:
        return oracle.run_module(module, inputs)
    kernel = oracle.rearranged(inner(case), weights["kernel"])
    names = [f"parametrizations.weight.{name}" for name in ("original", "0._u", "0._v")]
    given = dict(zip(names, (kernel, weights["u"], in_pytorch_s_order(case, weights)), strict=True))
    return oracle.run_module(module, inputs, given | bias(weights))


def in_pytorch_s_order(case: Case, weights: dict[str, np.ndarray]) -> np.ndarray:
    """The vector v, which runs over all axes of the kernel but the outputs', in PyTorch's order of those axes."""
    kernel, v = weights["kernel"], weights["v"]
    pair = inner(case)["layer"] == "depthwise_conv"
    if kernel.ndim == 2 or pair:
        return v
    return np.ascontiguousarray(np.moveaxis(v.reshape(kernel.shape[:-1]), -1, 0)).ravel()


def bias(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {"bias": weights["bias"]} if "bias" in weights else {}


def split_in_pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import torch

    from tests.oracles.pytorch_oracle import run_module

    fields = case["fields"]

    def chunk(x: torch.Tensor) -> torch.Tensor:
        parts = torch.chunk(x, fields["parts"], fields["axis"])
        if len(parts) != fields["parts"]:
            raise ValueError(f"{len(parts)} chunks, not {fields['parts']}")
        return parts[-1]

    return run_module(chunk, inputs)


PYTORCH = {
    "weight_norm": weight_norm_in_pytorch, "spectral_norm": spectral_norm_in_pytorch, "split": split_in_pytorch,
}  # fmt: skip


# --- Keras -----------------------------------------------------------------------------------------------------------


def time_distributed_in_keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    from tests.oracles import keras_oracle as oracle

    layer = keras.layers.TimeDistributed(oracle.build(inner(case)))
    return oracle.run_layer(layer, inputs, None if weights is None else list(weights.values()))


def spectral_norm_in_keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    from tests.oracles import keras_oracle as oracle

    layer = keras.layers.SpectralNormalization(oracle.build(inner(case)))
    if weights is None:
        return oracle.run_layer(layer, inputs)
    swapped = inner(case)["layer"] == "conv_transpose"
    kernel = np.swapaxes(weights["kernel"], -1, -2) if swapped else weights["kernel"]
    return oracle.run_layer(layer, inputs, [kernel, weights["u"], *bias(weights).values()])


KERAS = {"time_distributed": time_distributed_in_keras, "spectral_norm": spectral_norm_in_keras}
