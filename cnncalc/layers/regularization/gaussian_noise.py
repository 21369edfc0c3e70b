from __future__ import annotations

from cnncalc.layers import declare, keeping
from cnncalc.layers.regularization._regularization import Regularization


class GaussianNoise(Regularization):
    """Adds normal noise with mean 0 during training; the identity at inference, as here."""

    type = "gaussian_noise"
    rule = "gaussian_noise: the shape is unchanged"
    sources = ("Keras, keras.layers.GaussianNoise",)
    examples = ("784 -> gaussian_noise 0.1", "28x28x1 -> gaussian_noise 0.2 -> conv 8 3x3")

    deviation = declare.number(
        "standard deviation of the noise, at most 1 as in Keras", minimum=0.0, maximum=1.0, positional=True,
        aliases=("stddev",),
    )  # fmt: skip
    keeps = keeping.NOTHING
