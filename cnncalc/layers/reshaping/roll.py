from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import moved
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Reach, Sight
from cnncalc.layers.declare import AxesValue, PerAxis
from cnncalc.layers.listed_axes import places


class Roll(Layer):
    """Shifts positions along axes cyclically, as the windows of a Swin transformer.

    FLOPs: none.
    """

    type = "roll"
    aliases = ("cyclic_shift",)
    family = "reshaping"
    rule = "roll: the shape is unchanged"
    sources = (
        "Liu et al., Swin Transformer, arXiv 2103.14030, section 3.2",
        "PyTorch, torch.roll",
        "Keras, keras.ops.roll",
    )
    examples = ("56x56x96 -> roll [-3, -3] axis=1x2", "7x13 -> roll 2 axis=1")

    shift: PerAxis = declare.per_axis(
        "shift towards the end, or below zero towards the start; one number per axis", minimum=-(2**63),
        positional=True, symbol="s", aliases=("shifts",),
    )  # fmt: skip
    axis: AxesValue = declare.listed_axes(
        "the axis or axes that are shifted, counted from 1, or from -1 backwards", aliases=("dims", "axes")
    )
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        self._shifts(x)
        return x

    def _shifts(self, x: Shape) -> dict[int, int]:
        """The shift by index of the axis. Raises Refusal unless there is one number per axis."""
        axes = places(self.axis or (), len(x), x, repeated=False)
        shifts = self.shift if isinstance(self.shift, tuple) else (self.shift,)
        if len(shifts) != len(axes):
            raise Refusal(
                f"{len(shifts)} {'shift' if len(shifts) == 1 else 'shifts'} for {len(axes)} "
                f"{'axis' if len(axes) == 1 else 'axes'}",
                hint="give one number per axis",
                field="shift",
                code="E303",
            )
        return dict(zip(axes, shifts, strict=True))

    def windows(self, x: Shape) -> Sight:
        """Along the channels each output reads its own position; undefined along another axis, where positions move."""
        return "pointwise" if set(self._shifts(x)) == {self.axis_index("channels", x)} else ()

    def reach(self, x: Shape) -> Reach:
        """Position k reads k − shift; positions that enter at the other end are beyond the border."""
        shifts, channels = self._shifts(x), self.axis_index("channels", x)
        places = [place for place in range(len(x)) if place != channels]
        return tuple(moved(-shifts.get(place, 0), border="circular") for place in places)

    def forward(self, np: ModuleType, x: Array) -> Array:
        shifts = self._shifts(x.shape[1:])
        return np.roll(x, list(shifts.values()), [place + 1 for place in shifts])
