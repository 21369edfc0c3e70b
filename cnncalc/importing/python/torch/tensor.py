"""Tensors of a program: outputs of layers, learned arrays, and arrays that the program makes itself."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cnncalc.diagnostics import Refusal
from cnncalc.importing.python.traced_tensor import TensorOperations, TracedTensor
from cnncalc.importing.python.tracing import BATCH
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeArray, TapeTensor, without_batch
from cnncalc.source.values import CallGiven, CodePlace, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

Dims = tuple[int, ...]


class TorchTensor(TracedTensor):
    """A tensor. One that has no `value` on the tape is an array: learned, fixed, or made by the program."""

    __slots__ = ("dims", "has_no_layer", "is_frozen", "is_late", "is_turned", "learned", "name", "numbers", "value")

    def __init__(
        self, dims: Dims, value: TapeTensor | None = None, *, learned: bool = False,
        numbers: tuple[float, ...] | None = None,
    ) -> None:  # fmt: skip
        self.dims = dims
        self.value = value
        self.learned = learned
        self.numbers = numbers
        self.is_frozen = False
        """Whether the program sets `requires_grad` to False."""
        self.is_late = False
        """Whether `forward` makes it as a parameter that no module has registered."""
        self.has_no_layer = False
        """Whether it is for another array of its module, as a length of the weight's is."""
        self.is_turned = False
        """Whether it is the matrix of a layer transposed."""
        self.name = ""
        """The name of a learned or fixed array of the model."""

    @classmethod
    def of(cls, value: TapeTensor) -> TorchTensor:
        """The tensor of a layer's output."""
        return cls(value.dims, value)

    def operand(self, tape: Tape) -> Operand:
        """The tensor as an operand of the tape's functions."""
        if self.value is not None:
            return self.value
        places = [place for place, size in enumerate(self.dims) if size and size % BATCH == 0]
        if self.name or self.numbers is not None or len(places) != 1:
            return TapeArray(self.dims, self.name, self.learned, self.numbers, self.is_turned)
        batch = BatchAxis(places[0], 1, self.dims[places[0]] // BATCH)  # parts for each sample, such as noise
        shape = without_batch(self.dims, batch)
        made = tape.place("parameter", {"shape": list(shape) or "scalar", "buffer": True}, [], "_array")
        made.stated_shape, made.stated_params = shape, 0
        self.value = TapeTensor(made.name, self.dims, batch, free=True)
        return self.value

    def array(self) -> TapeArray:
        """A learned or fixed array as a layer's weight. Raises NotSaid for what the program computes."""
        if self.value is not None:
            raise NotSaid("weights that are computed")
        return TapeArray(self.dims, self.name, self.learned, self.numbers, self.is_turned)

    def copied(self) -> TorchTensor:
        if self.value is not None:
            return self
        made = TorchTensor(self.dims, learned=self.learned, numbers=self.numbers)
        made.is_frozen, made.has_no_layer = self.is_frozen, self.has_no_layer
        return made

    def assign(self, interpreter: Interpreter, name: str, value: object, place: CodePlace) -> None:
        if name == "requires_grad":
            self.is_frozen = value is False

    @property
    def elements(self) -> int:
        return prod(self.dims)

    # --- what the interpreter asks ---------------------------------------------------------------------------------

    @staticmethod
    def operations() -> TensorOperations:
        from cnncalc.importing.python.torch.operations import methods

        return methods

    def unary(self, interpreter: Interpreter, symbol: str, place: CodePlace) -> object:
        if symbol != "~":
            return super().unary(interpreter, symbol, place)
        from cnncalc.importing.python.torch.operations import methods

        return methods.call(interpreter, "logical_not", CallGiven([self], {}, place))

    def item(self, interpreter: Interpreter, key: object, place: CodePlace) -> object:
        from cnncalc.importing.python.torch.operations import indexing

        return indexing.item(interpreter, self, key, place)

    def put_item(self, interpreter: Interpreter, key: object, value: object, place: CodePlace) -> object:
        from cnncalc.importing.python.torch.operations import indexing

        return indexing.put_item(interpreter, self, value, place)

    def items(self, interpreter: Interpreter, place: CodePlace) -> list[object] | Unfollowed:
        """The parts along the first axis."""
        if not self.dims or self.dims[0] == BATCH or self.dims[0] > 1_000:
            return Unfollowed("a loop over the samples of a batch", place)
        return [self.item(interpreter, index, place) for index in range(self.dims[0])]

    def truth(self, place: CodePlace) -> bool | Unfollowed:
        if self.numbers is not None and self.elements == 1:
            return bool(self.numbers[0])
        return Unfollowed("a condition on the numbers of a tensor", place)

    def title(self) -> str:
        return f"a tensor of {'x'.join(map(str, self.dims)) or 'one number'}"


def operand(tape: Tape, value: object) -> Operand:
    """A tensor or a number as an operand. Raises NotSaid."""
    if isinstance(value, TorchTensor):
        return value.operand(tape)
    if isinstance(value, int | float):
        return TapeArray((), values=(value,))
    if isinstance(value, PyInstance):
        message, hint = f"the input is a module, {value.kind.name}, and not a tensor", "call it on a tensor"
        raise Refusal(message, hint=hint, code="E111")
    if isinstance(value, tuple) and value and isinstance(value[0], TorchTensor):
        message = f"the input is a tuple of {len(value)} values, and not a tensor"
        raise Refusal(message, hint="take the one that is meant, as in y, _ = layer(x)", code="E111")
    raise NotSaid("this operand")
