"""From an item's arguments to a layer: each argument finds its field, and the field reads it."""

import re
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Setting
from cnncalc.diagnostics import Diagnostic, Refusal, Reporter, Span
from cnncalc.graph import type_lookup
from cnncalc.graph.axis_words import joined
from cnncalc.graph.items import Argument
from cnncalc.graph.loose_fields import loose_fields
from cnncalc.graph.memo import LayerMemo, MadeLayer
from cnncalc.graph.type_lookup import Suffix
from cnncalc.graph.values import Unknowable, Values, WrongValue, show, trapped
from cnncalc.layers import argument_meaning
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import SHORT_FORM, Field, as_integer
from cnncalc.layers.spelling import normal
from cnncalc.reading.nodes import Scalar, Sequence, SpecNode

_SIZES = re.compile(r"-?[0-9]{1,40}(?:(?:[x×]-?[0-9]{1,40})+|\.\.-?[0-9]{1,40})$")
"""Sizes, 8x8, or a range, 0..48."""


class Construction(NamedTuple):
    """A layer, the word that no field took (an activation's name), and which field each argument went to.

    An item of plain words whose layer is remembered has no arguments here. `suffix` is that of a layer inside a
    wrapper, counted on the wrapper's input.
    """

    layer: Layer
    activation: SpecNode | None
    arguments: list[Argument]
    fields: tuple[str | None, ...]
    suffix: Suffix | None = None

    def place(self, field: str) -> Span | None:
        """Where a field was written."""
        return self.arguments[self.fields.index(field)].value.span if field in self.fields else None


