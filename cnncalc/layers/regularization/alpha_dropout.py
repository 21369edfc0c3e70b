from __future__ import annotations

from math import prod

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import keeping, shared_fields
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.regularization._regularization import Regularization


class AlphaDropout(Regularization):
    """Dropout for SELU networks that preserves mean and variance during training; the identity at inference.

    PyTorch's FeatureAlphaDropout, which drops whole channels, is the same at inference.
    """

    type = "alpha_dropout"
    role = "dropout"
    aliases = ("FeatureAlphaDropout",)
    rule = "alpha_dropout: the shape is unchanged"
    sources = (
        "Klambauer et al., Self-Normalizing Neural Networks, arXiv 1706.02515",
        "Keras, keras.layers.AlphaDropout",
        "PyTorch, torch.nn.AlphaDropout",
    )
    examples = ("1024 -> alpha_dropout 0.1", "784 -> dense 128 selu -> alpha_dropout")

    rate = shared_fields.rate("fraction of the input that is set to SELU's limit during training")

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return keeping.mask(self.rate, prod(x))
