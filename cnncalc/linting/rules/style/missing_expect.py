"""The rule S107, `missing_expect`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rules.style._missing import MissingKey


class MissingExpect(MissingKey):
    """A spec has no expectation, for the model or any layer.

    `expect` asserts a result, such as the output shape or the number of parameters. Without one, a change that breaks
    a shape goes unnoticed as long as the network still builds. Off by default.
    """

    code = "S107"
    name = "missing_expect"
    message = "the spec has no `expect`, for the model or any layer"
    key = "expect"
    hint = "for example, add `expect: {params: …, output: …}` with the values from `cnncalc summary`"
    bad = "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1\n"
    good = "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1\nexpect: {params: 148}\n"
    reason = "A change to a value that nothing asserts goes unnoticed."
    sources = ("docs/language.md, expect and budget",)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        if not any("expect" in written.item.common for written in spec.items.each):
            yield from super().check(spec)
