"""The cost of one layer: its parameters and operations, for one sample."""

from math import prod
from typing import NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Layer


class Counts(NamedTuple):
    """A layer's counts for one sample, as if all its weights were trainable.

    `learned` counts the weights that training changes, `statistics` the others (moving means and variances); `unshared`
    counts every use of a learned weight as a separate weight.
    """

    learned: int
    statistics: int
    unshared: int
    unshared_statistics: int
    macs: int
    flops: int


def count(layer: Layer, activation: Layer | None, inputs: tuple[Shape, ...], output: Shape) -> Counts:
    """Count a layer on given shapes; its activation adds its elementwise operations."""
    learned = statistics = unshared = unshared_statistics = 0
    for _, shape, positions, is_statistic in layer.weights(*inputs, output):
        size = prod(shape)
        if is_statistic:
            statistics += size
            unshared_statistics += size * prod(positions)
        else:
            learned += size
            unshared += size * prod(positions)
    macs = layer.macs(*inputs, output)
    other = layer.elementwise(*inputs, output)
    if activation is not None:
        other += activation.elementwise(output, output)
    return Counts(learned, statistics, unshared, unshared_statistics, macs, 2 * macs + other)
