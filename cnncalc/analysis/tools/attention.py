"""The two parts of an attention layer's multiply–accumulates: the projections and the products."""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from cnncalc.analysis.tools.call import FrameworkCall


def projections(call: FrameworkCall) -> int:
    """The multiply–accumulates of the projections: each matrix once per position."""
    found = call.layer.weights(*call.inputs, call.output)
    return sum(each.unshared_size for each in found if each.is_kernel)


def products(call: FrameworkCall) -> int:
    """The multiply–accumulates of queries with keys, and of weights with values."""
    return call.macs - projections(call)


class AttentionOperand(NamedTuple):
    """The number of positions of queries, keys or values, and their features."""

    positions: int
    features: int


def operands(call: FrameworkCall) -> tuple[AttentionOperand, AttentionOperand, AttentionOperand]:
    """The queries, keys and values: one input is all three, and the second of two is both keys and values."""
    queries, *others = call.inputs[:3]
    keys = others[0] if others else queries
    values = others[1] if len(others) > 1 else keys
    found = [AttentionOperand(prod(each[:-1]), each[-1]) for each in (queries, keys, values)]
    return found[0], found[1], found[2]


def scores(call: FrameworkCall) -> int:
    """The elements of the attention weights: heads × queries × keys."""
    queries, keys, _ = operands(call)
    return int(call.layer.heads) * queries.positions * keys.positions