class _Assignment:
    """The fields of one item as they are being filled."""

    def __init__(self, kind: type[Layer], context: "FieldContext") -> None:
        self.kind = kind
        self.setting = context.setting
        self.values = context.values
        self.report = context.report
        self.given: dict[str, Any] = {}
        self.stated: dict[str, int] = {}
        self.places: dict[str, Span] = {}
        self.fields: list[str | None] = []
        """Where each argument went: a field or a stated size, "" for the activation's name, None for nowhere."""
        self.failed = False
        self.end: int | None = None
        """Where another layer's name begins, before which an arrow is missing: what follows is not this one's."""

    def fail(self, diagnostic: Diagnostic) -> None:
        self.failed = True
        self.report(diagnostic)

    def take(self, argument: Argument) -> None:
        """Read one argument into its field, or report why it cannot be."""
        self.fields.append(None)
        try:
            if argument.key is not None:
                self.take_named(argument.key, argument.value)
            else:
                self.take_positional(argument.value)
        except WrongValue as mistake:
            self.fail(mistake.diagnostic)

    def take_named(self, key: Scalar, node: SpecNode) -> None:
        name = self.kind.spellings.get(normal(key.text))
        if name is None:
            self.take_word_of_framework(key, node)
            return
        value = self.values.read(node)
        field = self.kind.fields[name]
        if value == "NOTSET":  # ONNX's word for an `auto_pad` that is left out
            return
        unsaid = field.default is None or field.schema.get("type") == "string" or name in self.given
        if value is None and not field.required and unsaid:
            return
        self.put(field, value, node, key)

    def take_word_of_framework(self, key: Scalar, node: SpecNode) -> None:
        """Read an argument of a framework's constructor that names no field: see `argument_meaning`."""
        meaning = argument_meaning.meaning(self.kind, key.text)
        if meaning is None:
            from cnncalc.graph.field_mistakes import unknown_field  # most specs have none

            self.fail(unknown_field(self.kind, key))
        elif meaning.word in argument_meaning.LAYOUT_WORDS:
            self.check_layout(meaning.word, node)
        elif meaning.states:
            self.state(meaning.word, node, key)
        elif meaning.refused:
            if self.values.read(node) not in (None, False, 0, -1):
                self.fail(Diagnostic("E304", f"{meaning.word}: {meaning.refused}", key.span))
        elif meaning.values is not None:
            value = self.values.read(node)
            told = value.lower() if isinstance(value, str) else value
            field = self.kind.fields[meaning.field]
            if value is not None:
                self.put(field, self.translated(meaning, told, node), node, key)

    def translated(self, meaning: argument_meaning.Meaning, value: Any, node: SpecNode) -> Any:
        """A value in our words. Raises WrongValue where the argument has no such value."""
        assert meaning.values is not None
        if isinstance(value, str | bool | int | float) and value in meaning.values:
            return meaning.values[value]
        allowed = ", ".join(dict.fromkeys(show(each) for each in meaning.values))
        message = f"{meaning.word}: got {show(value)}. Allowed: {allowed}"
        raise WrongValue(trapped(node, boolean=True) or Diagnostic("E204", message, node.span))

    def check_layout(self, word: str, node: SpecNode) -> None:
        """Refuse a `data_format` that is not the spec's layout."""
        value, own = self.values.read(node), self.setting.layout
        layout = argument_meaning.layout_of(value)
        if layout and layout != own:
            last = "last" if own == "HWC" else "first"
            message = f"{word} is {show(value)}, but shapes are read as {own}, with the channels {last}"
            self.fail(Diagnostic("E304", message, node.span, hint=f"write layout: {layout} in the spec"))
        elif value is not None and not layout:
            message = f"{word}: {show(value)} is not a layout. Allowed: channels_last, channels_first"
            self.fail(Diagnostic("E204", message, node.span))

    def state(self, word: str, node: SpecNode, key: Scalar) -> None:
        """Note a size of the input that the item states; it is checked once the input is known."""
        if word in self.stated:
            self.fail(Diagnostic("E102", f"{word} is given twice", key.span))
            return
        value = self.values.read(node)
        if value is None:
            return
        try:
            self.stated[word] = as_integer(value, 1)
        except Refusal as refusal:
            message = f"{word}: {refusal.message}"
            self.fail(trapped(node) or Diagnostic(refusal.code, message, node.span, hint=refusal.hint))
        self.fields[-1] = word

    def take_positional(self, node: SpecNode) -> None:
        value = self.values.read(node)
        field, value = self.field_for(value)
        if field is not None:
            self.put(field, value, node)
        elif isinstance(value, str) and isinstance(node, Scalar) and _is_word(value):
            again = next((field for field in self.kind.fields.values() if value.lower() in field.choices), None)
            if again is not None and type_lookup.find(value) is None:
                self.put(again, value, node)
            else:
                self.take_word(value, node)
        else:
            from cnncalc.graph.field_mistakes import unplaced  # most specs have none

            self.fail(unplaced(self.kind, self.given, self.field_for, value, node))

    def field_for(self, value: Any) -> tuple[Field | None, Any]:
        """The field that a value without a key goes to."""
        fields = self.kind.fields.values()
        if isinstance(value, str):
            lowered = value.lower()
            for field in fields:
                if lowered in field.choices and field.name not in self.given:
                    return field, lowered
            short = SHORT_FORM.match(value)
            if short:
                return next(((f, short[2]) for f in fields if f.short == short[1]), (None, value))
        axes = isinstance(value, list) or (isinstance(value, str) and bool(_SIZES.match(value) or value[:1] == "("))
        free = (field for field in fields if field.positional and field.name not in self.given)
        if axes or (isinstance(value, int | float) and not isinstance(value, bool)):
            return next((field for field in free if field.axes or not axes), None), value
        return None, value

    def take_word(self, word: str, node: Scalar) -> None:
        if word == node.text and type_lookup.find(word) and not type_lookup.is_activation(word):
            self.end = node.start
            self.fail(type_lookup.unknown_word(node, self.kind))
        elif "" not in self.fields:
            self.fields[-1] = ""
        else:
            second = Diagnostic("E204", f'"{word}": a second activation in one item', node.span)
            second.hint = type_lookup.of_its_own(word)
            self.fail(second if type_lookup.is_activation(word) else type_lookup.unknown_word(node, self.kind))

    def put(self, field: Field, value: Any, node: SpecNode, key: Scalar | None = None) -> None:
        if field.name in self.given:
            from cnncalc.graph.field_mistakes import given_twice  # most specs have none

            values, first = (self.given[field.name], value), self.places[field.name]
            self.fail(given_twice(field, values, first, key.span if key else node.span))
            return
        self.places[field.name] = node.span
        self.fields[-1] = field.name
        self.given[field.name] = None
        try:
            self.given[field.name] = field.parse(value)
        except Refusal as refusal:
            from cnncalc.graph.field_mistakes import refused  # most specs have none

            self.fail(refused(field, value, node, refusal))


