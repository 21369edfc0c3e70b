"""Fields that hold words, flags, texts, or another layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from cnncalc.diagnostics import Refusal
from cnncalc.hidden_characters import hidden
from cnncalc.layers.declare._field import Field, FieldOptions
from cnncalc.layers.declare._parsing import one_of, shown, words_schema


def choice(
    help: str, words: tuple[str, ...], *, synonyms: Mapping[str, str] | None = None, **options: Unpack[FieldOptions]
) -> str:
    """One of a set of words; a bare word in an item's short form finds the field that allows it.

    `synonyms` are other spellings, each with the word that it is read as.
    """
    meant = synonyms or {}
    allowed = (*words, *meant)

    def parse(value: Any) -> str:
        word = one_of(value, allowed)
        return meant.get(word, word)

    return Field(help, parse, words_schema(allowed), choices=allowed, **options)  # type: ignore[return-value]


def flag(help: str, **options: Unpack[FieldOptions]) -> bool:
    """True or false, or 1 or 0 as in ONNX; a default of None means that the convention decides."""

    def parse(value: Any) -> bool:
        if isinstance(value, int) and value in (0, 1):  # a bool is an int
            return bool(value)
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise Refusal(f"got {shown(value)}, but true or false is needed", code="E204")

    return Field(help, parse, {"type": "boolean"}, **options)  # type: ignore[return-value]


def words(help: str, **options: Unpack[FieldOptions]) -> tuple[str, ...]:
    """A list of names that the user chooses; empty by default."""

    def parse(value: Any) -> tuple[str, ...]:
        items = value if isinstance(value, list) else [value]
        if not items or any(isinstance(item, list | dict | bool | None) or not str(item) for item in items):
            raise Refusal(f"got {shown(value)}, but a list of names is needed", code="E204")
        if any(hidden(str(item)) for item in items):
            raise Refusal(f"got {shown(value)}, but names must not contain invisible characters", code="E204")
        return tuple(map(str, items))

    schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 1}]}
    options.setdefault("default", ())
    options.setdefault("default_text", "none")
    return Field(help, parse, schema, **options)  # type: ignore[return-value]


def text(help: str, **options: Unpack[FieldOptions]) -> str:
    """A text that the user chooses; the layer's rule checks its form."""

    def parse(value: Any) -> str:
        if not isinstance(value, str):
            raise Refusal(f"got {shown(value)}, but a text is needed", code="E204")
        return value

    return Field(help, parse, {"type": "string"}, **options)  # type: ignore[return-value]


def layer(help: str) -> Any:
    """Another layer, written as an item; the graph's builder creates it."""

    def parse(value: Any) -> Any:
        raise Refusal(f"got {shown(value)}, but an item that names a layer is needed", code="E209")

    return Field(help, parse, {"anyOf": [{"type": "string"}, {"type": "object"}]})
