"""The rule E206, `unknown_reference`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class UnknownReference(Diagnosed):
    """A name refers to nothing that stands before it.

    A layer, an input, a variable or a variant. A layer can take only what stands before it, so that the order
    of the text is an order of execution.
    """

    code = "E206"
    name = "unknown_reference"
    bad = "8x8x3 -> conv 4 3x3 name=stem -> relu from=stm"
    good = "8x8x3 -> conv 4 3x3 name=stem -> relu from=stem"
    reason = "A connection that leads nowhere is a network that nobody meant."
    sources = ("docs/language.md",)
