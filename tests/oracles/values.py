"""cnncalc's forward pass on random arrays, and how it is held against what a framework computes from the same."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

import numpy as np

from cnncalc.analysis.analyze import load
from tests.oracles.cases import Case, key, spec
from tests.oracles.families import table

BATCH = 2
RELATIVE = 1e-4
"""How far apart two float32 results may be, relative to the largest value of the output."""

LOWEST = -1e38
"""Below lies what a max pool gives for a window that sees padding alone: minus infinity, or ONNX Runtime's lowest."""


class Computed(NamedTuple):
    """What the forward pass took and gave."""

    inputs: list[np.ndarray]
    weights: dict[str, np.ndarray]
    output: np.ndarray


def compute(case: Case, generator: Callable[[str], np.random.Generator] | None = None) -> Computed:
    """Run the case on random inputs and weights, the same for the same case. Raises SpecError where it is refused.

    `generator` gives the source of the numbers of each array, by its name; all inputs come from one, "inputs".
    """
    graph = load(spec(case))
    node = graph.nodes[-1]
    assert node.layer is not None
    one = np.random.default_rng(Random(key(case)).getrandbits(64))
    generator = generator or (lambda name: one)
    make_inputs = table("INPUTS").get(case["layer"], normal_inputs)
    inputs = make_inputs(generator("inputs"), case)[: len(graph.inputs_of(node))]
    weights = {
        weight.name: (_positive if weight.statistic else _normal)(generator(weight.name), weight.shape)
        for weight in node.layer.weights(*graph.inputs_of(node), node.shape)
    }
    return Computed(inputs, weights, node.layer.forward(np, *inputs, **weights))


def normal_inputs(generator: np.random.Generator, case: Case) -> list[np.ndarray]:
    """Standard normal numbers for every input."""
    return [generator.standard_normal((BATCH, *shape), dtype=np.float32) for shape in case["inputs"]]


def _normal(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return generator.standard_normal(shape, dtype=np.float32)


def _positive(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Statistics: a variance is positive."""
    return generator.random(shape, dtype=np.float32) + np.float32(0.5)


def mismatch(mine: np.ndarray, theirs: np.ndarray) -> str:
    """Empty where two outputs agree; else how they differ."""
    if mine.shape != theirs.shape:
        return f"shapes {mine.shape} and {theirs.shape}"
    if mine.dtype != np.float32:
        return f"type {mine.dtype}"
    if not np.array_equal(mine > LOWEST, theirs > LOWEST):
        return "minus infinity, the maximum of no input, in different places"
    mine, theirs = mine[mine > LOWEST], theirs[theirs > LOWEST]
    largest = float(np.abs(mine - theirs).max(initial=0))
    allowed = RELATIVE * float(np.abs(theirs).max(initial=1e-3))
    return "" if largest <= allowed else f"values up to {largest:.3g} apart, {allowed:.3g} allowed"
