"""Merges that compare two inputs: PyTorch's distances."""

from __future__ import annotations

from random import Random

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import Drawn, Fields, any_volume, chance, maybe
from tests.oracles.families import Answer, Weights

FREQUENCY = {"pytorch": {"cosine_similarity": 1, "pairwise_distance": 1}}


def pair(random: Random) -> list[list[int]]:
    """Two equal shapes; now and then a size of 1 in one of them, or one that does not fit."""
    first = any_volume(random, "pytorch")
    second = list(first)
    if chance(random, 0.3):
        second[random.randrange(len(second))] = 1
    if chance(random, 0.15):
        second[random.randrange(len(second))] += 1
    return [first, second]


def cosine(random: Random, convention: str) -> Drawn:
    inputs = pair(random)
    fields: Fields = {}
    rank = len(inputs[0])
    maybe(random, fields, "axis", 0.6, lambda: random.choice((-1, *range(1, rank + 1), rank + 1)))
    return inputs, fields


def distance(random: Random, convention: str) -> Drawn:
    fields: Fields = {}
    maybe(random, fields, "norm", 0.6, lambda: random.choice((0.5, 1, 2, 3)))
    maybe(random, fields, "epsilon", 0.3, lambda: 0.25)
    maybe(random, fields, "keep", 0.5, lambda: chance(random, 0.5))
    return pair(random), fields


DRAW = {"cosine_similarity": cosine, "pairwise_distance": distance}
NAMES = {"norm": "p", "epsilon": "eps", "keep": "keepdim"}


def in_pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch import nn

    from tests.oracles.pytorch_oracle import run_module

    fields = case["fields"]
    if case["layer"] == "cosine_similarity":
        answer = run_module(nn.CosineSimilarity(dim=fields.get("axis", 1)), inputs)
    else:
        answer = run_module(nn.PairwiseDistance(**{NAMES[name]: value for name, value in fields.items()}), inputs)
    return answer


PYTORCH = {"cosine_similarity": in_pytorch, "pairwise_distance": in_pytorch}
