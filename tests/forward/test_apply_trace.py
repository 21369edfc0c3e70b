"""What `apply --trace` writes out is worked out again, and held against what the forward pass gave."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError
from cnncalc.forward.apply import GivenWeights, SettingNames, apply
from cnncalc.forward.literal import read_array
from tests.sweeps import sampled

ITEMS = (
    "dense 3",
    "global_avg_pool",
    "global_max_pool keep=false",
    "adaptive_avg_pool [3,2]",
    "adaptive_max_pool 3",
    "conv 4 3x2 s2x1 p1 g2",
    "conv 2 2 d2 padding=[[0,1],[2,1]]",
    "conv 2 3 p2 padding_mode=reflect",
    "conv 2 3 s2 ceil",
    "depthwise_conv 2x3 m2 p1",
    "separable_conv 3 2 m2 s2",
    "locally_connected 2 2x3 s2 p1",
    "conv 2 3 s3 half",
    "conv_transpose 4 3x2 s2x3 p1 g2",
    "conv_transpose 2 2 s3 d2 output_padding=1",
    "conv_transpose 2 3 s2 same",
    "conv_transpose 2 2 s3 valid",
    "conv_transpose 2 3 s2 same output_padding=1",
    "conv_transpose 2 3 form=modular",
    "conv_transpose 2 3 s2 p1 output_size=[8,10]",
    "max_pool 2 s1 p1",
    "max_pool 3 s2 ceil",
    "avg_pool 3 s2 p1 ceil",
    "avg_pool 3x2 s2 same",
    "avg_pool 2 s1 p1 count_include_pad=false",
    "avg_pool 3 s2 p1 divisor=5",
    "lp_pool 2 norm=4",
)
CONVENTIONS = ("formula", "keras", "pytorch", "onnx", "caffe")


def worked_out(working: str) -> float:
    """The value of a working, by Python's own arithmetic."""
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", working).replace("·", "*").replace("^", "**")
    return float(eval(text, {"__builtins__": {}, "max": lambda *values: max(values), "abs": abs}))


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("item", sampled(ITEMS, 4))
def test_workings_give_what_the_forward_pass_gives(item: str, convention: str) -> None:
    """On a 4×5 picture of 4 channels of whole numbers; what a convention refuses has no working."""
    shape = (4, 5, 4) if convention in ("formula", "keras") else (4, 4, 5)
    draw = np.random.default_rng(7)
    try:
        node = load(f"{'x'.join(map(str, shape))} -> {item}", convention=convention).nodes[-1]
    except SpecError:
        pytest.skip(f"refused under {convention}")
    assert node.layer is not None
    assert node.shape is not None
    declared = node.layer.weights(shape, node.shape)
    weights = {weight.name: draw.integers(-4, 5, weight.shape).astype(float) for weight in declared}
    if convention not in ("formula", "keras"):  # in the frameworks' order of the axes
        weights = {
            weight.name: weights[weight.name].transpose(node.layer.channels_first(weight))
            for weight in node.layer.weights(shape, node.shape)
        }
    data = draw.integers(-9, 10, shape).astype(float)
    found = apply(item, [data], GivenWeights(weights), SettingNames(convention), traced=True)
    assert len(found.traces) == found.output.size
    for step in found.traces:
        assert worked_out(step.working) == pytest.approx(step.value, rel=1e-5), step


@pytest.mark.parametrize(
    ("data", "item", "rows"),
    [
        ("[[1 2][3 4]]", "max_pool 2", [((0, 0), None, "max(1, 2, 3, 4)", 4, None)]),  # the only channel has no number
        ("[[[1 5][2 6]][[3 7][4 8]]]", "max_pool 2 relu",
         [((0, 0), 0, "max(1, 2, 3, 4)", 4, 4), ((0, 0), 1, "max(5, 6, 7, 8)", 8, 8)]),
    ],
)  # fmt: skip
def test_a_row_of_a_trace(data: str, item: str, rows: list[tuple[object, ...]]) -> None:
    """The position, the channel, the working, its value, and that after the activation."""
    found = apply(item, [read_array(data, "data")], traced=True).traces
    assert [(one.position, one.channel, one.working, one.value, one.activated) for one in found] == rows
