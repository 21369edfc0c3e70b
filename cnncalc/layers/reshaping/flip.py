from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import SAME_PLACE, moved
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Reach, Sight
from cnncalc.layers.declare import AxesValue
from cnncalc.layers.listed_axes import places


class Flip(Layer):
    """Reverses the order of the positions along axes.

    FLOPs: none.
    """

    type = "flip"
    aliases = ("reverse",)
    family = "reshaping"
    rule = "flip: the shape is unchanged"
    sources = ("PyTorch, torch.flip", "TensorFlow, tf.reverse", "Keras, keras.ops.flip")
    examples = ("28x28x3 -> flip 2", "7x13 -> flip axis=[1, 2]")

    axis: AxesValue = declare.listed_axes(
        "the axis or axes that are reversed, counted from 1, or from -1 backwards", aliases=("dims", "axes")
    )
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        self._places(x)
        return x

    def _places(self, x: Shape) -> tuple[int, ...]:
        return places(self.axis or (), len(x), x)

    def windows(self, x: Shape) -> Sight:
        """Along the channels each output reads its own position; undefined along another axis, where positions move."""
        return "pointwise" if set(self._places(x)) == {self.axis_index("channels", x)} else ()

    def reach(self, x: Shape) -> Reach:
        """Position k reads W − 1 − k."""
        turned, channels = self._places(x), self.axis_index("channels", x)
        axes = [(place, W) for place, W in enumerate(x) if place != channels]
        return tuple(moved(W - 1, -1) if place in turned else SAME_PLACE for place, W in axes)

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.flip(x, [place + 1 for place in self._places(x.shape[1:])])
