"""Spatial transformers: affine grids, and images read at a grid's places."""

from __future__ import annotations

from random import Random

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import Drawn, Fields, chance, maybe
from tests.oracles.families import Answer, Weights
from tests.oracles.values import BATCH, normal_inputs

FREQUENCY = {
    "pytorch": {"grid_sample": 3, "affine_grid": 1},
    "onnx": {"grid_sample": 3, "affine_grid": 1},
}

SIZES = (1, 2, 3, 5, 7, 11)
RANKS = {"pytorch": (1, 2, 2, 2, 3), "onnx": (2, 2, 2, 3)}
"""ONNX Runtime reads sequences too, in a way that no document tells; nobody exports them."""


def grid_sample(random: Random, convention: str) -> Drawn:
    """An image and a grid of its rank; some grids have an axis or a coordinate too many."""
    rank = random.choice(RANKS[convention])
    image = [random.choice((1, 2, 3)), *(random.choice(SIZES) for _ in range(rank))]
    grid = [*(random.choice(SIZES) for _ in range(rank)), rank + chance(random, 0.06)]
    if chance(random, 0.06):
        grid = grid[1:]
    fields: Fields = {}
    maybe(random, fields, "mode", 0.7, lambda: random.choice(("linear", "nearest", "cubic")))
    maybe(random, fields, "padding_mode", 0.7, lambda: random.choice(("zeros", "border", "reflection")))
    maybe(random, fields, "align_corners", 0.5, lambda: chance(random, 0.6))
    return [image, grid], fields


def affine_grid(random: Random, convention: str) -> Drawn:
    """Maps of images and volumes; some of neither."""
    axes = random.choice((2, 3))
    theta = [axes, axes + 1]
    if chance(random, 0.1):
        theta[random.randrange(2)] += 1
    fields: Fields = {"size": [random.choice(SIZES) for _ in range(axes)]}
    maybe(random, fields, "align_corners", 0.5, lambda: chance(random, 0.6))
    return [theta], fields


DRAW = {"grid_sample": grid_sample, "affine_grid": affine_grid}


def grid_inputs(generator: np.random.Generator, case: Case) -> list[np.ndarray]:
    """Places from within the image to well beyond it."""
    x, grid = normal_inputs(generator, case)
    return [x, generator.uniform(-2.5, 2.5, grid.shape).astype(np.float32)]


INPUTS = {"grid_sample": grid_inputs}


def _pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch.nn import functional

    from tests.oracles.pytorch_oracle import run_module

    fields = case["fields"]
    aligned = bool(fields.get("align_corners", False))
    if case["layer"] == "affine_grid":
        size = [BATCH, 1, *fields["size"]]
        return run_module(lambda theta: functional.affine_grid(theta, size, align_corners=aligned), inputs)
    mode = {"linear": "bilinear", "cubic": "bicubic"}.get(fields.get("mode", "linear"), "nearest")
    padding = fields.get("padding_mode", "zeros")
    return run_module(
        lambda x, grid: functional.grid_sample(x, grid, mode=mode, padding_mode=padding, align_corners=aligned), inputs
    )


def _onnx(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    fields = case["fields"]
    aligned = int(fields.get("align_corners", False))
    if case["layer"] == "affine_grid":
        size = np.array([BATCH, 1, *fields["size"]], np.int64)
        node = helper.make_node("AffineGrid", ["x0", "size"], ["y"], align_corners=aligned)
        return run_nodes([node], inputs, {"size": size}, rank=len(size), opset=20)
    words = {name: fields[name] for name in ("mode", "padding_mode") if name in fields}
    node = helper.make_node("GridSample", ["x0", "x1"], ["y"], align_corners=aligned, **words)
    return run_nodes([node], inputs, {}, rank=inputs[0].ndim, opset=20)


PYTORCH = dict.fromkeys(DRAW, _pytorch)
ONNX = dict.fromkeys(DRAW, _onnx)
