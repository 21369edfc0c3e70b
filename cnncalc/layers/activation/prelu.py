"""The `prelu` layer type."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers import declare
from cnncalc.layers.activation._elementwise import Activation
from cnncalc.layers.base import Array, Weight

_DEFAULTS = {"keras": "position", "tensorflow": "position", "pytorch": "one"}


class Prelu(Activation):
    """Rectified linear unit whose slope below zero is learned.

    One slope for everything, one per channel (as in the paper), or one per element. A slope that spatial positions
    share counts once per position among the unshared parameters. FLOPs: one per element.
    """

    type = "prelu"
    aliases = ("parametric_relu",)
    rule = "f(x) = x if x > 0, else slope·x, the slope learned"
    sources = (
        "He et al., Delving Deep into Rectifiers, arXiv 1502.01852",
        "PyTorch, torch.nn.PReLU",
        "Keras, keras.layers.PReLU",
    )
    examples = ("16x16x8 -> prelu", "16x16x8 -> prelu per=one")
    usable_as_activation = False

    per = declare.choice(
        "what has a slope of its own", ("channel", "one", "position"), default=None,
        default_text="position under keras and tensorflow, one under pytorch, else channel",
    )  # fmt: skip

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        per = self.per or _DEFAULTS.get(self.setting.convention.name, "channel")
        if per == "position":
            yield Weight("slope", x)
        else:
            yield Weight("slope", (1 if per == "one" else self.channels(x),), positions=self.spatial(x))

    def forward(self, np: ModuleType, x: Array, *, slope: Array) -> Array:
        if slope.ndim == 1:
            slope = self.along_channels(slope, x)
        return np.where(x > 0, x, slope * x)
