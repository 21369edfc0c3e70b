"""The rule E208, `broken_expression`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class BrokenExpression(Diagnosed):
    """An expression cannot be evaluated.

    A name that is not known there, a division by zero, a word or sign that expressions do not have, or a number
    beyond all bounds.
    """

    code = "E208"
    name = "broken_expression"
    bad = "input: 8x8x3\nvariables: {width: 4}\nlayers:\n  - conv ${wdth} 3x3\n"
    good = "input: 8x8x3\nvariables: {width: 4}\nlayers:\n  - conv ${width} 3x3\n"
    reason = "Its value decides the shape of what follows."
    sources = ("docs/language.md",)
