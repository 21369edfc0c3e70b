"""The base of layer_norm and rms_norm: the axes of a sample that are normalized together."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Sight, show_shape
from cnncalc.layers.normalization._normalization import Normalization
from cnncalc.layers.normalization._normalized_axes import normalized_axes, show_axes


class TrailingNormalization(Normalization):
    """A normalization over the last axis, which holds the features in every layout, or over given axes."""

    normalized_shape = declare.dimensions(
        "as in PyTorch: the sizes of the last axes, which are normalized together", default=None
    )
    axis = declare.optional_per_axis(
        "as in Keras: the axis or axes, counted from 1 without the batch; under onnx, from the given axis to the last",
        minimum=-4,
        default_text="the last",
    )

    def shape(self, x: Shape) -> Shape:
        self.places(x)
        return super().shape(x)

    def places(self, x: Shape) -> tuple[int, ...]:
        """The indices of the axes that are normalized together. Raises Refusal if the input does not have them."""
        if self.normalized_shape is None:
            return self._named(x)
        if self.axis is not None:
            raise Refusal(
                "normalized_shape and axis are both given", hint="give one of them", field="axis", code="E204"
            )
        ending = x[len(x) - len(self.normalized_shape) :] if len(self.normalized_shape) <= len(x) else ()
        if ending != self.normalized_shape:
            stated = f"normalized_shape is {show_shape(self.normalized_shape)}"
            arriving = f"ends in {show_shape(ending)}" if ending else f"has {len(x)} axes"
            raise Refusal(
                f"{stated}, but the input {show_shape(x)} {arriving}",
                hint=f"write {show_shape(ending)}" if ending else "remove normalized_shape for the last axis",
                field="normalized_shape",
                code="E308",
            )
        return tuple(range(len(x) - len(self.normalized_shape), len(x)))

    def _named(self, x: Shape) -> tuple[int, ...]:
        named = -1 if self.axis is None else self.axis
        found = normalized_axes(self, named, x)
        if self.setting.convention.name in ("keras", "tensorflow") and isinstance(named, tuple):
            self._require_one_end(named, found)
        if self.setting.convention.name != "onnx":
            return found
        if len(found) > 1:
            raise Refusal(
                "ONNX has a single axis, the first of those that are normalized",
                hint=f"axis: {found[0] + 1}",
                field="axis",
                code="E304",
            )
        return tuple(range(found[0], len(x)))

    @staticmethod
    def _require_one_end(named: tuple[int, ...], found: tuple[int, ...]) -> None:
        """Reject axes counted from both ends: Keras sorts [1, −1] to [−1, 1], which swaps the scale's axes."""
        if min(named) < 0 < max(named):
            raise Refusal(
                f"Keras sorts {show_axes(named)} as written, so that the scale's axes are in the wrong order",
                hint=f"count all axes from 1: {[place + 1 for place in found]}",
                field="axis",
                code="E304",
            )

    def windows(self, x: Shape) -> Sight:
        return self.sight(x, self.places(x))
