"""One node with its inputs, as an operator sees it: attributes and inputs by kind, and layers to append."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.onnx.attributes import REQUIRED, Malformed, NodeAttributes, place_of
from cnncalc.importing.onnx.onnx_tape import OnnxTape
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeArray, TapeTensor


@dataclass
class NodeCall(NodeAttributes):
    """A node of an operator that is converted, and the tape that its layers go to."""

    tape: OnnxTape
    inputs: list[Operand | None]
    opset: int
    is_last_use: Callable[[str], bool]
    """Whether a value has no other reader, by its name in the file."""

    is_used: Callable[[str], bool]
    """Whether a value has a reader at all."""

    @property
    def op(self) -> str:
        return self.node.op

    # --- inputs ----------------------------------------------------------------------------------------------------

    def optional(self, place: int) -> Operand | None:
        """An input that may be left out."""
        return self.inputs[place] if place < len(self.inputs) else None

    def is_read(self, place: int) -> bool:
        """Whether an output has a reader."""
        names = self.node.outputs
        return place < len(names) and bool(names[place]) and self.is_used(names[place])

    def operand(self, place: int = 0) -> Operand:
        """An input. Raises Malformed if it is left out."""
        found = self.optional(place)
        if found is None:
            raise Malformed(f"input {place + 1} of {self.op} is missing")
        return found

    def tensor(self, place: int = 0) -> TapeTensor:
        """An input as a tensor: an array of the file becomes a `parameter` layer."""
        return self.tape.tensor(self.operand(place))

    def array(self, place: int) -> TapeArray:
        """An array of the file or of constants. Raises NotSaid for a tensor."""
        found = self.operand(place)
        if not isinstance(found, TapeArray):
            raise NotSaid(f"input {place + 1} is computed")
        return found

    def weights(self, *places: int, axes: int | None = None) -> list[TapeArray]:
        """The arrays at these places as weights of a layer, without those that are left out."""
        found = [self.array(place) for place in places if self.optional(place) is not None]
        for each in found:
            if axes is not None and len(each.dims) != axes:
                raise Malformed(f"the weights {each.name} have {len(each.dims)} axes, but {self.op} needs {axes}")
        return [as_weight(each) for each in found]

    def numbers(self, place: int, key: str = "", default: Sequence[int] | None = None) -> list[int]:
        """Whole numbers that old opsets give as an attribute and new ones as an input. Raises NotSaid if computed."""
        if key and key in self.node.attributes:
            return self.integers(key)
        given = self.optional(place)
        if given is None:
            if default is None:
                raise Malformed(f"input {place + 1} of {self.op} is missing")
            return list(default)
        values = given.values if isinstance(given, TapeArray) else None
        if values is None:
            raise NotSaid(f"{key or f'input {place + 1}'} is computed")
        if not all(isinstance(value, int) for value in values):
            raise Malformed(f"input {place + 1} of {self.op} holds other things than whole numbers")
        return list(values)

    def axes(self, place: int = 1) -> list[int] | None:
        """The axes of an operation, in an attribute or an input; None if it states none."""
        if "axes" not in self.node.attributes and self.optional(place) is None:
            return None
        return self.numbers(place, "axes")

    def axis(self, x: TapeTensor, key: str = "axis", default: Any = REQUIRED, more: int = 0) -> int:
        """An attribute that names an axis of a tensor, from 0. Raises Malformed for one that it does not have."""
        return place_of(self.integer(key, default), x.rank + more, self.op)

    # --- layers ----------------------------------------------------------------------------------------------------

    def layer(
        self, type: str, arguments: dict[str, Any], inputs: Sequence[TapeTensor], *, weights: Sequence[TapeArray] = (),
        suffix: str = "",
    ) -> TapeTensor:  # fmt: skip
        """Append a layer that keeps the batch where the first input has it; its own rule gives the other sizes."""
        found = self.tape.shape_of(type, arguments, inputs)
        dims, batch = around(found, inputs)
        return self.tape.append(type, arguments, inputs, dims, batch, weights=weights, suffix=suffix)


def around(sample: Shape, inputs: Sequence[TapeTensor]) -> tuple[Shape, BatchAxis | None]:
    """The sizes in the file of a layer's output, whose batch is where the first input with one has it."""
    carriers = [each for each in inputs if not each.free] or list(inputs)
    batch = carriers[0].batch if carriers else None
    if batch is None:
        return sample, None
    if batch.factor > 1:
        size = carriers[0].dims[batch.axis]
        if batch.axis >= len(sample) or sample[batch.axis] != batch.factor:
            raise NotSaid("a layer that changes the axis of the batch")
        return (*sample[: batch.axis], size, *sample[batch.axis + 1 :]), batch
    axis = min(batch.axis, len(sample))
    return (*sample[:axis], carriers[0].dims[batch.axis], *sample[axis:]), BatchAxis(axis)


def as_weight(array: TapeArray) -> TapeArray:
    """An array in the place of weights: learned, however the file calls it."""
    return array if array.learned else replace(array, learned=True)
