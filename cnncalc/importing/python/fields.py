"""The words of a framework's call as fields of a layer type."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from cnncalc.importing.tensors.tensor import NotSaid
from cnncalc.layers.argument_meaning import meaning
from cnncalc.layers.base import REGISTRY, Layer
from cnncalc.layers.registry import find
from cnncalc.layers.spelling import normal


def layer_type(name: str) -> type[Layer]:
    """The layer type of a framework's name. Raises NotSaid."""
    found = find(name)
    if found is None:
        raise NotSaid(f"{name} has no layer type")
    return found[0]


def fields_of(kind: type[Layer], words: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that words give, without the defaults. Raises NotSaid for one that cannot be said."""
    found: dict[str, Any] = {}
    spellings = _spellings(kind.type)
    for word, value in words.items():
        if value is None:
            continue
        name = spellings.get(normal(word))
        if name is None:
            told = meaning(kind, word)
            if told is None:
                raise NotSaid(f"{word} of {kind.type}")
            if told.refused and value not in (False, 0, -1):
                raise NotSaid(told.refused)
            if told.values is None:
                continue
            name, value = told.field, told.values.get(value, value)
        value = short(value)
        if value != kind.fields[name].default:
            found[name] = value
    return found


def words_for_field(name: str, field: str) -> list[str]:
    """The words by which a framework's layer may give a field of its type."""
    found = find(name)
    known = found[0].fields.get(field) if found else None
    return [field, *(known.aliases if known else ())]


def short(value: Any) -> Any:
    """One number for a list of equal ones; a list for a tuple."""
    if not isinstance(value, list | tuple):
        return value
    parts = [short(each) for each in value]
    return parts[0] if parts and type(parts[0]) is int and parts.count(parts[0]) == len(parts) else parts


@cache
def _spellings(type: str) -> dict[str, str]:
    kind = REGISTRY[type]
    return {normal(word): name for name, field in kind.fields.items() for word in (*field.aliases, name)}
