from __future__ import annotations

from cnncalc.layers import shared_fields
from cnncalc.layers.regularization._regularization import Regularization


class GaussianDropout(Regularization):
    """Multiplies by normal noise around 1 while training; at inference, as here, the input as it is."""

    type = "gaussian_dropout"
    role = "dropout"
    rule = "gaussian_dropout: the shape is unchanged"
    sources = (
        "Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, JMLR 15, 2014",
        "Keras, keras.layers.GaussianDropout",
    )
    examples = ("1024 -> gaussian_dropout 0.4", "7x7x64 -> gaussian_dropout -> flatten")

    rate = shared_fields.rate("the share of a dropout with the same spread: the noise deviates by √(rate/(1 − rate))")
