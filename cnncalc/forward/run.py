"""The forward pass: layers in order, each tensor freed after its last use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from cnncalc.forward.weights import Float32Array, random_weights
from cnncalc.graph.model import Graph, Node

_LARGEST_KEPT_BYTES = 32 * 1024**2 - 64 * 1024
"""The size of the largest block whose release changes how much freed memory glibc keeps."""

DrawWeights = Callable[[Graph, int, int], dict[str, Float32Array]]


class Step(NamedTuple):
    """The run of one layer: its node's index, the input arrays, its weights, and the output.

    `failure` is the reason if there is no output: the layer's arrays did not match.
    """

    node: int
    inputs: tuple[Float32Array, ...]
    weights: dict[str, Float32Array]
    output: Float32Array | None
    failure: str = ""


def random_inputs(graph: Graph, *, seed: int, batch: int) -> dict[int, Float32Array]:
    """Standard normal inputs by node, batch axis first."""
    generator = np.random.default_rng([seed, len(graph.nodes)])
    return {
        index: generator.standard_normal((batch, *(node.shape or ())), dtype=np.float32)
        for index, node in enumerate(graph.nodes)
        if node.layer is None
    }


def run(
    graph: Graph, inputs: Mapping[int, Float32Array], *, seed: int = 0, last: int | None = None,
    draw: DrawWeights = random_weights,
) -> Iterator[Step]:  # fmt: skip
    """Run the layers in order up to node `last`, yielding each; layers after a failed one are not run.

    `draw(graph, node, seed)` returns the weights of a layer just before it runs.
    """
    _keep_freed_memory()
    end = len(graph.nodes) if last is None else last + 1
    last_use = last_uses(graph, end)
    tensors = dict(inputs)
    for index in range(end):
        node = graph.nodes[index]
        if node.layer is None:
            continue
        if any(source not in tensors for source in node.inputs):
            continue
        arrays = _over_one_batch(graph, node, [tensors[source] for source in node.inputs])
        step = _run_layer(graph, index, arrays, draw(graph, index, seed))
        if step.output is not None:
            tensors[index] = step.output
        for source in {*node.inputs, index}:
            if last_use.get(source, index) <= index:
                tensors.pop(source, None)
        del arrays
        yield step


def _keep_freed_memory() -> None:
    """Let the C library keep up to 64 MiB of freed arrays for the next ones.

    Otherwise glibc returns each freed array to the system, which clears the pages of the next one: a fifth of the time
    of ResNet-50. It adapts to the largest block that was freed, and keeps twice its size (mallopt(3),
    M_MMAP_THRESHOLD). No page of this block is used.
    """
    np.empty(_LARGEST_KEPT_BYTES, np.uint8)


def _over_one_batch(graph: Graph, node: Node, arrays: list[Float32Array]) -> tuple[Float32Array, ...]:
    """A node's inputs; those without a batch axis are broadcast over the batch of the others."""
    if node.unbatched or not any(graph.nodes[source].unbatched for source in node.inputs):
        return tuple(arrays)
    batch = max(map(len, arrays))
    return tuple(
        np.broadcast_to(array, (batch, *array.shape[1:])) if graph.nodes[source].unbatched else array
        for source, array in zip(node.inputs, arrays, strict=True)
    )


def last_uses(graph: Graph, end: int) -> dict[int, int]:
    """The last of the first `end` nodes that takes each node's output."""
    uses = {}
    for index in range(end):
        for source in graph.nodes[index].inputs:
            uses[source] = index
    return uses


def _run_layer(graph: Graph, index: int, arrays: tuple[Float32Array, ...], weights: dict[str, Float32Array]) -> Step:
    node = graph.nodes[index]
    assert node.layer is not None
    try:
        output = node.layer.forward(np, *arrays, **weights)
        if node.activation is not None:
            output = node.activation.forward(np, output)
    except (ValueError, TypeError) as error:  # the arrays did not match: reported as a disagreement
        return Step(index, arrays, weights, None, str(error))
    return Step(index, arrays, weights, output)
