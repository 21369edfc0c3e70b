"""The rule E203, `unknown_field`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class UnknownField(Diagnosed):
    """A layer has no such field, a block no such parameter, a claim no such figure.

    `cnncalc layers TYPE` lists the fields of a type with their aliases.
    """

    code = "E203"
    name = "unknown_field"
    bad = "8x8x3 -> conv 4 3x3 padd=1"
    good = "8x8x3 -> conv 4 3x3 padding=1"
    reason = "A misspelt field that was passed over would leave its default in force."
    sources = ("docs/language.md",)
