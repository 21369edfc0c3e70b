"""The base of layers that act only during training; at inference, as here, they return their input."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.layers.base import Array, Layer


class Regularization(Layer):
    """An identity at inference, without weights and operations."""

    family = "regularization"
    takes_empty = True
    least_axes = 0
    without_effect: ClassVar[tuple[str, ...]] = ("noise_shape", "training", "training_mode")

    def shape(self, x: Shape) -> Shape:
        return x

    def runs_in_place(self) -> bool:
        return True

    def forward(self, np: ModuleType, x: Array) -> Array:
        return x
