"""Functions and tensor methods of PyTorch: a table of signatures for each family, and what each row does on the tape.

A family is a module with `FUNCTIONS`: a row for each function, its parameters and the function of this package that
says it. The first parameter is the tensor whose method it is, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.importing.python.binding import BoundArguments, bind, parameters_of
from cnncalc.importing.python.tracing import Tracing, attempt, tracing_of
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import NotSaid, Operand, ValuesAndIndices
from cnncalc.source.values import CallGiven, NativeFunction, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_FAMILIES = (
    "elementwise", "shaping", "joining", "reducing", "ordering", "products", "pooling", "activations", "creation",
    "facts", "normalizing", "similarity", "fourier",
)  # fmt: skip


ANYWHERE = ("to", "type", "type_as", "astype", "cuda")
"""Methods whose arguments, such as a device, do not matter here."""


class TorchCall(NamedTuple):
    """One call of a function, with its arguments by name."""

    interpreter: Interpreter
    tracing: Tracing
    word: str
    bound: BoundArguments

    @property
    def tape(self) -> Tape:
        return self.tracing.tape

    def get(self, name: str, default: object = None) -> object:
        return self.bound.get(name, default)

    def tensor(self, name: str = "input") -> Operand:
        """An argument as an operand. Raises NotSaid."""
        from cnncalc.importing.python.torch.tensor import operand

        return operand(self.tape, self.bound.values.get(name))

    def integer(self, name: str, default: int | None = None) -> int:
        """A whole number. Raises NotSaid."""
        value = self.bound.get(name, default)
        if isinstance(value, float) and value == int(value):
            value = int(value)
        if not isinstance(value, int):
            raise NotSaid(f"{name} that is not a whole number")
        return int(value)

    def integers(self, name: str) -> list[int]:
        """Whole numbers: a list, or one alone. Raises NotSaid."""
        value = self.bound.get(name)
        values = list(value) if isinstance(value, list | tuple) else [value]
        if not all(isinstance(each, int) for each in values):
            raise NotSaid(f"{name} that are not whole numbers")
        return [int(each) for each in values]


TorchFunction = Callable[[TorchCall], object]
FunctionRow = tuple[str, TorchFunction]


@cache
def functions() -> Mapping[str, FunctionRow]:
    """Every function by its name: its parameters, and what it does."""
    found: dict[str, FunctionRow] = {}
    for family in _FAMILIES:
        found.update(import_module(f"{__package__}.{family}").FUNCTIONS)
    return MappingProxyType(found)


def native(name: str) -> NativeFunction | None:
    """A function as the interpreter calls it; one that works in place, `relu_`, is the same."""
    row = functions().get(name) or (functions().get(name[:-1]) if name.endswith("_") else None)
    if row is None:
        return None
    return NativeFunction(name, lambda interpreter, given: called(interpreter, name, row, given))


def called(interpreter: Interpreter, name: str, row: FunctionRow, given: CallGiven) -> object:
    """The result of a call, wrapped for the program."""
    tracing = tracing_of(interpreter)
    given.keywords.pop("out", None)
    bound = bind(name, parameters_of(row[0]), given)
    if unknown := bound.unfollowed():
        first = given.values[0] if given.values else None
        return first if name in ANYWHERE and not isinstance(first, Unfollowed) else unknown
    tracing.tape.at(tracing.position(name.rstrip("_"), given.place, name.rstrip("_"), interpreter))
    call = TorchCall(interpreter, tracing, name, bound)
    result = attempt(interpreter, lambda: wrapped(row[1](_with_axis(call))), given.place, name, bound)
    return in_place(given, result) if name.endswith("_") else result


_BETWEEN_AXES = ("unsqueeze", "stack", "cat", "concat", "concatenate")


def _with_axis(call: TorchCall) -> TorchCall:
    """A call whose `dim`, if it is one number, is an axis of its tensor. Raises Refusal for another one."""
    from cnncalc.importing.python.torch.problems import maker
    from cnncalc.importing.python.torch.tensor import TorchTensor

    x, dim = call.bound.values.get("input"), call.bound.values.get("dim")
    if not isinstance(x, TorchTensor) or type(dim) is not int or call.word.rstrip("_") in _BETWEEN_AXES:
        return call
    rank = len(x.dims)
    if rank and not -rank <= dim < rank:
        message = f"dim is {dim}, but {maker(call.tracing, call.tensor())}, which has {rank} axes with the batch"
        raise Refusal(message, code="E303")
    return call


def in_place(given: CallGiven, result: object) -> object:
    """The result of a function that changes its tensor, `x.add_(y)`: the tensor itself."""
    from cnncalc.importing.python.torch.tensor import TorchTensor

    first = given.values[0] if given.values else None
    if isinstance(first, TorchTensor) and isinstance(result, TorchTensor) and not (first.learned or first.name):
        first.dims, first.value, first.numbers = result.dims, result.value, result.numbers
        return first
    return result


def wrapped(value: object) -> object:
    """Results of the tape as tensors of the program."""
    from cnncalc.importing.python.torch.tensor import TorchTensor
    from cnncalc.importing.tensors.tensor import TapeArray, TapeTensor

    if isinstance(value, TapeTensor):
        return TorchTensor.of(value)
    if isinstance(value, TapeArray):
        numbers = None if value.values is None else tuple(value.values)
        made = TorchTensor(value.dims, learned=value.learned, numbers=numbers)
        made.name, made.is_turned = value.name, value.is_turned
        return made
    if isinstance(value, ValuesAndIndices):
        return ValuesAndIndices(*map(wrapped, value))
    if isinstance(value, list) and not all(isinstance(each, int | float) for each in value):
        return tuple(wrapped(each) for each in value)
    return value
