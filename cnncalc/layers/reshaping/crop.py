from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer
from cnncalc.layers.declare import SidesValue
from cnncalc.layers.reshaping._sides import Sides, sides_of
from cnncalc.layers.resizing.resize_image import ResizeImage


class Crop(Layer):
    """Crops the spatial axes: by an amount on each side, or to a size around the centre.

    The amount is written as in `zero_pad`. An odd remainder is removed after the centre; torchvision's CenterCrop,
    under pytorch, rounds the half to the even number. Under keras an image that is too small for the size is enlarged,
    as `resize_image` does with `crop_to_aspect_ratio`. FLOPs: none, or those of the enlargement.
    """

    type = "crop"
    aliases = ("cropping", "CenterCrop")
    family = "reshaping"
    rule = "crop: O = W − P₀ − P₁, or as given"
    sources = ("Keras, keras.layers.Cropping2D and CenterCrop", "torchvision, torchvision.transforms.CenterCrop")
    examples = ("32x32x3 -> crop 2", "13x17x3 -> crop amount=[[0,1],[2,3]]", "572x572x64 -> crop size=392x392")
    spatial_suffix = True

    amount: SidesValue | None = declare.sides(
        "amount removed from each side", aliases=("cropping", "padding"), short="p", symbol="P", default=None,
        default_text="the rest, if a size is given",
    )  # fmt: skip
    size = declare.optional_per_axis("output size along each axis, cropped around the centre", symbol="O")
    keeps = keeping.VIEW

    def shape(self, x: Shape) -> Shape:
        enlarged = self._enlarged(x)
        if enlarged:
            return enlarged.shape(x)
        return self.volume(tuple(window.output for window in self.windows(x)), self.channels(x))

    def _enlarged(self, x: Shape) -> ResizeImage | None:
        """The resizing that Keras's CenterCrop applies to an image that is smaller than the size."""
        if self.setting.convention.name != "keras" or self.size is None or len(x) != 3:
            return None
        height, width = self.axes(self.size, x, "size")
        if self.amount is not None or all(size <= W for W, size in zip(self.spatial(x), (height, width), strict=True)):
            return None
        return ResizeImage(self.setting, height=height, width=width, crop_to_aspect_ratio=True)

    def elementwise(self, x: Shape, y: Shape) -> int:
        enlarged = self._enlarged(x)
        return enlarged.elementwise(x, y) if enlarged else 0

    def windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        """Each output reads one input; the first is inside the input, which is a negative padding."""
        self.require_spatial(x)
        if self._enlarged(x):
            return ()
        if (self.amount is None) == (self.size is None):
            raise Refusal("exactly one of amount and size is needed", hint="for example: crop 2", code="E205")
        if self.size is not None:
            return self._around_the_centre(x)
        axes = zip(self.spatial(x), self.sides(x), strict=True)
        windows = tuple(
            AxisWindow(1, 1, -before, -after, W - (2 * before if before == after else before + after))
            for W, (before, after) in axes
        )
        for W, window in zip(self.spatial(x), windows, strict=True):
            if window.output < 1:
                raise Refusal(
                    f"{int(-window.before - window.after)} removed from an axis of {int(W)} leave nothing",
                    field="amount",
                )
        return windows

    def _around_the_centre(self, x: Shape) -> tuple[AxisWindow, ...]:
        axes = list(zip(self.spatial(x), self.axes(self.size or 1, x, "size"), self.sides(x), strict=True))
        for W, size, _ in axes:
            if size > W:
                raise Refusal(
                    f"a size of {int(size)} cannot be cropped from an axis of {int(W)}",
                    hint="pad it first",
                    field="size",
                )
        return tuple(AxisWindow(1, 1, -before, -after, size) for _, size, (before, after) in axes)

    def sides(self, x: Shape) -> Sides:
        """The amounts removed before and after each spatial axis."""
        if self.amount is not None and self.size is None:
            return sides_of(self.amount, len(x) - 1, self.setting)
        rests = [W - size for W, size in zip(self.spatial(x), self.axes(self.size or 1, x, "size"), strict=True)]
        up = self.setting.convention.name == "pytorch"
        befores = [rest // 2 + (1 if up and rest % 4 == 3 else 0) for rest in rests]
        return tuple((before, rest - before) for before, rest in zip(befores, rests, strict=True))

    def forward(self, np: ModuleType, x: Array) -> Array:
        enlarged = self._enlarged(x.shape[1:])
        if enlarged:
            return enlarged.forward(np, x)
        first = 1 if self.setting.layout == "HWC" else 2
        for axis, (before, after) in enumerate(self.sides(tuple(x.shape[1:])), start=first):
            x = np.take(x, range(before, x.shape[axis] - after), axis)
        return x
