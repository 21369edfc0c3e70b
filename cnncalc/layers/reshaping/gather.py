"""The `gather` layer type."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, Sight, show_shape
from cnncalc.layers.declare import Field, as_integer, split_axes

_LEAST = -(2**63)


def _indices() -> Any:
    def parse(value: Any) -> int | tuple[int, ...]:
        value = split_axes(value)
        if isinstance(value, list) and value:
            return tuple(as_integer(item, _LEAST) for item in value)
        return as_integer(value, _LEAST)

    listed = {"type": "array", "items": {"type": "integer"}, "minItems": 1}
    return Field(
        "the positions that are taken, from 0, or below zero from the end; one alone takes its axis away", parse,
        {"anyOf": [{"type": "integer"}, listed]}, positional=True, axes=True, aliases=("index", "indexes"),
    )  # fmt: skip


class Gather(Layer):
    """Positions of an axis by their numbers: the relevant token, the channels in another order.

    A list keeps the axis, as long as the list; a number alone takes it away. FLOPs: none.
    """

    type = "gather"
    aliases = ("index_select", "select", "take")
    family = "reshaping"
    rule = "gather: O = the number of positions along the axis, or no axis"
    sources = (
        "ONNX operators, Gather with constant indices",
        "PyTorch, torch.index_select and torch.select",
        "TensorFlow, tf.gather",
        "Keras, keras.ops.take",
    )
    examples = ("197x768 -> gather 0 axis=1 -> dense 1000", "16x16x3 -> gather [2, 1, 0]")

    indices: int | tuple[int, ...] = _indices()
    axis = declare.axis("the axis along which positions are taken", aliases=("dim",))

    def shape(self, x: Shape) -> Shape:
        along = self.axis_index(self.axis, x)
        listed = self.indices if isinstance(self.indices, tuple) else (self.indices,)
        for index in listed:
            if not -x[along] <= index < x[along]:
                name = self.axis_names(len(x))[along]
                raise Refusal(
                    f"{show_shape(x)} has {int(x[along])} positions along {name}, there is no number {index}",
                    hint=f"count from 0 to {int(x[along]) - 1}",
                    field="indices",
                    code="E304",
                )
        if isinstance(self.indices, tuple):
            return (*x[:along], len(self.indices), *x[along + 1 :])
        if len(x) == 1:
            raise Refusal(
                "one position of a vector is no vector", hint=f"write [{self.indices}] to keep the axis",
                field="indices", code="E303",
            )  # fmt: skip
        return (*x[:along], *x[along + 1 :])

    def windows(self, x: Shape) -> Sight:
        """Along the channels each position sees its own, while the axis stays; along another it stands elsewhere."""
        kept = isinstance(self.indices, tuple)
        return "pointwise" if kept and self.axis_index(self.axis, x) == self.axis_index("channels", x) else ()

    def forward(self, np: ModuleType, x: Array) -> Array:
        return np.take(x, self.indices, 1 + self.axis_index(self.axis, x.shape[1:]))
