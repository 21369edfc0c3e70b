"""Words and numbers of frameworks that set a field of another name, or choose one of several types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.layers.argument_meaning import meaning
from cnncalc.layers.registry import load_all
from tests.together import for_each

TYPES = load_all()

# PyTorch's ceil_mode; caffe.proto: RoundMode CEIL = 0, FLOOR = 1; ONNX's directions and RoiAlign
SETTING = [
    ("max_pool avg_pool lp_pool", "ceil_mode", "rounding", {False: "floor", True: "ceil"}),
    ("max_pool avg_pool lp_pool", "ceil_mode", "rounding", {"false": "floor", "true": "ceil"}),
    ("max_pool lp_pool", "round_mode", "rounding", {"ceil": "caffe", "floor": "floor", 0: "caffe", 1: "floor"}),
    ("rnn gru lstm", "direction", "bidirectional", {"forward": False, "reverse": False, "bidirectional": True}),
    # opset 10 had no shift by half a position, which output_half_pixel asks for
    ("roi_align", "coordinate_transformation_mode", "aligned", {"half_pixel": True, "output_half_pixel": False}),
]  # fmt: skip


@for_each("names, word, field, values", SETTING)
def test_words_that_set_a_field(names: str, word: str, field: str, values: Mapping[Any, Any]) -> None:
    for name in names.split():
        found = meaning(TYPES[name], word)
        assert found is not None
        assert found.values is not None
        assert (found.field, {given: found.values[given] for given in values}) == (field, values)


# caffe.proto: PoolMethod MAX = 0, AVE = 1; EltwiseOp PROD = 0, SUM = 1, MAX = 2; NormRegion ACROSS_CHANNELS = 0
CHOOSING: list[tuple[str, dict[str, Any], str]] = [
    ("max_pool", {}, "max_pool"),
    ("max_pool", {"pool": "MAX"}, "max_pool"),
    ("max_pool", {"pool": 0}, "max_pool"),
    ("max_pool", {"pool": "AVE"}, "avg_pool"),
    ("max_pool", {"pool": "average"}, "avg_pool"),
    ("max_pool", {"pool": 1}, "avg_pool"),
    ("max_pool", {"global_pooling": True}, "global_max_pool"),
    ("max_pool", {"pool": 1, "global_pooling": "true"}, "global_avg_pool"),
    ("max_pool", {"pool": 1, "global_pooling": False}, "avg_pool"),
    ("max_pool", {"pool": "MAX", "global_pooling": "false"}, "max_pool"),
    ("add", {}, "add"),
    ("add", {"operation": "SUM"}, "add"),
    ("add", {"operation": 1}, "add"),
    ("add", {"operation": "PROD"}, "multiply"),
    ("add", {"operation": 0}, "multiply"),
    ("add", {"operation": "Max"}, "maximum"),
    ("add", {"operation": 2}, "maximum"),
    ("add", {"coeff": [1, -1]}, "subtract"),
    ("add", {"coeff": [1, 1]}, "add"),
    ("add", {"operation": 2, "coeff": [1, 1]}, "maximum"),
    ("local_response_norm", {"norm_region": "ACROSS_CHANNELS"}, "local_response_norm"),
    ("local_response_norm", {"norm_region": 0}, "local_response_norm"),
    # ONNX's Pad and PyTorch's F.pad
    ("zero_pad", {"mode": "constant"}, "zero_pad"),
    ("zero_pad", {"mode": "Reflect"}, "reflection_pad"),
    ("zero_pad", {"mode": "edge"}, "replication_pad"),
    ("zero_pad", {"mode": "replicate"}, "replication_pad"),
    ("zero_pad", {"mode": "wrap"}, "circular_pad"),
    ("zero_pad", {"mode": "circular"}, "circular_pad"),
]


@for_each("name, given, chosen", CHOOSING)
def test_words_that_choose_a_type(name: str, given: dict[str, Any], chosen: str) -> None:
    choice = TYPES[name].choice
    assert choice is not None
    assert choice.pick(given) == chosen


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("max_pool", {"pool": "STOCHASTIC"}, "pool: got STOCHASTIC. Allowed: MAX, AVE", "E204"),
    ("max_pool", {"pool": 2}, "pool: got 2. Allowed: MAX, AVE", "E204"),
    ("add", {"operation": "MIN"}, "operation: got MIN. Allowed: SUM, PROD, MAX", "E204"),
    ("add", {"operation": 3}, "operation: got 3. Allowed: SUM, PROD, MAX", "E204"),
    ("add", {"coeff": [1, 2]}, "coeff: [1, 2] are weights of the inputs, which add does not have", "E304"),
    ("local_response_norm", {"norm_region": 1},
     "norm_region: 1 is not supported; the sums are over channels", "E304"),
    ("zero_pad", {"mode": 1},
     "mode: got 1. Allowed: constant, reflect, edge, replicate, wrap, circular", "E204"),
    ("add", {"operation": 2, "coeff": [1, -1]},
     "coeff: [1, -1] are weights of the inputs, which add does not have", "E304"),
]  # fmt: skip


@for_each("name, given, message, code", WRONG)
def test_words_that_choose_nothing(name: str, given: dict[str, Any], message: str, code: str) -> None:
    choice = TYPES[name].choice
    assert choice is not None
    with pytest.raises(Refusal) as refusal:
        choice.pick(given)
    assert (refusal.value.message, refusal.value.code) == (message, code)
