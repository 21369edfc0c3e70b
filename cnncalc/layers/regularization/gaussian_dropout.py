from __future__ import annotations

from math import prod

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping, shared_fields
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.regularization._regularization import Regularization


class GaussianDropout(Regularization):
    """Multiplies by normal noise with mean 1 during training; the identity at inference, as here."""

    type = "gaussian_dropout"
    role = "dropout"
    rule = "gaussian_dropout: the shape is unchanged"
    sources = (
        "Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, JMLR 15, 2014",
        "Keras, keras.layers.GaussianDropout",
    )
    examples = ("1024 -> gaussian_dropout 0.4", "7x7x64 -> gaussian_dropout -> flatten")

    rate = shared_fields.rate(
        "dropout rate with the same variance: the standard deviation of the noise is √(rate/(1 − rate))"
    )

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return keeping.mask(self.rate, prod(x))
