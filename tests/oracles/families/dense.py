"""Layers like a dense one: the bilinear form, which PyTorch alone has."""

from __future__ import annotations

from random import Random

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import CHANNELS, Drawn, Fields, chance, maybe, spatial_axes
from tests.oracles.families import Answer, Weights

FREQUENCY = {"pytorch": {"bilinear": 1}}


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


DRAW = {"bilinear": bilinear}
PYTORCH = {"bilinear": ask_pytorch}
