"""The rule E103, `limit_exceeded`."""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.linting.finding import Finding
from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class LimitExceeded(Diagnosed):
    """The spec exceeds a limit.

    File size, nesting, the number of layers after expansion, values from aliases and the length of expressions are
    limited, so that no text can exhaust the machine. The usual cause is a block that uses itself without a `when` that
    ends the recursion.
    """

    code = "E103"
    name = "limit_exceeded"
    bad = "input: 8x8x3\nblocks:\n  again:\n    layers: [relu, again]\nlayers: [again]\n"
    good = "input: 8x8x3\nblocks:\n  once:\n    layers: [relu]\nlayers: [once]\n"
    reason = "A few lines can describe more layers than fit into memory; a check in continuous integration must end."
    sources = ("docs/language.md",)

    def reported(self, diagnostic: Diagnostic, source: Source) -> Finding:
        """The finding with only the applicable part of the hint, since `lint` has no options for limits."""
        option, _, in_python = diagnostic.hint.partition(", or ")
        found = super().reported(diagnostic, source)
        return found._replace(hint=f"raise it with {in_python}") if option.startswith("raise it with --") else found
