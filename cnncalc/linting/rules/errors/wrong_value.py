"""The rule E204, `wrong_value`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class WrongValue(Diagnosed):
    """A value is not one that its field takes.

    Too small, not a whole number, a word that is not among those allowed, a value that no field has a place
    for.
    """

    code = "E204"
    name = "wrong_value"
    bad = "8x8x3 -> conv 4 3x3 padding=sames"
    good = "8x8x3 -> conv 4 3x3 padding=same"
    reason = "Every field says what it takes; anything else has no meaning to fall back on."
    sources = ("docs/language.md",)
