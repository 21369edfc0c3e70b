"""A tensor of a program, whose operations are those of its framework."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Protocol

from cnncalc.source.values import CodePlace, Outside

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


class TensorOperations(Protocol):
    """The attributes and operators of a framework's tensors: a module of functions."""

    def attribute(self, interpreter: Interpreter, value: Any, name: str, place: CodePlace, /) -> object: ...

    def binary(
        self, interpreter: Interpreter, symbol: str, value: Any, other: object, place: CodePlace, /, *, is_left: bool
    ) -> object: ...  # fmt: skip

    def negative(self, interpreter: Interpreter, value: Any, place: CodePlace, /) -> object: ...


class TracedTensor(Outside):
    """A tensor or an array with the operations of its framework."""

    __slots__ = ()

    @staticmethod
    @abstractmethod
    def operations() -> TensorOperations:
        """The module of the framework's operations, loaded when a program first uses one."""

    def attribute(self, interpreter: Interpreter, name: str, place: CodePlace) -> object:
        return self.operations().attribute(interpreter, self, name, place)

    def binary(
        self, interpreter: Interpreter, symbol: str, other: object, place: CodePlace, *, is_left: bool
    ) -> object:  # fmt: skip
        return self.operations().binary(interpreter, symbol, self, other, place, is_left=is_left)

    def unary(self, interpreter: Interpreter, symbol: str, place: CodePlace) -> object:
        if symbol == "-":
            return self.operations().negative(interpreter, self, place)
        return super().unary(interpreter, symbol, place)
