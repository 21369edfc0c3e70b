"""The parameters of a block: numbers in which its uses differ, once those are left out that follow from others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cnncalc.importing.spec.elements import BlockParameter, Slot
from cnncalc.importing.spec.item_text import SpecExpression, WordExpression

MOST = 6
"""More parameters than this make a block harder to read than its items."""
_APART = ("activation", "stride", "padding", "dilation", "kernel", "repeat", "rate")
"""Fields whose values do not follow from those of others by a factor."""
_PLAIN: Mapping[str, int] = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
"""Values that are a parameter's default wherever a use has them."""
_INCOMING = "in.channels"
_NAMES: Mapping[str, str] = {
    "repeat": "depth",
    "shape": "channels",
    "output": "channels",
    "stop": "channels",
    "activation": "act",
}
"""The names of parameters that are not their field's, which is a word of items or says little."""


class Parametrized(NamedTuple):
    """The parameters, the text for each slot in the block, and the values of each use."""

    parameters: list[BlockParameter]
    texts: list[Any]
    values: list[dict[str, Any]]


class _Found:
    """A parameter: its field, its value in each use, and its default where that is computed from what flows in."""

    def __init__(self, field: str, values: tuple[Any, ...], default: SpecExpression | None = None) -> None:
        self.field = field
        self.values = values
        self.default = default
        self.name = ""


class _Text(NamedTuple):
    """The text for a slot: a parameter and the operation on it."""

    form: str
    parameter: _Found | None


def parametrized(uses: Sequence[Sequence[Slot]], entries: Sequence[int | None]) -> Parametrized | None:
    """The parameters for the slots of each use, `entries` being the channels that flow into it; None for too many."""
    return _Search(uses, tuple(entries)).found()


class _Search:
    def __init__(self, uses: Sequence[Sequence[Slot]], entries: tuple[int | None, ...]) -> None:
        self.columns = list(zip(*uses, strict=True))
        self.values = [_of_one_kind(column) for column in self.columns]
        self.entries = entries
        self.known: list[_Found] = []

    def found(self) -> Parametrized | None:
        texts = [self.text(place) for place in range(len(self.columns))]
        if len(self.known) > MOST:
            return None
        self.name()
        given = [each for each in self.known if each.default is None]
        parameters = [self.parameter(each) for each in self.known]
        parameters.sort(key=lambda each: each.default is not None)
        order = {each.name: place for place, each in enumerate(parameters)}
        given.sort(key=lambda each: order[each.name])
        values = [{each.name: each.values[use] for each in given} for use in range(len(self.entries))]
        return Parametrized(parameters, list(map(_written, texts)), values)

    def text(self, place: int) -> Any:
        """The text in the block for a slot."""
        column, values = self.columns[place], self.values[place]
        if all(value == values[0] for value in values):
            return values[0]
        for each in self.known:
            if each.values == values:
                return _Text("{}", each)
        field = column[0].field
        if _base(field) not in _APART:
            for each in self.known:
                if _base(each.field) not in _APART and (form := multiple(values, each.values)):
                    return _Text(form, each)
            if text := self.computed(place):
                return text
        if field == "padding" and (text := self.half(values)):
            return text
        self.known.append(_Found(field, values))
        return _Text("{}", self.known[-1])

    def half(self, values: tuple[Any, ...]) -> _Text | None:
        """A padding that is half of the kernel."""
        for each in self.known:
            kernels = [kernel for kernel in each.values if isinstance(kernel, int)]
            if each.field == "kernel" and values == tuple(kernel // 2 for kernel in kernels):
                return _Text("{} // 2", each)
        return None

    def computed(self, place: int) -> _Text | None:
        """A slot that follows from what flows in: written so, or once, if other slots follow from it."""
        values, field = self.values[place], self.columns[place][0].field
        own = multiple(values, tuple(slot.channels for slot in self.columns[place]))
        form = multiple(values, self.entries)
        others = [each for each in self.values[place + 1 :] if len(set(map(repr, each))) > 1 and multiple(each, values)]
        if form and (others or not own):
            self.known.append(_Found(field, values, SpecExpression("${" + form.format(_INCOMING) + "}")))
            return _Text("{}", self.known[-1])
        return _Text(own.format(_INCOMING), None) if own else None

    def name(self) -> None:
        """Name the parameters after their fields: of two widths, the first is the one inside."""
        names: Counter[str] = Counter()
        widths = [each for each in self.known if _base(each.field) in ("filters", "width", "inside")]
        for each in self.known:
            base = "width" if each in widths else _base(each.field)
            if len(widths) == 2 and each is widths[0]:
                base = "inside"
            base = _NAMES.get(base, base)
            names[base] += 1
            each.name = base if names[base] == 1 else f"{base}_{names[base]}"

    def parameter(self, found: _Found) -> BlockParameter:
        """A parameter with its default: computed, the usual value of its field, or the one that most uses give."""
        base = _base(found.field)
        if found.default is not None:
            return BlockParameter(found.name, found.default)
        if base in ("filters", "width", "inside", "units", "repeat", "depth"):
            return BlockParameter(found.name, None)
        if base in _PLAIN and _PLAIN[base] in found.values and not any(isinstance(each, str) for each in found.values):
            return BlockParameter(found.name, _PLAIN[base])
        common, count = Counter(map(repr, found.values)).most_common(1)[0]
        default = next(value for value in found.values if repr(value) == common)
        return BlockParameter(found.name, default if 2 * count > len(found.values) else None)


def _of_one_kind(column: Sequence[Slot]) -> tuple[Any, ...]:
    """The values of a slot in each use; of paddings among which is a word, `valid` for none."""
    values = tuple(slot.value for slot in column)
    words = column[0].field == "padding" and any(isinstance(value, str) for value in values)
    return tuple("valid" if value == 0 else value for value in values) if words else values


def _base(field: str) -> str:
    """The field that a parameter is named after, without its number."""
    name, _, number = field.rpartition("_")
    return name if name and number.isdecimal() else field


def _written(text: Any) -> Any:
    if not isinstance(text, _Text):
        return text
    form = text.form.format(text.parameter.name) if text.parameter else text.form
    words = text.parameter is not None and any(isinstance(each, str) for each in text.parameter.values)
    return (WordExpression if words else SpecExpression)("${" + form + "}")


def multiple(values: tuple[Any, ...], others: tuple[Any, ...]) -> str:
    """The form of values that are a whole multiple or part of others, with one factor for all; else nothing.

    >>> multiple((64, 128), (256, 512)), multiple((384, 576), (64, 96))
    ('{} // 4', '6 * {}')
    """
    if not all(type(each) is int and each > 0 for each in (*values, *others)):
        return ""
    value, other = values[0], others[0]
    if value % other == 0 and all(each == value // other * base for each, base in zip(values, others, strict=True)):
        return "{}" if value == other else f"{value // other} * {{}}"
    if other % value == 0 and all(base == other // value * each for each, base in zip(values, others, strict=True)):
        return f"{{}} // {other // value}"
    return ""
