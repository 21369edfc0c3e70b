"""Which field each argument of an item goes to: found once for all items that differ only in their numbers."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.graph.kept import Kept
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import SHORT_FORM, Field
from cnncalc.layers.spelling import normal
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.reading.spelt_layers import field_value

_NUMBER = re.compile(r"[1-9](?:(?<=[\[( '].)|(?<='[a-z].)|(?<=[0-9]x.))[0-9]{0,8}(?=[]),'x])")
"""A positive number of a list, of sizes, or of a short form, in the text that Python writes for the values."""

_SIZES = re.compile(r"[a-z]?N(?:xN)*|\[N(?:, ?N)*\]".replace("N", "[1-9][0-9]{0,8}"))
"""A word or a list of positive numbers: 3x3, s2, [3, 3]."""
_DIGITS = re.compile("[0-9]+")


class PlannedNumber(NamedTuple):
    """The place of an argument, its field, and the number of letters before its numbers: 1 in `s2`."""

    place: int
    field: Field
    letters: int


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


def taken_apart(texts: Iterable[str]) -> tuple[tuple[str, ...], list[Any]]:
    """The forms of texts, with a mark in place of each number, and their values.

    The forms say for items of plain words, and for fields that are spelt out in them, what `PlanKey` says for others.
    """
    forms: list[str] = []
    values: list[Any] = []
    for text in texts:
        if text.isdecimal() and text[0] != "0" and len(text) < 10:
            forms.append("#")
            values.append(int(text))
        else:
            form, value = _read_text(text)
            forms.append(form)
            values.append(list(value) if type(value) is tuple else value)
    return tuple(forms), values


@lru_cache(maxsize=1024)
def _read_text(text: str) -> tuple[str, object]:
    """The form of a text, and its value; a list as a tuple."""
    value = field_value(text)
    form = _DIGITS.sub("#", text) if _SIZES.fullmatch(text) else text
    return form, tuple(value) if isinstance(value, list) else value


class FieldPlan(NamedTuple):
    """The layers of items that differ in their numbers alone.

    A field that `beside_windows` lists is read for each item. The other numbers of a convolution or pool are few in a
    network, so each set of them is read once; the layers that have it differ in filters alone, and share their windows.
    """

    fields: tuple[str | None, ...]
    """The field that each argument goes to."""
    layer: Layer
    """A layer of this plan, which has the setting and the words of all."""
    numbers: tuple[PlannedNumber, ...]
    """The numbers that are read for each item."""
    of_windows: tuple[PlannedNumber, ...]
    """The numbers of its windows."""
    alike: Kept[str, Layer]
    """A layer for each set of them, by their text."""

    def layer_of(self, values: list[Any]) -> Layer | None:
        """The layer of an item with these values; None if a field refuses its value."""
        try:
            alike = self._alike(values) if self.of_windows else self.layer
            return alike.changed(_read(self.numbers, values)) if self.numbers else alike
        except Refusal:
            return None

    def _alike(self, values: list[Any]) -> Layer:
        """A layer with the windows of an item with these values. Raises Refusal."""
        text = repr([values[number.place] for number in self.of_windows])
        known = self.alike.get(text)
        if known is None:
            known = self.alike.keep(text, self.layer.changed({**_read(self.of_windows, values), "seen": {}}))
        return known


def _read(numbers: tuple[PlannedNumber, ...], values: list[Any]) -> dict[str, Any]:
    """The fields of these numbers, by attribute. Raises Refusal."""
    read = {}
    for place, field, letters in numbers:
        value = values[place]
        read[field.attribute] = field.parse(value[letters:] if letters else value)
    return read


def plan_of(
    names: tuple[str, ...], layer: Layer, fields: tuple[str | None, ...], values: list[Any]
) -> FieldPlan | None:  # fmt: skip
    """The plan of an item whose layer is made; None if an argument is more than the value of a field."""
    kind = type(layer)
    # a word such as `s2` among the choices of a field would have the same form as a number for another field
    if layer.stated or any(SHORT_FORM.match(word) for field in kind.fields.values() for word in field.choices):
        return None
    numbers = []
    for index, (name, target, value) in enumerate(zip(names or [""] * len(values), fields, values, strict=True)):
        field = kind.fields.get(target or "")
        own = name.rstrip("$")
        if own and normal(own) not in kind.spellings:
            return None
        if _NUMBER.search(repr([value])) is None:
            continue
        if field is None:
            return None
        is_short = not own and isinstance(value, str) and SHORT_FORM.match(value)
        numbers.append(PlannedNumber(index, field, 1 if is_short else 0))
    beside = kind.beside_windows if issubclass(kind, WindowLayer) else kind.fields.keys()
    return FieldPlan(
        fields, layer,
        tuple([number for number in numbers if number.field.name in beside]),
        tuple([number for number in numbers if number.field.name not in beside]),
        Kept(),
    )  # fmt: skip
