"""Calls of functions on tensors: the arguments of a row of a table, and the node that the call records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.importing.python.keras.arrays import numbers, sizes_of
from cnncalc.importing.python.keras.graph import GraphTensor, NodeWords, record, unknown_in
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor
from cnncalc.source.signals import Raised
from cnncalc.source.values import CallGiven, NativeFunction, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


class FunctionCall(NamedTuple):
    """One call on a tape: the tensors among its arguments, and the arguments by name."""

    tape: Tape
    tensors: Sequence[Operand]
    values: Mapping[str, Any]

    @property
    def x(self) -> Operand:
        if not self.tensors:
            raise NotSaid("a call without a tensor")
        return self.tensors[0]

    def get(self, *names: str, default: Any = None) -> Any:
        return next((self.values[name] for name in names if self.values.get(name) is not None), default)

    def axis(self, default: int | None = None) -> int:
        """One axis. Raises NotSaid."""
        value = self.get("axis", "dim", "reduction_indices", default=default)
        if not isinstance(value, int):
            raise NotSaid("an axis that is not a whole number")
        return value

    def axes(self) -> list[int] | None:
        """Axes of a reduction; None for all. Raises NotSaid."""
        value = self.get("axis", "reduction_indices")
        if value is None:
            return None
        found = sizes_of(value)
        if found is None:
            raise NotSaid("axes that are not whole numbers")
        return list(found)

    def sizes(self, *names: str) -> tuple[int, ...]:
        """Whole numbers in a list. Raises NotSaid."""
        found = sizes_of(self.get(*names))
        if found is None:
            raise NotSaid(f"{names[0]} that is not known")
        return found


OnTape = Callable[[FunctionCall], "TapeTensor | TapeArray | list[TapeTensor] | list[TapeArray]"]


class GraphFunction(NamedTuple):
    """A function: its parameters in order, what it does, and its tensors by name."""

    parameters: str
    on_tape: OnTape
    tensors: tuple[str, ...] = ("x",)
    gathers: bool = False
    """Whether the last parameter takes all the arguments that follow."""


def native(name: str, row: GraphFunction) -> NativeFunction:
    """A function as the interpreter calls it."""
    return NativeFunction(name, lambda interpreter, given: called(interpreter, name, row, given))


def bound(name: str, row: GraphFunction, given: CallGiven) -> dict[str, Any]:
    """The arguments by the first names of their parameters. Raises Raised (TypeError)."""
    groups = [word.split("|") for word in row.parameters.split()]
    first = {alias: group[0] for group in groups for alias in group}
    if row.gathers and len(given.values) > len(groups):
        given = CallGiven(
            [*given.values[: len(groups) - 1], given.values[len(groups) - 1 :]], given.keywords, given.place
        )
    if len(given.values) > len(groups):
        raise Raised("TypeError", f"{name}() takes {len(groups)} positional arguments", given.place)
    values = {group[0]: value for group, value in zip(groups, given.values, strict=False)}
    values.update({first.get(key, key): value for key, value in given.keywords.items()})
    return {key: value for key, value in values.items() if not (key == "name" and isinstance(value, Unfollowed))}


def called(interpreter: Interpreter, name: str, row: GraphFunction, given: CallGiven) -> object:
    """The result of a call: a node of the graph."""
    values = bound(name, row, given)
    if unknown := unknown_in(values):
        return unknown
    tensors: list[GraphTensor] = []
    for word in row.tensors:
        value = values.get(word)
        many = value if isinstance(value, list | tuple) and not _is_numbers(value) else [value]
        found = [numbers(each) for each in many if each is not None]
        if any(each is None for each in found):
            return Unfollowed(f"{name}(…)", given.place)
        tensors += [each for each in found if each is not None]
    if not tensors:
        return Unfollowed(f"{name}(…)", given.place)
    own = values.get("name")
    words = NodeWords(own if isinstance(own, str) and own else name, name, is_pure=True)
    plain = {key: value for key, value in values.items() if key not in row.tensors}

    def run(tape: Tape, operands: Sequence[Operand]) -> TapeTensor | TapeArray | Sequence[TapeTensor | TapeArray]:
        return row.on_tape(FunctionCall(tape, operands, plain))

    made = record(interpreter, run, tensors, words, given.place)
    return list(made) if isinstance(made, list) else made


def _is_numbers(value: Sequence[object]) -> bool:
    return all(isinstance(each, int | float) for each in value)
