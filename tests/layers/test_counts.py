"""The counts of a layer on given shapes, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnncalc.arithmetic.convention import setting
from cnncalc.layers.base import Layer, Weight
from cnncalc.layers.counts import Counts, count
from tests.layers.layer_making import make


class Made(Layer):
    """Two learned arrays and two statistics, at different numbers of positions; 11 MACs, 13 other operations."""

    def weights(self, *shapes: Any) -> Iterator[Weight]:
        yield Weight("kernel", (3, 5), (2, 7))
        yield Weight("bias", (5,))
        yield Weight("mean", (2, 2), (3,), statistic=True)
        yield Weight("variance", (4,), (5,), statistic=True)

    def macs(self, *shapes: Any) -> int:
        return 11

    def elementwise(self, *shapes: Any) -> int:
        return 13


def test_counts() -> None:
    """15 + 5 learned, 15·14 + 5 without sharing; 4 + 4 statistics, 4·3 + 4·5; two operations in each MAC."""
    layer = Made(setting("formula"))
    assert count(layer, None, ((7, 3),), (6, 2)) == Counts(20, 8, 215, 32, 11, 35)


def test_an_activation_adds_its_operations() -> None:
    """One for each of 12 outputs."""
    layer = Made(setting("formula"))
    assert count(layer, make("relu"), ((7, 3),), (6, 2)) == Counts(20, 8, 215, 32, 11, 47)


def test_counts_of_a_convolution() -> None:
    """3·3·2 weights and a bias for each of 4 filters at 5 positions."""
    assert count(make("conv", filters=4, kernel=3), None, ((7, 2),), (5, 4)) == Counts(28, 0, 140, 0, 120, 260)
