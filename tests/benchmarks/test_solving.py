"""Solving on arrays of candidates, and for sizes of a model, as ratios measured side by side."""

from __future__ import annotations

from itertools import product

import pytest

from cnncalc import solve, solve_sizes
from cnncalc.arithmetic.convention import setting
from cnncalc.graph.document import Overrides, build
from cnncalc.layers.convolution.conv import Conv
from cnncalc.reading.load import read
from tests.benchmarks.test_speed import side_by_side

pytestmark = pytest.mark.benchmark

MILLION = {"kernel": "1..100", "stride": "1..100", "padding": "0..99"}
"""A million combinations."""

ONE_BY_ONE = list(product(range(1, 31), range(1, 31), range(30)))
"""Twenty-seven thousand of them."""


def test_arrays_against_one_by_one() -> None:
    """A million combinations on arrays take a tenth of what the same rule takes one by one, or less."""
    plain = setting()

    def alone() -> None:
        for kernel, stride, padding in ONE_BY_ONE:
            Conv(plain, filters=20, kernel=kernel, stride=stride, padding=padding).shape((320, 320, 3))

    ours, theirs = side_by_side(lambda: solve("conv", input="320x320x3", output="160x160x20", **MILLION), alone, runs=3)
    ratio = (ours / 1_000_000) / (theirs / len(ONE_BY_ONE))
    print(f"\na million on arrays: {ours:.2f} s; 27,000 one by one: {theirs:.2f} s; ratio of each {ratio:.3f}")
    assert ratio <= 0.1


def test_sizes_against_building() -> None:
    """Two hundred sizes of ResNet-50 take little more than building the model as often."""
    root = read("resnet50").root
    assert root is not None

    def built() -> None:
        for size in range(200, 400):
            build(root, Overrides(input=(3, size, size)))

    ours, theirs = side_by_side(lambda: solve_sizes("resnet50", {"input": "200..399"}), built, runs=3)
    print(f"\nsolve_sizes: {ours:.2f} s; building alone: {theirs:.2f} s; ratio {ours / theirs:.2f}")
    assert ours / theirs <= 1.5
