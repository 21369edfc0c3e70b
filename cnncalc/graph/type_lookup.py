"""Which layer type a word means, and what to say when it means none."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, did_you_mean
from cnncalc.layers import registry
from cnncalc.layers.base import Layer
from cnncalc.reading.nodes import Scalar

FoundType = tuple[type[Layer], int | None]
"""A type, and the number of spatial axes that its suffix asserts."""


class Suffix(NamedTuple):
    """The name of a layer that asserts its number of spatial axes (`conv2d`), and the axes that come before them."""

    name: str
    spatial: int
    before: int


_WORDS = r"[A-Za-z]\w*(?: +[A-Za-z]\w*)+"
_LAST_WORDS = r"[A-Za-z]\w*(?: +[A-Za-z]\w*)+ *$"

_KEYS_OF_TYPES = ("type", "class_name", "kind", "layer_type", "op")

_NO = "no[_-]?"
_AMOUNT = "[0-9]{1,40}(?:x[0-9]{1,40})*"


def suffix_of(found: FoundType) -> Suffix | None:
    """The number of axes that the suffix of a type's name asserts; None without one."""
    kind, spatial = found
    return None if spatial is None else Suffix(f"{kind.type}{spatial}d", spatial, kind.axes_before_spatial)


def find(word: str) -> FoundType | None:
    """The type that a word means."""
    try:
        return _known(word)
    except LookupError:
        return None


@lru_cache(maxsize=1024)  # a word keeps its meaning; one without any, which a plug-in may give it, is not kept
def _known(word: str) -> FoundType:
    """The type that a word means. Raises LookupError for a word that means none."""
    found = registry.find(word)
    if found is None:
        raise LookupError(word)
    return found


def written_apart(text: str) -> str:
    """The hint where the words that end `text` are one name: `max pool`, `conv transpose`; else nothing."""
    found = re.search(_LAST_WORDS, text[-80:])
    return _written_apart(found.group().split() if found else [], from_start=False)


def _written_apart(words: list[str], *, from_start: bool) -> str:
    for count in range(len(words), 1, -1):
        found = find("_".join(words[:count] if from_start else words[-count:]))
        if found is not None:
            return f'did you mean "{found[0].type}"?'
    return ""


def unknown_type(head: Scalar, blocks: Iterable[str]) -> Diagnostic:
    """For a word that is neither a type nor a block."""
    own = [*blocks, *registry.load_all()]
    words = re.match(_WORDS, head.source.text[head.start : head.end + 80])
    hint = _written_apart(words.group().split() if words else [], from_start=True)
    last = head.text.rpartition(".")[2]
    hint = hint or did_you_mean(last, own) or did_you_mean(last, registry.known_names())
    hint = _as_a_key(head) or hint
    if head.text[:1].isdigit():
        hint = "an item begins with its type, and the values follow, as in conv 20 8x8"
    message = f'unknown layer type "{head.text}"'
    return Diagnostic("E202", message, head.span, hint=hint or "`cnncalc layers` lists every type")


def _as_a_key(head: Scalar) -> str:
    """The hint for `type: conv`, a type under a key as other tools write it; else nothing."""
    value = re.compile(r"[\"']?\s*:\s*[\"']?([A-Za-z]\w{0,60})").match(head.source.text, head.end)
    if head.text not in _KEYS_OF_TYPES or value is None or find(value[1]) is None:
        return ""
    return f"the type itself is the key: {value[1]}: …"


def is_activation(word: str) -> bool:
    """Whether a word names a type that another layer may carry as its activation."""
    found = find(word)
    return found is not None and found[0].usable_as_activation


def of_its_own(word: str) -> str:
    """The hint for a type's name among another layer's arguments: an arrow is missing; else nothing."""
    return f"put `->` before {word}, which makes it an item of its own" if find(word) else ""


def _denied(word: str, kind: type[Layer] | None) -> str:
    """The text to write for `no_bias`; else nothing."""
    field = kind.fields.get(re.sub(_NO, "", word.lower())) if kind and re.match(_NO, word.lower()) else None
    return f"write {field.name}=false" if field and field.schema.get("type") == "boolean" else ""


def _branch(word: str, kind: type[Layer] | None) -> str:
    """The hint for a call among a merge's arguments, which represents a branch; else nothing."""
    called = word.partition("(")[0].rpartition(".")[2] if kind and kind.branching and "(" in word else ""
    return f"branches are separated by `|`: {kind.type}(… | {word[:60]})" if kind and called and find(called) else ""


def _capital(word: str, kind: type[Layer] | None) -> str:
    """The text to write for `P1`; else nothing."""
    short = word[:1].lower()
    known = kind is not None and any(field.short == short for field in kind.fields.values())
    return f"write {short}{word[1:]}" if known and re.fullmatch(f"[A-Z]{_AMOUNT}", word) else ""


def _short_form(word: str, kind: type[Layer] | None) -> str:
    """The hint for a short form without its number, `s`, or with a negative one, `p-1`; else nothing."""
    short = re.fullmatch("([a-z])(-[0-9]{1,9})?", word)
    field = next((each for each in kind.fields.values() if short and each.short == short[1]), None) if kind else None
    if short is None or field is None:
        return ""
    return f"{field.name} is not negative" if short[2] else f"write its number after it, as in {word}2"


def unknown_word(head: Scalar, kind: type[Layer] | None) -> Diagnostic:
    """For a bare word in an item of type `kind` (or, without one, for an `activation`) that nothing knows."""
    from cnncalc.reading import sizes  # most words are known

    activations = [name for name, layer in registry.load_all().items() if layer.usable_as_activation]
    choices = [word for field in kind.fields.values() for word in field.choices] if kind else []
    hint = written_apart(head.source.text[: head.end]) or _denied(head.text, kind) or of_its_own(head.text)
    spaced = sizes.around(head.source.text, head.start, head.end)
    hint = hint or _branch(head.text, kind) or _capital(head.text, kind) or _short_form(head.text, kind)
    hint = hint or (f"write {spaced}" if spaced else "")
    hint = hint or did_you_mean(head.text, [*choices, *activations])
    if kind is None:
        message = f'activation: unknown word "{head.text}"'
        return Diagnostic("E204", message, head.span, hint=hint or f"allowed: {', '.join(activations)}")
    words = f"{', '.join(choices)}, or an activation" if choices else "an activation"
    message = f'{kind.type}: unknown word "{head.text}". Allowed: {words}'
    return Diagnostic("E204", message, head.span, hint=hint)
