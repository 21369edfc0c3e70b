"""The rule E207, `duplicate_name`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class DuplicateName(Diagnosed):
    """A name is given twice.

    Two layers of one name cannot be told apart by `from`, nor in a report. A block may not take the name of a
    layer type.
    """

    code = "E207"
    name = "duplicate_name"
    bad = "8x8x3 -> conv 4 3x3 name=a -> conv 4 3x3 relu name=a"
    good = "8x8x3 -> conv 4 3x3 relu name=a -> conv 4 3x3 relu name=b"
    reason = "A reference to it would have two answers."
    sources = ("docs/language.md",)
