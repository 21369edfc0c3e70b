"""A model as a sequence of steps that read and write tensors, and the memory that an order of them needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class BufferedTensor(NamedTuple):
    """A tensor that needs memory: the name of the layer or input that fills it, and its size in bytes."""

    name: str
    bytes: int


class Operation(NamedTuple):
    """One operation: the tensors that it reads, the one that it writes, and those of them that it may overwrite.

    Tensors are indices into the schedule's. An overwritten tensor has the size of the written one.
    """

    name: str
    reads: tuple[int, ...]
    writes: int
    overwrites: tuple[int, ...] = ()


class Schedule(NamedTuple):
    """The steps of a model in order of execution.

    `inputs` are the tensors that exist before the first step; `outputs` exist until after the last one.
    """

    tensors: tuple[BufferedTensor, ...]
    steps: tuple[Operation, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    def in_order(self, order: Iterable[int]) -> Schedule:
        """The same steps in another order."""
        return self._replace(steps=tuple([self.steps[index] for index in order]))

    def last_uses(self) -> list[int]:
        """The last step that reads each tensor, or else the one that writes it; the number of steps for an output.

        It is -1 for an input that is never read.
        """
        found = [-1] * len(self.tensors)
        for index, step in enumerate(self.steps):
            for tensor in (*step.reads, step.writes):
                found[tensor] = index
        for tensor in self.outputs:
            found[tensor] = len(self.steps)
        return found

    def occupied(self, *, in_place: bool) -> Iterator[int]:
        """The bytes in use before the first step, and then while each step runs.

        A tensor occupies memory from the step that writes it to its last use. With `in_place`, a step writes over a
        tensor whose last use it is, if it can.
        """
        sizes, last = [tensor.bytes for tensor in self.tensors], self.last_uses()
        alive = sum(sizes[tensor] for tensor in self.inputs)
        yield alive
        for index, step in enumerate(self.steps):
            size = sizes[step.writes]
            replaced = in_place and any(last[tensor] == index for tensor in step.overwrites)
            yield alive if replaced else alive + size
            freed = sum(sizes[tensor] for tensor in {*step.reads, step.writes} if last[tensor] == index)
            alive += size - freed

    def peak(self, *, in_place: bool = False) -> int:
        """The largest number of bytes in use at once."""
        return max(self.occupied(in_place=in_place))
