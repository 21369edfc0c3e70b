"""Random weights: the declared arrays of a layer, allocated in memory."""

from __future__ import annotations

from contextlib import suppress
from math import prod
from threading import Thread

import numpy as np
from numpy.typing import NDArray

from cnncalc.forward.idle_cores import threads_of_products
from cnncalc.graph.model import Graph
from cnncalc.kernels.arrays import tiles
from cnncalc.kernels.elementwise import BLOCK_VALUES
from cnncalc.layers.base import Weight

Float32Array = NDArray[np.float32]

_PART_VALUES = 256 * 1024
"""The number of values drawn by one generator."""

_LEAST_PARTS = 2
"""The smallest number of parts of a thread: fewer are drawn before it has started."""


def random_weights(graph: Graph, index: int, seed: int) -> dict[str, Float32Array]:
    """Weights for node `index`, or for the node that it shares with; reproducible by seed.

    Learned weights are uniform with the variance 1/fan-in, so that activations neither vanish nor explode over
    many layers; statistics are in [0.5, 1.5], because a variance must be positive.
    """
    node = graph.nodes[index]
    if node.shares is not None and not node.ties:
        return random_weights(graph, node.shares, seed)
    generator = np.random.default_rng([seed, index])
    common = {tie.mine: tie for tie in node.ties}
    weights = {weight.name: _draw(generator, weight) for weight in declared(graph, index) if weight.name not in common}
    if node.shares is not None:
        theirs = random_weights(graph, node.shares, seed)
        weights |= {name: theirs[tie.theirs].transpose(tie.order) for name, tie in common.items()}
    return weights


def declared(graph: Graph, index: int) -> list[Weight]:
    """The weights declared by the layer at node `index`."""
    node = graph.nodes[index]
    assert node.layer is not None
    return list(node.layer.weights(*graph.inputs_of(node), node.shape))


def _draw(generator: np.random.Generator, weight: Weight) -> Float32Array:
    """The values of one array; parts of a large one have generators of their own, so that threads share them."""
    values = np.empty(weight.shape, np.float32)
    if weight.statistic:
        offset, scale = np.float32(0.5), np.float32(1)
    else:
        offset, scale = np.float32(-0.5), np.float32((12 / max(1, prod(weight.shape[:-1]))) ** 0.5)
    parts = [values.reshape(-1)[part] for part in tiles((values.size,), _PART_VALUES)]
    generators = generator.spawn(len(parts)) if len(parts) > 1 else [generator]
    most = len(parts) // _LEAST_PARTS
    threads = min(threads_of_products(), most) if most > 1 else 1

    def draw_share(first: int) -> None:
        for own, part in zip(generators[first::threads], parts[first::threads], strict=False):
            for block in tiles(part.shape, BLOCK_VALUES):
                drawn = own.random(out=part[block], dtype=np.float32)
                drawn += offset
                drawn *= scale

    helpers: list[Thread] = []
    with suppress(RuntimeError):  # where no thread can start, this one draws all
        for share in range(1, threads):
            helper = Thread(target=draw_share, args=(share,))
            helper.start()
            helpers.append(helper)
    for share in (0, *range(1 + len(helpers), threads)):
        draw_share(share)
    for helper in helpers:
        helper.join()
    return values


def untied(weights: dict[str, Float32Array], declarations: list[Weight]) -> dict[str, Float32Array]:
    """One copy of every weight per position that shares it; the copies are equal."""
    return {
        weight.name: np.broadcast_to(
            weights[weight.name].reshape((1,) * len(weight.positions) + weight.shape), weight.positions + weight.shape
        ).copy()
        for weight in declarations
    }
