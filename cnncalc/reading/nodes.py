"""Located nodes: the parsed form of every spec, whether YAML, inline or a Python mapping.

Later stages do not see YAML. A node knows its source and its range in the text; a `Scalar` keeps its raw text, and
`plain` distinguishes unquoted text (which may be a number, a bool or null) from quoted text.
"""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.diagnostics import Source, Span


class SpecNode:
    """A value of the spec with its position in the text."""

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
        self.source = source  # without super(), since a large file has a hundred thousand of these
        self.start = start
        self.end = end
        self.text = text
        self.plain = plain


class Words(Scalar):
    """An item of plain words and numbers, in the source letter by letter: `conv 8 3x3 s1`."""

    __slots__ = ()


class BareName(Scalar):
    """A bare name among a call's arguments: a variable of the spec, or a word."""

    __slots__ = ()


class Sequence(SpecNode):
    """A list of nodes."""

    __slots__ = ("items",)
    kind = "list"

    def __init__(self, source: Source, start: int, end: int, items: list[SpecNode]) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.items = items


class WordList(Sequence):
    """A list of plain words, whose nodes are made when they are first needed; most readers only need the `words`."""

    __slots__ = ("words",)

    def __init__(self, source: Source, start: int, end: int, words: list[str]) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.words = words

    def __getattr__(self, name: str) -> list[SpecNode]:
        """The items. Python calls this only for an attribute that is missing, so it makes them once."""
        if name != "items":
            raise AttributeError(name)
        self.items = []
        end = self.start
        for word in self.words:
            start = self.source.text.index(word, end)
            end = start + len(word)
            self.items.append(Scalar(self.source, start, end, word))
        return self.items


class Mapping(SpecNode):
    """Keys and values, in the order of the text; keys are unique (the reader rejects duplicates)."""

    __slots__ = ("entries",)
    kind = "mapping"

    def __init__(self, source: Source, start: int, end: int, entries: dict[str, tuple[Scalar, SpecNode]]) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.entries = entries

    def get(self, key: str) -> SpecNode | None:
        entry = self.entries.get(key)
        return entry[1] if entry else None


class LateMapping(Mapping):
    """A mapping whose entries are made when they are first needed."""

    __slots__ = ()

    def __getattr__(self, name: str) -> dict[str, tuple[Scalar, SpecNode]]:
        """The entries. Python calls this only for an attribute that is missing, so it makes them once."""
        if name != "entries":
            raise AttributeError(name)
        self.entries = self.make_entries()
        return self.entries

    def make_entries(self) -> dict[str, tuple[Scalar, SpecNode]]:
        """The keys and values."""
        raise NotImplementedError


def scalars(node: SpecNode, *, keys: bool) -> Iterator[Scalar]:
    """The scalars in a node, in the order of the text, with or without the keys of mappings."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item, keys=keys)
    else:
        assert isinstance(node, Mapping)
        for key, value in node.entries.values():
            if keys:
                yield key
            yield from scalars(value, keys=keys)
