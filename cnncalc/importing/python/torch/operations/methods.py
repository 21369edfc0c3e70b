"""Attributes, methods and operators of tensors."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.torch.operations import native
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.source.values import BoundFunction, CallGiven, CodePlace, LibraryName, NativeFunction, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

OPERATORS: Mapping[str, str] = MappingProxyType({
    "+": "add", "-": "sub", "*": "mul", "/": "div", "@": "matmul", "**": "pow", "==": "eq", "!=": "ne", "<": "lt",
    "<=": "le", ">": "gt", ">=": "ge",
})  # fmt: skip
_OF_TENSORS: Mapping[str, str] = MappingProxyType({"unfold": "windows_along"})
"""Methods that differ from the function of the same name."""
_SELF = ("data", "grad", "real")
_KINDS = ("dtype", "device", "layout")


def attribute(interpreter: Interpreter, value: TorchTensor, name: str, place: CodePlace) -> object:
    """An attribute or a method, bound to the tensor."""
    if name == "shape":
        return value.dims
    if name == "ndim":
        return len(value.dims)
    if name == "__len__":
        return value.dims[0] if value.dims else Unfollowed("len(…) of one number", place)
    if name in _SELF:
        return value
    if name in _KINDS:
        return LibraryName(f"torch.{name}")
    if name in ("is_cuda", "requires_grad", "training", "is_quantized", "is_sparse"):
        return False
    if name in ("T", "mT"):
        return call(interpreter, name, CallGiven([value], {}, place))
    found = native(_OF_TENSORS.get(name, name))
    if found is None:
        return NativeFunction(name, lambda _, given: Unfollowed(f"the tensor method {name}(…)", given.place))
    return BoundFunction(found, value)


def call(interpreter: Interpreter, name: str, given: CallGiven) -> object:
    """The result of a function by its name."""
    found = native(name)
    assert found is not None
    return found.function(interpreter, given)


def negative(interpreter: Interpreter, value: TorchTensor, place: CodePlace) -> object:
    """`-x`."""
    return call(interpreter, "neg", CallGiven([value], {}, place))


def binary(
    interpreter: Interpreter, symbol: str, value: TorchTensor, other: object, place: CodePlace, *, is_left: bool
) -> object:  # fmt: skip
    """An operator on a tensor and another operand."""
    if symbol == "//" and isinstance(other, int | float):
        symbol = "/"
    if symbol not in OPERATORS or isinstance(other, Unfollowed):
        return other if isinstance(other, Unfollowed) else Unfollowed(f"{symbol} of tensors", place)
    given = CallGiven([value, other] if is_left else [other, value], {}, place)
    return call(interpreter, OPERATORS[symbol], given)
