"""Mistakes of an item's arguments: one without a field, a value that its field refuses, a field that is missing."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from cnncalc.diagnostics import Diagnostic, Refusal, Span, did_you_mean
from cnncalc.graph import type_lookup
from cnncalc.graph.hints import fits, from_habit, readable
from cnncalc.graph.items import COMMON_KEYS
from cnncalc.graph.values import show, trapped
from cnncalc.layers import argument_meaning
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import SHORT_FORM, Field, show_value
from cnncalc.reading import sizes
from cnncalc.reading.nodes import Scalar, SpecNode
from cnncalc.reading.scalars import value_of

_LONGEST_NUMBER = 20

FieldFor = Callable[[Any], tuple[Field | None, Any]]
"""Finds the field that a value without a key goes to, and the value for it."""


def unplaced(kind: type[Layer], given: Container[str], field_for: FieldFor, value: Any, node: SpecNode) -> Diagnostic:
    """The diagnostic for a value that no field takes; `given` are the fields that have one."""
    places = [field.name for field in kind.fields.values() if field.positional]
    takes = f"takes {' and '.join(places)} by position" if places else "takes nothing by position"
    is_short = isinstance(value, str) and len(value) < _LONGEST_NUMBER
    trap = trapped(node) if is_short and field_for(1)[0] is not None else None
    if trap:
        return trap

    def has_place(value: Any) -> bool:
        field, value = field_for(value)
        return field is not None and fits(field)(value)

    free = [field for name, field in kind.fields.items() if name not in given]
    spaced = sizes.around(node.source.text, node.start, node.end)
    hint = type_lookup.written_apart(node.source.text[: node.start]) or (f"write {spaced}" if spaced else "")
    if value == "-":
        hint = "if this dash begins the next item, indent it like the dash before"
    hint = hint or from_habit(value, kind) or readable(value, has_place, node)
    hint = hint or _short_form(value, free) or _of_the_input(kind, value)
    if not hint and free:
        hint = f"write the field's name: {', '.join(f'{field.name}=…' for field in free)}"
    return Diagnostic("E204", f"{kind.type}: no place for {show(value)}; it {takes}", node.span, hint=hint)


def _of_the_input(kind: type[Layer], value: Any) -> str:
    """The hint for a number that a type takes from its input, as `num_features` of a normalization."""
    stated = next((each.word for each in argument_meaning.known_words(kind) if each.states), None)
    if any(field.positional for field in kind.fields.values()):
        return ""
    is_size = isinstance(value, int) and not isinstance(value, bool)
    return f"leave it out, as the input says it, or write {stated}={value}" if stated and is_size else ""


def _short_form(value: Any, free: list[Field]) -> str:
    """The text to write in place of `k3`, a short form that the type does not have; else nothing."""
    short = SHORT_FORM.match(value) if isinstance(value, str) else None
    if short is None:
        return ""
    meant = next((field for field in free if field.name[0] == short[1] and fits(field)(value_of(short[2]))), None)
    own = ", ".join(f"{field.short} ({field.name})" for field in free if field.short)
    return f"write {meant.name}={short[2]}" if meant else f"the short forms here are {own}" if own else ""


def refused(field: Field, value: Any, node: SpecNode, refusal: Refusal) -> Diagnostic:
    """The diagnostic for a value that its field refuses."""
    is_flag = field.schema.get("type") == "boolean"
    trap = None if field.schema.get("type") == "number" else trapped(node, boolean=is_flag)
    if trap and not node.source.text:  # a model file without lines, where no place shows the field
        trap.message = f"{field.name}: {trap.message}"
    hint = refusal.hint or readable(value, fits(field), node)
    return trap or Diagnostic(refusal.code, f"{field.name}: {refusal.message}", node.span, hint=hint)


def given_twice(field: Field, values: tuple[Any, Any], first: Span, span: Span) -> Diagnostic:
    """The diagnostic for the second value of a field, whose first one is at `first`."""
    one, other = values
    both = f": {show_value(one)} and {other if isinstance(other, str) else show(other)}" if one is not None else ""
    hint = "`valid` means no padding; keep one of them" if "valid" in values else "keep one of them"
    return Diagnostic("E102", f"{field.name} is given twice (first on line {first.line}){both}", span, hint=hint)


def lacking(kind: type[Layer], names: list[str], head: Span, activation: object) -> Diagnostic:
    """The diagnostic for required fields without a value; `activation` is the word that no field took, if any."""
    needed = " and ".join(f"`{name}` ({kind.fields[name].help})" for name in names)
    hint = f"for example: {example_of(kind)}"
    if activation is not None:
        hint += f"; {show(activation)} is read as an activation"
    return Diagnostic("E205", f"{kind.type} needs {needed}", head, hint=hint)


def example_of(kind: type[Layer]) -> str:
    """An item of this type from its examples."""
    items = [item.strip() for example in kind.examples for item in example.split("->")]
    own = (item for item in items if item.partition(" ")[0].partition("(")[0] == kind.type)
    return next(own, kind.type)


def unknown_field(kind: type[Layer], key: Scalar) -> Diagnostic:
    """The diagnostic for a field that the type does not have."""
    aliases = [alias for field in kind.fields.values() for alias in field.aliases]
    aliases += [each.word for each in argument_meaning.known_words(kind) if each.states]
    told = key.text.lower()
    part = next((name for name in (*kind.fields, *aliases) if told in name.split("_")), None)
    part = part or next((name for name, field in kind.fields.items() if field.short == told), None)
    hint = f'did you mean "{part}"?' if part else ""
    common = [each for each in COMMON_KEYS if each[0] == told[:1]]
    hint = hint or did_you_mean(key.text, [*kind.fields, *common]) or did_you_mean(key.text, aliases)
    fields = ", ".join(kind.fields) or "no fields of its own"
    return Diagnostic("E203", f'{kind.type} has no field "{key.text}"', key.span, hint=hint or f"it has {fields}")
