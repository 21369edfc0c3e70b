"""Layers that may be computed in place: each output element depends on the input elements at its own place alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnncalc.analysis.analyze import load
from cnncalc.forward.run import random_inputs, run
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import load_all
from tests.together import for_each


def examples() -> Iterator[str]:
    """An example of each type that declares it, itself or by its base."""
    for kind in load_all().values():
        if kind.runs_in_place is not Layer.runs_in_place:
            yield kind.examples[0]


def spread(example: str) -> list[tuple[str, str]]:
    """The layers of an example that claim to run in place and change elsewhere if one element of an input changes."""
    graph = load(example)
    failures = []
    for step in run(graph, random_inputs(graph, seed=1, batch=1)):
        node = graph.nodes[step.node]
        layer = node.layer
        if layer is None or not layer.runs_in_place() or step.output is None:
            continue
        for place, array in enumerate(step.inputs):
            if array.shape != step.output.shape:
                continue
            arrays = [other.copy() for other in step.inputs]
            arrays[place].flat[array.size // 2] += 1
            with np.errstate(all="ignore"):
                once = layer.forward(np, *step.inputs, **step.weights)
                again = layer.forward(np, *arrays, **step.weights)
            changed = np.flatnonzero(~np.isclose(once, again, equal_nan=True))
            if set(changed) - {array.size // 2}:
                failures.append((node.name, layer.type))
    return failures


@for_each("example", list(examples()))
def test_an_element_changes_its_own_place_alone(example: str) -> None:
    assert spread(example) == []


def test_layers_that_mix_places_do_not_run_in_place() -> None:
    """A softmax, a batch norm with the batch's statistics, a comparison of vectors, a convolution, a permutation."""
    specs = (
        "7x12 -> softmax", "5x5x3 -> softmax2d", "5x5x3 -> batch_norm track_running_stats=false", "5x5x3 -> conv 3 1x1",
        "a: 7x12, b: 7x12 -> cosine_similarity from=[a, b]", "5x5x3 -> transpose 1x2", "7x12 -> layer_norm",
    )  # fmt: skip
    layers = [load(spec).nodes[-1].layer for spec in specs]
    assert [layer.type for layer in layers if layer is not None and layer.runs_in_place()] == []
