"""Detection of the outputs that depend on a part of the input, by running the layers, without formulas.

NaN propagates through every sum, product and maximum: a layer that computes products runs once, with NaN at all changed
positions. Other layers run on clean numbers first, and then with NaN and with different numbers at these positions,
since a comparison or rounding may absorb NaN; an element is reached if any of them changes it. A layer that gives NaN
for clean numbers, such as a logarithm of negative ones, gets suitable numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from cnncalc.forward.run import last_uses, random_inputs
from cnncalc.forward.weights import random_weights
from cnncalc.graph.model import Graph
from cnncalc.layers.base import Array, Layer

Rows = tuple[int, slice]
"""A spatial axis of an input, and the positions along it that are replaced."""

_Run = Callable[[list[Array]], Array | None]

_LARGE = 1e3


def reached(graph: Graph, origin: int, rows: Rows, *, seed: int, last: int) -> Iterator[tuple[int, Array]]:
    """For each node up to `last`, a mask, without the batch axis, of the output elements that the replaced rows reach.

    A layer that cannot run is omitted, as are those after it.
    """
    clean = random_inputs(graph, seed=seed, batch=1)
    changed = {index: np.zeros(array.shape, bool) for index, array in clean.items()}
    first_axis = 1 if graph.setting.layout == "HWC" else 2
    np.moveaxis(changed[origin], first_axis + rows[0], 0)[rows[1]] = True
    uses = last_uses(graph, last + 1)
    for index in range(last + 1):
        node = graph.nodes[index]
        if node.layer is not None and all(source in clean for source in node.inputs):
            made = _pass(graph, index, [clean[i] for i in node.inputs], [changed[i] for i in node.inputs], seed)
            if made is not None:
                clean[index], changed[index] = made
                yield index, made[1].any(axis=0)
        for source in {*node.inputs, index}:
            if uses.get(source, index) <= index:
                clean.pop(source, None)
                changed.pop(source, None)


def _pass(
    graph: Graph, index: int, clean: list[Array], changed: list[Array], seed: int
) -> tuple[Array, Array] | None:  # fmt: skip
    """The clean output of a node, and a mask of the elements that change."""
    node = graph.nodes[index]
    assert node.layer is not None
    weights = random_weights(graph, index, seed)
    products = node.layer.macs(*graph.inputs_of(node), node.shape or ()) > 0
    run = partial(_forward, node.layer, weights=weights)
    made = _products(run, clean, changed) if products else None
    if made is None:
        made = _stage(run, clean, changed, seed)
    if made is None or node.activation is None:
        return made
    return _stage(partial(_forward, node.activation, weights={}), [made[0]], [made[1]], seed)


def _products(run: _Run, clean: list[Array], changed: list[Array]) -> tuple[Array, Array] | None:
    """A single run of a layer that computes products; None if it cannot run this way."""
    pairs = zip(clean, changed, strict=True)
    output = run([np.where(mask, np.nan, array).astype(array.dtype) if mask.any() else array for array, mask in pairs])
    return None if output is None else (_finite(output), np.isnan(output))


def _forward(layer: Layer | None, arrays: list[Array], weights: dict[str, Array]) -> Array | None:
    assert layer is not None
    with np.errstate(all="ignore"):
        try:
            return layer.forward(np, *arrays, **weights)
        except (ValueError, TypeError, IndexError, OverflowError):  # the layer cannot process these numbers
            return None


def _stage(run: _Run, clean: list[Array], changed: list[Array], seed: int) -> tuple[Array, Array] | None:
    """A run of a layer on clean and on replaced numbers."""
    clean, output = _suiting(run, clean)
    if output is None:
        return None
    found = np.zeros(output.shape, bool)
    if not any(mask.any() for mask in changed):
        return _finite(output), found
    generator = np.random.default_rng(seed)
    for number in range(4):
        arrays = [
            np.where(mask, _poison(array, number, generator), array) for array, mask in zip(clean, changed, strict=True)
        ]
        other = run(arrays)
        if other is not None:
            found |= (other != output) & ~np.isnan(output) & ~(np.isnan(other) & np.isnan(output))
    return _finite(output), found


def _suiting(run: _Run, clean: list[Array]) -> tuple[list[Array], Array | None]:
    """Inputs for which the layer returns finite numbers: the given ones, or from [0, 1], or from [1, 2]."""
    output = run(clean)
    if output is None or np.isfinite(output).all():
        return clean, output
    between = [(0.1 + 0.8 / (1 + np.exp(-array))).astype(array.dtype) for array in clean]
    for arrays in (between, [array + array.dtype.type(1) for array in between]):
        other = run(arrays)
        if other is not None and np.isfinite(other).all():
            return arrays, other
    return clean, output


def _finite(output: Array) -> Array:
    return np.nan_to_num(output, nan=0.5, posinf=1.0, neginf=-1.0)


def _poison(array: Array, number: int, generator: np.random.Generator) -> Array:
    if number == 0:
        return np.full_like(array, np.nan)
    if number < 3:
        return np.full_like(array, _LARGE if number == 1 else -_LARGE)
    return generator.permutation(array.ravel()).reshape(array.shape) + array.dtype.type(1)
