"""Elementwise functions that are no network's activation: values that trigonometry and rounding give."""

from __future__ import annotations

from math import e, inf, isnan, log, pi, sqrt

import numpy as np
import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.diagnostics import SpecError
from tests.layers.layer_making import make
from tests.together import for_each

CASES = [
    ("tan", 0, 0),
    ("tan", pi / 4, 1),
    ("tan", -pi / 3, -sqrt(3)),
    ("asin", 0.5, pi / 6),
    ("asin", -1, -pi / 2),
    ("asin", 0, 0),
    ("acos", 0.5, pi / 3),
    ("acos", -1, pi),
    ("acos", 1, 0),
    ("atan", 1, pi / 4),
    ("atan", sqrt(3), pi / 3),
    ("atan", -1, -pi / 4),
    ("sinh", 1, (e - 1 / e) / 2),
    ("sinh", 0, 0),
    ("sinh", 1000, inf),  # in single precision
    ("cosh", 1, (e + 1 / e) / 2),
    ("cosh", 0, 1),
    ("cosh", -1000, inf),
    ("asinh", (e - 1 / e) / 2, 1),
    ("asinh", 0, 0),
    ("asinh", -3 / 4, -log(2)),  # 3/4 + 5/4 = 2
    ("acosh", (e + 1 / e) / 2, 1),
    ("acosh", 1, 0),
    ("acosh", 5 / 4, log(2)),
    ("atanh", 0.5, log(3) / 2),
    ("atanh", 0, 0),
    ("atanh", 1, inf),
    ("floor", 1.5, 1),
    ("floor", -1.5, -2),
    ("floor", 2, 2),
    ("ceil", 1.5, 2),
    ("ceil", -1.5, -1),
    ("ceil", 2, 2),
    ("round", 1.5, 2),  # the even neighbour, as IEEE 754 and all frameworks round
    ("round", 2.5, 2),
    ("round", -0.7, -1),
    ("rsqrt", 4, 0.5),
    ("rsqrt", 0.25, 2),
    ("rsqrt", 0, inf),
    ("expm1", 1, e - 1),
    ("expm1", 0, 0),
    ("expm1", 1e-6, 1e-6),
    ("exp2", 3, 8),
    ("exp2", -1, 0.5),
    ("exp2", 0, 1),
    ("log1p", e - 1, 1),
    ("log1p", 0, 0),
    ("log1p", -1, -inf),
    ("log2", 8, 3),
    ("log2", 0.5, -1),
    ("log2", 0, -inf),
    ("log10", 1000, 3),
    ("log10", 0.1, -1),
    ("log10", 1, 0),
    ("trunc", 1.7, 1),
    ("trunc", -1.7, -1),
    ("trunc", 2, 2),
    ("logit", 0.5, 0),
    ("logit", 0.75, log(3)),
    ("logit", 0, -inf),
]


@for_each(("name", "given", "expected"), CASES)
def test_values(name: str, given: float, expected: float) -> None:
    y = make(name).forward(np, np.full((1, 2, 3), given, np.float32))
    assert y.shape == (1, 2, 3)
    assert y.dtype == np.float32
    assert y[0, 0, 0] == pytest.approx(expected, rel=1e-6, abs=1e-7)


@for_each(
    ("name", "given"),
    [("asin", 1.5), ("acos", -2), ("acosh", 0.5), ("atanh", 1.25), ("rsqrt", -1), ("logit", 2), ("log1p", -1.5)],
)
def test_outside_its_domain_is_no_number(name: str, given: float) -> None:
    """Quietly, as every framework has it."""
    assert isnan(make(name).forward(np, np.full((1, 1), given, np.float32))[0, 0])


@pytest.mark.parametrize("name", ["floor", "ceil", "round", "tan"])
def test_it_is_no_activation(name: str) -> None:
    """`ceil` behind a pool is its rounding; behind a dense layer it is a mistake."""
    with pytest.raises(SpecError, match=name):
        analyze(f"8 -> dense 4 {name}")


def test_keras_activation_is_an_item() -> None:
    """As a layer of its own, in the three ways in which it is written."""
    for item in ("activation relu", {"activation": "relu"}, {"Activation": {"activation": "relu"}}):
        report = analyze({"input": "5x7x3", "layers": [item]})
        assert (report.outputs[0].shape, report.totals.flops) == ((5, 7, 3), 105)
