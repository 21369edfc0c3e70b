"""The working of an output, evaluated, is the number of the forward pass: all positions of small layers."""

from __future__ import annotations

import numpy as np

from cnncalc.analysis.analyze import load
from cnncalc.forward.trace import trace
from tests.together import for_each

LAYERS = {
    "formula": [
        "5x7x2 -> avg_pool 2x3", "5x7x2 -> avg_pool 3 s2 p1", "5x7x1 -> avg_pool 3 s2 p1 count_include_pad=false",
        "5x7x2 -> avg_pool 2 d2x3 p1", "5x7x2 -> avg_pool 2x3 divisor=5", "6x7x2 -> avg_pool 3 s2 p1 rounding=ceil",
        "6x8x2 -> avg_pool 3 s2 same",
        "6x7x2 -> avg_pool 3 s2 half rounding=ceil", "6x7x2 -> avg_pool 2 s3 full rounding=ceil",
        "5x7x2 -> max_pool 3 s2 p1", "5x9x2 -> max_pool 2 d2x3", "5x7x2 -> lp_pool 2x3",
        "5x7x2 -> lp_pool 3 s2 p1 norm=3", "5x7x2 -> lp_pool 2 norm=inf", "7x9x2 -> adaptive_avg_pool 3x4",
        "7x9x2 -> adaptive_max_pool 3x4", "5x7x2 -> global_avg_pool", "5x7x2 -> global_max_pool",
        "5x7x3 -> conv 4 2x3 s2x1 p1", "5x7x4 -> conv 4 3 g2", "5x9x2 -> conv 3 2 d2x3 bias=false",
        "5x7x2 -> depthwise_conv 2x3 multiplier=2 p1", "5x7x2 -> separable_conv 3 2x3",
        "4x5x2 -> conv_transpose 3 2x3 s2",
        "5x7x2 -> locally_connected 3 2x3", "7 -> dense 3", "5x7 -> dense 3 bias=false",
    ],
    "pytorch": [
        "2x5x7 -> avg_pool 3 s2 p1", "2x6x7 -> avg_pool 3 s2 p1 ceil_mode=true", "2x6x7 -> lp_pool 3 s2 ceil_mode=true",
        "2x6x8 -> max_pool 3 s2 p1 ceil_mode=true", "2x7x9 -> adaptive_avg_pool 4x5", "4x5x7 -> conv 6 2x3 g2 p1x0",
    ],
    "onnx": ["2x5x7 -> avg_pool 3 s2 p1", "2x6x7 -> avg_pool 3 s2 p1 count_include_pad=true rounding=ceil"],
    "keras": ["5x7x2 -> avg_pool 3 s2 same", "5x7x2 -> global_max_pool"],
    "caffe": ["2x6x7 -> avg_pool 3 s2 p1", "2x6x7 -> max_pool 3 s2"],
}  # fmt: skip


@for_each("convention, text", [(convention, text) for convention, texts in LAYERS.items() for text in texts])
def test_the_working_gives_the_value(convention: str, text: str) -> None:
    graph = load(text, convention=convention)
    node = graph.nodes[-1]
    layer, (x,) = node.layer, graph.inputs_of(node)
    assert layer is not None
    random = np.random.default_rng(2)
    array = random.integers(-9, 10, (1, *x)).astype(float)
    weights = {one.name: random.integers(-9, 10, one.shape).astype(float) for one in layer.weights(x, node.shape)}
    output = layer.forward(np, array, **weights)[0]
    traced = trace(layer, array[0], weights, x, output, None)
    assert len(traced) == output.size
    for one in traced:
        assert np.isclose(evaluated(one.working), one.value, rtol=1e-4, atol=1e-4), one


def evaluated(working: str) -> float:
    """The number of a calculation in the notation of the working."""
    for sign, operator in {"·": "*", "−": "-", "^": "**"}.items():
        working = working.replace(sign, operator)
    while "|" in working:
        working = working.replace("|", "abs(", 1).replace("|", ")", 1)
    return float(eval(working, {"__builtins__": {}, "abs": abs, "max": lambda *values: max(values)}))
