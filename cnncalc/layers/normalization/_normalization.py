"""The base of normalizations: epsilon, the switches of scale and shift, and the axes that share statistics."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import SAME_PLACE, throughout
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import axis_from_end, axis_to_end
from cnncalc.kernels.elementwise import scaled
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Reach, Sight

PARTS = ("scale", "shift")


class Normalization(Layer):
    """A layer that normalizes its input by statistics, and then scales and shifts it with learned numbers.

    The shape is unchanged. A subclass declares those of the fields `scale`, `shift` and `affine` that it has.
    """

    family = "normalization"
    without_effect: ClassVar[tuple[str, ...]] = (
        "renorm_clipping", "renorm_momentum", "fused", "virtual_batch_size", "spatial", "training_mode", "is_test",
        "use_global_stats", "moving_average_fraction", "decay", "stash_type", "adjustment", "num_batches_tracked",
    )  # fmt: skip
    states: ClassVar[dict[str, str]] = {"num_features": "channels", "num_channels": "channels"}
    epsilons: ClassVar[dict[str, float]] = {"keras": 1e-3, "tensorflow": 1e-3}
    """The frameworks' default epsilons; 1e-5 for all others."""
    onnx_always_has: ClassVar[tuple[str, ...]] = PARTS
    """The required inputs of the ONNX operator."""

    epsilon = declare.optional_number(
        "epsilon added to the variance", minimum=0.0, aliases=("eps",),
        default_text="0.001 under keras and tensorflow, else 0.00001",
    )  # fmt: skip
    keeps = keeping.INPUTS

    def added(self) -> float:
        """The epsilon, or the framework's default if it is not given."""
        default = self.epsilons.get(self.setting.convention.name, 1e-5)
        return default if self.epsilon is None else self.epsilon

    def affine_unless_said(self) -> bool:
        """Whether the layer has scale and shift if neither they nor `affine` are given."""
        return True

    def parts(self) -> tuple[str, ...]:
        """The enabled ones of scale and shift. Raises Refusal if one is disabled that ONNX requires."""
        declared = [name for name in PARTS if name in self.fields]
        found = tuple(name for name in declared if self._has(name))
        lacking = [name for name in declared if name in self.onnx_always_has and name not in found]
        if lacking and self.setting.convention.name == "onnx":
            raise Refusal(
                f"ONNX's operator always has a {lacking[0]}, so it cannot be disabled",
                hint="remove the field: a scale of ones and a shift of zeros have no effect",
                field="affine" if getattr(self, "affine", None) is False else lacking[0],
                code="E304",
            )
        return found

    def _has(self, name: str) -> bool:
        asked, affine = getattr(self, name), getattr(self, "affine", None)
        if affine is False:
            return False
        return (affine or self.affine_unless_said()) if asked is None else bool(asked)

    def shape(self, x: Shape) -> Shape:
        self.parts()
        return x

    def sight(self, x: Shape, places: tuple[int, ...]) -> Sight:
        """The window of an output if the axes at `places` share their statistics: the whole of these axes."""
        spatial = [place for place in range(len(x)) if place != self.axis_index("channels", x)]
        if not set(spatial) & set(places):
            return "pointwise"
        if set(spatial) <= set(places):
            return "whole"
        return tuple(
            AxisWindow(2 * x[place] - 1, 1, x[place] - 1, x[place] - 1, x[place])
            if place in places
            else AxisWindow(1, 1, 0, 0, x[place])
            for place in spatial
        )

    def reach(self, x: Shape) -> Reach:
        """The whole of the axes that share their statistics."""
        sight = self.windows(x)
        if isinstance(sight, str):
            return sight
        return tuple(SAME_PLACE if window.extent == 1 else throughout(window.output) for window in sight)


def others(x: Shape, places: tuple[int, ...]) -> Shape:
    """The sizes of the axes that are not at `places`."""
    return tuple(size for place, size in enumerate(x) if place not in places)


def broadcastable(values: Array, x: Array, places: tuple[int, ...]) -> Array:
    """An array over the axes of a sample at `places`, reshaped to broadcast with the batched array `x`."""
    return values.reshape([size if place in places else 1 for place, size in enumerate(x.shape[1:])])


def rescaled(y: Array, places: tuple[int, ...], scale: Array | None, shift: Array | None) -> Array:
    """y·scale + shift in place, where None means no scale or no shift; both are over the axes at `places`."""
    if scale is not None:
        y *= broadcastable(scale, y, places)
    if shift is not None:
        y += broadcastable(shift, y, places)
    return y


def standardized(np: ModuleType, x: Array, axes: tuple[int, ...], epsilon: float) -> Array:
    """(x − mean)/√(variance + epsilon), with the statistics along `axes` of the array."""
    y = x - x.mean(axis=axes, keepdims=True)
    y *= 1 / np.sqrt(np.square(y).mean(axis=axes, keepdims=True) + epsilon)
    return y


def scaled_along(np: ModuleType, x: Array, place: int, scale: Array, shift: Array) -> Array:
    """x·scale + shift, with one number of each per position of the axis at `place` of a sample."""
    y = scaled(np, axis_to_end(np, x, 1 + place), scale, shift)
    return axis_from_end(np, y, 1 + place)
