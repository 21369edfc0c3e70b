"""The text format of protocol buffers: `name: value`, `name { … }`, lists in brackets, comments with `#`.

Source: Protocol Buffers documentation, Text Format Language Specification.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError, shortened
from cnncalc.number_text import thousands

_TOKEN = re.compile(
    r"""(?P<space>[\s,;]+|\#[^\n]*)|(?P<text>"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\\\n]*(?:\\.[^'\\\n]*)*')|(?P<open>[{<])|(?P<close>[}>])"""
    r"""|(?P<list>\[)|(?P<unlist>\])|(?P<colon>:)|(?P<word>[-+]?[\w.][\w.+-]*)"""
)


MOST_FIELDS = 20_000
"""The number of fields of a message, such as the bottoms of a layer; the whole file may have any number."""
LONGEST_TOKEN = 10_000
"""The number of characters of a name, a number or a text."""


@dataclass(slots=True)
class TextValue:
    """A scalar: its text without quotes, and where it is."""

    text: str
    start: int
    end: int
    is_quoted: bool = False


@dataclass
class Message:
    """A message: its fields in order, of which each name may occur several times."""

    source: Source
    start: int
    end: int
    fields: list[tuple[str, TextValue | Message]] = field(default_factory=list)

    def blocks(self, name: str) -> list[Message]:
        """The messages under a name."""
        return [value for key, value in self.fields if key == name and isinstance(value, Message)]

    def block(self, name: str) -> Message:
        """The last message under a name, or an empty one."""
        return (self.blocks(name) or [Message(self.source, self.start, self.end)])[-1]

    def values(self, name: str) -> list[TextValue]:
        """The scalars under a name."""
        return [value for key, value in self.fields if key == name and isinstance(value, TextValue)]

    def has(self, name: str) -> bool:
        """Whether a field is given."""
        return any(key == name for key, _ in self.fields)

    def text(self, name: str, default: str = "") -> str:
        """The text of the last field of a name."""
        return values[-1].text if (values := self.values(name)) else default

    def number(self, name: str, default: int) -> int:
        """The whole number of the last field of a name. Raises SpecError for another text."""
        return self._whole(name, values[-1]) if (values := self.values(name)) else default

    def numbers(self, name: str) -> list[int]:
        """The whole numbers of a repeated field."""
        return [self._whole(name, value) for value in self.values(name)]

    def fraction(self, name: str, default: float) -> float:
        """The number of the last field of a name."""
        values = self.values(name)
        try:
            return float(self._unquoted(name, values[-1])) if values else default
        except ValueError:
            self.fail(f'{name}: "{shortened(values[-1].text)}" is not a number', place=values[-1])

    def flag(self, name: str, *, default: bool) -> bool:
        """The truth of the last field of a name."""
        word = self.text(name, str(default)).lower()
        if word not in ("true", "false", "1", "0", "t", "f"):
            self.fail(f'{name}: "{shortened(word)}" is neither true nor false', place=self.values(name)[-1])
        return word in ("true", "1", "t")

    def _unquoted(self, name: str, value: TextValue) -> str:
        """The text of a number. Raises SpecError for one in quotes, which Caffe does not parse."""
        if value.is_quoted:
            text = shortened(value.text)
            self.fail(f'{name}: "{text}" is a text, and not a number', f"write {name}: {text}", place=value)
        return value.text

    def _whole(self, name: str, value: TextValue) -> int:
        self._unquoted(name, value)
        if re.fullmatch(r"-?[0-9]{13,}", value.text):
            self.fail(f"{name}: a number of {thousands(len(value.text))} digits; the limit is 12", place=value)
        if not re.fullmatch(r"-?[0-9]{1,12}", value.text):
            self.fail(f'{name}: "{shortened(value.text)}" is not a whole number', place=value)
        return int(value.text)

    def fail(self, message: str, hint: str = "", *, place: TextValue | None = None) -> NoReturn:
        """Refuse the message, at one of its values or at its head."""
        at = place or self
        raise SpecError([Diagnostic("E111", message, Span(self.source, at.start, at.end), hint=hint)])


@dataclass(slots=True)
class _Lexeme:
    kind: str
    text: str
    start: int
    end: int


def parse(source: Source, most_levels: int) -> Message:
    """The message of a whole text. Raises SpecError (E111) at the first token that does not fit."""
    top = Message(source, 0, 0)
    stack = [(top, "")]
    name: _Lexeme | None = None
    in_list = False
    for token in _lexemes(source):
        if name is None:
            if token.kind == "close" and len(stack) > 1:
                stack.pop()
            elif token.kind == "word":
                name = token
            else:
                _refuse(source, token, f'"{shortened(token.text)}" where the name of a field belongs')
        elif token.kind == "colon":
            continue
        elif token.kind in ("list", "unlist"):
            in_list = token.kind == "list"
            name = name if in_list else None
        elif token.kind == "open":
            if len(stack) > most_levels:
                _refuse(source, token, f"messages are nested more than {most_levels} deep")
            inner = Message(source, name.start, name.end)
            stack[-1][0].fields.append((name.text, inner))
            stack.append((inner, name.text))
            name = None
        elif token.kind in ("word", "text"):
            fields = stack[-1][0].fields
            if len(fields) == MOST_FIELDS and stack[1:]:
                _refuse(source, token, f"{stack[-1][1]} has more than {thousands(MOST_FIELDS)} fields")
            fields.append((name.text, _value(token)))
            name = name if in_list else None
        else:
            _refuse(source, token, f'"{shortened(token.text)}" where the value of {name.text} belongs')
    if len(stack) > 1:
        block, word = stack[-1]
        block.fail(f"{word} is never closed", "add } at its end")
    return top


def _value(token: _Lexeme) -> TextValue:
    if token.kind == "text":
        text = token.text[1:-1]
        if "\\" in text:
            text = re.sub(r"\\(.)", r"\1", text)
        return TextValue(text, token.start, token.end, is_quoted=True)
    return TextValue(token.text, token.start, token.end)


def _lexemes(source: Source) -> Iterator[_Lexeme]:
    position, text = 0, source.text
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            place = _Lexeme("", text[position], position, position + 1)
            _refuse(source, place, f'"{text[position]}" does not belong here')
        start, position = found.span()
        if found.lastgroup != "space":
            token = _Lexeme(found.lastgroup or "", found[0], start, position)
            if position - start > LONGEST_TOKEN:
                most = thousands(LONGEST_TOKEN)
                _refuse(source, token, f"a text of {thousands(position - start)} characters; the limit is {most}")
            yield token


def _refuse(source: Source, token: _Lexeme, message: str) -> NoReturn:
    raise SpecError([Diagnostic("E111", message, Span(source, token.start, token.end))])
