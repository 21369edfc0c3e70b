"""The grammar of a configuration: sections of `key=value` lines, comments with `#` and `;`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError, closest, shortened
from cnncalc.number_text import thousands

_NUMBER = re.compile(r"[+-]?[0-9]{1,12}")


@dataclass
class OptionLine:
    """One `key=value` line; `start` and `end` enclose the value."""

    value: str
    start: int
    end: int


@dataclass
class DarknetSection:
    """`[kind]` with its options. The last of several lines with one key counts, as darknet reads them."""

    source: Source
    kind: str
    start: int
    end: int
    options: dict[str, OptionLine] = field(default_factory=dict)

    def word(self, key: str, default: str) -> str:
        """The text of an option, without spaces."""
        return self.options[key].value if key in self.options else default

    def number(self, key: str, default: int) -> int:
        """The whole number of an option. Raises SpecError for anything else."""
        if key not in self.options:
            return default
        return self._whole(key, self.options[key].value)

    def _whole(self, key: str, text: str) -> int:
        if not _NUMBER.fullmatch(text):
            is_long = len(text) > 12 and re.fullmatch(r"[+-]?[0-9]+", text)
            got = f"a number of {thousands(len(text))} digits" if is_long else shortened(text)
            wanted = "have at most 12" if is_long else "be a whole number"
            self.fail(f"{key}: got {got}, but it must {wanted}", key=key)
        return int(text)

    def size(self, key: str, default: int) -> int:
        """A whole number from 1."""
        value = self.number(key, default)
        if value < 1 and key not in self.options:
            self.fail(f"{key} is missing", f"add {key}=…")
        if value < 1:
            self.fail(f"{key}: got {value}, but it must be at least 1", key=key)
        return value

    def fraction(self, key: str, default: float) -> float:
        """The number of an option, at least 0 and at most 1."""
        try:
            value = float(self.word(key, str(default)))
        except ValueError:
            value = -1
        if not 0 <= value <= 1:
            self.fail(f'{key}: "{shortened(self.word(key, ""))}" is not a number from 0 to 1', key=key)
        return value

    def numbers(self, key: str) -> list[int]:
        """The whole numbers of a list with commas."""
        texts = [text for text in self.word(key, "").split(",") if text]
        return [self._whole(key, text) for text in texts]

    def span(self, key: str | None = None) -> Span:
        """The value of an option, or the section's head."""
        option = self.options.get(key) if key else None
        return Span(self.source, option.start, option.end) if option else Span(self.source, self.start, self.end)

    def fail(self, message: str, hint: str = "", *, key: str | None = None) -> NoReturn:
        """Refuse the section, at the value of `key` if it has one."""
        raise SpecError([Diagnostic("E111", f"[{self.kind}] {message}", self.span(key), hint=hint)])


def sections_of(source: Source) -> list[DarknetSection]:
    """The sections in order. Raises SpecError (E111) for a line that is neither a section, an option nor a comment."""
    sections: list[DarknetSection] = []
    offset = 0
    for line in source.text.split("\n"):
        text = line.strip()
        start = offset + (len(line) - len(line.lstrip()))
        offset += len(line) + 1
        if not text or text[0] in "#;":
            continue
        end = start + len(text)
        if text[0] == "[":
            sections.append(DarknetSection(source, _kind(source, text, start), start, end))
        else:
            _add_option(source, sections, text, start)
    return sections


def _kind(source: Source, text: str, start: int) -> str:
    found = re.match(r"\[\s*([\w]+)\s*\]\s*(?:[#;].*)?$", text)
    if not found:
        _refuse(source, start, start + len(text), f'"{shortened(text)}" is not the head of a section', "write [name]")
    return found[1].lower()


def _add_option(source: Source, sections: list[DarknetSection], text: str, start: int) -> None:
    key, equals, value = text.partition("=")
    if not equals:
        _refuse(source, start, start + len(text), f'"{shortened(text)}" has no equals sign', "write key=value")
    if not sections:
        _refuse(source, start, start + len(text), "an option before the first section", "begin with [net]")
    value = value.split("#")[0].split(";")[0]
    begin = start + len(key) + 1 + (len(value) - len(value.lstrip()))
    stripped = value.strip()
    option = OptionLine(re.sub(r"\s", "", stripped), begin, begin + max(len(stripped), 1))
    sections[-1].options[key.strip()] = option


def _refuse(source: Source, start: int, end: int, message: str, hint: str) -> NoReturn:
    raise SpecError([Diagnostic("E111", message, Span(source, start, end), hint=hint)])


def refuse_kind(section: DarknetSection, known: list[str]) -> NoReturn:
    """Refuse a section of an unknown kind."""
    near = closest(section.kind, known)
    section.fail("is not a kind of layer that is known", f"did you mean [{near}]?" if near else "")
