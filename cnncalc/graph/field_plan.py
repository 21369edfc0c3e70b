"""Which field each argument of an item goes to: found once for all items that differ only in their numbers."""

import re
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Setting
from cnncalc.diagnostics import Refusal
from cnncalc.graph.kept import Kept
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import SHORT_FORM, Field
from cnncalc.layers.spelling import normal
from cnncalc.layers.window_layer import Seen, WindowLayer

_NUMBER = re.compile(r"[1-9](?:(?<=[\[( '].)|(?<='[a-z].)|(?<=[0-9]x.))[0-9]{0,8}(?=[]),'x])")
"""A positive number of a list, of sizes, or of a short form, in the text that Python writes for the values."""

_NUMBER_OF_WORDS = re.compile(r"(?:(?<= )|(?<= [a-z])|(?<=[0-9]x))[1-9][0-9]{0,8}(?![^ x])")
"""The same in an item of plain words: the numbers of `conv 8 3x3 s1`."""

ParsedTexts = Kept[tuple[Field, str], Any]
"""The values that fields have parsed, by the field and its text."""


class PlanKey(NamedTuple):
    """A type, the names of an item's arguments, and the text of their values with a mark in place of each number.

    Which field an argument goes to depends on its name and on the kind of its value, never on the size of a positive
    number; all else is part of the key: words, 0, negative numbers, fractions, and a number in a word (`relu6`).
    So items with equal keys have equal plans. A number that its field refuses makes the plan give no layer.
    """

    kind: type[Layer]
    names: tuple[str, ...]
    form: str


def plan_key(kind: type[Layer], names: tuple[str, ...], values: str) -> PlanKey:
    """The key of an item's plan, from all that its layer depends on."""
    return PlanKey(kind, names, _NUMBER.sub("#", values))


def form_of_words(text: str) -> str:
    """An item of plain words with a mark in place of each number, which for such an item says what `PlanKey` does."""
    return _NUMBER_OF_WORDS.sub("#", text)


def numbers_and_words(text: str) -> list[int | str]:
    """The arguments of an item of plain words, with the values of those that its form marks."""
    return [int(word) if word.isdecimal() and len(word) < 10 else word for word in text.split()[1:]]


class FieldPlan(NamedTuple):
    """The fields of an item's arguments. Values without numbers are kept; the others are parsed for each item."""

    fields: tuple[str | None, ...]
    """The field that each argument goes to."""
    words: dict[str, Any]
    """The values without numbers, by field."""
    numbers: tuple[tuple[int, Field, int], ...]
    """The index of an argument, its field, and the number of letters before its numbers: 1 in `s2`."""
    seen: Kept[tuple[Any, ...], Seen]
    """The windows of the layers so far, by the numbers that they depend on."""

    def layer(self, kind: type[Layer], setting: Setting, values: list[Any], parsed: ParsedTexts) -> Layer | None:
        """The layer of an item with these values; None if a field refuses its value.

        `parsed` are the texts that fields have parsed before, which gets those of this item: most kernels are `3x3`.
        """
        given = self.words.copy()
        try:
            for index, field, letters in self.numbers:
                value = values[index]
                if type(value) is str:
                    text = field, value[letters:]
                    known = parsed.get(text)
                    given[field.name] = parsed.keep(text, field.parse(text[1])) if known is None else known
                else:
                    given[field.name] = field.parse(value)
        except Refusal:
            return None
        layer = kind(setting, **given)
        if isinstance(layer, WindowLayer):
            layer.seen = self._seen_by(layer, given)
        return layer

    def _seen_by(self, layer: WindowLayer, given: dict[str, Any]) -> Seen:
        """The windows that a layer has in common with all of this plan that differ only in the fields beside them."""
        beside = layer.beside_windows
        key = tuple([given[field.name] for _, field, _ in self.numbers if field.name not in beside])
        seen = self.seen.get(key)
        return self.seen.keep(key, {}) if seen is None else seen


def plan_of(
    names: tuple[str, ...], layer: Layer, fields: tuple[str | None, ...], values: list[Any]
) -> FieldPlan | None:  # fmt: skip
    """The plan of an item whose layer is made; None if an argument is more than the value of a field."""
    kind = type(layer)
    # a word such as `s2` among the choices of a field would have the same form as a number for another field
    if layer.stated or any(SHORT_FORM.match(word) for field in kind.fields.values() for word in field.choices):
        return None
    words, numbers = {}, []
    for index, (name, target, value) in enumerate(zip(names or [""] * len(values), fields, values, strict=True)):
        text = repr([value])
        field = kind.fields.get(target or "")
        own = name.rstrip("$")
        if own and normal(own) not in kind.spellings:
            return None
        if _NUMBER.search(text) is None:
            if field is not None:
                words[field.name] = layer.__dict__[field.attribute]
        elif field is None:
            return None
        else:
            is_short = not own and isinstance(value, str) and SHORT_FORM.match(value)
            numbers.append((index, field, 1 if is_short else 0))
    return FieldPlan(fields, words, tuple(numbers), Kept())
