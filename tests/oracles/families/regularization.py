"""The layers that act while training only: identities in every framework, which refuse rates beyond 0 and 1."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np

from tests.oracles.cases import Case, spatial_rank
from tests.oracles.drawing import CHANNELS, Drawn, any_volume, spatial_axes, volume
from tests.oracles.families import Answer, Weights
from tests.oracles.families.normalization import keras_layer, run_torch

FREQUENCY = {
    "pytorch": {"spatial_dropout": 1, "alpha_dropout": 1},
    "keras": {
        "spatial_dropout": 1, "alpha_dropout": 1, "gaussian_dropout": 1, "gaussian_noise": 1,
        "activity_regularization": 1,
    },
}  # fmt: skip

RATES = (0.0, 0.1, 0.25, 0.5, 1.0, 1.5, -0.1)


def with_rate(random: Random, convention: str) -> Drawn:
    return [any_volume(random, convention)], {"rate": random.choice(RATES)}


def spatial_dropout(random: Random, convention: str) -> Drawn:
    return [volume(convention, spatial_axes(random), random.choice(CHANNELS))], {"rate": random.choice(RATES)}


def gaussian_noise(random: Random, convention: str) -> Drawn:
    return [any_volume(random, convention)], {"deviation": random.choice(RATES)}


def activity_regularization(random: Random, convention: str) -> Drawn:
    return [any_volume(random, convention)], {"l1": random.choice((0.0, 0.1)), "l2": random.choice((0.0, 0.1))}


def pytorch_dropout(*names: str) -> Callable[[Case, list[np.ndarray], Weights], Answer]:
    """A dropout by its name for each number of spatial axes, or by its one name."""

    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        from torch import nn

        name = names[min(spatial_rank(case), len(names)) - 1]
        return run_torch(getattr(nn, name)(case["fields"]["rate"]), inputs, None)

    return ask


PYTORCH = {
    "spatial_dropout": pytorch_dropout("Dropout1d", "Dropout2d", "Dropout3d"),
    "alpha_dropout": pytorch_dropout("AlphaDropout"),
}

KERAS = {
    "spatial_dropout": keras_layer("SpatialDropout{}D", rate="rate"),
    "alpha_dropout": keras_layer("AlphaDropout", rate="rate"),
    "gaussian_dropout": keras_layer("GaussianDropout", rate="rate"),
    "gaussian_noise": keras_layer("GaussianNoise", deviation="stddev"),
    "activity_regularization": keras_layer("ActivityRegularization", l1="l1", l2="l2"),
}

DRAW: dict[str, Callable[[Random, str], Drawn]] = {
    "spatial_dropout": spatial_dropout, "alpha_dropout": with_rate, "gaussian_dropout": with_rate,
    "gaussian_noise": gaussian_noise, "activity_regularization": activity_regularization,
}  # fmt: skip
