"""The `dropout` layer type."""

from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer


class Dropout(Layer):
    """Zeroes a share of its input at random while training; at inference, as here, the input as it is."""

    type = "dropout"
    aliases = ("SpatialDropout", "AlphaDropout", "FeatureAlphaDropout", "GaussianDropout")
    family = "reshaping"
    rule = "dropout: the shape is unchanged"
    sources = (
        "Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, JMLR 15, 2014",
        "Keras, keras.layers.Dropout",
        "PyTorch, torch.nn.Dropout",
    )
    examples = ("1024 -> dropout 0.4", "7x7x64 -> dropout -> flatten")
    spatial_suffix = True

    rate = declare.number(
        "share of the input that is zeroed while training", default=0.5, minimum=0.0, maximum=1.0, positional=True,
        aliases=("p", "ratio", "dropout_ratio"),
    )  # fmt: skip

    def shape(self, x: Shape) -> Shape:
        return x

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x
