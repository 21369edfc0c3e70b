"""Comparisons of two tensors, as siamese networks end with."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.importing.python.torch.modules import ModuleCall, ModuleRow, no_arrays
from cnncalc.importing.python.torch.operations import similarity
from cnncalc.reading.signatures.torch import MODULES


def cosine_similarity(call: ModuleCall) -> object:
    return similarity.cosine_similarity(call.as_function("cosine_similarity"), call.input(), call.input(1))


def pairwise_distance(call: ModuleCall) -> object:
    return similarity.pairwise_distance(call.as_function("pairwise_distance"), call.input(), call.input(1))


CLASSES: Mapping[str, ModuleRow] = MappingProxyType({
    "CosineSimilarity": ModuleRow(MODULES["CosineSimilarity"], no_arrays, cosine_similarity, 2),
    "PairwiseDistance": ModuleRow(MODULES["PairwiseDistance"], no_arrays, pairwise_distance, 2),
})  # fmt: skip
