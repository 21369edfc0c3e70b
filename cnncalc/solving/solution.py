"""The results of solving for a layer's settings, as plain immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import show_value
from cnncalc.number_text import show_shape

FORMAT = 1

FIELDS = ("kernel", "stride", "padding", "dilation", "output_padding")
"""The fields that are solved for."""

_SHORT: Mapping[str, str] = {"stride": "s", "dilation": "d", "padding": "p"}


class Solution(NamedTuple):
    """One combination of settings. A field is None if it is omitted or the type does not have it."""

    kernel: Any
    stride: Any
    padding: Any
    dilation: Any
    output_padding: Any
    output: Shape
    left_over: tuple[int, ...] | None
    """(W − F′ + P₀ + P₁) mod S along each axis; None for a transposed convolution, which uses all positions."""
    item: str
    """The layer as an item of a spec."""

    @property
    def exact(self) -> bool | None:
        """Whether all strides divide evenly; None for a transposed convolution."""
        return None if self.left_over is None else not any(self.left_over)

    def to_dict(self) -> dict[str, Any]:
        found = self._asdict()
        return {**found, "output": list(self.output), "exact": self.exact,
                "left_over": None if self.left_over is None else list(self.left_over)}  # fmt: skip


class Solutions(NamedTuple):
    """The settings of a layer type that map `input` to `wanted`, simplest first."""

    type: str
    setting: Setting
    input: Shape
    wanted: Shape
    combinations: int
    fitting: int
    exact: int | None
    """The number of fitting combinations that divide evenly; None for a transposed convolution."""
    solutions: tuple[Solution, ...]
    """The simplest of them, up to the requested number."""
    nearest: tuple[Solution, ...] = ()
    """If nothing fits, the combinations closest to the desired size."""
    refusal: str = ""
    """If nothing fits, the most frequent message of the rejected combinations."""

    @property
    def found(self) -> bool:
        return self.fitting > 0

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON form, version `format`."""
        return {
            "format": FORMAT,
            "type": self.type,
            "convention": self.setting.convention.name,
            "layout": self.setting.layout,
            "input": list(self.input),
            "output": list(self.wanted),
            "combinations": self.combinations,
            "fitting": self.fitting,
            "exact": self.exact,
            "solutions": [solution.to_dict() for solution in self.solutions],
            "nearest": [solution.to_dict() for solution in self.nearest],
            "refusal": self.refusal,
        }


def item_text(layer: Layer, rank: int) -> str:
    """A layer with `rank` spatial axes as an inline item: `conv 20 8x8 s2 p1`.

    Fields with their default values are omitted; numbers per axis are joined with `x`, sides are a list.
    """
    words = [layer.type]
    values = {name: value for name, value in layer.values().items() if value is not None}
    for name, value in values.items():
        field = layer.fields[name]
        if not field.required and value == field.default:
            continue
        if field.positional and field.required:
            every_axis = name == "kernel" and "filters" in values and isinstance(value, int)
            words.append(show_shape((value,) * rank if every_axis else _sizes(value)))
        elif isinstance(value, str) and name == "padding":
            words.append(value)
        elif name in _SHORT and all(isinstance(size, int) for size in _sizes(value)):
            words.append(_SHORT[name] + show_shape(_sizes(value)))
        else:
            words.append(f"{name}={_listed(value)}")
    return " ".join(words)


def _sizes(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _listed(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{','.join(map(_listed, value))}]"
    return show_value(value)
