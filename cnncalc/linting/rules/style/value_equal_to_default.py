"""The rule S104, `value_equal_to_default`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnncalc.arithmetic.convention import Setting
from cnncalc.graph.construct import construct
from cnncalc.graph.items import Argument
from cnncalc.graph.names import no_incoming
from cnncalc.graph.scope import Scope
from cnncalc.graph.values import Values
from cnncalc.layers.base import Layer
from cnncalc.linting.finding import Edit, Finding, Fix
from cnncalc.linting.rule import Rule
from cnncalc.linting.subject import Subject
from cnncalc.linting.written import Written, stands_as, written_items
from cnncalc.spec.limits import DEFAULT_LIMITS
from cnncalc.spec.nodes import Mapping, Scalar

_NUMBER = re.compile(r"[-+]?\.?\d[\dx×.eE+-]*")
_BEFORE = re.compile(r",?[ \t]+$")
_LINE = re.compile(r"[ \t]*\r?(?:\n|$)")


class ValueEqualToDefault(Rule):
    """A field is given the value that it has anyway.

    Numbers that are told by their position alone are not spoken of: what follows them would move up. Nor are
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

    def check(self, subject: Subject) -> Iterator[Finding]:
        if subject.network is None:
            return
        setting = subject.network.graph.setting
        for written in written_items(subject.root):
            if written.kind is None or written.kind.wraps:
                continue
            for argument, field in _defaults(written, written.kind, setting):
                value = argument.value
                shown = value.text if isinstance(value, Scalar) else subject.source.text[value.start : value.end]
                start = argument.key.start if argument.key else value.start
                fix = _without(argument, start, written)
                yield self.finding(
                    argument.key.span if argument.key else value.span, field=field, value=shown,
                    kind=written.kind.type, hint="leave it out", fix=fix,
                )  # fmt: skip


def _defaults(written: Written, kind: type[Layer], setting: Setting) -> Iterator[tuple[Argument, str]]:
    """The arguments of an item whose value is their field's default."""
    values = Values(Scope({}), no_incoming, DEFAULT_LIMITS)
    plain = [
        each for each in written.item.arguments if not isinstance(each.value, Scalar) or "$" not in each.value.text
    ]
    built = construct(kind, setting, plain, written.item.span, values, lambda diagnostic: None)
    if built is None or len(plain) < len(written.item.arguments):
        return
    for argument, name in zip(built.arguments, built.fields, strict=True):
        by_position = argument.key is None and isinstance(argument.value, Scalar) and _is_number(argument.value)
        if not name or by_position:
            continue
        field = kind.fields[name]
        if not field.required and field.default is not None and getattr(built.layer, field.attribute) == field.default:
            yield argument, name


def _is_number(value: Scalar) -> bool:
    return _NUMBER.fullmatch(value.text) is not None


def _without(argument: Argument, start: int, written: Written) -> Fix | None:
    """Leave an argument out of a line or a `{…}`, or with its line; None where the text is too involved for that."""
    text, end = argument.value.source.text, argument.value.end
    title = "leave it out"
    if isinstance(argument.value, Scalar) and not stands_as(argument.value):
        return None
    if isinstance(written.item.node, Scalar):
        blank = _BEFORE.search(text, 0, start)
        alone = blank is not None and text[end : end + 1] in ("", " ", "\t", "\r", "\n", ")", "|", "]", ",", '"', "'")
        return Fix(title, (Edit(blank.start(), end, ""),)) if alone and blank else None
    fields = next(iter(written.item.node.entries.values()))[1] if isinstance(written.item.node, Mapping) else None
    if not isinstance(fields, Mapping) or argument.key is None or len(fields.entries) < 2:
        return None
    if text[fields.start : fields.start + 1] == "{":
        return _from_braces(fields, argument.key, end, title)
    line = text.rfind("\n", 0, start) + 1
    after = _LINE.match(text, end)
    return Fix(title, (Edit(line, after.end(), ""),)) if after and not text[line:start].strip() else None


def _from_braces(fields: Mapping, key: Scalar, end: int, title: str) -> Fix | None:
    """Without the comma behind it, or, for the last, the one before it."""
    text = fields.source.text
    behind = re.compile(r"[ \t]*,[ \t]*").match(text, end)
    if behind:
        return Fix(title, (Edit(key.start, behind.end(), ""),))
    before = re.compile(r"[ \t]*,[ \t]*$").search(text, fields.start, key.start)
    return Fix(title, (Edit(before.start(), end, ""),)) if before else None
