"""A writer of small ONNX files, by the field numbers of onnx.proto: weights have sizes and no numbers."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any


def varint(value: int) -> bytes:
    value &= 0xFFFFFFFFFFFFFFFF
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def block(field: int, data: bytes | str) -> bytes:
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def real(field: int, value: float) -> bytes:
    return varint(field << 3 | 5) + struct.pack("<f", value)


CODES = {1: "f", 2: "B", 3: "b", 4: "H", 5: "h", 6: "i", 7: "q", 9: "?", 10: "e", 11: "d", 12: "I", 13: "Q"}
"""The code of `struct` for each element type (TensorProto.DataType)."""


def tensor(name: str, dims: Sequence[int], values: Sequence[float] | None = None, kind: int = 7) -> bytes:
    """Numbers of a kind, int64 by default, where `values` are given, else float32 without data."""
    sizes = b"".join(number(1, size) for size in dims)
    data = block(9, struct.pack(f"<{len(values)}{CODES[kind]}", *values)) if values is not None else b""
    return sizes + number(2, kind if values is not None else 1) + block(8, name) + data


def attribute(name: str, value: Any) -> bytes:
    head = block(1, name)
    if isinstance(value, float):
        return head + real(2, value) + number(20, 1)
    if isinstance(value, int):
        return head + number(3, value) + number(20, 2)
    if isinstance(value, str):
        return head + block(4, value) + number(20, 3)
    if isinstance(value, bytes):
        return head + block(5, value) + number(20, 4)
    if value and all(isinstance(each, str) for each in value):
        return head + b"".join(block(9, each) for each in value) + number(20, 8)
    if any(isinstance(each, float) for each in value):
        return head + b"".join(real(7, each) for each in value) + number(20, 6)
    return head + b"".join(number(8, each) for each in value) + number(20, 7)


def node(op: str, inputs: str, outputs: str, name: str = "", **attributes: Any) -> bytes:
    """A node; names are separated by spaces, `-` is an input that is left out."""
    parts = [block(1, "" if each == "-" else each) for each in inputs.split()]
    parts += [block(2, each) for each in outputs.split()]
    parts += [block(3, name), block(4, op)] + [block(5, attribute(key, value)) for key, value in attributes.items()]
    return b"".join(parts)


def value(name: str, dims: Sequence[int | str], kind: int = 1) -> bytes:
    sizes = b"".join(block(1, number(1, size) if isinstance(size, int) else block(2, size)) for size in dims)
    return block(1, name) + block(2, block(1, number(1, kind) + block(2, sizes)))


def model(
    nodes: Sequence[bytes], inputs: Sequence[bytes], outputs: Sequence[bytes], initializers: Sequence[bytes] = (),
    *, opset: int = 17, stated: Sequence[bytes] = (),
) -> bytes:  # fmt: skip
    graph = b"".join(block(1, each) for each in nodes) + block(2, "graph")
    graph += b"".join(block(5, each) for each in initializers)
    graph += b"".join(block(11, each) for each in inputs) + b"".join(block(12, each) for each in outputs)
    graph += b"".join(block(13, each) for each in stated)
    return number(1, 8) + block(2, "tests") + block(7, graph) + block(8, block(1, "") + number(2, opset))
