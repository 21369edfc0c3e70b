"""Reductions along axes: shapes, work, values and refusals, by hand."""

from __future__ import annotations

from math import e, log, sqrt
from typing import Any

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Layer
from tests.layers.layer_making import make
from tests.together import for_each

Shape = tuple[int, ...]


def reduction(name: str, convention: str = "formula", **fields: Any) -> Layer:
    return make(name, convention, **fields)


@for_each(
    ("convention", "fields", "given", "output"),
    [
        ("formula", {"axis": [1, 2]}, (5, 7, 3), (3,)),
        ("formula", {"axis": [1, 2], "keep": True}, (5, 7, 3), (1, 1, 3)),
        ("pytorch", {"axis": [-1, -2]}, (3, 5, 7), (3,)),
        ("keras", {"axis": -1}, (5, 7, 3), (5, 7)),
        ("onnx", {"axis": 2}, (3, 5, 7), (3, 1, 7)),  # ONNX keeps the axes unless it is told otherwise
        ("onnx", {"axis": [2, -2], "keep": False}, (3, 5, 7), (3, 7)),  # the same axis twice, which ONNX allows
        ("formula", {"keep": True}, (5, 7, 3), (1, 1, 1)),
    ],
)
@for_each("name", ["reduce_mean", "reduce_max", "reduce_sum_square"])
def test_shapes(name: str, convention: str, fields: dict[str, Any], given: Shape, output: Shape) -> None:
    assert reduction(name, convention, **fields).shape(given) == output


FOUR = [[1.0, 2.0], [3.0, 4.0]]


@for_each(
    ("name", "axis", "expected", "work"),
    [
        ("reduce_mean", 1, [2, 3], 2),
        ("reduce_mean", 2, [1.5, 3.5], 2),
        ("reduce_mean", -1, [1.5, 3.5], 2),
        ("reduce_sum", 1, [4, 6], 2),
        ("reduce_sum", 2, [3, 7], 2),
        ("reduce_sum", -2, [4, 6], 2),
        ("reduce_max", 1, [3, 4], 2),
        ("reduce_max", 2, [2, 4], 2),
        ("reduce_min", 1, [1, 2], 2),
        ("reduce_min", 2, [1, 3], 2),
        ("reduce_min", -1, [1, 3], 2),
        ("reduce_prod", 1, [3, 8], 2),
        ("reduce_prod", 2, [2, 12], 2),
        ("reduce_prod", -1, [2, 12], 2),
        ("reduce_l1", 1, [4, 6], 2 + 4),
        ("reduce_l1", 2, [3, 7], 2 + 4),
        ("reduce_l1", -1, [3, 7], 2 + 4),
        ("reduce_l2", 1, [sqrt(10), sqrt(20)], 4 + 2 + 2),
        ("reduce_l2", 2, [sqrt(5), 5], 4 + 2 + 2),
        ("reduce_l2", -1, [sqrt(5), 5], 4 + 2 + 2),
        ("reduce_sum_square", 1, [10, 20], 4 + 2),
        ("reduce_sum_square", 2, [5, 25], 4 + 2),
        ("reduce_log_sum", 1, [log(4), log(6)], 2 + 2),
        ("reduce_log_sum", 2, [log(3), log(7)], 2 + 2),
        ("reduce_log_sum", -1, [log(3), log(7)], 2 + 2),
        ("reduce_log_sum_exp", 1, [3 + log(1 + e**-2), 4 + log(1 + e**-2)], 4 + 2 + 2),
        ("reduce_log_sum_exp", 2, [2 + log(1 + 1 / e), 4 + log(1 + 1 / e)], 4 + 2 + 2),
        ("reduce_log_sum_exp", -1, [2 + log(1 + 1 / e), 4 + log(1 + 1 / e)], 4 + 2 + 2),
    ],
)
def test_values_and_work(name: str, axis: int, expected: list[float], work: int) -> None:
    """The rows are 1 2 and 3 4; axis 1 is down, axis 2 across."""
    layer = reduction(name, axis=axis)
    x = np.array([FOUR, np.multiply(FOUR, 2)], np.float32)
    y = layer.forward(np, x)
    assert y.dtype == np.float32
    assert y[0] == pytest.approx(expected, rel=1e-6)
    assert layer.elementwise((2, 2), layer.shape((2, 2))) == work


def test_no_exponential_overflows() -> None:
    """e^200 is beyond single precision, its logarithm is not: ln(2·e^200) = 200 + ln 2."""
    y = reduction("reduce_log_sum_exp", axis=1).forward(np, np.full((1, 2, 1), 200, np.float32))
    assert y[0] == pytest.approx([200 + log(2)])


