"""The names that broken items would have made.

A reference to one of them is not a second mistake: it finds the node of unknown shape that takes the item's place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode

_WRITTEN = r"\bnames?\s*=\s*(\[[^]]*\]|[^\s()|>]+)"
_NUMBERED = r"(.+)_[0-9]+$"
_ANY = ""


class Lost:
    """Names to the nodes in the place of what should bear them; what is inside a lost layer or block is lost too."""

    __slots__ = ("_begun", "_names", "_numbered")

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._begun: dict[str, int] = {}
        self._numbered: dict[tuple[str, str], int] = {}

    def lose(self, full: str, index: int) -> None:
        """Note one full name; one that ends in an expression loses all names that begin as it does."""
        begin, dollar, _ = full.partition("${")
        (self._begun if dollar else self._names).setdefault(begin, index)

    def lose_all(self, index: int) -> None:
        """Note that no name is known: the inputs' names cannot be read."""
        self._begun.setdefault(_ANY, index)

    def lose_numbered(self, prefix: str, kind: str | None, index: int) -> None:
        """Note that unnamed items were not built: `conv_2` may be one of them. None for a kind that is not known."""
        self._numbered.setdefault((prefix, kind or _ANY), index)

    def lose_item(self, node: SpecNode, prefix: str, kind: str | None, index: int) -> None:
        """Note all names that an item writes, and that of an unnamed one."""
        for name in written_names(node):
            self.lose(prefix + name, index)
        self.lose_numbered(prefix, kind, index)

    def find(self, full: str) -> int | None:
        """The node in the place of what should bear a name; None where nothing that was lost bore it."""
        part = full
        while part:
            if part in self._names:
                return self._names[part]
            numbered = self._find_numbered(part)
            if numbered is not None:
                return numbered
            part = part.rpartition(".")[0]
        return next((index for begin, index in self._begun.items() if full.startswith(begin)), None)

    def _find_numbered(self, full: str) -> int | None:
        prefix, dot, last = full.rpartition(".")
        found = re.match(_NUMBERED, last)
        if not found or not self._numbered:
            return None
        of_kind = self._numbered.get((prefix + dot, found[1]))
        return self._numbered.get((prefix + dot, _ANY)) if of_kind is None else of_kind


def written_names(node: SpecNode) -> Iterator[str]:
    """The names that an item, and what is inside it, gives to layers."""
    if isinstance(node, Scalar):
        for found in re.finditer(_WRITTEN, node.text):
            yield from filter(None, re.split(r"[\[\],\s\"']+", found[1]))
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from written_names(item)
    elif isinstance(node, Mapping):
        for key, (_, value) in node.entries.items():
            yield from _texts(value) if key in ("name", "names") else written_names(value)


def _texts(node: SpecNode) -> Iterator[str]:
    for item in node.items if isinstance(node, Sequence) else [node]:
        if isinstance(item, Scalar):
            yield item.text
