"""The arrays of an ONNX file: sizes and kinds, and the numbers of small ones."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from types import MappingProxyType
from typing import Any, overload

from cnncalc.importing.onnx.wire import BYTES, WireError, WireField, WireMessage

MOST_CONSTANT = 4096
"""The number of values of a tensor that are ever decoded: shapes, axes, pads; never weights."""

_MOST_AXES = 64

_NUMPY: Mapping[int, str] = MappingProxyType(
    {1: "f", 2: "B", 3: "b", 4: "H", 5: "h", 6: "i", 7: "q", 9: "?", 10: "e", 11: "d", 12: "I", 13: "Q"}
)
"""Of each element type (TensorProto.DataType) with fixed-size elements: the code of `struct`."""
_SIZES: Mapping[str, int] = MappingProxyType({code: struct.calcsize(f"<{code}") for code in _NUMPY.values()})


@dataclass
class OnnxTensor:
    """A constant array: its sizes and, where it is small and stored in the file, its values."""

    name: str = ""
    dims: tuple[int, ...] = ()
    type: int = 0
    raw: WireMessage | None = None
    stored: list[int | float] | None = None
    external: bool = False

    @property
    def elements(self) -> int:
        return prod(self.dims)

    def values(self) -> Sequence[Any] | None:
        """The elements in order; None for a large, external or textual tensor. Raises WireError if they are too few."""
        count = prod(self.dims)
        if count > MOST_CONSTANT or self.external or self.type not in _NUMPY:
            return None
        if count == 0:
            return ()
        if self.raw is not None:
            return self._from_raw(self.raw, count)
        if self.stored is None:
            return None
        if len(self.stored) < count:
            raise WireError(f"the tensor {self.name} has {len(self.stored)} values for {count} elements", 0)
        return tuple(map(bool, self.stored[:count]) if self.type == 9 else self.stored[:count])

    def _from_raw(self, raw: WireMessage, count: int) -> Sequence[Any]:
        code = _NUMPY[self.type]
        if raw.end - raw.start < count * _SIZES[code]:
            raise WireError(f"the tensor {self.name} is cut off", raw.start)
        return RawNumbers(raw, code, count)


class RawNumbers(Sequence[Any]):
    """Numbers of a file that are decoded when one of them is first read: those of most weights never are."""

    def __init__(self, raw: WireMessage, code: str, count: int) -> None:
        self._raw, self._code, self._count = raw, code, count

    def __len__(self) -> int:
        return self._count

    def __eq__(self, other: object) -> bool:
        return self._decoded == (other._decoded if isinstance(other, RawNumbers) else other)

    def __hash__(self) -> int:
        return hash(self._decoded)

    @overload
    def __getitem__(self, place: int) -> Any: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Any, ...]: ...

    def __getitem__(self, place: int | slice) -> Any:
        return self._decoded[place]

    @cached_property
    def _decoded(self) -> tuple[Any, ...]:
        raw, size = self._raw, self._count * _SIZES[self._code]
        return struct.unpack(f"<{self._count}{self._code}", raw.data[raw.start : raw.start + size])


def read_tensor(message: WireMessage) -> OnnxTensor:
    """A tensor's sizes and kind; its data stay where they are."""
    tensor = OnnxTensor()
    dims: list[int] = []
    data: list[tuple[int, WireField]] = []
    for each in message.fields():
        if each.number == 1:
            dims.extend(message.numbers(each))
        elif each.number == 2:
            tensor.type = each.value
        elif each.number == 8:
            tensor.name = message.text(each)
        elif each.number == 9:
            tensor.raw = message.inside(each)
        elif each.number == 14:
            tensor.external = each.value == 1
        elif each.number in (4, 5, 7, 10, 11):
            data.append((each.number, each))
    if len(dims) > _MOST_AXES or (dims and min(dims) < 0):
        raise WireError(f"the tensor {tensor.name} has impossible sizes", message.start)
    tensor.dims = tuple(dims)
    if data and prod(dims) <= MOST_CONSTANT:
        tensor.stored = [value for number, each in data for value in _stored(message, number, each)]
    return tensor


def _stored(message: WireMessage, number: int, each: WireField) -> list[int | float]:
    if number == 4:
        return list(message.floats(each))
    if number == 10:
        if each.kind != BYTES:  # any value fits in 64 bits
            (value,) = struct.unpack("<d", each.value.to_bytes(8, "little"))
            return [value]
        message.count.spend((each.end - each.start) // 8)
        data = message.data[each.start : each.end - (each.end - each.start) % 8]
        return [value for (value,) in struct.iter_unpack("<d", data)]
    return list(message.numbers(each))
