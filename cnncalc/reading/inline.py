"""The inline form: `32x32x3 -> conv 20 8x8 s2 p1 -> (conv 64 3x3 p1 -> relu)*2 -> add(conv 64 3x3 p1 | identity)`.

It is parsed into the same nodes as the YAML form: an item remains a Scalar with its short text, a group becomes
`{layers: […], repeat: 2}`, and a merge becomes `{add: [[…], […]]}`. A line break separates items like an arrow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.reading.characters import unprintable_character
from cnncalc.reading.items import STRUCTURE, Located, opaque_end, split_item, value_node
from cnncalc.reading.limits import DEFAULT_LIMITS, Limits
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode, Words
from cnncalc.reading.stopped import ReadingStopped

_STOP = re.compile(r"->|→|\r?\n|[()|#'\"\[]|\$\{")
_PLAIN_ITEM = re.compile(r" (?!null ->)([A-Za-z]\w*(?: [\w.+-]+)*) ->", re.ASCII)
"""An item of plain words, with single spaces, and the arrow after it."""
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_REPEAT = re.compile(r"\*\s*(\$\{[^}]*\}|\S*)")
_NAMED_INPUT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*:\s*")
_SCALAR = re.compile(r"scalar\s*(?=->|→|\n|$)")
_OPENING: AnyMapping[str, str] = {"'": "quote", '"': "quote", "[": "bracket", "$": "expression"}


class _InlineToken(NamedTuple):
    kind: str  # "text", "->", "newline", "(", ")", "|" or "end"
    start: int
    end: int


def read_inline(source: Source, limits: Limits = DEFAULT_LIMITS) -> tuple[Mapping | None, list[Diagnostic]]:
    """Parse an inline spec into `{input: …, layers: […]}`; (None, diagnostics) if it has errors.

    The input is a Scalar (`32x32x3`), a Sequence (`[32, 32, 3]`) or, for named inputs, a Mapping.
    Codes: E110 inline syntax, E102 duplicate key, E103 limit, E104 not text.
    """
    if len(source.text) > limits.file_bytes:
        return None, [limits.exceeded("file_bytes", len(source.text))]
    if problem := unprintable_character(source):
        return None, [problem]
    skipped = 1 if source.text.startswith("\ufeff") else 0
    located = Located(Scalar(source, skipped, len(source.text), source.text[skipped:]))
    parser = _InlineParser(located, limits)
    try:
        start, end = parser.input()
        given = _inputs(parser, start, end)
        items = parser.chain()
    except ReadingStopped as stop:
        return None, [*parser.diagnostics, stop.diagnostic]
    if parser.diagnostics:
        return None, parser.diagnostics
    place = located.place(start, len(located.text))
    layers = Sequence(source, place[0] if not items else items[0].start, items[-1].end if items else place[1], items)
    entries = {"input": (_key(given, "input"), given), "layers": (_key(layers, "layers"), layers)}
    return Mapping(source, *place, entries), []


def expand_item(node: Scalar, limits: Limits = DEFAULT_LIMITS) -> tuple[list[SpecNode], list[Diagnostic]]:
    """The items in one item's text: the item itself, or the parts of a chain, group or merge written in it."""
    if STRUCTURE.search(node.text) is None:
        return [node], []
    parser = _InlineParser(Located(node), limits)
    try:
        items = parser.chain()
    except ReadingStopped as stop:
        return [], [*parser.diagnostics, stop.diagnostic]
    if parser.diagnostics:
        return [], parser.diagnostics
    is_itself = len(items) == 1 and isinstance(items[0], Scalar) and items[0].text == node.text
    return ([node] if is_itself else items), []


def _key(value: SpecNode, text: str) -> Scalar:
    return Scalar(value.source, value.start, value.start, text)


class _OpenParenthesis:
    """An open parenthesis, with the name before it and the branches closed so far."""

    __slots__ = ("branches", "name", "opened", "outer")

    def __init__(self, opened: int, name: _InlineToken | None, outer: list[SpecNode]) -> None:
        self.opened = opened
        self.name = name
        self.outer = outer
        self.branches: list[SpecNode] = []


