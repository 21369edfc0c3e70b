"""The base of resizing layers: the inputs that each mode reads, in each framework."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor, prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import SAME_PLACE, AxisTaps, patterns, read_at
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels import resizing
from cnncalc.layers import keeping, shared_fields
from cnncalc.layers.base import Array, Layer, Reach, Sight
from cnncalc.layers.declare import Scale
from cnncalc.layers.resizing._scaling import written
from cnncalc.layers.shared_fields import RESAMPLING_MODES

COORDINATES = ("half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric")
ROUNDINGS = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")

REPEATING: Mapping[str, tuple[str, ...]] = {
    "half_pixel": ROUNDINGS[:2],
    "pytorch_half_pixel": ROUNDINGS[:2],
    "asymmetric": ("floor",),
}
"""By coordinates, the roundings for which an integer scale repeats each input that many times."""

_LACKING: Mapping[str, tuple[str, ...]] = {
    "keras": ("nearest_exact",),
    "tensorflow": ("nearest_exact",),
    "pytorch": ("lanczos3", "lanczos5"),
    "onnx": ("nearest_exact", "lanczos3", "lanczos5"),
}


class Resampled(Layer):
    """Samples the input at the points of an output grid; the channels are unchanged."""

    family = "resizing"
    without_effect: ClassVar[tuple[str, ...]] = ("recompute_scale_factor", "antialias", "extrapolation_value")
    refused: ClassVar[dict[str, str]] = {
        "axes": "give one number per axis, including batch and channels", "keep_aspect_ratio_policy": "give the sizes",
    }  # fmt: skip
    spatial_suffix = True

    mode = shared_fields.resizing_mode("nearest")
    align_corners: bool | None = None
    coordinates: str | None = None
    rounding: str | None = None
    cubic: float | None = None
    exclude_outside: bool | None = None
    keeps = keeping.NOTHING

    def scales(self, x: Shape) -> tuple[Scale, ...] | None:
        """The scale along each spatial axis; None if sizes were given."""
        raise NotImplementedError

    def sized(self, x: Shape) -> Shape:
        """The output's spatial sizes."""
        raise NotImplementedError

    def wanted(self, x: Shape) -> Shape:
        """The output's spatial sizes for a real array, computed without the size rule."""
        raise NotImplementedError

    @property
    def framework(self) -> str:
        return self.setting.convention.name

    def shape(self, x: Shape) -> Shape:
        self.require_spatial(x)
        self._check_mode(len(x) - 1)
        self._check_options()
        outputs = self.sized(x)
        for W, size in zip(self.spatial(x), outputs, strict=True):
            if size < 1:
                raise Refusal(f"nothing is left of {int(W)}: the output would have size {int(size)}", field="scale")
        return self.volume(outputs, self.channels(x))

    def _check_mode(self, rank: int) -> None:
        title, mode = self.setting.convention.title, self.mode
        if mode in _LACKING.get(self.framework, ()):
            known = [each for each in RESAMPLING_MODES if each not in _LACKING[self.framework]]
            raise _unavailable("mode", f'{title} has no mode "{mode}"', f"use one of {', '.join(known)}")
        keras = self.framework in ("keras", "tensorflow")
        if (
            rank != 2
            and (mode in RESAMPLING_MODES[3:] or (keras and mode != "nearest"))
            and self.framework != "formula"
        ):
            hint = 'use mode "nearest"' if keras else 'use mode "linear" or "nearest"'
            raise _unavailable("mode", f'{title} has mode "{mode}" only for two spatial axes, not {rank}', hint)

    def _check_options(self) -> None:
        """Reject options that the convention's framework does not have, or that the mode ignores."""
        framework, title = self.framework, self.setting.convention.title
        if self.coordinates is not None and framework in ("keras", "tensorflow", "pytorch"):
            hint = "set align_corners" if framework == "pytorch" else "remove it"
            raise _unavailable("coordinates", f"{title} has no coordinate transformation to choose", hint)
        if self.align_corners is not None and framework in ("keras", "tensorflow", "onnx"):
            hint = "set coordinates=align_corners" if framework == "onnx" else "remove it"
            raise _unavailable("align_corners", f"{title} has no align_corners", hint)
        if self.align_corners is not None and self.mode not in ("linear", "cubic"):
            raise _unavailable("align_corners", f'mode "{self.mode}" has no corners to align', "remove it")
        if self.align_corners is not None and self.coordinates is not None:
            raise _unavailable("align_corners", "align_corners and coordinates are both given", "give one of them")
        if self.rounding is not None and self.mode != "nearest":
            raise _unavailable("rounding", f'mode "{self.mode}" does not round to a neighbour', "remove it")

    def elementwise(self, x: Shape, y: Shape) -> int:
        """2·T − 1 per output that reads T inputs; none if a neighbour is copied."""
        if self.mode not in resizing.RADIUS:
            return 0
        taps = prod([2 * resizing.RADIUS[self.mode]] * (len(x) - 1))
        return prod(y) * (2 * taps - 1)

    def windows(self, x: Shape) -> Sight:
        """One input if each is repeated: neighbouring outputs are 1/S of an input apart. Undefined otherwise."""
        scales = self.scales(x)
        if scales is None or any(written(scale).denominator > 1 for scale in scales) or not self.repeats():
            return ()
        axes = zip(self.spatial(x), scales, strict=True)
        whole = [(W, int(scale) if isinstance(scale, float) else scale) for W, scale in axes]
        return tuple(AxisWindow(1, 1, 0, 0, W * scale, scale) for W, scale in whole)

    def reach(self, x: Shape) -> Reach:
        """The inputs with a weight around each output's coordinate; one for a nearest neighbour."""
        sizes, outputs = self.resized(x), self.sized(x)
        if self.framework == "onnx" and outputs == self.spatial(x):
            return "pointwise"
        scales = self.scales(x) or (None,) * len(sizes)
        axes = zip(sizes, outputs, scales, self.shifts(x), strict=True)
        return patterns(self._read(W, size, scale, shift) for W, size, scale, shift in axes)

    def resized(self, x: Shape) -> Shape:
        """The sizes of the sampled region: the input's, or those of its cropped part."""
        return self.spatial(x)

    def shifts(self, x: Shape) -> Shape:
        """The start of the sampled region on the input."""
        return (0,) * (len(x) - 1)

    def _read(self, size: int, wanted: int, scale: Scale | None, shift: int) -> AxisTaps | None:
        """The taps along an axis of `size` that starts at `shift` of the input."""
        blends = self.mode in resizing.RADIUS
        unscaled = scale in (None, 1) or (blends and self.framework == "pytorch" and self.mode == "linear")
        if size == wanted and unscaled and not shift:
            return SAME_PLACE
        ratio = written(scale) if scale is not None else Fraction(wanted, size)
        if self.mode in resizing.RADIUS or (self.mode == "nearest" and self._as_onnx()):
            first, step = self._grid(size, wanted, ratio)
        else:
            centred = self.mode == "nearest_exact" or self.framework in ("keras", "tensorflow")
            first, step = (1 / (2 * ratio) if centred else Fraction(0)), 1 / ratio
        return read_at(first, step, self._around, (shift, shift + size))

    def _grid(self, size: int, wanted: int, ratio: Fraction) -> tuple[Fraction, Fraction]:
        """The coordinate of the first output on the input, and the step to the next: an exact `resizing.places`."""
        coordinates, half = self._coordinates(), Fraction(1, 2)
        if coordinates == "align_corners":
            return Fraction(0), Fraction(size - 1, max(wanted - 1, 1))
        if coordinates == "asymmetric":
            return Fraction(0), 1 / ratio
        if coordinates == "pytorch_half_pixel" and wanted == 1:
            return Fraction(0), Fraction(1)
        left = Fraction(size, 2) * (1 - wanted / (ratio * size)) if coordinates == "half_pixel_symmetric" else 0
        return left + half / ratio - half, 1 / ratio

    def _around(self, place: Fraction) -> range:
        """The inputs that are read around a coordinate: those with a weight, a single one if exactly on an input."""
        below = floor(place)
        if self.mode in resizing.RADIUS:
            radius = 1 if self.cubic == 0 and self.mode == "cubic" else resizing.RADIUS[self.mode]
            return range(below, below + 1) if place == below else range(below + 1 - radius, below + radius + 1)
        if self.mode == "nearest" and self._as_onnx():
            half = Fraction(1, 2)
            nearest = {
                "floor": below, "ceil": ceil(place), "round_prefer_floor": ceil(place - half),
                "round_prefer_ceil": floor(place + half),
            }[self._rounding()]  # fmt: skip
            return range(nearest, nearest + 1)
        return range(below, below + 1)

    def repeats(self) -> bool:
        """Whether an integer scale repeats each input that many times."""
        if self.mode != "nearest" or not self._as_onnx():
            return self.mode in ("nearest", "nearest_exact")
        return self._rounding() in REPEATING.get(self._coordinates(), ())

    # --- the forward pass --------------------------------------------------------------------------------------

    def forward(self, np: ModuleType, x: Array) -> Array:
        like = tuple(x.shape[1:])
        scales = self.scales(like) or (None,) * (len(like) - 1)
        first = 1 if self.setting.layout == "HWC" else 2
        if self.framework == "onnx" and self.wanted(like) == self.spatial(like):
            return x  # ONNX Runtime copies a tensor of unchanged size, for any scale
        for axis, (wanted, scale) in enumerate(zip(self.wanted(like), scales, strict=True), start=first):
            x = self._along(np, x, axis, wanted, scale)
        return x

    def _along(self, np: ModuleType, x: Array, axis: int, wanted: int, scale: Scale | None) -> Array:
        size = x.shape[axis]
        if self.mode not in resizing.RADIUS:
            return resizing.picked(np, x, axis, self._neighbours(np, size, wanted, scale))
        if size == wanted and (scale in (None, 1) or (self.framework == "pytorch" and self.mode == "linear")):
            return x  # PyTorch does not interpolate an axis of unchanged size, for any scale
        found = resizing.places(np, size, wanted, scale, self._coordinates())
        keras = self.framework in ("keras", "tensorflow")
        lanczos = self.mode.startswith("lanczos")
        index, weight = resizing.taps(
            np, found, size, self.mode, cubic=self._cubic(keras=keras),
            exclude_outside=keras or lanczos or bool(self.exclude_outside),
        )  # fmt: skip
        return resizing.blended(np, x, axis, index, weight)

    def _cubic(self, *, keras: bool) -> float:
        if self.cubic is not None:
            return self.cubic
        return -0.5 if keras else -0.75

    def _neighbours(self, np: ModuleType, size: int, wanted: int, scale: Scale | None) -> Array:
        if self.mode == "nearest" and self._as_onnx():
            found = resizing.places(np, size, wanted, scale, self._coordinates())
            return resizing.rounded(np, found, size, self._rounding())
        if self.framework == "pytorch":
            shift = 0.5 if self.mode == "nearest_exact" else 0.0
            return resizing.rounded(np, resizing.multiplied(np, size, wanted, scale, shift), size, "floor")
        ratio = written(scale) if scale is not None else None
        top, bottom = (ratio.denominator, ratio.numerator) if ratio else (size, wanted)
        centred = self.mode == "nearest_exact" or self.framework in ("keras", "tensorflow")
        return np.minimum((2 * np.arange(wanted) + centred) * top // (2 * bottom), size - 1)

    def _as_onnx(self) -> bool:
        """Whether the nearest neighbour is the one that ONNX defines."""
        return self.framework == "onnx" or self.coordinates is not None or self.rounding is not None

    def _coordinates(self) -> str:
        return "align_corners" if self.align_corners else self.coordinates or "half_pixel"

    def _rounding(self) -> str:
        return self.rounding or "round_prefer_floor"


def _unavailable(field: str, message: str, hint: str) -> Refusal:
    return Refusal(message, hint=hint, field=field, code="E304")
