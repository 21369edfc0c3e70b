"""The two parts of an attention layer's multiply–accumulates: the projections and the products."""

from __future__ import annotations

from math import prod

from cnncalc.analysis.tools.call import FrameworkCall


def projections(call: FrameworkCall) -> int:
    """The multiply–accumulates of the projections: each matrix once per position."""
    found = call.layer.weights(*call.inputs, call.output)
    return sum(each.unshared_size for each in found if each.is_kernel)


def products(call: FrameworkCall) -> int:
    """The multiply–accumulates of queries with keys, and of weights with values."""
    return call.macs - projections(call)


def scores(call: FrameworkCall) -> int:
    """The elements of the attention weights: heads × queries × keys."""
    keys = call.inputs[1] if len(call.inputs) > 1 else call.inputs[0]
    return int(call.layer.heads) * prod(call.inputs[0][:-1]) * prod(keys[:-1])
