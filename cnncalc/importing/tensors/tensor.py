"""The values of a tape: outputs of layers with the place of their batch, and arrays of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Shape


class NotSaid(Exception):  # noqa: N818 - not an error: the operation becomes opaque
    """Raised for an operation that no layer type says."""


class BatchAxis(NamedTuple):
    """The axis that holds the batch, and the sizes merged into it before and after the batch."""

    axis: int
    outer: int = 1
    inner: int = 1

    @property
    def factor(self) -> int:
        """The size of the axis for one sample."""
        return self.outer * self.inner


def without_batch(dims: Shape, batch: BatchAxis | None) -> Shape:
    """Sizes without those of the batch, but with the sizes that are merged into its axis."""
    if batch is None:
        return dims
    axis, outer, inner = batch
    own = () if outer * inner == 1 else (outer * inner,)
    return (*dims[:axis], *own, *dims[axis + 1 :])


@dataclass(frozen=True)
class TapeTensor:
    """The output of a layer, or an input."""

    name: str
    """Of the layer or input in the draft; `NAME.k` for one of several outputs."""
    dims: Shape
    """The sizes in the program, with the batch."""
    batch: BatchAxis | None
    free: bool = False
    """Whether its layer has no batch axis: a learned array, or what is computed from such arrays alone.

    Its batch axis, if there is one, holds copies, or has the size 1 that such an array has for the batch.
    """
    cut: str = ""
    """The reshape that cut its samples into several, while other axes are merged into the batch (see `cuts.py`)."""

    @property
    def rank(self) -> int:
        return len(self.dims)

    @property
    def sample(self) -> Shape:
        """The shape without the batch: that of its layer."""
        return without_batch(self.dims, self.batch)

    @property
    def keeps_axis(self) -> bool:
        """Whether the batch axis is an axis of the layer's output too, because other axes are merged into it."""
        return self.batch is None or self.batch.factor > 1

    def axis(self, axis: int) -> int:
        """An axis of the program, from 0 or from -1 for the last, counted from 1 in the layer's output.

        Raises NotSaid for the batch.
        """
        if not -self.rank <= axis < self.rank:
            raise NotSaid("an axis that the tensor does not have")
        place = axis % self.rank
        if self.batch is None or place < self.batch.axis:
            return place + 1
        if place == self.batch.axis and not self.keeps_axis:
            raise NotSaid("an operation along the batch")
        return place + 1 if self.keeps_axis else place

    def single(self, axis: int) -> int:
        """The number that `axis` gives. Raises NotSaid also for a batch with other axes merged into it."""
        if self.batch is not None and axis % self.rank == self.batch.axis:
            raise NotSaid("an operation along the batch")
        return self.axis(axis)

    def with_dims(self, dims: Shape, batch: BatchAxis | None) -> TapeTensor:
        """The same layer's output, with other sizes in the program."""
        return replace(self, dims=dims, batch=batch, cut=self.cut_with(batch))

    def cut_with(self, batch: BatchAxis | None) -> str:
        """The reshape that cut the samples, for another tensor made of this one, with a batch of its own."""
        return self.cut if batch is not None and batch.factor > 1 else ""


@dataclass(frozen=True)
class TapeArray:
    """An array of the model, or plain numbers, that no layer yields."""

    dims: Shape
    name: str = ""
    """The array in the model, `blocks.0.attn.bias`; empty for one that the program computes."""
    learned: bool = False
    values: Sequence[Any] | None = None
    """The numbers in order, where they are known."""
    is_turned: bool = False
    """Whether it is the matrix of a layer transposed."""

    @property
    def elements(self) -> int:
        return prod(self.dims)

    @property
    def number(self) -> float | int | None:
        """The value of an array of one number."""
        return self.values[0] if self.values is not None and self.elements == 1 else None


Operand = TapeTensor | TapeArray


class ValuesAndIndices(NamedTuple):
    """The two results of `max`, `sort` and others along an axis, which a program also takes apart by name."""

    values: object
    indices: object
