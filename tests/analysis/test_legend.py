"""The symbols of a layer's formulas, with their values and meanings."""

from __future__ import annotations

from cnncalc.analysis.explain import explain
from tests.together import for_each

FIELD = [("r", (1,), "receptive field so far"), ("j", (1,), "jump so far")]


@for_each(
    ("spec", "batch", "symbols"),
    [
        ("32x30x3 -> conv 20 8x6 s2 p1", 1,
         [("W", (32, 30), "input"), ("F", (8, 6), "kernel"), ("P", (1,), "padding"), ("S", (2,), "stride"),
          ("Cᵢ", (3,), "input channels"), ("Cₒ", (20,), "filters"), ("O", (14,), "output"), *FIELD]),
        ("9x3 -> conv 4 3 d2 padding=[[1,2]]", 1,
         [("W", (9,), "input"), ("D", (2,), "dilation"), ("F", (3,), "kernel"), ("P₀", (1,), "padding before"),
          ("P₁", (2,), "padding after"), ("S", (1,), "stride"), ("Cᵢ", (3,), "input channels"),
          ("Cₒ", (4,), "filters"), ("O", (8,), "output"), ("F′", (5,), "dilated kernel"), *FIELD]),
        ("5x7x3 -> zero_pad [[1,2],[3,4]]", 1,
         [("W", (5, 7), "input"), ("P₀", (1, 3), "amount before"), ("P₁", (2, 4), "amount after"),
          ("O", (8, 14), "output")]),
        ("28x13 -> lstm 32", 1, [("n", (13,), "features"), ("u", (32,), "units"), ("T", (28,), "steps")]),
        ("source: 7x12, target: 5x12 -> transformer 3 from=[source, target] hidden=24 encoders=2 decoders=1", 1,
         [("n", (12,), "features"), ("h", (3,), "heads"), ("T₁", (7,), "steps of input 1"), ("u", (24,), "hidden"),
          ("T₂", (5,), "steps of input 2"), ("N", (2,), "encoders"), ("M", (1,), "decoders")]),
        ("7 -> dense 10", 1, [("n", (7,), "inputs"), ("units", (10,), "")]),
        ("5x7x3 -> dense 10", 1,
         [("H", (5,), "height"), ("W", (7,), "width"), ("C", (3,), "channels"), ("units", (10,), "")]),
        ("5x7x3 -> concat(identity | conv 11 1x1)", 1,
         [("C₁", (3,), "channels of input 1"), ("C₂", (11,), "channels of input 2")]),
        ("5x7x3 -> relu", 4,
         [("B", (4,), "samples in the batch"), ("H", (5,), "height"), ("W", (7,), "width"), ("C", (3,), "channels")]),
    ],
)  # fmt: skip
def test_symbols(spec: str, batch: int, symbols: list[tuple[str, tuple[int, ...], str]]) -> None:
    """In the order in which they appear; one value where all axes have it."""
    names = explain(spec, batch=batch)[-1].names
    assert sorted((each.symbol, each.values, each.meaning) for each in names) == sorted(symbols)
