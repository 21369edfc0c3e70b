"""A mapping of plain values with one position for all of them: a part of a spec that comes from a model file."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from types import MappingProxyType
from typing import Any

from cnncalc.diagnostics import Source
from cnncalc.reading.nodes import LateMapping, Scalar, Sequence, SpecNode


class PlainMapping(LateMapping):
    """A mapping whose nodes are made when they are first needed; most readers only need `values`.

    >>> PlainMapping(Source("net.onnx", ""), 0, 0, {"units": 10}).get("units").text
    '10'
    """

    __slots__ = ("values",)

    def __init__(self, source: Source, start: int, end: int, values: AnyMapping[str, Any]) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.values = values

    def make_entries(self) -> dict[str, tuple[Scalar, SpecNode]]:
        """The nodes, all at the mapping's position."""
        return {
            key: (Scalar(self.source, self.start, self.end, key), self.node(value))
            for key, value in self.values.items()
        }  # fmt: skip

    def node(self, value: Any) -> SpecNode:
        """A plain value as a node at the position of the mapping."""
        return node_of(value, self.source, self.start, self.end)


def node_of(value: Any, source: Source, start: int, end: int) -> SpecNode:
    """A plain value as a node. Texts are taken literally: they hold no expressions."""
    if type(value) is int:
        return Scalar(source, start, end, str(value))
    if isinstance(value, str):
        return Scalar(source, start, end, value.replace("${", "$${"), plain=False)
    if isinstance(value, list | tuple):
        return Sequence(source, start, end, [node_of(item, source, start, end) for item in value])
    if isinstance(value, AnyMapping):
        return PlainMapping(source, start, end, {str(key): item for key, item in value.items()})
    text = repr(value)
    return Scalar(source, start, end, _WORDS.get(text, text))


_WORDS: AnyMapping[str, str] = MappingProxyType({"True": "true", "False": "false", "None": "null"})
