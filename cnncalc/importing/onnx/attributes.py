"""The attributes of a node by kind; one that is missing or of another kind is a mistake of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, NoReturn

from cnncalc.importing.onnx.onnx_tensor import OnnxTensor
from cnncalc.importing.onnx.proto import OnnxGraph, OnnxNode
from cnncalc.number_text import decimal

REQUIRED: Any = object()
"""In place of a default: the attribute has to be there."""

_MOST_SIZE = 2**53


class Malformed(Exception):  # noqa: N818 - made an error of the file with the node's name
    """Raised for a node that ONNX's definition of its operator does not allow."""


@dataclass
class NodeAttributes:
    """A node, and its attributes by name."""

    node: OnnxNode

    def integer(self, key: str, default: Any = REQUIRED) -> int:
        """A whole number."""
        value = self._attribute(key, default)
        if isinstance(value, int) and abs(value) <= _MOST_SIZE:
            return value
        return self._wrong(key, value, "a whole number")

    def real(self, key: str, default: Any = REQUIRED) -> float:
        """A real number, with the seven digits that 32 bits hold."""
        value = self._attribute(key, default)
        if isinstance(value, int | float) and isfinite(value):
            return float(decimal(value, 7))
        return self._wrong(key, value, "a number")

    def word(self, key: str, default: Any = REQUIRED, allowed: Mapping[str, Any] | Sequence[str] = ()) -> str:
        """A text, one of `allowed` if there are any."""
        value = self._attribute(key, default)
        if not isinstance(value, str):
            self._wrong(key, value, "a text")
        if allowed and value not in allowed:
            self._wrong(key, value, f"one of {', '.join(allowed)}")
        return str(value)

    def integers(self, key: str, default: Any = REQUIRED, count: int | None = None) -> list[int]:
        """Whole numbers, `count` of them."""
        value = self._attribute(key, default)
        if value is None:
            return self._wrong(key, value, "whole numbers")
        values = list(value) if isinstance(value, list | tuple | range) else self._wrong(key, value, "whole numbers")
        if not all(isinstance(each, int) and abs(each) < 2**63 for each in values):
            self._wrong(key, value, "whole numbers")
        if count is not None and len(values) != count:
            self._wrong(key, value, f"{count} whole numbers")
        return values

    def graph(self, key: str) -> OnnxGraph:
        """A graph."""
        value = self._attribute(key, REQUIRED)
        return value if isinstance(value, OnnxGraph) else self._wrong(key, value, "a graph")

    def _attribute(self, key: str, default: Any) -> Any:
        if key in self.node.attributes:
            return self.node.attributes[key]
        if default is REQUIRED:
            raise Malformed(f'the attribute "{key}" is missing')
        return default

    def _wrong(self, key: str, value: object, expected: str) -> NoReturn:
        kinds = {OnnxTensor: "a tensor", OnnxGraph: "a graph", type(None): "nothing"}
        shown = kinds.get(type(value)) or repr(value)
        verb = "are" if expected.endswith("numbers") else "is"
        raise Malformed(f'the attribute "{key}" holds {shown[:60]}, but {expected} {verb} needed')


def place_of(axis: int, rank: int, op: str) -> int:
    """An axis from 0. Raises Malformed for one that does not exist."""
    if not -rank <= axis < rank:
        raise Malformed(f"{op} names the axis {axis} of a tensor with {rank} {'axis' if rank == 1 else 'axes'}")
    return axis % rank
