"""The rule E209, `wrong_structure`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class WrongStructure(Diagnosed):
    """A list, a mapping or a text stands where another kind of value is needed.

    `layers` is a list of items, `blocks` a mapping of names to blocks, an item a line or a mapping with one
    layer type as its key.
    """

    code = "E209"
    name = "wrong_structure"
    bad = "input: 8x8x3\nlayers:\n  conv: 4 3x3\n"
    good = "input: 8x8x3\nlayers:\n  - conv: 4 3x3\n"
    reason = "The same words mean different things in a list and in a mapping."
    sources = ("docs/language.md",)
