from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.base import Array, Weight, show_shape

_DEFAULTS: Mapping[str, str] = {"keras": "position", "tensorflow": "position", "pytorch": "one"}
_FORMS = ("per", "shared_axes", "num_parameters", "channel_shared", "slope_shape")


class Prelu(Activation):
    """Rectified linear unit with a learned slope below zero.

    There is one slope in total, one per channel (as in the paper), or one per element: `per` or a framework's own field
    sets which. Keras lists the axes that share a slope, PyTorch counts the slopes, Caffe has a flag, and ONNX gives
    their shape, which is broadcast to the input's. A slope that spatial positions share counts once per position among
    the unshared parameters. FLOPs: one per element.
    """

    type = "prelu"
    aliases = ("parametric_relu",)
    rule = "f(x) = x if x > 0, else slope·x, the slope learned"
    sources = (
        "He et al., Delving Deep into Rectifiers, arXiv 1502.01852",
        "PyTorch, torch.nn.PReLU",
        "Keras, keras.layers.PReLU",
        "ONNX operators, PRelu",
    )
    examples = ("16x16x8 -> prelu", "16x16x8 -> prelu per=one", "16x16x8 -> prelu shared_axes=[1, 2]")
    usable_as_activation = False
    without_effect: ClassVar[tuple[str, ...]] = ("init",)

    per = declare.choice(
        "the unit that has its own slope", ("channel", "one", "position"), default=None,
        default_text="position under keras and tensorflow, one under pytorch, else channel",
    )  # fmt: skip
    shared_axes = declare.optional_per_axis(
        "as in Keras: the axes along which the slope is shared, counted from 1 without the batch", default_text="unset"
    )
    num_parameters = declare.count(
        "as in PyTorch: the number of slopes, 1 or the number of channels", default=None, default_text="unset"
    )
    channel_shared = declare.flag("as in Caffe: whether the channels share one slope", default=None)
    slope_shape = declare.dimensions(
        "as in ONNX: the shape of the slopes; they are shared along an axis of 1 and along missing first axes",
        default=None, positional=False,
    )  # fmt: skip

    def shape(self, x: Shape) -> Shape:
        given = [form for form in _FORMS if getattr(self, form) is not None]
        if len(given) > 1:
            raise Refusal(f"{' and '.join(given)} are both given", hint="give one of them", field=given[1], code="E204")
        self.slopes(x)
        return x

    def slopes(self, x: Shape) -> Shape:
        """The shape of the slopes over the input's axes, 1 for a shared axis; or a single axis, the channels."""
        if self.shared_axes is not None:
            return self._unless_shared(x, self.shared_axes)
        if self.slope_shape:
            return self._stretched(x, self.slope_shape)
        per = self._counted(x) if self.num_parameters else self.per
        if self.channel_shared is not None:
            per = "one" if self.channel_shared else "channel"
        per = per or _DEFAULTS.get(self.setting.convention.name, "channel")
        return x if per == "position" else (1 if per == "one" else self.channels(x),)

    def _unless_shared(self, x: Shape, shared: int | tuple[int, ...]) -> Shape:
        places = {self.axis_index(axis, x) for axis in (shared if isinstance(shared, tuple) else (shared,))}
        return tuple(1 if place in places else size for place, size in enumerate(x))

    def _stretched(self, x: Shape, slopes: Shape) -> Shape:
        full = (1,) * (len(x) - len(slopes)) + slopes
        if len(full) != len(x) or any(slope not in (1, size) for slope, size in zip(full, x, strict=True)):
            raise Refusal(
                f"slopes of shape {show_shape(slopes)} cannot be broadcast to {show_shape(x)}",
                hint="each axis must be 1 or equal the input's; the last axes are aligned",
                field="slope_shape",
                code="E308",
            )
        return tuple(1 if slope == 1 else size for slope, size in zip(full, x, strict=True))

    def _counted(self, x: Shape) -> str:
        channels = self.channels(x)
        if self.num_parameters not in (1, channels):
            raise Refusal(
                f"{self.num_parameters} slopes for {int(channels)} channels: it must be 1, or one per channel",
                hint=f"num_parameters={int(channels)}",
                field="num_parameters",
                code="E304",
            )
        return "one" if self.num_parameters == 1 else "channel"

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        slopes = self.slopes(x)
        if len(slopes) < len(x):
            yield Weight("slope", slopes, positions=self.spatial(x))
        else:
            pairs = zip(self.spatial(slopes), self.spatial(x), strict=True)
            yield Weight("slope", slopes, positions=tuple(size for slope, size in pairs if slope == 1))

    def forward(self, np: ModuleType, x: Array, *, slope: Array) -> Array:
        if slope.ndim == 1:
            slope = self.along_channels(slope, x)
        return np.where(x > 0, x, slope * x)
