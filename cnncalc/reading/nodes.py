"""Located nodes: what every spec text is read into, whether YAML, inline or a Python mapping.

Nothing after reading sees YAML. A node knows its source and its stretch of text; a `Scalar` keeps its raw text, and
`plain` tells an unquoted one (which may be a number, a bool or null) from a quoted one (always text).
"""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.diagnostics import Source, Span


class SpecNode:
    """A value of the spec with its place in the text."""

    __slots__ = ("end", "source", "start")
    kind = "value"

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)


class Scalar(SpecNode):
    """A piece of text: a number, a word, an expression, an item in short form."""

    __slots__ = ("plain", "text")
    kind = "text"

    def __init__(self, source: Source, start: int, end: int, text: str, *, plain: bool = True) -> None:
        self.source = source  # set here, not through super(): a large file has a hundred thousand of these
        self.start = start
        self.end = end
        self.text = text
        self.plain = plain


class Sequence(SpecNode):
    """A list of nodes."""

    __slots__ = ("items",)
    kind = "list"

    def __init__(self, source: Source, start: int, end: int, items: list[SpecNode]) -> None:
        super().__init__(source, start, end)
        self.items = items


class Mapping(SpecNode):
    """Keys to values, in the order of the text; keys are unique (the reader refuses duplicates)."""

    __slots__ = ("entries",)
    kind = "mapping"

    def __init__(self, source: Source, start: int, end: int, entries: dict[str, tuple[Scalar, SpecNode]]) -> None:
        super().__init__(source, start, end)
        self.entries = entries

    def get(self, key: str) -> SpecNode | None:
        entry = self.entries.get(key)
        return entry[1] if entry else None


def scalars(node: SpecNode, *, keys: bool) -> Iterator[Scalar]:
    """The scalars in a node, in the order of the text; with the keys of mappings among them, or without."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item, keys=keys)
    elif isinstance(node, Mapping):
        for key, value in node.entries.values():
            if keys:
                yield key
            yield from scalars(value, keys=keys)
