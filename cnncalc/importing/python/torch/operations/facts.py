"""Questions of a program about a tensor: its sizes, its numbers, its kind."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from types import MappingProxyType

from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.importing.tensors.tensor import NotSaid


def tensor(call: TorchCall) -> TorchTensor:
    value = call.bound.values["input"]
    if not isinstance(value, TorchTensor):
        raise NotSaid("what is not a tensor")
    return value


def size(call: TorchCall) -> object:
    dims = tensor(call).dims
    return dims if call.get("dim") is None else dims[call.integer("dim")]


def rank(call: TorchCall) -> object:
    return len(tensor(call).dims)


def elements(call: TorchCall) -> object:
    return prod(tensor(call).dims)


def number(call: TorchCall) -> object:
    """The number of an array that the program makes. Raises NotSaid for one that depends on the input."""
    numbers = tensor(call).numbers
    if numbers is None or len(numbers) != 1:
        raise NotSaid("a number of a tensor")
    return numbers[0]


def numbers(call: TorchCall) -> object:
    found = tensor(call).numbers
    if found is None or len(tensor(call).dims) != 1:
        raise NotSaid("the numbers of a tensor")
    return list(found)


def is_tensor(call: TorchCall) -> object:
    return isinstance(call.bound.values["input"], TorchTensor)


def always(value: object) -> FunctionRow:
    return "input dim", lambda call: value


FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    "size": ("input! dim", size), "dim": ("input!", rank), "ndimension": ("input!", rank),
    "numel": ("input!", elements), "nelement": ("input!", elements), "item": ("input!", number),
    "tolist": ("input!", numbers), "is_tensor": ("input!", is_tensor),
    "is_floating_point": always(True), "is_contiguous": always(True), "is_complex": always(False),
    "get_device": always(0), "element_size": always(4),
})  # fmt: skip