class _InlineParser:
    """A parser with its own stack: it collects independent errors and stops at unbalanced parentheses."""

    def __init__(self, located: Located, limits: Limits) -> None:
        self.located = located
        self.text = located.text
        self.limits = limits
        self.diagnostics: list[Diagnostic] = []
        self.offset = 0
        self.token = _InlineToken("newline", 0, 0)  # as after a line break: scanning is lazy
        self.items: list[SpecNode] = []
        self.stack: list[_OpenParenthesis] = []
        self.before = "start"  # the kind before the current token: "start", "->", "newline" or "item"
        self.branch_start = 0

    def error(self, message: str, start: int, end: int, hint: str) -> None:
        self.diagnostics.append(Diagnostic("E110", message, self.located.span(start, end), hint=hint))

    def stop(self, message: str, start: int, end: int, hint: str) -> ReadingStopped:
        return ReadingStopped(Diagnostic("E110", message, self.located.span(start, end), hint=hint))

    def advance(self) -> _InlineToken:
        token, self.token = self.token, self.scan()
        return token

    def scan(self) -> _InlineToken:
        """The next token; a text is stripped of white space around it."""
        text, start = self.text, self.offset
        offset = start
        while True:
            found = _STOP.search(text, offset)
            begin = found.start() if found else len(text)
            kind = found.group() if found else "end"
            if found and kind in ("'", '"', "[", "${"):
                offset = self.skip(begin)
                continue
            if kind == "#" and begin and not text[begin - 1].isspace():
                offset = begin + 1
                continue
            if kind == "(" and (code := _code_end(text, start, begin)):
                offset = code
                continue
            if stripped := text[start:begin].strip():
                start += text[start:begin].index(stripped[0])
                self.offset = begin
                return _InlineToken("text", start, start + len(stripped))
            if kind == "#":
                line_end = text.find("\n", begin)
                start = offset = len(text) if line_end == -1 else line_end
                continue
            self.offset = found.end() if found else begin
            kind = {"→": "->", "\n": "newline", "\r\n": "newline"}.get(kind, kind)
            return _InlineToken(kind, begin, self.offset)

    def skip(self, begin: int) -> int:
        end = opaque_end(self.text, begin)
        if end < 0:
            what = _OPENING[self.text[begin]]
            message = f"the {what} opened here is never closed"
            raise self.stop(message, begin, begin + 1, "close it, or put quotes around the text")
        return max(end, begin + 1)

    def input_hint(self, token: _InlineToken) -> str:
        """A hint for an input written as in code; empty for other inputs."""
        from cnncalc.reading.sizes import sizes_in  # most inputs are written plainly

        sizes = sizes_in(self.text[token.start : token.end])
        return f"write {sizes}, the shape without the batch" if sizes else ""

    def input(self) -> tuple[int, int]:
        """Start and end of the input's text; the arrow after it counts as preceding the first item."""
        while self.token.kind == "newline":
            self.advance()
        token = self.token
        hint = "begin with the input's shape, as in 32x32x3 -> conv 20 8x8"
        known = (_NAMED_INPUT, _SCALAR)
        is_name = token.kind == "text" and any(word.match(self.text, token.start) for word in known)
        is_word = token.kind == "text" and self.text[token.start].isalpha() and not is_name
        if token.kind != "text" or (is_word and not _is_open_shape(self.text[token.start : token.end])):
            raise self.stop("the input is missing", token.start, token.end, self.input_hint(token) or hint)
        self.advance()
        if self.token.kind not in ("->", "newline", "end"):
            message = f"found `{self.token.kind}` where `->` was expected"
            raise self.stop(message, self.token.start, self.token.end, hint)
        self.before = "item"
        return token.start, token.end

    def chain(self) -> list[SpecNode]:
        """All items up to the end of the text."""
        self.plain_items()
        while (token := self.advance()).kind != "end":
            if token.kind == "text" and self.token.kind == "(":
                self.open(self.advance(), token)
            elif token.kind == "text":
                self.add(self.located.scalar(token.start, token.end), token)
            elif token.kind == "(":
                self.open(token, None)
            elif token.kind == ")":
                self.close(token)
            elif token.kind == "|":
                self.bar(token)
            elif token.kind == "->":
                self.arrow(token)
            elif self.before == "item":
                self.before = "newline"
        if self.stack:
            opened = self.stack[-1].opened
            raise self.stop("the parenthesis opened here is never closed", opened, opened + 1, "add the closing `)`")
        self.no_arrow_before(token, "the text ends")
        return self.items

    def plain_items(self) -> None:
        """The items of plain words that follow an arrow and precede another: they are read without tokens."""
        source, base = self.located.source, self.located.base
        if self.token.kind != "->" or self.before != "item" or base is None:
            return
        offset = self.offset
        while found := _PLAIN_ITEM.match(self.text, offset):
            start, end = found.span(1)
            self.items.append(Words(source, base + start, base + end, found[1]))
            offset = found.end()
        if offset > self.offset:
            self.offset = offset
            self.token = _InlineToken("->", offset - 2, offset)

    def add(self, node: SpecNode, token: _InlineToken) -> None:
        if self.before == "item":
            self.error("two items without an arrow between them", token.start, token.end, "put `->` before this one")
        self.items.append(node)
        self.before = "item"

    def arrow(self, token: _InlineToken) -> None:
        if self.before == "->":
            self.error("no item between two arrows", token.start, token.end, "remove one of the arrows")
        elif self.before == "start":
            self.error("no item before this arrow", token.start, token.end, "remove the arrow")
        self.before = "->"

    def no_arrow_before(self, token: _InlineToken, event: str) -> None:
        if self.before == "->":
            hint = "write an item there, or remove the arrow"
            self.error(f"{event} after an arrow, where an item was expected", token.start, token.end, hint)

    def open(self, token: _InlineToken, name: _InlineToken | None) -> None:
        if name is not None and not _IDENTIFIER.fullmatch(self.text, name.start, name.end):
            times = re.fullmatch(r"([0-9]{1,6})\s*[*x×]", self.text[name.start : name.end])
            hint = "put `->` before the parenthesis; several numbers are written 3x3 or [3, 3]"
            hint = f"write the number of repetitions after the parentheses: (…)*{times[1]}" if times else hint
            raise self.stop("a parenthesis follows an item's text", token.start, token.end, hint)
        if self.before == "item":
            self.error("two items without an arrow between them", token.start, token.end, "put `->` before this one")
        if len(self.stack) >= self.limits.nesting:
            span = self.located.span(token.start, token.end)
            raise ReadingStopped(self.limits.exceeded("nesting", len(self.stack) + 1, span))
        self.stack.append(_OpenParenthesis(token.start, name, self.items))
        self.start_branch(token.end)

    def start_branch(self, offset: int) -> None:
        self.items = []
        self.before = "start"
        self.branch_start = offset

    def bar(self, token: _InlineToken) -> None:
        if not self.stack or self.stack[-1].name is None:
            hint = "`|` separates the branches of a merge, as in concat(a -> b | c)"
            raise self.stop("this `|` is outside a merge", token.start, token.end, hint)
        self.no_arrow_before(token, "a branch ends")
        self.end_branch(token.start)
        self.start_branch(token.end)

    def end_branch(self, offset: int) -> None:
        place = self.located.place(self.branch_start, offset)
        self.stack[-1].branches.append(Sequence(self.located.source, *place, self.items))

    def close(self, token: _InlineToken) -> None:
        if not self.stack:
            raise self.stop("this parenthesis has no opening parenthesis", token.start, token.end, "remove it")
        self.no_arrow_before(token, "the parenthesis closes")
        self.end_branch(token.start)
        frame = self.stack.pop()
        if frame.name is None and not self.items:
            self.error("these parentheses contain no item", frame.opened, token.end, "remove them")
        entries = self.entries(frame, token.end)
        end = self.suffix(entries, token.end)
        start = frame.name.start if frame.name else frame.opened
        node = Mapping(self.located.source, *self.located.place(start, end), entries)
        self.items = frame.outer
        self.items.append(node)
        self.before = "item"

    def entries(self, frame: _OpenParenthesis, end: int) -> dict[str, tuple[Scalar, SpecNode]]:
        """`layers: [items]` for a group, `TYPE: [branches]` for a merge; `add()` has no branches at all."""
        place = self.located.place(frame.opened, end)
        if frame.name is None:
            key = Scalar(self.located.source, place[0], place[0] + 1, "layers")
            return {"layers": (key, Sequence(self.located.source, *place, self.items))}
        key = self.located.scalar(frame.name.start, frame.name.end)
        is_bare = len(frame.branches) == 1 and not self.items
        return {key.text: (key, Sequence(self.located.source, *place, [] if is_bare else frame.branches))}

    def suffix(self, entries: dict[str, tuple[Scalar, SpecNode]], end: int) -> int:
        """Parse `*3` and `key=value` after a closing parenthesis into `entries`; returns their end."""
        if self.token.kind != "text":
            return end
        token = self.advance()
        start = token.start
        if found := _REPEAT.match(self.text, start, token.end):
            start = found.end()
            self.repeat(entries, found)
        for piece in split_item(self.located_part(start, token.end)):
            if not piece.key:
                span = piece.span
                hint = "only *N and key=value may follow; put `->` before the next item"
                self.diagnostics.append(
                    Diagnostic("E110", f"`{piece.text}` follows a closing parenthesis", span, hint=hint)
                )
            elif piece.key in entries:
                message = f'"{piece.key}" is given twice'
                self.diagnostics.append(Diagnostic("E102", message, piece.key_span, hint="keep one of them"))
            else:
                span = piece.key_span
                entries[piece.key] = (Scalar(span.source, span.start, span.end, piece.key), piece.value_node())
        return token.end

    def located_part(self, start: int, end: int) -> Scalar:
        return Scalar(self.located.source, *self.located.place(start, end), self.text[start:end])

    def repeat(self, entries: dict[str, tuple[Scalar, SpecNode]], found: re.Match[str]) -> None:
        start, end = found.span(1)
        count = self.text[start:end]
        if not (count.isascii() and count.isdigit()) and not count.startswith("${"):
            self.error("`*` must be followed by a number", found.start(), found.end(), "write *3 for three times")
        key = Scalar(self.located.source, *self.located.place(found.start(), found.start() + 1), "repeat")
        entries["repeat"] = (key, self.located.scalar(start, end))


