"""The rule E307, `wrong_number_of_inputs`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class WrongNumberOfInputs(Diagnosed):
    """A layer is given more or fewer inputs than it takes.

    A merge needs at least two, most layers take one.
    """

    code = "E307"
    name = "wrong_number_of_inputs"
    bad = "8x8x3 -> conv 3 3x3 same relu -> add"
    good = "8x8x3 -> add(conv 3 3x3 same relu | identity)"
    reason = "Which input was meant, or forgotten, cannot be guessed."
    sources = ("docs/language.md",)
