"""The rule E103, `limit_exceeded`."""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.linting.finding import Finding
from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class LimitExceeded(Diagnosed):
    """The spec grows beyond a limit.

    Size of the file, nesting, layers after expansion, values that aliases expand to, the length of an
    expression: each has a limit that keeps a text from exhausting the machine. A block that uses itself without
    a `when` that ends it is the usual cause.
    """

    code = "E103"
    name = "limit_exceeded"
    bad = "input: 8x8x3\nblocks:\n  again:\n    layers: [relu, again]\nlayers: [again]\n"
    good = "input: 8x8x3\nblocks:\n  once:\n    layers: [relu]\nlayers: [once]\n"
    reason = "A few lines can describe more layers than any memory holds; a check in continuous integration must end."
    sources = ("docs/language.md",)

    def told(self, diagnostic: Diagnostic, source: Source) -> Finding:
        """The finding with the part of the hint that holds here: `lint` has no option for a limit."""
        option, _, in_python = diagnostic.hint.partition(", or ")
        found = super().told(diagnostic, source)
        return found._replace(hint=f"raise it with {in_python}") if option.startswith("raise it with --") else found
