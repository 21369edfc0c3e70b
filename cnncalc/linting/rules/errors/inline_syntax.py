"""The rule E110, `inline_syntax`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class InlineSyntax(Diagnosed):
    """The inline text is not well formed.

    Two arrows without an item between them, a parenthesis that is never closed, a branch outside a merge.
    """

    code = "E110"
    name = "inline_syntax"
    bad = "8x8x3 -> conv 4 3x3 -> -> relu"
    good = "8x8x3 -> conv 4 3x3 -> relu"
    reason = "An item that is missing is more likely forgotten than meant."
    sources = ("docs/language.md",)
