"""Fields that are named without `=`, as in other languages: `stride 2`, `padding: 1`, `bias`."""

import re
from typing import NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.graph.items import COMMON_KEYS, Argument
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import Field
from cnncalc.layers.spelling import normal
from cnncalc.reading.nodes import Scalar, SpecNode

_WORD = re.compile(r"([A-Za-z_]\w*)[:=]?")
_SPELT = re.compile(r"([A-Za-z_]\w*):(\S+)")
_NUMERAL = "0123456789-+.$[("


class Loose(NamedTuple):
    """A field's name without `=`, and the value after it."""

    word: str
    span: Span
    text: str
    """The text to write."""
    nodes: tuple[SpecNode, ...]
    """The text that the user wrote."""


def loose_fields(arguments: list[Argument], kind: type[Layer]) -> list[Loose]:
    """The arguments that name a field of a type, or what every item may carry, without `=`."""
    ordered = sorted(arguments, key=lambda argument: (argument.key or argument.value).start)
    words = [_word(key, node) for key, node in ordered]
    if not any(words):
        return []
    fields = _spellings(kind)
    found: list[Loose] = []
    skipped: set[int] = set()
    for place, ((key, node), word) in enumerate(zip(ordered, words, strict=True)):
        if place in skipped or word is None or normal(word[1]) not in fields:
            continue
        field = fields[normal(word[1])]
        if word.re is _SPELT:
            found.append(Loose(word[1], node.span, f"{word[1]}={word[2].rstrip(',;')}", (node,)))
            continue
        last = place + 1
        if last < len(ordered) and _text(ordered[last][1]) == "=":
            last += 1
        value = (
            _text(ordered[last][1]).lstrip("=").rstrip(",;") if last < len(ordered) and ordered[last][0] is None else ""
        )
        if not _is_value(value, field):
            if key is None:
                flag = field is not None and field.schema.get("type") == "boolean"
                found.append(Loose(word[1], node.span, f"{word[1]}={'true' if flag else '…'}", (node,)))
            continue
        skipped.update(range(place, last + 1))
        nodes = tuple(each for _, each in ordered[place : last + 1])
        named = key or node
        span = Span(named.source, named.start, max(named.end, nodes[-1].end))
        found.append(Loose(word[1], span, f"{word[1]}={value}", nodes))
    return found


def _word(key: Scalar | None, node: SpecNode) -> re.Match[str] | None:
    """The word of an argument that may name a field: `padding`, `padding:1`, or a key without a value."""
    if not isinstance(node, Scalar) or (key is not None and node.text):
        return None
    text = (key or node).text
    return _SPELT.fullmatch(text) or _WORD.fullmatch(text)


def _spellings(kind: type[Layer]) -> dict[str, Field | None]:
    """The fields by every spelling that has no meaning of its own as a word; None for what every item may carry."""
    words = {word for field in kind.fields.values() for word in field.choices}
    own = {spelling: kind.fields[name] for spelling, name in kind.spellings.items() if spelling not in words}
    return {**dict.fromkeys(map(normal, COMMON_KEYS)), **own}


def _text(node: SpecNode) -> str:
    return node.text if isinstance(node, Scalar) else node.source.text[node.start : node.end]


def _is_value(text: str, field: Field | None) -> bool:
    """Whether a text that follows a field's name can be its value."""
    if not text:
        return False
    if field is None:
        return True
    if field.schema.get("type") == "boolean":
        return text.lower() in ("true", "false")
    return text[0] in _NUMERAL or text.lower() in field.choices
