"""The rule S104, `value_equal_to_default`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnncalc.diagnostics import Refusal
from cnncalc.graph.construct import FieldContext, as_arguments, construct
from cnncalc.graph.items import Argument
from cnncalc.graph.names import no_incoming
from cnncalc.graph.scope import Scope
from cnncalc.graph.source_items import SourceItem
from cnncalc.graph.values import Values, WrongValue
from cnncalc.graph.work import Work
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import Field
from cnncalc.layers.spelling import normal
from cnncalc.linting.field_removal import without
from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule
from cnncalc.reading.limits import DEFAULT_LIMITS
from cnncalc.reading.nodes import Scalar, SpecNode, scalars

_NUMBER = re.compile(r"[-+]?\.?[0-9][0-9x×.eE+-]*")
_SHORT = re.compile(r"([a-z])([0-9]+)")


class ValueEqualToDefault(Rule):
    """A field is set to its default value.

    Positional numbers are not reported: removing one would shift the rest. Expressions are not reported either, since
    their value may differ elsewhere. Off by default, since a default may be written out on purpose.
    """

    code = "S104"
    name = "value_equal_to_default"
    severity = "info"
    message = "{field}: {value} is the default of {kind}"
    bad = "8x8x4 -> conv 4 3x3 p1 stride=1 relu -> conv 4 1x1"
    good = "8x8x4 -> conv 4 3x3 p1 relu -> conv 4 1x1"
    default = False
    fixable = True
    reason = "Readers take an explicit value for a decision; among many defaults they miss the one that matters."
    sources = ("docs/layers.md, the fields and their defaults",)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        if spec.network is None:
            return
        graph = spec.network.graph
        context = FieldContext(graph.setting, _values(), lambda diagnostic: None, graph.cache.layers(graph.setting))
        for written in spec.items.each:
            if written.kind is None or written.kind.wraps or written.is_alias or written.item.is_call:
                continue
            for argument, field in _defaults(written, written.kind, context):
                place = argument.key or argument.value
                yield self.finding(
                    place.span, field=field, value=_shown(argument), kind=written.kind.type, hint="remove it",
                    fix=without(argument, written.item),
                )  # fmt: skip


def _defaults(written: SourceItem, kind: type[Layer], context: FieldContext) -> Iterator[tuple[Argument, str]]:
    """The arguments of an item that equal their field's default and whose place no other argument would take."""
    item = written.item
    body = as_arguments(kind, item.body) if item.body is not None and not kind.branching else []
    arguments = [*item.arguments, *body]
    if any(map(_is_computed, arguments)):
        yield from _unambiguous([each for each in item.arguments if not _is_computed(each)], kind)
        return
    built = construct(kind, arguments, item.span, context)
    if built is None:
        return
    for argument, name in zip(built.arguments, built.fields, strict=True):
        if name not in kind.fields or argument in body or (argument.key is None and _is_number(argument.value)):
            continue
        field = kind.fields[name]
        if _has_default(field) and getattr(built.layer, field.attribute) == field.default:
            rest = [each for each in arguments if each is not argument]
            again = construct(kind, rest, item.span, context)
            if again and again.fields == _fields_of_others(built.arguments, built.fields, argument):
                yield argument, name


def _values() -> Values:
    """A reader for values without expressions, to which no limit applies."""
    return Values(Scope({}), no_incoming, Work(DEFAULT_LIMITS, lambda diagnostic: None))


def _fields_of_others(
    arguments: list[Argument], fields: tuple[str | None, ...], left_out: Argument
) -> tuple[str | None, ...]:  # fmt: skip
    return tuple(field for each, field in zip(arguments, fields, strict=True) if each is not left_out)


def _unambiguous(arguments: list[Argument], kind: type[Layer]) -> Iterator[tuple[Argument, str]]:
    """The arguments whose field no other argument can fill, whatever the expressions next to them evaluate to."""
    for argument in arguments:
        name = _named(argument, kind)
        field = kind.fields.get(name or "")
        if name and field and _has_default(field) and not field.positional and not field.choices:
            try:
                value = field.parse(_values().read(argument.value) if argument.key else _shown(argument))
            except (WrongValue, Refusal):
                continue
            if value == field.default:
                yield argument, name


def _named(argument: Argument, kind: type[Layer]) -> str | None:
    """The field that an argument names by its key, or by its letter as in `s1`."""
    if argument.key is not None:
        return kind.spellings.get(normal(argument.key.text))
    found = _SHORT.fullmatch(argument.value.text) if isinstance(argument.value, Scalar) else None
    return next((name for name, field in kind.fields.items() if found and field.short == found[1]), None)


def _has_default(field: Field) -> bool:
    return not field.required and field.default is not None


def _is_computed(argument: Argument) -> bool:
    """Whether an argument's value depends on an expression."""
    return any("$" in scalar.text for scalar in scalars(argument.value, keys=False))


def _is_number(value: SpecNode) -> bool:
    return isinstance(value, Scalar) and _NUMBER.fullmatch(value.text) is not None


def _shown(argument: Argument) -> str:
    """The value as written, without the letter of `s1`."""
    value = argument.value
    if not isinstance(value, Scalar):
        return value.source.text[value.start : value.end]
    short = _SHORT.fullmatch(value.text) if argument.key is None else None
    return short[2] if short else value.text
