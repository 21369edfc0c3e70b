r"""Layers that a long text spells out in plain words, which need neither a YAML parser nor nodes of their own.

`- conv: {filters: 8, kernel: [3, 3]}` on a line, and the same over several lines, mean the same to every YAML parser
wherever a list may have an item. Whether it may have one here only the parser knows: the line could as well be a part
of a block of text. So the parser reads the text with an empty quoted item, `- ""`, and spaces in place of each layer.
Where it meets the item at the place of a layer, the layer is the item; if it does not meet one of them, or finds any
mistake, `read_yaml` has it read the text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping

from cnncalc.diagnostics import Source
from cnncalc.reading.nodes import LateMapping, Mapping, Scalar, SpecNode, WordList
from cnncalc.reading.scalars import ScalarValue, value_of

LEAST_LINES = 200
"""Lines of a text in which layers are looked for: in a shorter one it takes longer to compile the patterns."""

LEVELS = 3
"""The most levels of a layer: the item, its fields, and a list in them."""

_NAME = r"[A-Za-z_]\w*"
_WORD = r"(?:[\w.]|-[\d.])[\w.+-]*"
_LIST = rf"\[{_WORD}(?:, ?{_WORD})*\]"
_QUOTED = r""""[ !#-9;-\[\]-~]*"|'[ -&(-9;-~]*'"""  # without escapes and colons, so that only a key is before a colon
_VALUE = rf"(?:{_WORD}|{_LIST}|{_QUOTED})"
_FIELD = rf"{_NAME}: +{_VALUE}"
_HEAD = r"\n( *)- (?P<head>[A-Za-z_][\w.]*):"
_END = r"(?= *(?: #[^\n]*)?\r?(?:\n(?!\1 )|\Z))"  # no line that is indented further
_FORMS = (
    rf"{_HEAD} +\{{ ?{_FIELD}(?:, {_FIELD}){{0,40}} ?\}}{_END}",
    rf"{_HEAD}\r?\n\1( {{3,40}}){_FIELD}(?:\r?\n\1\3{_FIELD}){{0,40}}{_END}",
)
"""A layer whose fields are in braces, and one with a line for each; they are bounded to bound the work on a line."""


class SpeltLayer(LateMapping):
    """`conv: {filters: 8, kernel: [3, 3]}`; most readers need only the type's name, `head`, and `fields` as texts."""

    __slots__ = ("fields", "head")

    def __init__(self, source: Source, start: int, end: int, head: str, fields: AnyMapping[str, str]) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.head = head
        self.fields = fields

    def value(self, name: str) -> SpecNode:
        """The node of a field's value."""
        text, written = self.source.text, self.fields[name]
        return self._value(text.index(written, text.index(":", self._start_of(name))), written)

    def placed_fields(self) -> list[tuple[Scalar, SpecNode]]:
        """The nodes of all fields, which are the same whenever they are asked for."""
        inner = self.entries[self.head][1]
        assert isinstance(inner, Mapping)
        return list(inner.entries.values())

    def make_entries(self) -> dict[str, tuple[Scalar, SpecNode]]:
        """The mapping of the layer's fields under the layer's type."""
        fields = {name: (self._key(name), self.value(name)) for name in self.fields}
        after_head = self.start + len(self.head)
        first = next(iter(fields.values()))[0].start
        before = self.source.text[after_head:first]
        start = after_head + before.index("{") if "{" in before else first
        inner = Mapping(self.source, start, self.end, fields)
        return {self.head: (Scalar(self.source, self.start, after_head, self.head), inner)}

    def _start_of(self, name: str) -> int:
        """The position of a field's key: no value has a colon."""
        text = self.source.text
        return text.find(f" {name}:", self.start, self.end) + 1 or text.index(f"{{{name}:", self.start) + 1

    def _key(self, name: str) -> Scalar:
        start = self._start_of(name)
        return Scalar(self.source, start, start + len(name), name)

    def _value(self, start: int, written: str) -> SpecNode:
        end = start + len(written)
        if written[0] == "[":
            return WordList(self.source, start, end, _words(written))
        if written[0] in "\"'":
            return Scalar(self.source, start, end, written[1:-1], plain=False)
        return Scalar(self.source, start, end, written)


def _words(written: str) -> list[str]:
    return written[1:-1].replace(" ", "").split(",")


def field_value(written: str) -> ScalarValue | list[ScalarValue]:
    """The plain value of a field.

    >>> field_value("8"), field_value("[3, 3x3]"), field_value("'3'")
    (8, [3, '3x3'], '3')
    """
    if written[0] == "[":
        return [value_of(word) for word in _words(written)]
    return written[1:-1] if written[0] in "\"'" else value_of(written)


def set_apart(source: Source, text: str) -> tuple[str, dict[int, SpeltLayer]]:
    """A text of equal length with empty items in place of layers, and these layers by their offsets.

    A text with anchors is left as it is: whoever repeats a node counts the nodes in it.
    """
    layers: dict[int, SpeltLayer] = {}
    if text.count("\n") < LEAST_LINES or "&" in text:
        return text, layers
    fields = re.compile(rf"({_NAME}): +({_VALUE})", re.ASCII)

    def stand_in(found: re.Match[str]) -> str:
        head, end = found["head"], found.end()
        start = found.start("head")
        given = fields.findall(text, start + len(head), end)
        own = dict(given)
        if len(own) < len(given):  # a key is given twice, which is reported
            return found.group()
        layers[start] = SpeltLayer(source, start, end, head, own)
        return f'\n{found[1]}- ""{" " * (end - start - 2)}'

    for form in _FORMS:
        text = re.sub(form, stand_in, text, flags=re.ASCII)
    return text, layers
