"""Positions that windows do not use, in sentences: counted by hand along each axis."""

from __future__ import annotations

from cnncalc.analysis.analyze import load
from cnncalc.analysis.coverage import coverage, describe
from cnncalc.layers.window_layer import WindowLayer
from tests.together import for_each

BEYOND = "Rounding up gives an additional window, which would begin beyond the input: it is dropped."


def sentences(spec: str) -> tuple[str, ...]:
    graph = load(spec)
    node = graph.nodes[-1]
    assert isinstance(node.layer, WindowLayer)
    return describe(coverage(node.layer, *graph.inputs_of(node)))


@for_each(
    ("spec", "expected"),
    [
        ("32x32x3 -> conv 20 8x8 s2 p1", ["No position is dropped: 32 − 8 + 2 = 26 is divisible by stride 2."]),
        ("32x30x3 -> conv 20 8x8 s2",
         ["No position is dropped: 32 − 8 = 24 is divisible by stride 2, and 30 − 8 = 22 is divisible by stride 2."]),
        ("9x9x1 -> conv 1 3x3", ["No position is dropped: a stride of 1 reaches every position."]),
        ("5x5x1 -> conv 1 5x5 s2", ["No position is dropped: one window covers the whole axis."]),
        ("5x7x1 -> conv 1 5x5 s2",
         ["No position is dropped: one window covers the whole axis, and 7 − 5 = 2 is divisible by stride 2."]),
        # 22 windows of 2 end at 44
        ("45x45x3 -> conv 1 2x2 s2", ["The last row and column are never used: the last window ends at 44 of 45."]),
        ("45x44x3 -> conv 1 2x2 s2",
         ["The last row is never used: the last window ends at 44 of 45.",
          "No position is dropped along the columns: 44 − 2 = 42 is divisible by stride 2."]),
        # positions 0–2 and 4–6 of 9
        ("9x9x1 -> conv 1 3x3 s4",
         ["The last 2 rows and columns are never used: the last window ends at 7 of 9.",
          "1 row and column lie between the windows, never used."]),
        ("9x3 -> conv 1 3 s4",
         ["The last 2 positions are never used: the last window ends at 7 of 9.",
          "1 position lies between the windows, never used."]),
        # the taps 0, 3, 4 and 7 of 9; without a dilation 0, 1, 4 and 5
        ("9x3 -> conv 1 2 s4 d3",
         ["The last position is never used: the last window ends at 8 of 9.",
          "4 positions lie between the kernel's taps, never used."]),
        ("8x3 -> conv 1 2 s4",
         ["The last 2 positions are never used: the last window ends at 6 of 8.",
          "2 positions lie between the windows, never used."]),
        # windows end at 9 of 1 + 8 + 1; at 11 of 2 + 8 + 2
        ("8x8x1 -> conv 1 3x3 s2 p1", ["The last row and column of padding are not used; no input is dropped."]),
        ("8x3 -> conv 1 2 s3 p2", ["The last position of padding is not used; no input is dropped.",
                                   "3 positions lie between the windows, never used."]),  # 0, 3 and 6
        ("8x8x4 -> max_pool 3 s2 rounding=ceil", ["The last window extends 1 row and column beyond the padded input."]),
        ("8x4 -> max_pool 4 s3 rounding=ceil", ["The last window extends 2 positions beyond the padded input."]),
        ("8x8x4 -> max_pool 3 s4 rounding=ceil",
         [BEYOND, "The last row and column are never used: the last window ends at 7 of 8.",
          "1 row and column lie between the windows, never used."]),
        ("5x5x4x1 -> conv 1 2x2x3 s2",
         ["The last slice and row are never used: the last window ends at 4 of 5.",
          "The last column is never used: the last window ends at 3 of 4."]),
    ],
)  # fmt: skip
def test_positions_that_no_window_uses(spec: str, expected: list[str]) -> None:
    assert list(sentences(spec)) == expected