@pytest.mark.parametrize(
    ("name", "fields", "message"),
    [
        ("reduce_sum", {"axis": 4}, "5x7x3 has no axis 4"),
        ("reduce_max", {"axis": 0}, "0 is the batch axis, which cannot be changed"),
        ("reduce_sum_square", {"axis": [1, -3]}, "an axis is named twice: 1, -3"),
    ],
)
def test_refusals(name: str, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        reduction(name, **fields).shape((5, 7, 3))
    assert refusal.value.message == message


@for_each(
    ("convention", "fields", "sight"),
    [
        ("formula", {"axis": -1, "keep": True}, "pointwise"),  # the channels of each position
        ("pytorch", {"axis": 1, "keep": True}, "pointwise"),
        ("formula", {"axis": [1, 2]}, "whole"),
        ("pytorch", {"axis": [2, 3]}, "whole"),
        ("formula", {"axis": 1}, ()),
        ("formula", {"axis": -1}, ()),  # the width takes the channels' place
    ],
)
def test_what_an_output_sees(convention: str, fields: dict[str, Any], sight: object) -> None:
    assert reduction("reduce_max", convention, **fields).windows((5, 7, 3)) == sight


@for_each(
    ("name", "fields", "expected"),
    [
        ("argmax", {"axis": 1}, [1, 0, 0]),
        ("argmax", {"axis": 2}, [2, 0]),
        ("argmax", {"axis": 2, "keep": True}, [[2], [0]]),
        ("argmin", {"axis": 1}, [0, 1, 0]),  # of equal values, the first
        ("argmin", {"axis": -1}, [0, 1]),
        ("argmin", {"keep": True}, [[4]]),  # the smallest of all six, counted row by row
    ],
)
def test_positions(name, fields, expected):
    """The place of the largest or smallest value, from 0, as torch.argmax and torch.argmin give it."""
    layer = make(name, **fields)
    x = np.array([[[1.0, 2.0, 5.0], [7.0, -1.0, 5.0]]])
    assert layer.forward(np, x).tolist() == [expected]
    assert layer.shape((2, 3)) == np.shape(expected)


def test_a_position_lies_along_one_axis():
    """torch.argmax takes one axis, or none."""
    with pytest.raises(Refusal, match="a position is along one axis, got 2"):
        make("argmax", axis=[1, 2]).shape((2, 3))
    assert make("argmin", axis=1).elementwise((7, 13), (13,)) == 78  # six comparisons for each of 13


@for_each(
    ("name", "convention", "fields", "expected"),
    [
        ("reduce_variance", "keras", {"axis": 1}, [4, 4]),  # 1, 5 and 2, 6: two from their means
        ("reduce_variance", "pytorch", {"axis": 1}, [8, 8]),  # torch.var: divided by one less than two
        ("reduce_variance", "pytorch", {"axis": 1, "correction": 0}, [4, 4]),
        ("reduce_std", "keras", {"axis": 1}, [2, 2]),
        ("reduce_std", "pytorch", {"axis": 1}, [sqrt(8), sqrt(8)]),
        ("reduce_std", "formula", {"axis": 2, "correction": 1}, [sqrt(0.5), sqrt(0.5)]),
    ],
)
def test_spreads(name, convention, fields, expected):
    """A sample's spread under pytorch, the population's elsewhere."""
    y = make(name, convention, **fields).forward(np, np.array([[[1.0, 2.0], [5.0, 6.0]]]))
    assert y.tolist() == [pytest.approx(expected)]


def test_a_single_number_has_no_sample_variance():
    """0/0, as torch.var gives nan; of a population it is 0."""
    x = np.array([[[3.0]]])
    assert np.isnan(make("reduce_variance", "pytorch", axis=2).forward(np, x)).all()
    assert np.isnan(make("reduce_variance", axis=2, correction=2).forward(np, x)).all()
    assert make("reduce_variance", axis=2).forward(np, x).tolist() == [[0]]


def test_work_of_spreads():
    """Four operations an element read, and for the deviation a root an output."""
    assert make("reduce_variance", axis=1).elementwise((7, 13), (13,)) == 364
    assert make("reduce_std", axis=1).elementwise((7, 13), (13,)) == 377


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"axis": 2}, [[1, 3, 8], [7, 6, 11]]),
        ({"axis": 1}, [[1, 2, 5], [8, 1, 10]]),
        ({"axis": 2, "exclusive": True}, [[0, 1, 3], [0, 7, 6]]),
        ({"axis": 2, "backwards": True}, [[8, 7, 5], [11, 4, 5]]),
        ({"axis": 2, "backwards": True, "exclusive": True}, [[7, 5, 0], [4, 5, 0]]),
    ],
)
def test_cumulative_sum(fields, expected):
    """By hand, as ONNX's CumSum has the four ways."""
    layer = make("cumulative_sum", **fields)
    assert layer.forward(np, np.array([[[1, 2, 5], [7, -1, 5]]])).tolist() == [expected]
    assert layer.shape((2, 3)) == (2, 3)
    assert layer.elementwise((7, 13), (7, 13)) == {1: 78, 2: 84}[fields["axis"]]
    assert layer.windows((2, 3)) == ("pointwise" if fields["axis"] == 2 else ())


def test_the_sum_before_a_single_position():
    """Nothing comes before it."""
    assert make("cumulative_sum", axis=1, exclusive=True).forward(np, np.array([[[4.0, 5.0]]])).tolist() == [[[0, 0]]]
