from __future__ import annotations

import re
from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import moved
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Reach, Sight, show_shape
from cnncalc.layers.declare import Field, as_integer, split_axes
from cnncalc.layers.keeping import Keeps

_LEAST = -(2**63)
_RANGE = re.compile(r"(-?[0-9]{1,18})\.\.(-?[0-9]{1,18})", re.ASCII)


class Positions:
    """A range of positions, including the last: `0..48`."""

    def __init__(self, first: int, last: int) -> None:
        self.first = first
        self.last = last

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"

    def __repr__(self) -> str:
        return str(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Positions) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def _indices() -> Any:
    def parse(value: Any) -> int | tuple[int, ...] | Positions:
        spread = _RANGE.fullmatch(value) if isinstance(value, str) else None
        if spread:
            first, last = int(spread[1]), int(spread[2])
            if last < first:
                raise Refusal(f"{value} ends before it begins", hint=f"write {last}..{first}", code="E204")
            return Positions(first, last)
        value = split_axes(value)
        if isinstance(value, list) and value:
            return tuple(as_integer(item, _LEAST) for item in value)
        return as_integer(value, _LEAST)

    listed = {"type": "array", "items": {"type": "integer"}, "minItems": 1}
    spread = {"type": "string", "pattern": r"^-?\d+\.\.-?\d+$"}
    return Field(
        "the selected positions, counted from 0, or below zero from the end: a list, or a range such as 0..48 "
        "including both ends; a single number removes the axis",
        parse,
        {"anyOf": [{"type": "integer"}, listed, spread]},
        default=None,
        default_text="any, if count is given",
        positional=True,
        axes=True,
        aliases=("index", "indexes"),
    )


class Gather(Layer):
    """Selects positions along an axis by number: for example one token, or channels in another order.

    A list or a range keeps the axis, with its length as the size; a single number removes it. If the choice of
    positions does not matter, as for a table of relative positions, `count` gives only their number. FLOPs: none.
    """

    type = "gather"
    aliases = ("index_select", "select", "take")
    family = "reshaping"
    rule = "gather: O = the number of positions along the axis, or the axis is removed"
    sources = (
        "ONNX operators, Gather with constant indices",
        "PyTorch, torch.index_select and torch.select",
        "TensorFlow, tf.gather",
        "Keras, keras.ops.take",
    )
    examples = (
        "197x768 -> gather 0 axis=1 -> dense 1000",
        "16x16x3 -> gather [2, 1, 0]",
        "49x64 -> add(identity | parameter 169x64 -> gather count=49 axis=1)",
    )

    indices: int | tuple[int, ...] | Positions | None = _indices()
    count = declare.count(
        "number of selected positions, if the choice does not matter",
        default=None,
        default_text="the number of indices",
    )
    axis = declare.axis("the axis along which positions are selected", aliases=("dim",))

    def shape(self, x: Shape) -> Shape:
        along = self.axis_index(self.axis, x)
        taken = self._taken()
        self._check_inside(x, along)
        if taken is None:
            return (*x[:along], *x[along + 1 :])
        return (*x[:along], taken, *x[along + 1 :])

    def _taken(self) -> int | None:
        """The number of selected positions; None for a single number, which removes its axis."""
        if (self.indices is None) == (self.count is None):
            raise Refusal(
                "exactly one of indices and count is needed", hint="for example: gather count=49", code="E205"
            )
        if self.indices is None or isinstance(self.indices, int):
            return self.count
        if isinstance(self.indices, Positions):
            return self.indices.last - self.indices.first + 1
        return len(self.indices)

    def _ends(self) -> tuple[int, int]:
        """The smallest and the largest position."""
        if isinstance(self.indices, Positions):
            return self.indices.first, self.indices.last
        listed = self.indices if isinstance(self.indices, tuple) else (self.indices or 0,)
        return min(listed), max(listed)

    def _check_inside(self, x: Shape, along: int) -> None:
        """Reject a position that the axis does not have."""
        for index in self._ends():
            if not -x[along] <= index < x[along]:
                name = self.axis_names(len(x))[along]
                raise Refusal(
                    f"{show_shape(x)} has {int(x[along])} positions along {name}; {index} is out of range",
                    hint=f"count from 0 to {int(x[along]) - 1}",
                    field="indices",
                    code="E304",
                )

    def kept(self, x: Shape, y: Shape) -> Keeps:
        """The indices; a single number gives a view."""
        if isinstance(self.indices, int):
            return keeping.REORDERED
        return Keeps(arrays=(keeping.indices(self._taken() or 0)._replace(shared=True),))

    def windows(self, x: Shape) -> Sight:
        """Along the channels each output reads its own position, if the axis is kept; otherwise undefined."""
        kept = not isinstance(self.indices, int)
        return "pointwise" if kept and self.axis_index(self.axis, x) == self.axis_index("channels", x) else ()

    def reach(self, x: Shape) -> Reach:
        """The output of a range starts at its first position."""
        if isinstance(self.indices, Positions) and self.indices.first >= 0:
            return self.placed(x, self.axis_index(self.axis, x), moved(self.indices.first))
        return super().reach(x)

    def forward(self, np: ModuleType, x: Array) -> Array:
        along = 1 + self.axis_index(self.axis, x.shape[1:])
        if self.indices is None:
            return np.take(x, np.arange(self.count) % x.shape[along], along)
        if isinstance(self.indices, Positions):
            return np.take(x, np.arange(self.indices.first, self.indices.last + 1), along)
        return np.take(x, np.array(self.indices), along)
