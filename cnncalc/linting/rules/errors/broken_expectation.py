"""The rule E401, `broken_expectation`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class BrokenExpectation(Diagnosed):
    """A value differs from its `expect`.

    `expect` requires an exact value for a shape, a count of parameters or MACs, or a receptive field, of the model, a
    layer or a block. `expectations` in a configuration do so for every file whose path matches a pattern. The shapes
    and parameter counts that a model file states are expectations, too. Either the change that altered the value is a
    mistake, or the expectation must be updated.
    """

    code = "E401"
    name = "broken_expectation"
    needs_whole_model = True
    always = False
    bad = "input: 32x32x3\nlayers:\n  - conv 20 8x8 s2 p1\nexpect: {output: 16x16x20}\n"
    good = "input: 32x32x3\nlayers:\n  - conv 20 8x8 s2 p1\nexpect: {output: 14x14x20}\n"
    reason = "Users of a spec rely on the values that it asserts."
    sources = ("docs/language.md",)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        yield from super().check(spec)
        yield from self.configured(spec, "expect")
