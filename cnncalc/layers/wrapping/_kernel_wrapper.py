"""The base of weight and spectral normalization: the inner layer's kernels are computed from other arrays."""

from __future__ import annotations

from math import prod

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Layer, Weight
from cnncalc.layers.wrapping._wrapper import Wrapper


class KernelWrapper(Wrapper):
    """Computes each kernel and table of the inner layer from other arrays; biases and scales are unchanged."""

    def shape(self, x: Shape) -> Shape:
        y = self.layer.shape(x)
        if self.type in types_inside(self.layer):
            raise Refusal(f"{self.type} is applied twice", hint="apply it once", field="layer", code="E304")
        if not any(self.axes_of(weight) for weight in self.layer.weights(x, y)):
            raise Refusal(
                f"{self.type} rewrites a kernel, and {self.layer.type} has none",
                hint="put a convolution or a dense layer inside",
                field="layer",
                code="E304",
            )
        return y

    def axes_of(self, weight: Weight) -> tuple[int, ...]:
        """The axes of a rewritten weight along which its outputs lie; () for an unchanged weight."""
        return self.layer.output_axes(weight)


def added_name(weight: str, what: str) -> str:
    """The name of an additional array of a weight: `magnitude` for `kernel`, `recurrent_magnitude` for `recurrent`."""
    return what if weight == "kernel" else f"{weight}_{what}"


def outputs_of(weight: Weight, axes: tuple[int, ...]) -> int:
    """The number of outputs of a weight."""
    return prod(weight.shape[axis] for axis in axes)


def innermost(layer: Layer) -> Layer:
    """The layer inside all wrappers."""
    while isinstance(layer, Wrapper):
        layer = layer.layer
    return layer


def types_inside(layer: Layer) -> list[str]:
    """The types of the wrappers, from the outermost to the innermost."""
    found = []
    while isinstance(layer, Wrapper):
        found.append(layer.type)
        layer = layer.layer
    return found
