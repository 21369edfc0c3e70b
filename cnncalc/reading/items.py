"""The tokens of an item's short text, such as `conv 20 8x8 s2 name="stem"`, with their positions."""

from __future__ import annotations

import re
from functools import lru_cache

from cnncalc.diagnostics import Source, Span
from cnncalc.reading.nodes import Scalar, Sequence, SpecNode
from cnncalc.reading.templates import template_end

STRUCTURE = re.compile(r"->|→|[()|\n]")
"""The marks of a text with several items, or with a merge or call; a text without any is one item."""

_WORD = re.compile(r"\S+")
_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)=(?!=)")
_TIMES = re.compile(r"(?<=[0-9}])×(?=[0-9$])")
_SPECIAL = re.compile(r"['\"\[(]|\$\{")
_WORD_END = re.compile(r"\s|(?:(?<=[\s=\[,(:|])|\A)['\"]|[\[(]|\$\{")  # a quote opens only where `opaque_end` allows it
_DEEPEST = 100
"""Lists nested more deeply are treated as text, which no field accepts."""
_LIST_PART = re.compile(r"['\"\[\](,]|\$\{")
_BRACKET = re.compile(r"['\"\[\]()]|\$\{")


class Located:
    """A text and its position, which converts offsets in the text to offsets in the source.

    If an escaped, folded or indented text differs from the source, all its parts have the position of the whole text.
    """

    __slots__ = ("base", "end", "source", "start", "text")

    def __init__(self, node: Scalar) -> None:
        self.source: Source = node.source
        self.text = node.text
        self.start = node.start
        self.end = node.end
        self.base: int | None = None
        for base in (node.start, node.start + 1):
            if self.source.text.startswith(self.text, base) and base + len(self.text) <= node.end:
                self.base = base
                break

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the source for offsets in the text."""
        return (self.start, self.end) if self.base is None else (self.base + start, self.base + end)

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, *self.place(start, end))

    def scalar(self, start: int, end: int) -> Scalar:
        """The scalar for a range of the text; surrounding quotes are removed and make it not plain."""
        text = self.text[start:end]
        if len(text) >= 2 and text[0] in "'\"" and text.find(text[0], 1) == len(text) - 1:
            return Scalar(self.source, *self.place(start, end), text[1:-1], plain=False)
        return Scalar(self.source, *self.place(start, end), _TIMES.sub("x", text) if "×" in text else text)


class Token:
    """A piece of an item between whitespace: `conv`, `8x8`, `s2`, `name="stem"`, `${width * 2}`, `from=[a, b]`.

    `text` has `x` for a `×` between numbers. `key` and `value` split `name=value`; without a `=`, `key` is empty and
    `value` is the whole text. `text` and `value` include quotes; `value_node()` removes them.
    """

    __slots__ = ("_located", "_offset", "key", "text", "value")

    def __init__(self, located: Located, offset: int, text: str, key: str, value: str) -> None:
        self._located = located
        self._offset = offset
        self.text = text
        self.key = key
        self.value = value

    @property
    def span(self) -> Span:
        """The position of the token."""
        return self._span(0, len(self.text))

    @property
    def start(self) -> int:
        """Offset of the token's first character in the source."""
        return self.span.start

    @property
    def end(self) -> int:
        """Offset after the token's last character in the source."""
        return self.span.end

    @property
    def key_span(self) -> Span:
        """The position of the key; the whole token if it has none."""
        return self._span(0, len(self.key)) if self.key else self.span

    @property
    def value_span(self) -> Span:
        """The position of the value."""
        return self._span(len(self.text) - len(self.value), len(self.text))

    def value_node(self) -> SpecNode:
        """The value as a YAML node: `[a, b]` is a Sequence, quoted text a Scalar that is not plain."""
        end = self._offset + len(self.text)
        return value_node(self._located, end - len(self.value), end)

    def _span(self, start: int, end: int) -> Span:
        return self._located.span(self._offset + start, self._offset + end)

    def __repr__(self) -> str:
        return f"<Token {self.text}>"