def _is_word(value: str) -> bool:
    return value[:1].isalpha() and not SHORT_FORM.match(value)


class FieldContext(NamedTuple):
    """All that reading an item's fields depends on beside the item, and the layers and plans that are made already."""

    setting: Setting
    values: Values
    report: Reporter
    layers: LayerMemo


def construct(
    kind: type[Layer], arguments: list[Argument], head: Span, context: FieldContext
) -> Construction | None:  # fmt: skip
    """The layer that the arguments describe; None after reporting every mistake among them."""
    arguments = joined(kind, arguments)
    unnamed = [each for each in arguments if each.key is None]
    ordered = [each for each in arguments if each.key is not None] + unnamed if unnamed else arguments
    made = _known(kind, ordered, head, context)
    if made is None:
        return None
    layer, fields = made
    return Construction(layer, ordered[fields.index("")].value if "" in fields else None, ordered, fields)


def _known(kind: type[Layer], arguments: list[Argument], head: Span, context: FieldContext) -> MadeLayer | None:
    """The layer of the arguments, which may be remembered; None after reporting every mistake among them."""
    read = _read(arguments, context)
    if read is None:
        return _make(kind, arguments, head, context)
    names, values = read
    key = kind, names, repr(values)
    made = context.layers.find(key, values)
    if made is None:
        made = _make(kind, arguments, head, context)
        if made is not None:
            context.layers.keep(key, values, made)
    return made


def _read(arguments: list[Argument], context: FieldContext) -> tuple[tuple[str, ...], list[Any]] | None:
    """The names (none if no argument has one) and the values; None where one cannot be read: taking it reports that.

    A text that an expression gives is marked: a word of the item itself may be the name of another layer, after a
    missing arrow.
    """
    names, values = [], []
    try:
        for key, node in arguments:
            value = context.values.read(node)
            is_given = isinstance(value, str) and isinstance(node, Scalar) and node.text != value
            names.append(f"{key.text if key else ''}{'$' if is_given else ''}")
            values.append(value)
    except (WrongValue, Unknowable):
        return None
    return tuple(names) if any(names) else (), values


def _make(
    kind: type[Layer], arguments: list[Argument], head: Span, context: FieldContext
) -> MadeLayer | None:  # fmt: skip
    assignment = _Assignment(kind, context)
    loose = loose_fields(arguments, kind)
    taken = {node for each in loose for node in each.nodes}
    for each in loose:
        message = f'{kind.type}: "{each.word}" is a field, whose value follows a `=`'
        assignment.fail(Diagnostic("E204", message, each.span, hint=f"write {each.text}"))
    for argument in arguments:
        ended = assignment.end is not None and argument.value.start > assignment.end
        if ended or argument.value in taken:
            assignment.fields.append(None)
        else:
            assignment.take(argument)
    missing = [name for name, field in kind.fields.items() if field.required and name not in assignment.given]
    if missing and not assignment.failed:
        from cnncalc.graph.field_mistakes import lacking  # most specs have none

        has_word = "" in assignment.fields
        word = context.values.read(arguments[assignment.fields.index("")].value) if has_word else None
        assignment.fail(lacking(kind, missing, head, word))
    if assignment.failed:
        return None
    layer = kind(context.setting, **assignment.given)
    if assignment.stated:
        layer.stated = assignment.stated
    return layer, tuple(assignment.fields)


def as_arguments(kind: type[Layer], body: Sequence) -> list[Argument]:
    """A list given to a layer: the value of its first positional field if that takes one, else one value each."""
    first = next((field for field in kind.fields.values() if field.positional), None)
    if first is not None and first.axes:
        return [Argument(None, body)]
    return [Argument(None, item) for item in body.items]
