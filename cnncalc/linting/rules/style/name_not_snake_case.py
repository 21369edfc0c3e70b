"""The rule S102, `name_not_snake_case`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule
from cnncalc.reading.nodes import Mapping, Scalar

_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*(\.[a-z0-9]+(_[a-z0-9]+)*)*")


class NameNotSnakeCase(Rule):
    """The name of a layer, input, output, block, parameter, variable or variant is not in lower snake case.

    Names consist of lower-case letters, digits and `_`, and begin with a letter; parts may be separated by `.`. Names
    computed by an expression are not checked. Off by default, so that specs of a framework's model can keep its names.
    """

    code = "S102"
    name = "name_not_snake_case"
    severity = "info"
    message = 'the name "{name}" is not in lower snake case'
    bad = "8x8x4 -> conv 4 3x3 p1 relu name=FirstConv -> conv 4 3x3 p1"
    good = "8x8x4 -> conv 4 3x3 p1 relu name=first_conv -> conv 4 3x3 p1"
    default = False
    reason = "Types, fields and automatic names use snake case; with a single style, names are easy to remember."
    sources = ("PEP 8, Function and variable names",)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        for name in _names(spec):
            if "$" not in name.text and not _SNAKE.fullmatch(name.text):
                snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|\W+", "_", name.text).lower()
                hint = f"write {snake}" if _SNAKE.fullmatch(snake) else ""
                yield self.finding(name.span, name=name.text, hint=hint)


def _names(spec: LintedSpec) -> Iterator[Scalar]:
    if isinstance(spec.root, Mapping):
        blocks = spec.root.get("blocks")
        bodies = [body for _, body in blocks.entries.values()] if isinstance(blocks, Mapping) else []
        named = [spec.root.get(key) for key in ("input", "variables", "variants", "blocks", "outputs")]
        named += [body.get("parameters") for body in bodies if isinstance(body, Mapping)]
        for entries in named:
            if isinstance(entries, Mapping):
                yield from (name for name, _ in entries.entries.values())
    for written in spec.items.each:
        name = written.item.common.get("name")
        if isinstance(name, Scalar):
            yield name
