"""Layers like a dense one: PyTorch's bilinear form, Keras's Einstein sums."""

from __future__ import annotations

from random import Random

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.deviations import Deviation
from tests.oracles.drawing import CHANNELS, Drawn, Fields, chance, maybe, spatial_axes
from tests.oracles.families import Answer, Weights

FREQUENCY = {"pytorch": {"bilinear": 1}, "keras": {"einsum_dense": 1}}


def bilinear(random: Random, convention: str) -> Drawn:
    """Two inputs that should differ in their features only."""
    positions = [] if chance(random, 0.3) else spatial_axes(random)
    other = list(positions)
    if chance(random, 0.3):
        other = [size + random.choice((0, 1)) for size in other] if chance(random, 0.6) else [*other, 1]
    fields: Fields = {"units": random.choice((1, 2, 3, 5, 7))}
    maybe(random, fields, "bias", 0.4, lambda: chance(random, 0.5))
    return [[*positions, random.choice(CHANNELS)], [*other, random.choice(CHANNELS)]], fields


def ask_pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch import nn

    from tests.oracles.pytorch_oracle import run_module

    one, other = (shape[-1] for shape in case["inputs"])
    module = nn.Bilinear(one, other, case["fields"]["units"], bias=case["fields"].get("bias", True))
    theirs = None
    if weights is not None:
        theirs = {**weights, "weight": np.moveaxis(weights["kernel"], -1, 0)}
        del theirs["kernel"]
    return run_module(module, inputs, theirs)


EQUATIONS = (
    "ab,bc->ac", "abc,cd->abd", "abc,bcd->ad", "abc,bce->aec", "abcd,de->abce", "...a,ab->...b", "ab...,bc->ac...",
)  # fmt: skip


def einsum_dense(random: Random, convention: str) -> Drawn:
    """An equation, an input and an output of its rank; sizes or letters wrong now and then."""
    equation = random.choice(EQUATIONS)
    given, _, made = equation.replace("->", ",").split(",")
    letters = [letter for letter in given if letter != "."]
    ellipsis = random.choice((1, 2)) if "." in given else 0
    sizes = {letter: random.choice(CHANNELS) for letter in "abcde"}
    unnamed = [random.choice(CHANNELS) for _ in range(ellipsis)]
    if given.startswith("."):  # the batch is the first of what it stands for
        shape, named = [*unnamed[1:], *(sizes[letter] for letter in letters)], made[3:]
    else:
        shape, named = [*(sizes[letter] for letter in letters[1:]), *unnamed], made[1:].replace("...", "")
    output = [sizes[letter] for letter in named]
    if chance(random, 0.15):
        output[random.randrange(len(output))] += 1
    if chance(random, 0.1):
        shape.append(2)
    fields: Fields = {"equation": equation, "output": output}
    maybe(random, fields, "bias_axes", 0.5, lambda: "".join(random.sample(named, random.randint(1, len(named)))))
    return [shape], fields


def einsum_in_keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    from tests.oracles.keras_oracle import run_layer

    fields = case["fields"]
    layer = keras.layers.EinsumDense(fields["equation"], tuple(fields["output"]), bias_axes=fields.get("bias_axes"))
    return run_layer(layer, inputs, None if weights is None else list(weights.values()))


def several_unnamed(case: Case) -> bool:
    """An ellipsis in front stands for the batch and two axes of different size."""
    shape = case["inputs"][0]
    front = case["fields"].get("equation", "").startswith("...")
    return case["layer"] == "einsum_dense" and front and len(shape) == 3 and shape[0] != shape[1]


DEVIATIONS = (
    Deviation(
        "several axes behind an ellipsis",
        "the shape rule of Keras's EinsumDense turns them round, and contradicts what the layer computes",
        "keras",
        several_unnamed,
        refuses="nobody",
    ),
)

DRAW = {"bilinear": bilinear, "einsum_dense": einsum_dense}
PYTORCH = {"bilinear": ask_pytorch}
KERAS = {"einsum_dense": einsum_in_keras}
