"""Values on the way through a graph: tensors of layers, arrays of weights, and constants whose numbers are known."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from cnncalc.arithmetic.convention import Shape


@dataclass(frozen=True)
class LayerValue:
    """The output of a layer or an input of the model. `dims` has the batch in front, unless `batched` is false."""

    name: str
    dims: Shape
    batched: bool = True

    @property
    def shape(self) -> Shape:
        """The shape without the batch."""
        return self.dims[1:] if self.batched else self.dims


@dataclass(frozen=True)
class Constant:
    """An array of the file, or one computed from shapes. `values` are its numbers in order, None where not read."""

    dims: Shape
    values: tuple[Any, ...] | None = None
    initializer: str = ""
    """The name of the initializer that it is, whose elements count as parameters."""

    @property
    def elements(self) -> int:
        return prod(self.dims)

    @property
    def number(self) -> float | None:
        """The value of an array of one number."""
        return self.values[0] if self.values is not None and self.elements == 1 else None


Value = LayerValue | Constant
