"""Indices and slices of tensors, `x[:, 0]`, `x[..., ::2]`, `x[:, None]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.torch.operations import wrapped
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.importing.python.tracing import attempt, tracing_of
from cnncalc.importing.tensors import lookup, movement, parts
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray
from cnncalc.source.signals import Raised
from cnncalc.source.values import CodePlace, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def item(interpreter: Interpreter, value: TorchTensor, key: object, place: CodePlace) -> object:
    """`value[key]`."""
    keys = list(key) if isinstance(key, tuple) else [key]
    for each in keys:
        if isinstance(each, Unfollowed):
            return each
    given = [each for each in keys if each is not None and each is not Ellipsis]
    if len(given) > len(value.dims):
        raise Raised("IndexError", f"too many indices for {value.title()}", place)
    tracing = tracing_of(interpreter)
    tracing.tape.at(tracing.position("slice", place, "slice", interpreter))
    return attempt(interpreter, lambda: _item(tracing.tape, value, _whole(keys, len(value.dims)), place), place, "[…]")


def put_item(interpreter: Interpreter, value: TorchTensor, new: object, place: CodePlace) -> object:
    """A tensor after an assignment to a part of it. No layer type says it; an array of the program stays one."""
    if isinstance(new, Unfollowed):
        return new
    if value.value is None:
        value.numbers = None
        return value
    tracing = tracing_of(interpreter)
    tracing.tape.at(tracing.position("assignment", place, "an assignment to a part", interpreter))
    inputs = [each.value for each in (value, new) if isinstance(each, TorchTensor) and each.value is not None]
    made = tracing.tape.opaque(inputs, value.dims, value.value.batch)
    tracing.places[made.name] = place
    value.value = made
    return value


def _whole(keys: list[object], rank: int) -> list[object]:
    """A key for every axis, and None for every new one."""
    taken = sum(each is not None and each is not Ellipsis for each in keys)
    rest: list[object] = [slice(None)] * (rank - taken)
    if Ellipsis in keys:
        place = next(index for index, each in enumerate(keys) if each is Ellipsis)
        return [*keys[:place], *rest, *keys[place + 1 :]]
    return [*keys, *rest]


def _item(tape: Tape, value: TorchTensor, keys: list[object], place: CodePlace) -> object:
    if value.value is None and not value.name and not value.learned:
        return _of_made(value, keys)
    x: Operand = value.operand(tape)
    axis = 0
    for key in keys:
        if key is None:
            x = movement.unsqueeze(tape, x, axis)
            axis += 1
        elif isinstance(key, slice):
            x = parts.slice_(tape, x, axis, *_numbers(key))
            axis += 1
        elif isinstance(key, int):
            _check(key, x.dims[axis], axis, place)
            x = parts.select(tape, x, axis, key)
        elif isinstance(key, list) and all(isinstance(each, int) for each in key):
            x = parts.gather(tape, x, axis, key)
            axis += 1
        elif isinstance(key, TorchTensor):
            array = TapeArray(key.dims, values=key.numbers) if key.value is None else key.value
            x = lookup.index(tape, x, [*[None] * axis, array])
            axis += len(key.dims)
        else:
            raise NotSaid("an index that is computed")
    return wrapped(x)


def _numbers(key: slice) -> tuple[int | None, int | None, int]:
    start, stop, step = key.start, key.stop, key.step
    if not all(each is None or isinstance(each, int) for each in (start, stop, step)):
        raise NotSaid("a slice that is computed")
    return start, stop, 1 if step is None else step


def _check(key: int, size: int, axis: int, place: CodePlace) -> None:
    if not -size <= key < size:
        raise Raised("IndexError", f"index {key} is out of bounds for axis {axis} of size {size}", place)


def _of_made(value: TorchTensor, keys: list[object]) -> TorchTensor:
    """A part of an array that the program makes."""
    dims: list[int] = []
    sizes = iter(value.dims)
    for key in keys:
        if key is None:
            dims.append(1)
        elif isinstance(key, slice):
            dims.append(len(range(*slice(*_numbers(key)).indices(next(sizes)))))
        elif isinstance(key, int):
            next(sizes)
        elif isinstance(key, TorchTensor | list):
            next(sizes)
            dims += key.dims if isinstance(key, TorchTensor) else (len(key),)
    numbers = value.numbers
    if numbers is not None and len(keys) == 1 and isinstance(keys[0], int | slice):
        part = numbers[keys[0]]
        return TorchTensor(tuple(dims), numbers=part if isinstance(part, tuple) else (part,))
    return TorchTensor(tuple(dims))