def _is_open_shape(text: str) -> bool:
    from cnncalc.reading.sizes import is_open  # most inputs are written plainly

    return is_open(text)


def _code_end(text: str, start: int, opened: int) -> int:
    """The end of a call or tuple of code whose parenthesis opens at `opened`; 0 for a parenthesis of the spec."""
    from cnncalc.reading.calls import code_end  # most specs hold no parentheses

    return code_end(text, start, opened)


def _inputs(parser: _InlineParser, start: int, end: int) -> SpecNode:
    """The input's node: named inputs, separated by commas, become a Mapping."""
    located, text = parser.located, parser.text
    if not _NAMED_INPUT.match(text, start, end):
        return value_node(located, start, end)
    entries: dict[str, tuple[Scalar, SpecNode]] = {}
    for part_start, part_end in _comma_parts(text, start, end):
        found = _NAMED_INPUT.match(text, part_start, part_end)
        if found is None or found.end() == part_end:
            hint = "write each of several inputs as name: shape"
            parser.error("this input has no name or no shape", part_start, part_end, hint)
            continue
        key = located.scalar(*found.span(1))
        if key.text in entries:
            message = f'the input "{key.text}" is given twice'
            parser.diagnostics.append(Diagnostic("E102", message, key.span, hint="give it another name"))
        entries[key.text] = (key, value_node(located, found.end(), part_end))
    return Mapping(located.source, *located.place(start, end), entries)


def _comma_parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The ranges between commas, without surrounding whitespace; `[1, 2]` is not split."""
    parts = []
    offset = begun = start
    while offset <= end:
        if offset == end or text[offset] == ",":
            stretch = text[begun:offset]
            left = begun + len(stretch) - len(stretch.lstrip())
            parts.append((left, max(left, begun + len(stretch.rstrip()))))
            begun = offset + 1
            offset += 1
        else:
            offset = max(opaque_end(text, offset), offset + 1)
    return parts
