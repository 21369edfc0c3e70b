from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import keeping, shared_fields
from cnncalc.layers.base import show_shape
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.regularization._regularization import Regularization


class SpatialDropout(Regularization):
    """Zeroes whole channels at random during training; the identity at inference, as here.

    Keras calls it SpatialDropout1D, 2D and 3D, which require their number of axes. PyTorch calls it Dropout1d, 2d and
    3d, which only warn about another number of axes.
    """

    type = "spatial_dropout"
    role = "dropout"
    aliases = ("Dropout1d", "Dropout2d", "Dropout3d", "channel_dropout")
    rule = "spatial_dropout: the shape is unchanged"
    sources = (
        "Tompson et al., Efficient Object Localization Using Convolutional Networks, arXiv 1411.4280",
        "Keras, keras.layers.SpatialDropout2D",
        "PyTorch, torch.nn.Dropout2d",
    )
    examples = ("7x11x64 -> spatial_dropout 0.2", "11x13 -> spatial_dropout")
    spatial_suffix = True

    rate = shared_fields.rate("fraction of channels that are zeroed during training", aliases=("ratio",))

    def shape(self, x: Shape) -> Shape:
        if len(x) < 2:
            raise Refusal(
                f"{show_shape(x)} has no spatial axes, so that a whole channel is one number",
                hint="use dropout",
                code="E303",
            )
        return x

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return keeping.mask(self.rate, self.channels(x))
