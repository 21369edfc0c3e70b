"""The rule E402, `budget_exceeded`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class BudgetExceeded(Diagnosed):
    """A value exceeds its budget.

    `budget` in a spec limits the model, a layer or a block. `budgets` in a configuration limits every spec whose path
    matches a pattern and, with `layer`, each single layer. Budgets exist for parameters, MACs, activations, peak
    memory, the memory of a microcontroller, number of layers, receptive field and output.
    """

    code = "E402"
    name = "budget_exceeded"
    needs_whole_model = True
    always = False
    bad = "input: 32x32x3\nlayers:\n  - conv 20 8x8 s2 p1\nbudget: {params: 3k}\n"
    good = "input: 32x32x3\nlayers:\n  - conv 20 8x8 s2 p1\nbudget: {params: 4k}\n"
    reason = "A single changed line can make a network too large for its device or its deadline."
    sources = ("docs/language.md",)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        yield from super().check(spec)
        yield from self.configured(spec, "budget")
