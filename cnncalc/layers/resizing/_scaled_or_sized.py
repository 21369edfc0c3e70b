"""The base of `upsample` and its variants: a scale, or a size."""

from __future__ import annotations

from math import floor

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.declare import PerAxis, Scale
from cnncalc.layers.resizing._resampled import COORDINATES, ROUNDINGS, Resampled
from cnncalc.layers.resizing._scaling import product, scaled, written


class ScaledOrSized(Resampled):
    """Resizes the input by a scale or to a size, with the options of all frameworks."""

    rule = "resizing: O = ⌊W·S⌋, or as given; depth unchanged"

    scale = declare.scales(
        "factor of each axis", aliases=("scale_factor", "scales", "factor"), symbol="S", short="s", default=None,
        default_text="from the size; 2 under keras and tensorflow",
    )  # fmt: skip
    size = declare.optional_per_axis(
        "output size along each axis; under keras and tensorflow the factor, as in UpSampling2D",
        aliases=("sizes", "output_size"), symbol="O",
    )  # fmt: skip
    align_corners = declare.flag(
        "whether the centres of the corner pixels of input and output coincide", default=None, default_text="false"
    )
    coordinates = declare.choice(
        "coordinates of the outputs on the input", COORDINATES, default=None, default_text="half_pixel",
        aliases=("coordinate_transformation_mode",),
    )  # fmt: skip
    rounding = declare.choice(
        "rounding of coordinates to the nearest neighbour",
        ROUNDINGS,
        default=None,
        default_text="the convention's default",
        aliases=("nearest_mode",),
    )
    cubic = declare.optional_number(
        "coefficient of the cubic kernel", aliases=("cubic_coeff_a",), default_text="-0.75; -0.5 under keras"
    )
    exclude_outside = declare.flag(
        "whether inputs beyond the border have no weight", default=None, default_text="false; true under keras"
    )

    def scales(self, x: Shape) -> tuple[Scale, ...] | None:
        keras = self.framework in ("keras", "tensorflow")
        given = self.size if keras and self.scale is None else self.scale
        if given is None and not keras:
            return None
        return self.axes(2 if given is None else given, x, "scale")  # type: ignore[arg-type]

    def _size(self, x: Shape) -> PerAxis:
        """The size as given, without the batch and the channels, which ONNX's `sizes` include."""
        size = self.size or 1
        whole = isinstance(size, tuple) and len(size) == len(x) + 1 and self.setting.layout == "CHW"
        return size[2:] if whole and isinstance(size, tuple) and size[1] == x[0] else size

    def sized(self, x: Shape) -> Shape:
        self._check_given()
        scales = self.scales(x)
        if scales is None:
            return self.axes(self._size(x), x, "size")
        if self.framework in ("keras", "tensorflow") and any(isinstance(scale, float) for scale in scales):
            raise Refusal(
                f"{self.setting.convention.title} scales only by whole numbers, got {', '.join(map(str, scales))}",
                hint="use resize_image for an output size",
                field="scale",
                code="E304",
            )
        return tuple(scaled(W, scale, self.framework) for W, scale in zip(self.spatial(x), scales, strict=True))

    def _check_given(self) -> None:
        if self.scale is not None and self.size is not None:
            raise Refusal("scale and size are both given", hint="give one of them", field="size", code="E304")
        if self.scale is None and self.size is None and self.framework not in ("keras", "tensorflow"):
            raise Refusal("neither scale nor size is given", hint="for example: upsample 2", code="E205")

    def wanted(self, x: Shape) -> Shape:
        scales = self.scales(x)
        if scales is None:
            return self.axes(self._size(x), x, "size")
        sizes = zip(self.spatial(x), scales, strict=True)
        return tuple(floor(product(W, scale, self.framework) or W * written(scale)) for W, scale in sizes)

    def remarks(self, x: Shape, y: Shape) -> tuple[str, ...]:
        """Remarks for sizes that depend on floating-point rounding."""
        axes = zip(self.spatial(x), self.scales(x) or (), self.spatial(y), strict=False)
        moved = [(int(W), scale, int(size)) for W, scale, size in axes if W * written(scale) // 1 != size]
        return tuple(
            f"{self.setting.convention.title} multiplies in floating point: {W}·{scale} = "
            f"{product(W, scale, self.framework)!r}, so {size}."
            for W, scale, size in dict.fromkeys(moved)
        )
