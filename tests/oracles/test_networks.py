"""Whole networks: the NumPy forward pass gives PyTorch's numbers, layer upon layer, with the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis.analyze import load
from cnncalc.forward.run import random_inputs, run
from tests.oracles.frameworks import missing


@pytest.mark.skipif(bool(missing("pytorch")), reason="torch not installed")
@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("alexnet", (3, 224, 224)),
        ("resnet50", (3, 97, 97)),
        ("mobilenet_v2", (3, 97, 97)),
        ("efficientnet_b0", (3, 97, 97)),
        ("convnext_tiny", (3, 97, 97)),
        ("lstm_rows_pytorch", (28, 28)),
    ],
)
def test_the_last_layer_is_pytorch_s(name: str, size: tuple[int, int, int]) -> None:
    """Scores equal to 1e-4 of the largest, after up to 170 layers."""
    from tests.oracles.torch_network import Network

    graph = load(name, input=size)
    theirs = Network(graph).run().numpy()
    for step in run(graph, random_inputs(graph, seed=0, batch=1)):
        mine = step.output
    np.testing.assert_allclose(mine, theirs, atol=1e-4 * np.abs(theirs).max())


@pytest.mark.skipif(bool(missing("keras")), reason="keras or jax not installed")
def test_every_network_of_keras_applications_is_on_file() -> None:
    """Each builder that the package exports has a bundled spec of its own."""
    from tests.oracles.keras_oracle import keras
    from tests.oracles.networks import KERAS, recorded

    builders = {name for name in vars(keras.applications) if name[0].isupper()}
    assert {builder for builder, _ in KERAS.values()} == builders
    assert set(KERAS) <= set(recorded())


def has_torchvision() -> bool:
    from importlib.util import find_spec

    return find_spec("torchvision") is not None


@pytest.mark.skipif(not has_torchvision(), reason="torchvision not installed")
def test_every_convolutional_network_of_torchvision_is_on_file() -> None:
    """All that the package lists, but transformers in windows, optical flow, and copies in eight bits."""
    from tests.oracles.networks import recorded, torchvision_models

    other = ("maxvit", "mvit", "quantized", "raft", "swin")
    names = {name for name in torchvision_models().list_models() if not name.startswith(other)}
    assert len(names) > 90
    assert names <= set(recorded())
