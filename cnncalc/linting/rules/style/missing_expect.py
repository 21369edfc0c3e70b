"""The rule S107, `missing_expect`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rules.style._missing import MissingKey
from cnncalc.linting.source_items import written_items


class MissingExpect(MissingKey):
    """A spec asserts none of its figures, neither for the model nor for a layer.

    `expect` states what must come out: an output shape, a number of parameters. Without one, a change that breaks the
    network's shape goes unnoticed as long as the network can still be built. Off by default.
    """

    code = "S107"
    name = "missing_expect"
    message = "the spec expects nothing: no `expect`, of the model or of a layer"
    key = "expect"
    hint = "add for example `expect: {params: …, output: …}` with the figures of `cnncalc summary`"
    bad = "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1\n"
    good = "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1\nexpect: {params: 148}\n"
    reason = "What nobody asserts, nobody notices when it changes."
    sources = ("docs/language.md, expect and budget",)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        if not any("expect" in written.item.common for written in written_items(spec.root)):
            yield from super().check(spec)