def split_item(node: Scalar) -> list[Token]:
    """The tokens of one item's text; `${…}`, quoted texts and `[…]` are not split."""
    located = Located(node)
    return [Token(located, *piece) for piece in _pieces(node.text)]


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[tuple[int, str, str, str], ...]:
    """Offset, text, key and value of each token. Cached, since deep networks repeat few different items."""
    if _SPECIAL.search(text) is None:
        return tuple(_piece(found.start(), found.group()) for found in _WORD.finditer(text))
    pieces = []
    offset = 0
    while found := _WORD.search(text, offset):
        start = found.start()
        offset = _token_end(text, start)
        pieces.append(_piece(start, text[start:offset]))
    return tuple(pieces)


def _piece(offset: int, text: str) -> tuple[int, str, str, str]:
    text = _TIMES.sub("x", text)
    found = _KEY.match(text)
    return (offset, text, found.group(1), text[found.end() :]) if found else (offset, text, "", text)


def _token_end(text: str, start: int) -> int:
    offset = start
    while found := _WORD_END.search(text, offset):
        offset = found.start()
        if text[offset].isspace():
            return offset
        end = opaque_end(text, offset)
        if end < 0:  # unclosed: the rest is one token, which its reader reports
            return len(text)
        offset = max(end, offset + 1)
    return len(text)


def opaque_end(text: str, start: int) -> int:
    """The end of the `${…}`, quoted text, `[…]` or `(…)` that begins at `start`; `start` if none does, -1 if unclosed.

    An apostrophe inside a word (`Bob's`) does not begin a quoted text, and `$${` does not begin an expression.
    """
    char = text[start]
    before = text[start - 1] if start else " "
    if char == "$":
        is_template = text.startswith("${", start) and before != "$"
        return template_end(text, start) if is_template else start
    if char in "'\"":
        return text.find(char, start + 1) + 1 or -1 if before.isspace() or before in "=[,(:|" else start
    return _bracket_end(text, start) if char in "[(" else start


def _bracket_end(text: str, start: int) -> int:
    """The end of the brackets that open at `start`, including nested ones; -1 if unclosed."""
    depth = 0
    offset = start
    while found := _BRACKET.search(text, offset):
        offset = found.end()
        if found.group() in "[]()":
            depth += 1 if found.group() in "[(" else -1
            if depth == 0:
                return offset
        elif (inner := opaque_end(text, found.start())) != found.start():
            if inner < 0:
                return -1
            offset = inner
    return -1


def value_node(located: Located, start: int, end: int) -> SpecNode:
    """The node of a range of the text: a Sequence for `[a, [b, c]]`, else a Scalar."""
    text = located.text
    if text[start : start + 1] != "[" or opaque_end(text, start) != end:
        return located.scalar(start, end)
    top = Sequence(located.source, *located.place(start, end), [])
    stack = [(top, start)]
    offset = begun = start + 1
    while found := _LIST_PART.search(text, offset, end):
        part, offset = found.group(), found.end()
        begins = part == "[" and not text[begun : found.start()].strip()  # inside an item it is part of the text
        if begins or part in ("]", ","):
            sequence = stack[-1][0]
            if begins:
                if len(stack) >= _DEEPEST:
                    return located.scalar(start, end)
                inner = Sequence(located.source, *located.place(found.start(), offset), [])
                sequence.items.append(inner)
                stack.append((inner, found.start()))
            else:
                _append(located, sequence, begun, found.start(), is_last=part == "]")
                if part == "]":
                    sequence.start, sequence.end = located.place(stack.pop()[1], offset)
            begun = offset
        elif (inner_end := opaque_end(text, found.start())) > offset:
            offset = inner_end
    return top


def _append(located: Located, sequence: Sequence, start: int, end: int, *, is_last: bool) -> None:
    """Add the text between two commas, unless it is empty after an inner list or a trailing comma."""
    text = located.text[start:end]
    stripped = text.strip()
    if stripped:
        start += len(text) - len(text.lstrip())
        sequence.items.append(located.scalar(start, start + len(stripped)))
    elif not is_last and located.text[start - 1 : start] != "]":
        sequence.items.append(located.scalar(start, start))
