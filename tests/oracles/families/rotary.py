"""Rotary embeddings, with ONNX's operator."""

from __future__ import annotations

from random import Random

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.deviations import Deviation
from tests.oracles.drawing import Drawn, Fields, chance, maybe
from tests.oracles.families import Answer, Weights
from tests.oracles.values import BATCH

FREQUENCY = {"onnx": {"rotary_embedding": 2}}


def rotary_embedding(random: Random, convention: str) -> Drawn:
    """Sequences with heads as an axis or within their features; some whose pairs do not come out even."""
    heads, positions = random.choice((1, 2, 3, 5)), random.choice((1, 2, 5, 7, 11))
    size = random.choice((2, 4, 6, 10)) + chance(random, 0.1)
    fields: Fields = {}
    x = [heads, positions, size]
    if chance(random, 0.6):
        x = [positions, heads * size + chance(random, 0.05)]
        fields["heads"] = heads
    turned = size
    if chance(random, 0.3):
        turned = fields["turned"] = random.choice((2, 4))
    maybe(random, fields, "interleaved", 0.5, lambda: chance(random, 0.6))
    if chance(random, 0.5):
        return [x], fields
    table = [positions, turned // 2 + chance(random, 0.1)]
    return [x, table, table], fields


DRAW = {"rotary_embedding": rotary_embedding}


def _onnx(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """The cosines and sines that do not come in are RoFormer's, of positions from 0 and base 10,000."""
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    names = {"heads": "num_heads", "turned": "rotary_embedding_dim", "interleaved": "interleaved"}
    fields = case["fields"]
    given = {names[field]: int(value) for field, value in fields.items()}
    held = {}
    if len(inputs) == 1:
        size = case["inputs"][0][-1] // (fields.get("heads", 1) if len(case["inputs"][0]) == 2 else 1)
        turned = fields.get("turned", size)
        rates = np.array([10000 ** (-2 * pair / turned) for pair in range(turned // 2)])
        angles = np.tile(np.outer(np.arange(case["inputs"][0][-2]), rates), (BATCH, 1, 1)).astype(np.float32)
        held = {"x1": np.cos(angles), "x2": np.sin(angles)}
    node = helper.make_node("RotaryEmbedding", ["x0", "x1", "x2"], ["y"], **given)
    return run_nodes([node], inputs, held, rank=inputs[0].ndim, opset=23)


ONNX = {"rotary_embedding": _onnx}


def turns_half_a_pair(case: Case) -> bool:
    """All features of a head are turned, and they are odd in number."""
    if case["layer"] != "rotary_embedding" or "turned" in case["fields"]:
        return False
    shape, heads = case["inputs"][0], case["fields"].get("heads", 1)
    return bool((shape[-1] // heads if len(shape) == 2 else shape[-1]) % 2)


DEVIATIONS: tuple[Deviation, ...] = (
    Deviation(
        "a rotary embedding of an odd number of features",
        "ONNX Runtime does not look, and leaves the last feature without a partner",
        "onnx",
        turns_half_a_pair,
        refuses="cnncalc",
    ),
)
