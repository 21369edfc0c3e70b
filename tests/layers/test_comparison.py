"""Merges that compare two inputs, by hand."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import make
from tests.together import for_each

Shape = tuple[int, ...]
THREE_FOUR = np.array([[[3, 4], [0, 2]]], np.float32)
ONE_ZERO = np.array([[[1, 0], [0, 5]]], np.float32)


@for_each(
    ("name", "convention", "fields", "one", "other", "output"),
    [
        ("cosine_similarity", "formula", {}, (7, 16), (7, 16), (7,)),
        ("cosine_similarity", "pytorch", {}, (16, 5, 7), (16, 1, 7), (5, 7)),  # dim=1: the channels
        ("cosine_similarity", "pytorch", {"axis": -1, "keep": True}, (16, 5, 7), (16, 5, 7), (16, 5, 1)),
        ("pairwise_distance", "pytorch", {}, (16, 5, 7), (16, 5, 7), (16, 5)),
        ("pairwise_distance", "formula", {"keep": True}, (16,), (16,), (1,)),
        ("pairwise_distance", "formula", {}, (7, 1), (7, 16), (7,)),
    ],
)
def test_shapes(name: str, convention: str, fields: dict[str, Any], one: Shape, other: Shape, output: Shape) -> None:
    assert make(name, convention, **fields).shape(one, other) == output


@for_each(
    ("name", "fields", "expected"),
    [
        ("cosine_similarity", {}, [3 / 5, 1]),  # 3·1/(5·1), and two vectors that point the same way
        ("cosine_similarity", {"epsilon": 10}, [3 / 100, 10 / 100]),
        ("pairwise_distance", {"epsilon": 0}, [sqrt(4 + 16), 3]),
        ("pairwise_distance", {"epsilon": 0, "norm": 1}, [6, 3]),
        ("pairwise_distance", {"epsilon": 0, "norm": 0}, [2, 1]),
        ("pairwise_distance", {"epsilon": 0, "norm": float("inf")}, [4, 3]),
        ("pairwise_distance", {"epsilon": 1, "norm": 1}, [3 + 5, 1 + 2]),
    ],
)
def test_values(name: str, fields: dict[str, Any], expected: list[float]) -> None:
    y = make(name, **fields).forward(np, THREE_FOUR, ONE_ZERO)
    assert y.dtype == np.float32
    assert y[0] == pytest.approx(expected)


def test_work() -> None:
    cosine, distance = make("cosine_similarity"), make("pairwise_distance")
    assert cosine.macs((7, 16), (7, 16), (7,)) == 3 * 7 * 16
    assert cosine.elementwise((7, 16), (7, 16), (7,)) == 4 * 7
    assert distance.elementwise((7, 16), (7, 16), (7,)) == 4 * 7 * 16 + 7


@pytest.mark.parametrize(
    ("name", "one", "other", "message"),
    [
        ("pairwise_distance", (7, 16), (7, 15), "7x16 and 7x15 differ in channels: 16 and 15"),
    ],
)
def test_refusals(name: str, one: Shape, other: Shape, message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        make(name).shape(one, other)
    assert refusal.value.message == message


@pytest.mark.parametrize("shapes", [("16x1x7", "16x5x7"), ("16x5x7", "16x1x7")])
def test_the_work_of_vectors_that_are_broadcast(shapes: tuple[str, str]) -> None:
    """5·7 pairs of vectors of 16: 3 products for each number, and 4 operations for each result."""
    spec = f"x: {shapes[0]}, y: {shapes[1]} -> cosine_similarity from=[x, y]"
    (layer,) = analyze(spec, convention="pytorch").layers
    assert (layer.macs, layer.flops) == (3 * 16 * 35, 2 * 3 * 16 * 35 + 4 * 35)
