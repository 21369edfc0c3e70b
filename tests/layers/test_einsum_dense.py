"""Dense layers by an Einstein sum: shapes, parameters and values of Keras 3.15, by hand; and masks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import learned, make, unshared
from tests.together import for_each

Shape = tuple[int, ...]


@for_each(
    ("given", "fields", "output", "params", "macs"),
    [
        ((13,), {"equation": "ab,bc->ac", "output": [5], "bias_axes": "c"}, (5,), 13 * 5 + 5, 13 * 5),
        ((7, 13), {"equation": "abc,cd->abd", "output": [7, 5], "bias_axes": "d"}, (7, 5), 70, 7 * 13 * 5),
        ((7, 3, 13), {"equation": "abhc,hcd->abd", "output": [7, 5]}, (7, 5), 3 * 13 * 5, 7 * 3 * 13 * 5),
        ((7, 13), {"equation": "abc,bcd->ad", "output": [5]}, (5,), 7 * 13 * 5, 7 * 13 * 5),
        ((2, 7, 13), {"equation": "...x,xy->...y", "output": [5], "bias_axes": "y"}, (2, 7, 5), 70, 2 * 7 * 13 * 5),
        ((13, 2, 7), {"equation": "ax...,xy->ay...", "output": [5]}, (5, 2, 7), 65, 2 * 7 * 13 * 5),
        ((7, 13), {"equation": "abc,cde->abde", "output": [7, 2, 5], "bias_axes": "de"}, (7, 2, 5), 140, 7 * 13 * 10),
    ],
)
def test_einsum_dense(given: Shape, fields: dict[str, Any], output: Shape, params: int, macs: int) -> None:
    layer = make("einsum_dense", "keras", **fields)
    assert layer.shape(given) == output
    assert learned(layer, given) == params
    assert layer.macs(given, output) == macs


def test_values_and_unshared_parameters() -> None:
    """A dense layer at each of two positions: 1 2 and 3 4 by the columns 1 1 and 0 2, with the biases 10 and 20."""
    layer = make("einsum_dense", equation="abc,cd->abd", output=[2, 2], bias_axes="d")
    kernel, bias = np.array([[1, 0], [1, 2]], np.float32), np.array([10, 20], np.float32)
    y = layer.forward(np, np.array([[[1, 2], [3, 4]]], np.float32), kernel=kernel, bias=bias)
    assert y.tolist() == [[[13, 24], [17, 28]]]
    assert unshared(layer, (2, 2)) == 2 * (4 + 2)


@for_each(
    ("fields", "message"),
    [
        ({"equation": "abc cd", "output": [5]}, 'equation "abc cd" cannot be parsed'),
        ({"equation": "ab,bc->ac", "output": [5]}, "equation ab,bc->ac is for 1 axes without the batch, got 7x13"),
        ({"equation": "abc,cd->abd", "output": [5]}, 'output 5 has 1 sizes for the axes "bd"'),
        ({"equation": "abc,cd->abd", "output": [6, 5]}, 'axis "b" is 7 in the input, 6 in the output'),
        ({"equation": "abc,cd->bad", "output": [7, 5]}, "does not keep the batch"),
        ({"equation": "abc,cde->abd", "output": [7, 5]}, "the kernel's axis \"e\" is neither the input's nor the"),
        ({"equation": "abc,cd->abd", "output": [7, 5], "bias_axes": "a"}, '"a" is not an output axis that may'),
    ],
)
def test_refusals(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        make("einsum_dense", **fields).shape((7, 13))
    assert message in refusal.value.message


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [[1, 2], [0, 0], [0, 3], [-1, -1]]),
        ({"value": -1}, [[1, 2], [0, 0], [0, 3], [0, 0]]),
        ({"value": 3}, [[1, 2], [0, 0], [0, 3], [-1, -1]]),  # a step is masked whole or not at all
    ],
)
def test_masking(fields: dict[str, Any], expected: list[list[float]]) -> None:
    y = make("masking", **fields).forward(np, np.array([[[1, 2], [0, 0], [0, 3], [-1, -1]]], np.float32))
    assert y[0].tolist() == expected
    assert make("masking").shape((4, 2)) == (4, 2)
    assert make("masking").elementwise((4, 2), (4, 2)) == 16
