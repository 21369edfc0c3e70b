from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, show_shape

_SMALLEST_NORM = 1e-12


class Dot(Layer):
    """Dot product of two inputs along one axis of each; the first's other axes, then the second's.

    Two vectors give one number. `normalize` divides by the lengths first, so that the result is a cosine. FLOPs: two
    per multiply–accumulate, and if normalized three per input element: its square, the sum, the division.
    """

    type = "dot"
    family = "merge"
    rule = "dot product: the axes have equal sizes and are removed; the other axes are concatenated"
    sources = ("Keras, keras.layers.Dot",)
    examples = (
        "13x64 -> dot(conv 32 1 | conv 32 1) axes=2",
        "x: 16, y: 16 -> dot from=[x, y] normalize=true",
    )
    inputs = (2, 2)
    branching = True

    axes_ = declare.per_axis(
        "the axis of both inputs that is summed over, or [first's, second's]; 1 is the first after the batch, -1 the "
        "last",
        minimum=-4,
        default=-1,
    )
    normalize = declare.flag("whether each input is scaled to length 1 along its axis", default=False)
    keeps = keeping.OTHERS

    def shape(self, x: Shape, y: Shape) -> Shape:
        first, second = self._places(x, y)
        if x[first] != y[second]:
            raise Refusal(
                f"axis {first + 1} of {show_shape(x)} has {int(x[first])} numbers, "
                f"axis {second + 1} of {show_shape(y)} has {int(y[second])}",
                hint="name axes of equal size: axes: [first's, second's]",
                field="axes",
                code="E308",
            )
        return self._left(x, y) or (1,)

    def _left(self, x: Shape, y: Shape) -> Shape:
        """The sizes of the axes that are not summed over."""
        first, second = self._places(x, y)
        return (*x[:first], *x[first + 1 :], *y[:second], *y[second + 1 :])

    def _places(self, x: Shape, y: Shape) -> tuple[int, int]:
        """The index of the summed axis of each shape, counted from 0 without the batch."""
        axes = self.axes_ if isinstance(self.axes_, tuple) else (self.axes_, self.axes_)
        if len(axes) != 2:
            raise Refusal(
                f"{len(axes)} axes for two inputs", hint="give one number, or a list of 2", field="axes", code="E303"
            )
        return self.axis_index(axes[0], x), self.axis_index(axes[1], y)

    def macs(self, x: Shape, y: Shape, out: Shape) -> int:
        return prod(self._left(x, y)) * x[self._places(x, y)[0]]

    def elementwise(self, x: Shape, y: Shape, out: Shape) -> int:
        return 3 * (prod(x) + prod(y)) if self.normalize else 0

    def windows(self, *inputs: Shape) -> Sight:
        """Undefined: each output combines all positions along the axes."""
        return ()

    def forward(self, np: ModuleType, x: Array, y: Array) -> Array:
        first, second = (1 + place for place in self._places(x.shape[1:], y.shape[1:]))
        if self.normalize:
            x, y = _unit(np, x, first), _unit(np, y, second)
        rows = np.moveaxis(x, first, -1)
        columns = np.moveaxis(y, second, 1)
        product = rows.reshape(len(x), -1, rows.shape[-1]) @ columns.reshape(len(y), columns.shape[1], -1)
        return product.reshape(len(x), *(rows.shape[1:-1] + columns.shape[2:] or (1,)))


def _unit(np: ModuleType, x: Array, axis: int) -> Array:
    """`x` divided by its length along an axis; zeros stay zeros."""
    return x / np.maximum(np.sqrt(np.sum(x * x, axis=axis, keepdims=True)), np.float32(_SMALLEST_NORM))
