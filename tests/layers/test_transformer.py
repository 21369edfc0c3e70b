"""Transformer layers: parameters as PyTorch 2.13.0 counts them, work by hand, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import learned, make
from tests.together import for_each

PROJECTIONS = 4 * (12 * 12 + 12)


@for_each(
    ("name", "inputs", "fields", "params"),
    [
        ("TransformerEncoderLayer", [(7, 512)], {"heads": 8}, 3_152_384),
        ("transformer_encoder", [(197, 768)], {"heads": 12, "hidden": 3072}, 7_087_872),
        ("transformer_encoder", [(7, 512)], {"heads": 8, "depth": 6}, 18_914_304),
        ("transformer_encoder", [(7, 512)], {"heads": 8, "depth": 6, "final_norm": True}, 18_915_328),
        ("transformer_encoder", [(7, 12)], {"heads": 3, "hidden": 5, "bias": False}, 4 * 144 + 2 * 60 + 2 * 12),
        ("TransformerDecoderLayer", [(7, 512), (5, 512)], {"heads": 8}, 4_204_032),
        ("transformer_decoder", [(7, 512), (5, 512)], {"heads": 8, "depth": 6}, 25_224_192),
        ("transformer_decoder", [(7, 12), (5, 12)], {"heads": 3, "hidden": 5}, 2 * PROJECTIONS + 60 + 5 + 60 + 12 + 72),
    ],
)
def test_parameters(name: str, inputs: list[tuple[int, ...]], fields: dict[str, Any], params: int) -> None:
    layer = make(name, "pytorch", **fields)
    assert layer.shape(*inputs) == inputs[0]
    assert learned(layer, *inputs) == params


def test_work_of_an_encoder() -> None:
    """7 positions, 12 features, 5 hidden units: four projections, scores and weighing, two dense layers."""
    layer = make("transformer_encoder", "pytorch", heads=3, hidden=5)
    assert layer.macs((7, 12), (7, 12)) == 4 * 7 * 12 * 12 + 2 * 7 * 7 * 12 + 2 * 7 * 12 * 5
    scores, biases = 2 * 3 * 7 * 7, 7 * (4 * 12 + 5 + 12)
    norms, sums, activated = 2 * 7 * 7 * 12, 2 * 7 * 12, 7 * 5
    assert layer.elementwise((7, 12), (7, 12)) == scores + biases + norms + sums + activated


def test_work_of_a_decoder() -> None:
    """A stack does everything as often; the memory has 5 positions."""
    layer = make("transformer_decoder", "pytorch", heads=3, hidden=5, depth=2)
    own = 4 * 7 * 12 * 12 + 2 * 7 * 7 * 12
    memory = 2 * 7 * 12 * 12 + 2 * 5 * 12 * 12 + 2 * 7 * 5 * 12
    assert layer.macs((7, 12), (5, 12), (7, 12)) == 2 * (own + memory + 2 * 7 * 12 * 5)


def test_the_norm_may_come_first() -> None:
    """A constant sequence has no deviation: with the norm first, zeros go into the sublayers, and x comes through."""
    layer = make("transformer_encoder", "pytorch", heads=1, hidden=2, norm_first=True)
    weights = {weight.name: np.ones(weight.shape, np.float32) for weight in layer.weights((3, 4), (3, 4))}
    for name in weights:
        if "bias" in name or "shift" in name:
            weights[name] *= 0
    x = np.full((1, 3, 4), 5, np.float32)
    assert layer.forward(np, x, **weights) == pytest.approx(x)
    assert make("transformer_encoder", "pytorch", heads=1, hidden=2).forward(np, x, **weights) == pytest.approx(0 * x)


@pytest.mark.parametrize(
    ("name", "inputs", "message"),
    [
        ("transformer_encoder", [(7, 13)], "13 features of the query cannot be divided among 3 heads"),
        ("transformer_encoder", [(5, 7, 12)], "got 5x7x12"),
        ("transformer_decoder", [(7, 12), (5, 9)], "got 7x12 and 5x9"),
    ],
)
def test_refusals(name: str, inputs: list[tuple[int, ...]], message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        make(name, "pytorch", heads=3).shape(*inputs)
    assert message in refusal.value.message


@pytest.mark.parametrize(
    ("features", "fields", "params"),
    [
        (512, {"heads": 8}, 44_140_544),  # torch.nn.Transformer(512, 8)
        (12, {"heads": 3, "hidden": 5, "encoders": 1, "decoders": 1}, 2_314),  # 809, 1457, and two more norms of 24
        (12, {"heads": 3, "hidden": 5, "encoders": 2, "decoders": 1, "bias": False}, 2_772),
    ],
)
def test_parameters_of_the_whole(features: int, fields: dict[str, Any], params: int) -> None:
    """A transformer of both stacks; the output is as long as the target."""
    layer = make("transformer", "pytorch", **fields)
    source, target = (7, features), (5, features)
    assert layer.shape(source, target) == target
    assert learned(layer, source, target) == params


def test_work_of_the_whole() -> None:
    """That of its stacks, each with one more normalization; the decoder's memory is as long as the source."""
    whole = make("transformer", "pytorch", heads=3, hidden=5, encoders=2, decoders=1)
    encoder = make("transformer_encoder", "pytorch", heads=3, hidden=5, depth=2, final_norm=True)
    decoder = make("transformer_decoder", "pytorch", heads=3, hidden=5, final_norm=True)
    source, target = (7, 12), (5, 12)
    for work in ("macs", "elementwise"):
        one = getattr(encoder, work)(source, source)
        assert getattr(whole, work)(source, target, target) == one + getattr(decoder, work)(target, source, target)


def test_the_whole_needs_equal_features() -> None:
    """PyTorch: the feature number of src and tgt must be equal to d_model."""
    with pytest.raises(Refusal, match="equal numbers of features"):
        make("transformer", "pytorch", heads=3).shape((7, 12), (5, 13))
    with pytest.raises(Refusal, match="12 features of the query cannot be divided among 5 heads"):
        make("transformer", "pytorch", heads=5).shape((7, 12), (5, 12))
