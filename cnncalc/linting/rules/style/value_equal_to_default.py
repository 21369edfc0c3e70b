"""The rule S104, `value_equal_to_default`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnncalc.arithmetic.convention import Setting
from cnncalc.diagnostics import Refusal
from cnncalc.graph.construct import as_arguments, construct, field_spellings
from cnncalc.graph.items import Argument
from cnncalc.graph.names import no_incoming
from cnncalc.graph.scope import Scope
from cnncalc.graph.values import Values, WrongValue
from cnncalc.graph.work import Work
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import Field
from cnncalc.layers.registry import normal
from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule
from cnncalc.linting.rules.style._leaving_out import without
from cnncalc.linting.source_items import Written, written_items
from cnncalc.reading.limits import DEFAULT_LIMITS
from cnncalc.reading.nodes import Scalar, SpecNode, scalars

_NUMBER = re.compile(r"[-+]?\.?[0-9][0-9x×.eE+-]*")
_SHORT = re.compile(r"([a-z])([0-9]+)")


class ValueEqualToDefault(Rule):
    """A field is given the value that it has anyway.

    Positional numbers are not reported: removing one would shift the rest. Nor are
    expressions, whose value may differ elsewhere. Off by default: to write a default out may be meant.
    """

    code = "S104"
    name = "value_equal_to_default"
    severity = "info"
    message = "{field}: {value} is the default of {kind}"
    bad = "8x8x4 -> conv 4 3x3 p1 stride=1 relu -> conv 4 1x1"
    good = "8x8x4 -> conv 4 3x3 p1 relu -> conv 4 1x1"
    default = False
    fixable = True
    reason = "What is written is read as a decision; among ten fields that say nothing, the one that matters is missed."
    sources = ("docs/layers.md, the fields and their defaults",)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        if spec.network is None:
            return
        setting = spec.network.graph.setting
        for written in written_items(spec.root):
            if written.kind is None or written.kind.wraps or written.is_alias or written.item.is_call:
                continue
            for argument, field in _defaults(written, written.kind, setting):
                place = argument.key or argument.value
                yield self.finding(
                    place.span, field=field, value=_shown(argument), kind=written.kind.type, hint="leave it out",
                    fix=without(argument, written.item),
                )  # fmt: skip


def _defaults(written: Written, kind: type[Layer], setting: Setting) -> Iterator[tuple[Argument, str]]:
    """The arguments of an item whose value is their field's default, and which nothing else would take the place of."""
    item = written.item
    body = as_arguments(kind, item.body) if item.body is not None and not kind.branching else []
    arguments = [*item.arguments, *body]
    if any(map(_hangs, arguments)):
        yield from _told_alone([each for each in item.arguments if not _hangs(each)], kind)
        return
    built = construct(kind, setting, arguments, item.span, _values(), lambda diagnostic: None)
    if built is None:
        return
    for argument, name in zip(built.arguments, built.fields, strict=True):
        if name not in kind.fields or argument in body or (argument.key is None and _is_number(argument.value)):
            continue
        field = kind.fields[name]
        if _has_default(field) and getattr(built.layer, field.attribute) == field.default:
            rest = [each for each in arguments if each is not argument]
            again = construct(kind, setting, rest, item.span, _values(), lambda diagnostic: None)
            if again and again.fields == _fields_of_others(built.arguments, built.fields, argument):
                yield argument, name


def _values() -> Values:
    """Reads values that hold no expression."""
    return Values(Scope({}), no_incoming, Work(DEFAULT_LIMITS, lambda diagnostic: None))


def _fields_of_others(
    arguments: list[Argument], fields: tuple[str | None, ...], left_out: Argument
) -> tuple[str | None, ...]:  # fmt: skip
    return tuple(field for each, field in zip(arguments, fields, strict=True) if each is not left_out)


def _told_alone(arguments: list[Argument], kind: type[Layer]) -> Iterator[tuple[Argument, str]]:
    """Those whose field nothing else can take, whatever the expressions beside them give."""
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
    """The field that an argument's key, or its letter as in `s1`, names."""
    if argument.key is not None:
        return field_spellings(kind).get(normal(argument.key.text))
    found = _SHORT.fullmatch(argument.value.text) if isinstance(argument.value, Scalar) else None
    return next((name for name, field in kind.fields.items() if found and field.short == found[1]), None)


def _has_default(field: Field) -> bool:
    return not field.required and field.default is not None


def _hangs(argument: Argument) -> bool:
    """Whether an argument's value hangs on an expression."""
    return any("$" in scalar.text for scalar in scalars(argument.value, keys=False))


def _is_number(value: SpecNode) -> bool:
    return isinstance(value, Scalar) and _NUMBER.fullmatch(value.text) is not None


def _shown(argument: Argument) -> str:
    """The value as it is written, without the letter of `s1`."""
    value = argument.value
    if not isinstance(value, Scalar):
        return value.source.text[value.start : value.end]
    short = _SHORT.fullmatch(value.text) if argument.key is None else None
    return short[2] if short else value.text
