"""PyTorch's modules: classes that a program makes, inherits from and calls, each a layer with its arrays.

A family is a module with `CLASSES`: a row for each class, its parameters, what `__init__` makes, and what a call does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.importing.python.binding import BoundArguments, Parameters, bind, parameters_of
from cnncalc.importing.python.torch.operations import TorchCall, wrapped
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.importing.python.tracing import Tracing, attempt, tracing_of
from cnncalc.importing.tensors.tape import Tape, TapePosition
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray
from cnncalc.number_text import plural
from cnncalc.source.signals import CannotFollow, Raised
from cnncalc.source.values import CallGiven, CodePlace, NativeFunction, PyClass, PyInstance, Unfollowed, native_class

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


@dataclass
class ModuleSetup:
    """The arguments of a layer's `__init__`."""

    word: str
    bound: BoundArguments
    parameters: Parameters

    def get(self, name: str, default: object = None) -> object:
        return self.bound.get(name, default)

    def integer(self, name: str, default: int | None = None) -> int:
        """A whole number. Raises NotSaid."""
        value = self.bound.get(name, default)
        if isinstance(value, str | float):
            written = f'"{value}"' if isinstance(value, str) else value
            hint = "divide with //, which gives a whole number" if isinstance(value, float) else ""
            raise Refusal(f"{name} is a whole number, not {written}", code="E204", hint=hint)
        if not isinstance(value, int):
            raise NotSaid(f"{name} that is not a whole number")
        return int(value)

    def flag(self, name: str, default: bool = True) -> bool:
        value = self.bound.values.get(name, default)
        return bool(value)

    def per_axis(self, name: str, axes: int, default: int | None = None) -> tuple[int, ...]:
        """One whole number for each axis. Raises NotSaid."""
        value = self.bound.get(name, default)
        values = tuple(value) if isinstance(value, list | tuple) else (value,) * axes
        if len(values) == 1 and name != "kernel_size":
            values *= axes
        if len(values) != axes or not all(isinstance(each, int) for each in values):
            raise NotSaid(f"{name} that are not {axes} whole numbers")
        return values


class ModuleCall(NamedTuple):
    """A call of a layer's own `forward`."""

    interpreter: Interpreter
    tracing: Tracing
    instance: PyInstance
    setup: ModuleSetup
    given: CallGiven

    @property
    def tape(self) -> Tape:
        return self.tracing.tape

    def input(self, place: int = 0) -> Operand:
        """A tensor that is given. Raises NotSaid."""
        from cnncalc.importing.python.torch.tensor import operand

        values = [*self.given.values, *self.given.keywords.values()]
        if place >= len(values):
            raise NotSaid("a missing input")
        return operand(self.tape, values[place])

    def array(self, name: str) -> TapeArray | None:
        """One of the layer's arrays; None if it has none of that name. Raises NotSaid."""
        value = self.instance.attributes.get(name)
        return value.array() if isinstance(value, TorchTensor) else None

    def as_function(self, word: str) -> TorchCall:
        """The call as a function's, for what modules and functions share."""
        bound = BoundArguments({**self.setup.bound.values}, self.setup.bound.nodes, self.given.place)
        bound.values["input"] = self.given.values[0] if self.given.values else None
        return TorchCall(self.interpreter, self.tracing, word, bound)


_STEPS_OF_UNKNOWN = 10
"""The cost of a layer's call on something unknown."""

Maker = Callable[[PyInstance, ModuleSetup], None]
ModuleForward = Callable[[ModuleCall], object]


class ModuleRow(NamedTuple):
    """A class: its parameters in order, what `__init__` makes, and what a call does."""

    signature: str
    make: Maker
    forward: ModuleForward
    most_inputs: int = 1
    """The number of arguments that a call takes."""


def module_class(name: str, row: ModuleRow, base: PyClass) -> PyClass:
    """A class of a row."""
    parameters = parameters_of(row.signature)

    def init(interpreter: Interpreter, given: CallGiven) -> object:
        made = given.values[0]
        assert isinstance(made, PyInstance)
        own = given.without_first()
        bound = bind(name, parameters, own)
        if unknown := bound.unfollowed():
            return _not_made(made, unknown)
        made.place = made.place if made.kind.place is None else own.place
        made.extra = setup = ModuleSetup(name, bound, parameters)
        made.attributes.update({key: value for key, value in bound.values.items() if key not in ("bias", "device")})
        return _not_made(made, attempt(interpreter, lambda: row.make(made, setup), own.place, name, bound))

    def forward(interpreter: Interpreter, given: CallGiven) -> object:
        instance = given.values[0]
        assert isinstance(instance, PyInstance)
        own = given.without_first()
        unknown = own.unfollowed()
        tracing = tracing_of(interpreter)
        if unknown is not None:
            interpreter.steps.spend(_STEPS_OF_UNKNOWN)
            tracing.reach(instance, unknown)
        if unknown or not isinstance(instance.extra, ModuleSetup):
            return unknown
        check_number(name, own, row.most_inputs)
        tracing.tape.at(leaf_position(interpreter, tracing, instance, own))
        call = ModuleCall(interpreter, tracing, instance, instance.extra, own)
        result = attempt(interpreter, lambda: wrapped(row.forward(call)), own.place, name, instance.extra.bound)
        if isinstance(result, Unfollowed):
            tracing.reach(instance, result)
        return result

    namespace: dict[str, object] = {
        "__init__": NativeFunction("__init__", init), "forward": NativeFunction("forward", forward),
    }  # fmt: skip
    return native_class(name, (base,), namespace)


def check_number(name: str, given: CallGiven, most: int) -> None:
    """Raise Raised (TypeError) for a call with more arguments than a layer takes."""
    count = len(given.values)
    if count > most:
        place = CodePlace(given.place.file, given.nodes[most]) if len(given.nodes) > most else given.place
        raise Raised("TypeError", f"{name} takes {plural(most, 'input')}, and not {count}", place)


def _not_made(made: PyInstance, result: object) -> object:
    """The result of a layer's `__init__`. Raises CannotFollow where a class of the program lacks its layer's part."""
    if isinstance(result, Unfollowed) and made.kind.place is not None:
        raise CannotFollow(result.reason, result.place, result)
    return result


def leaf_position(
    interpreter: Interpreter, tracing: Tracing, instance: PyInstance, given: CallGiven
) -> TapePosition:  # fmt: skip
    """The position of a layer: its name in the model, and where the program makes it."""
    place = instance.place or given.place
    here = tracing.path[-1] if tracing.path else None
    if here is not None and here.instance is instance and here.parts:
        location = tracing.location(place, interpreter)
        return TapePosition(here.parts[-1], here.parts[:-1], here.kinds[:-1], location, instance.kind.name)
    return tracing.position(instance.kind.name.lower(), place, instance.kind.name, interpreter)


def no_arrays(made: PyInstance, setup: ModuleSetup) -> None:
    """A layer without weights."""


def learned(made: PyInstance, name: str, *dims: int) -> None:
    """Give a layer a learned array."""
    made.attributes[name] = TorchTensor(dims, learned=True)


def fixed(made: PyInstance, name: str, *dims: int) -> None:
    """Give a layer a fixed array, a buffer."""
    made.attributes[name] = TorchTensor(dims)
