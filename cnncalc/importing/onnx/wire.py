"""The wire format of protocol buffers, as far as a model file needs it: fields in order, skipped where not wanted.

Nothing is copied until it is asked for, so a file mapped into memory costs the bytes that are looked at. Source:
Protocol Buffers documentation, Encoding.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10
_LONGEST_TEXT = 65_536
"""The number of bytes of a text that are read: some attributes hold compiled models."""
MOST_LEVELS = 60
"""The number of messages inside each other that are followed; a graph inside a graph takes four."""


class WireError(ValueError):
    """The bytes are not a message: cut off, or of another kind. `offset` is the position in the file."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class FieldLimit(Exception):  # noqa: N818 - not an error of ours: the file has more fields than are read
    """Raised after the last field that a `FieldCount` allows."""


class FieldCount:
    """The number of fields and packed numbers that may still be read of a file."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, amount: int) -> None:
        """Count so many more. Raises FieldLimit."""
        self.left -= amount
        if self.left < 0:
            raise FieldLimit


class WireField(NamedTuple):
    """One field of a message: its number, its wire type, its value, or (BYTES) where its contents are."""

    number: int
    kind: int
    value: int
    """The number of a VARINT, the bits of a FIXED32 or FIXED64; 0 for BYTES."""
    start: int
    end: int


class WireMessage:
    """A stretch of a file that holds a message."""

    __slots__ = ("count", "data", "depth", "end", "start")

    def __init__(
        self, data: memoryview, count: FieldCount, start: int = 0, end: int | None = None, depth: int = 0
    ) -> None:  # fmt: skip
        if depth > MOST_LEVELS:
            raise WireError(f"messages are nested more than {MOST_LEVELS} deep", start)
        self.count = count
        self.depth = depth
        self.data = data
        self.start = start
        self.end = len(data) if end is None else end

    def fields(self) -> Iterator[WireField]:
        """The fields in order. Raises WireError for bytes that do not form a message, and FieldLimit."""
        data, position, end, varint, count = self.data, self.start, self.end, self._varint, self.count
        new = tuple.__new__  # a third of the time of WireField(...), for a field of which a file has a million
        while position < end:
            key = data[position]  # a number of one byte, as most are, is read here
            position += 1
            if key > 127:
                key, position = varint(position - 1)
            number, kind = key >> 3, key & 7
            begin, value = position, 0
            if kind == BYTES:
                begin = position + 1
                length = data[position] if position < end else 128
                if length > 127:
                    length, begin = varint(position)
                position = begin + length
            elif kind == VARINT:
                value = data[position] if position < end else 128
                position += 1
                if value > 127:
                    value, position = varint(position - 1)
            elif kind in (FIXED32, FIXED64):
                position += 4 if kind == FIXED32 else 8
            else:
                raise WireError(f"a field has the unknown wire type {kind}", begin)
            if position > end or number == 0:
                raise WireError("a field reaches beyond the end of its message", begin)
            if kind in (FIXED32, FIXED64):
                value = int.from_bytes(data[begin:position], "little")
            count.left -= 1  # `spend`, without a call
            if count.left < 0:
                raise FieldLimit
            yield new(WireField, (number, kind, value, begin, position))

    def _varint(self, position: int) -> tuple[int, int]:
        value = shift = 0
        for at in range(position, min(position + _LONGEST_VARINT, self.end)):
            byte = self.data[at]
            value |= (byte & 127) << shift
            if byte < 128:
                return value & 0xFFFFFFFFFFFFFFFF, at + 1
            shift += 7
        raise WireError("a number is cut off", position)

    def inside(self, field: WireField) -> WireMessage:
        """The message that a field holds."""
        if field.kind != BYTES:
            raise WireError("a number where a message belongs", field.start)
        return WireMessage(self.data, self.count, field.start, field.end, self.depth + 1)

    def text(self, field: WireField) -> str:
        """The text that a field holds, the beginning of a very long one; what is not UTF-8 is replaced."""
        if field.kind != BYTES:
            raise WireError("a number where a text belongs", field.start)
        return str(self.data[field.start : min(field.end, field.start + _LONGEST_TEXT)], "utf-8", "replace")

    def numbers(self, field: WireField) -> Iterator[int]:
        """The signed whole numbers of a repeated field, packed or not."""
        if field.kind != BYTES:
            yield signed(field.value)
            return
        packed, position = WireMessage(self.data, self.count, field.start, field.end), field.start
        while position < field.end:
            self.count.spend(1)
            value, position = packed._varint(position)
            yield signed(value)

    def floats(self, field: WireField) -> Iterator[float]:
        """The 32-bit floating-point numbers of a repeated field, packed or not."""
        if field.kind == FIXED32:
            yield float_of(field)
        elif field.kind == BYTES:
            self.count.spend((field.end - field.start) // 4)
            data = self.data[field.start : field.end - (field.end - field.start) % 4]
            yield from (value for (value,) in struct.iter_unpack("<f", data))


def signed(value: int) -> int:
    """An unsigned 64-bit number as the two's complement that it is."""
    return value - (1 << 64) if value >> 63 else value


def float_of(field: WireField) -> float:
    """The floating-point number of a FIXED32 field."""
    if field.kind != FIXED32:
        raise WireError("another value where a number of 32 bits belongs", field.start)
    (value,) = struct.unpack("<f", field.value.to_bytes(4, "little"))
    return float(value)
