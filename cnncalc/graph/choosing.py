"""The type of an item whose arguments choose it: `Pooling {pool: AVE, global_pooling: true}`."""

from __future__ import annotations

from typing import Any

from cnncalc.diagnostics import Diagnostic, Refusal, Span
from cnncalc.graph import type_lookup
from cnncalc.graph.items import Item
from cnncalc.graph.values import Values, WrongValue
from cnncalc.layers.base import Layer
from cnncalc.layers.spelling import normal


def chosen(found: type_lookup.FoundType, item: Item, values: Values) -> tuple[type_lookup.FoundType, Item]:
    """The type that an item's arguments choose, and the item without them; `found` is a type with a choice.

    Raises WrongValue, or Unknowable.
    """
    kind, rank = found
    choice = kind.choice
    assert choice is not None
    given: dict[str, Any] = {}
    places: dict[str, Span] = {}
    rest = []
    words = {normal(word): word for word in choice.words}
    for argument in item.arguments:
        word = words.get(normal(argument.key.text)) if argument.key else None
        if word is None:
            rest.append(argument)
        else:
            given[word], places[word] = values.read(argument.value), argument.value.span
    if not given:
        return found, item
    try:
        other = type_lookup.find(choice.pick(given))
    except Refusal as refusal:
        place = places.get(refusal.field or "", item.span)
        raise WrongValue(Diagnostic(refusal.code, refusal.message, place, hint=refusal.hint)) from None
    assert other is not None
    kept = [argument for argument in rest if argument.key is None or not _lost(argument.key.text, kind, other[0])]
    return (other[0], rank), item._replace(given=kept, key=None)


def _lost(word: str, kind: type[Layer], other: type[Layer]) -> bool:
    """Whether a word sets a window that the chosen type does not have: a global pool sees everything."""
    field = kind.spellings.get(normal(word))
    return field is not None and kind.fields[field].axes and field not in other.fields
