"""Copies, turns and choices along axes: PyTorch's functions, Keras's operations and ONNX's operators."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import Drawn, Fields, any_volume, chance, maybe
from tests.oracles.families import Answer, Weights

LAYERS = ("tile", "expand", "flip", "roll", "gather", "cumulative_sum", "one_hot")
IN_ONNX = ("tile", "expand", "gather", "cumulative_sum", "one_hot")
FREQUENCY = {
    "pytorch": dict.fromkeys(LAYERS, 1),
    "keras": dict.fromkeys((*LAYERS, "category_encoding"), 1),
    "onnx": dict.fromkeys(IN_ONNX, 1),
}


def some_axes(random: Random, rank: int) -> list[int]:
    """Different axes, from either end; now and then one that is not there, or that is named twice."""
    axes = random.sample([random.choice((place, place - rank - 1)) for place in range(1, rank + 1)], rank)
    axes = axes[: random.randint(1, rank)]
    if chance(random, 0.08):
        axes[0] = random.choice((rank + 1, -rank - 2))
    return axes


def tile(random: Random, convention: str) -> Drawn:
    x = any_volume(random, convention)
    return [x], {"repeats": [1] * chance(random, 0.2) + [random.choice((1, 1, 2, 3)) for _ in x]}


def expand(random: Random, convention: str) -> Drawn:
    x = [1 if chance(random, 0.4) else size for size in any_volume(random, convention)]
    kept = (1,) if convention == "onnx" else (-1,) if convention == "pytorch" else ()
    size = [random.choice((W, *kept, 3 if W == 1 or chance(random, 0.1) else W)) for W in x]
    return [x], {"size": size}


def flip(random: Random, convention: str) -> Drawn:
    x = any_volume(random, convention)
    return [x], {"axis": some_axes(random, len(x))}


def roll(random: Random, convention: str) -> Drawn:
    x = any_volume(random, convention)
    axes = some_axes(random, len(x))
    count = len(axes) + (chance(random, 0.1) and convention == "pytorch")
    return [x], {"shift": [random.choice((-3, -1, 0, 1, 2, 9)) for _ in range(count)], "axis": axes}


def gather(random: Random, convention: str) -> Drawn:
    x = any_volume(random, convention)
    axis = random.randrange(len(x)) + 1
    size = x[axis - 1]
    least = -size if convention == "onnx" else 0
    indices = [random.randrange(least, size) for _ in range(random.choice((1, 2, 3)))]
    if chance(random, 0.15) and convention != "keras":
        indices[0] = size
    alone = chance(random, 0.4) and len(x) > 1
    return [x], {"indices": indices[0] if alone else indices, "axis": axis}


def cumulative_sum(random: Random, convention: str) -> Drawn:
    x = any_volume(random, convention)
    fields: Fields = {"axis": random.choice((1, len(x), -1, len(x) + 1))}
    if convention == "onnx":
        maybe(random, fields, "exclusive", 0.5, lambda: chance(random, 0.6))
        maybe(random, fields, "backwards", 0.5, lambda: chance(random, 0.6))
    return [x], fields


def one_hot(random: Random, convention: str) -> Drawn:
    return [any_volume(random, convention)[:2]], {"classes": random.choice((1, 2, 3, 5, 11))}


def category_encoding(random: Random, convention: str) -> Drawn:
    """Vectors of indices, and for one-hot vectors sequences of them too."""
    (x,), fields = one_hot(random, convention)
    if chance(random, 0.4):
        x[-1] = 1
    maybe(random, fields, "mode", 0.7, lambda: random.choice(("multi_hot", "count", "one_hot")))
    return [x if fields.get("mode") == "one_hot" else x[-1:]], fields


DRAW = {
    "tile": tile, "expand": expand, "flip": flip, "roll": roll, "gather": gather, "cumulative_sum": cumulative_sum,
    "one_hot": one_hot, "category_encoding": category_encoding,
}  # fmt: skip


def some_classes(generator: np.random.Generator, case: Case) -> list[np.ndarray]:
    """Indices, some of them not among the classes, except where the framework would stop."""
    classes = case["fields"]["classes"]
    stops = case["convention"] == "pytorch" or case["layer"] == "category_encoding"
    low, high = (0, classes) if stops else (-1, classes + 1)
    return [generator.integers(low, high, (2, *case["inputs"][0])).astype(np.float32)]


INPUTS = {"one_hot": some_classes, "category_encoding": some_classes}


def batched(case: Case, field: str, batch: int) -> list[int]:
    """A number for each axis with one for the batch before them, if it is not there."""
    numbers = case["fields"][field]
    return numbers if len(numbers) > len(case["inputs"][0]) else [batch, *numbers]


def _pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import torch

    from tests.oracles.pytorch_oracle import run_module

    fields = case["fields"]

    def gathered(x: Any) -> Any:
        if isinstance(fields["indices"], int):
            return x.select(fields["axis"], fields["indices"])
        return torch.index_select(x, fields["axis"], torch.tensor(fields["indices"]))

    functions = {
        "tile": lambda x: x.repeat(batched(case, "repeats", 1)),
        "expand": lambda x: x.expand(batched(case, "size", -1)),
        "flip": lambda x: torch.flip(x, fields["axis"]),
        "roll": lambda x: torch.roll(x, fields["shift"], fields["axis"]),
        "gather": gathered,
        "cumulative_sum": lambda x: torch.cumsum(x, fields["axis"]),
        "one_hot": lambda x: torch.nn.functional.one_hot(x.long(), fields["classes"]).float(),
    }
    return run_module(functions[case["layer"]], inputs)


def _keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from tests.oracles.keras_oracle import jax, keras

    fields = case["fields"]
    functions = {
        "tile": lambda x: keras.ops.tile(x, batched(case, "repeats", 1)),
        "expand": lambda x: keras.ops.broadcast_to(x, batched(case, "size", x.shape[0])),
        "flip": lambda x: keras.ops.flip(x, fields["axis"]),
        "roll": lambda x: keras.ops.roll(x, fields["shift"], fields["axis"]),
        "cumulative_sum": lambda x: keras.ops.cumsum(x, fields["axis"]),
        "one_hot": lambda x: keras.ops.one_hot(keras.ops.cast(x, "int32"), fields["classes"]),
        "gather": lambda x: keras.ops.take(x, fields["indices"], fields["axis"]),
    }
    if weights is None:
        shape = jax.eval_shape(functions[case["layer"]], *inputs).shape
        return Answer(np.zeros(shape, np.float32), 0)
    return Answer(np.asarray(functions[case["layer"]](*inputs)), 0)


def _encoded_by_keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from tests.oracles.keras_oracle import keras

    fields = case["fields"]
    layer = keras.layers.CategoryEncoding(fields["classes"], fields.get("mode", "multi_hot"))
    return Answer(np.asarray(layer(inputs[0].astype(np.int32))), 0)


def _onnx(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    fields, rank = case["fields"], inputs[0].ndim
    if case["layer"] == "gather":
        held = np.array(fields["indices"], np.int64)
        node = helper.make_node("Gather", ["x0", "held"], ["y"], axis=fields["axis"])
        return run_nodes([node], inputs, {"held": held}, rank=rank - 1 + held.ndim)
    if case["layer"] == "cumulative_sum":
        words = {"exclusive": int(fields.get("exclusive", 0)), "reverse": int(fields.get("backwards", 0))}
        node = helper.make_node("CumSum", ["x0", "held"], ["y"], **words)
        return run_nodes([node], inputs, {"held": np.array(fields["axis"], np.int64)}, rank=rank)
    if case["layer"] == "one_hot":
        node = helper.make_node("OneHot", ["x0", "held", "values"], ["y"])
        held = {"held": np.array([fields["classes"]], np.float32), "values": np.array([0, 1], np.float32)}
        return run_nodes([node], inputs, held, rank=rank + 1)
    operator, field = {"tile": ("Tile", "repeats"), "expand": ("Expand", "size")}[case["layer"]]
    node = helper.make_node(operator, ["x0", "held"], ["y"])
    return run_nodes([node], inputs, {"held": np.array(batched(case, field, 1), np.int64)}, rank=rank)


PYTORCH = dict.fromkeys(LAYERS, _pytorch)
KERAS = {**dict.fromkeys(LAYERS, _keras), "category_encoding": _encoded_by_keras}
ONNX = dict.fromkeys(IN_ONNX, _onnx)
