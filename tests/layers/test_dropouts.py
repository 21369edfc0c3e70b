"""Dropout, its relatives, and the other layers that act while training only."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, statistics
from tests.together import for_each


@for_each(
    ("name", "fields"),
    [
        ("dropout", {"rate": 0.4}),
        ("spatial_dropout", {"rate": 0.2}),
        ("alpha_dropout", {"rate": 0.1}),
        ("gaussian_dropout", {"rate": 0.3}),
        ("gaussian_noise", {"deviation": 0.1}),
        ("activity_regularization", {"l1": 0.01, "l2": 0.1}),
        ("stochastic_depth", {"rate": 0.2, "mode": "batch"}),
        ("drop_block", {"rate": 0.1, "block": 5}),
    ],
)
@for_each("shape", [(5, 7, 3), (13, 5), (2, 3, 5, 7)])
@for_each("convention", ["formula", "pytorch", "keras"])
def test_nothing_happens_at_inference(name, fields, shape, convention):
    """The input comes out as it is, whatever it holds, with nothing learned and nothing computed."""
    layer = make(name, convention, **fields)
    x = np.array([[np.nan, 1.5, -np.inf]])
    assert layer.forward(np, x) is x
    assert layer.shape(shape) == shape
    assert (learned(layer, shape), statistics(layer, shape)) == (0, 0)
    assert (layer.macs(shape, shape), layer.elementwise(shape, shape)) == (0, 0)
    assert layer.windows(shape) == "pointwise"


@for_each(
    ("name", "fields"),
    [
        ("dropout", {"rate": 1.5}),  # PyTorch: dropout probability has to be between 0 and 1, but got 1.5
        ("spatial_dropout", {"rate": -0.1}),  # Keras: Expected a float value between 0 and 1. Received: rate=-0.1
        ("alpha_dropout", {"rate": 2}),
        ("gaussian_dropout", {"rate": "half"}),
        ("gaussian_noise", {"deviation": 1.5}),  # Keras: Expected a float value between 0 and 1. Received: stddev=1.5
        ("stochastic_depth", {"mode": "column"}),  # torchvision: mode has to be either 'batch' or 'row'
        ("drop_block", {"block": 0}),
        ("augmentation", {"mode": "diagonal"}),  # Keras's RandomFlip: Unknown mode
        ("activity_regularization", {"l1": "much"}),
    ],
)
def test_fields_are_read_strictly(name, fields):
    """A share lies between 0 and 1, a word is one of the allowed."""
    with pytest.raises(Refusal) as refusal:
        make(name, **fields)
    assert refusal.value.code == "E204"


@pytest.mark.parametrize(
    ("convention", "fields"),
    [
        ("keras", {"mode": "horizontal"}),  # keras.layers.RandomFlip("horizontal"), and so on
        ("keras", {"factor": 0.1}),
        ("keras", {"factor": [-0.2, 0.3], "width_factor": 0.2}),
        ("formula", {}),
    ],
)
def test_augmentation_is_the_identity(convention, fields):
    """Images come out as they are; Keras refuses what is no image: Expected image tensor to have rank 3 or 4."""
    layer = make("augmentation", convention, **fields)
    x = np.array([[np.nan, 1.5, -np.inf]])
    assert layer.forward(np, x) is x
    assert layer.shape((13, 17, 5)) == (13, 17, 5)
    for shape in ((7,), (13, 5), (2, 13, 17, 5)):
        with pytest.raises(Refusal, match="needs an image"):
            layer.shape(shape)


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("spatial_dropout", (13,), "13 has no spatial axes"),
        ("drop_block", (13,), "needs an input with 1 to 3 spatial axes"),
        ("drop_block", (2, 3, 5, 7, 11), "needs an input with 1 to 3 spatial axes"),
    ],
)
def test_channels_and_blocks_need_positions(name, shape, message):
    """What drops whole channels or blocks of positions has none in a vector."""
    with pytest.raises(Refusal, match=message) as refusal:
        make(name).shape(shape)
    assert refusal.value.code == "E303"


@for_each(
    ("word", "name", "rank"),
    [
        ("nn.Dropout", "dropout", None),
        ("nn.Dropout2d", "spatial_dropout", None),  # PyTorch only warns of another number of axes
        ("SpatialDropout1D", "spatial_dropout", 1),
        ("SpatialDropout3D", "spatial_dropout", 3),
        ("nn.AlphaDropout", "alpha_dropout", None),
        ("nn.FeatureAlphaDropout", "alpha_dropout", None),
        ("layers.GaussianDropout", "gaussian_dropout", None),
        ("layers.GaussianNoise", "gaussian_noise", None),
        ("ActivityRegularization", "activity_regularization", None),
        ("DropPath", "stochastic_depth", None),
        ("ops.StochasticDepth", "stochastic_depth", None),
        ("layers.RandomFlip", "augmentation", None),
        ("RandomTranslation", "augmentation", None),
        ("ops.DropBlock2d", "drop_block", 2),
    ],
)
def test_foreign_names(word, name, rank):
    """The frameworks' spellings mean the canonical type."""
    assert registry.find(word) == (registry.load_all()[name], rank)
