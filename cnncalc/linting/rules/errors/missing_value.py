"""The rule E205, `missing_value`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class MissingValue(Diagnosed):
    """Something that is needed is not given.

    A spec needs an input and layers, a layer its required fields, a block the parameters that are marked with
    `~`.
    """

    code = "E205"
    name = "missing_value"
    bad = "input: 8x8x3\nlayers:\n  - conv: {filters: 4}\n"
    good = "input: 8x8x3\nlayers:\n  - conv: {filters: 4, kernel: 3}\n"
    reason = "No default would be right more often than wrong."
    sources = ("docs/language.md",)
