"""Outputs written out: every term of the text, worked out by Python, gives the forward pass's number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnncalc.forward.trace import trace
from tests.layers.layer_making import make
from tests.together import for_each

CASES: list[tuple[str, str, dict[str, Any], tuple[int, ...]]] = [
    # type, layout, fields, input without the batch axis
    ("conv", "HWC", {"filters": 6, "kernel": [3, 2], "groups": 2, "padding": [1, 0], "stride": [2, 1]}, (5, 4, 4)),
    ("conv", "CHW", {"filters": 3, "kernel": [2, 3], "groups": 3, "dilation": [1, 2], "bias": False}, (6, 4, 7)),
    ("conv", "CHW", {"filters": 4, "kernel": 3, "padding": [[2, 1]], "padding_mode": "replicate"}, (2, 5)),
    ("conv", "HWC", {"filters": 2, "kernel": 3, "padding": 2, "padding_mode": "reflect"}, (5, 3)),
    ("conv", "HWC", {"filters": 2, "kernel": 3, "padding": 2, "padding_mode": "circular"}, (5, 3)),
    ("conv_transpose", "HWC", {"filters": 6, "kernel": [3, 2], "groups": 2, "stride": [2, 1]}, (3, 4, 4)),
    ("conv_transpose", "CHW", {"filters": 4, "kernel": 3, "stride": 2, "padding": 1, "output_padding": 1,
                               "bias": False}, (3, 5)),
    ("conv_transpose", "HWC", {"filters": 2, "kernel": [2, 3], "dilation": [2, 1], "padding": [[0, 1], [2, 0]]},
     (3, 4, 3)),
    ("depthwise_conv", "HWC", {"kernel": [3, 2], "multiplier": 3}, (4, 3, 2)),
    ("depthwise_conv", "CHW", {"kernel": 2, "multiplier": 2, "bias": False, "padding": 1}, (3, 4)),
    ("separable_conv", "HWC", {"filters": 3, "kernel": [3, 2], "multiplier": 2}, (4, 3, 2)),
    ("separable_conv", "CHW", {"filters": 5, "kernel": 2, "multiplier": 3, "bias": False, "padding": 1}, (2, 4)),
    ("locally_connected", "HWC", {"filters": 3, "kernel": [3, 2]}, (4, 3, 2)),
    ("locally_connected", "CHW", {"filters": 2, "kernel": 2, "bias": False, "stride": 2}, (3, 5)),
    ("dense", "HWC", {"units": 3}, (5,)),
    ("dense", "CHW", {"units": 3, "bias": False}, (4, 5)),
    ("max_pool", "CHW", {"kernel": [3, 2], "stride": [2, 1], "padding": [1, 0]}, (3, 5, 4)),
    ("avg_pool", "HWC", {"kernel": [3, 2], "stride": [2, 1], "padding": [1, 0]}, (5, 4, 3)),
    ("adaptive_avg_pool", "CHW", {"size": [2, 3]}, (3, 5, 4)),
    ("adaptive_max_pool", "HWC", {"size": [3, 2]}, (5, 4, 3)),
    ("global_avg_pool", "CHW", {}, (3, 5, 2)),
    ("global_max_pool", "HWC", {}, (3, 5, 2)),
]  # fmt: skip


def value(text: str) -> float:
    return float(eval(text.replace("·", "*"), {"__builtins__": {}, "max": max}))


@for_each(("name", "layout", "fields", "x"), CASES)
def test_the_text_gives_the_number(name: str, layout: str, fields: dict[str, Any], x: tuple[int, ...]) -> None:
    layer = make(name, layout=layout, **fields)
    random = np.random.default_rng(8)
    array = random.integers(-9, 10, x).astype(float)
    weights = {w.name: random.integers(-9, 10, w.shape) / 2 for w in layer.weights(x, layer.shape(x))}
    output = layer.forward(np, array[None], **weights)[0]
    found = trace(layer, array, weights, x, output, None)
    assert len(found) == output.size
    for each in found:
        assert value(each.working) == pytest.approx(each.value, rel=1e-5, abs=1e-5), each
