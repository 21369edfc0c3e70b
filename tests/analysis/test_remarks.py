"""Remarks of explanations: what counts and what does not, in sentences."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.analyze import load
from cnncalc.analysis.derivation import sum_of
from cnncalc.analysis.explain import explain
from cnncalc.analysis.remarks import terms_remark
from cnncalc.arithmetic.term import Term
from tests.together import for_each

FLOPS = (
    "FLOPs count 2 per MAC, although a sum of N products has only N − 1 additions. Many courses count only 2·MACs = {}."
)
NORMALIZED = (
    "FLOPs of batch_norm: two per element, because at inference mean, standard deviation, scale and shift combine into "
    "one multiplication and one addition."
)
ACTIVATED = "FLOPs of conv: two per multiply–accumulate and one per output for the bias; then relu, one per element."
BATCH = "Operations are counted for a batch of B = 2 samples."
REGIONS = "The layer runs R = 3 times per sample: its operations are multiplied by R."
BOXES = "x: 4x9x9, boxes: 3x4 -> roi_align 2 from=[x, boxes] -> conv 2 1x1"


@for_each(
    ("spec", "options", "remarks"),
    [
        ("5x7x3 -> conv 4 3x3 bias=false", {}, []),  # 2·MACs are all operations
        ("5x7x3 -> conv 4 3x3 bias=false trainable=false", {},
         ["The weights are frozen: training does not change them."]),
        ("5x7x3 -> conv 4 3x3 bias=false trainable=buffer", {"batch": 2},
         ["The weights are fixed numbers: buffers, not parameters.", BATCH]),
        # 3·5·4 positions and filters of 27 products, twice; 60 biases and 60 operations of relu
        ("5x7x3 -> conv 4 3x3 relu", {},
         [ACTIVATED, FLOPS.format("3,240"),
          "The activation relu follows: it keeps the size, and its operations are counted here."]),
        ("5x7x3 -> relu", {}, []),
        ("5x7x3 -> conv 3 1x1 bias=false name=a -> conv 3 1x1 bias=false share_weights=a", {},
         ["The weights are shared with a and counted only there."]),
        (BOXES, {"convention": "pytorch", "batch": 2}, [FLOPS.format("384"), BATCH, REGIONS]),  # 2·2·3·4·2·4
        ("5x7x11 -> batch_norm", {"convention": "keras"},
         ["Keras counts both as parameters: 44 in total, 22 of them non-trainable.", NORMALIZED]),
        ("5x7x11 -> batch_norm scale=false center=false", {"convention": "keras"},
         ["Keras counts them as non-trainable parameters.", NORMALIZED]),
        ("5x7x11 -> batch_norm", {"convention": "pytorch"}, [NORMALIZED]),
    ],
)  # fmt: skip
def test_remarks(spec: str, options: dict[str, Any], remarks: list[str]) -> None:
    """Of the last layer of each."""
    assert list(explain(spec, **options)[-1].remarks) == remarks


@for_each(
    ("spec", "growth"),
    [
        # after a convolution of 3 with stride 2: r is 3 and j is 2
        (
            "9x9x3 -> conv 2 3 s2 -> conv 2 3",
            [("r + (F − 1)·j", "3 + (3 − 1)·2 = 3 + 4 = 7", "j·S", "2·1 = 2")],
        ),
        ("9x9x3 -> conv 2 3 s2 -> upsample 2", [("r", "3", "j/S", "2/2 = 1")]),
        ("9x9x3 -> upsample 2", [("r", "1", "j/S", "1/2")]),
        ("9x9x3 -> conv 2 1 s2", [("r + (F − 1)·j", "1 + (1 − 1)·1 = 1 + 0 = 1", "j·S", "1·2 = 2")]),
        ("9x9x3 -> relu", []),
        # ⌈4/2⌉ = 2 inputs in the formula; but the taps 0 and 3 reach an output from one input alone
        ("9x9x3 -> conv_transpose 2 2 s2 d3", []),
    ],
)
def test_the_growth_of_the_field(spec: str, growth: list[tuple[str, str, str, str]]) -> None:
    """The field and the jump after a layer, in symbols and in numbers."""
    found = explain(spec)[-1].growth
    assert [
        (
            each.field.text.formula,
            " = ".join(each.field.text.steps),
            each.jump.text.formula,
            " = ".join(each.jump.text.steps),
        )
        for each in found
    ] == growth
    assert all(each.axes == ("height", "width") for each in found)


@for_each(
    ("numbers", "said"),
    [([1, 13], True), ([13, 1], True), ([2], True), ([1], False), ([1, 1], True), ([], False)],  # 1 + 1 is 2
)
def test_constants_of_a_formula_are_explained(numbers: list[int], said: bool) -> None:
    """The terms of an LSTM's FLOPs, where its formula has a number above 1, `13·u + 1`."""
    layer = load("7x5 -> lstm 3").nodes[1].layer
    assert layer is not None
    others = [number * Term.leaf(3, "u") if number == 13 else number for number in numbers]
    assert bool(terms_remark(layer, None, sum_of(others))) is said
