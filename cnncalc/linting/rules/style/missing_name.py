"""The rule S106, `missing_name`."""

from __future__ import annotations

from cnncalc.linting.rules.style._missing import MissingKey


class MissingName(MissingKey):
    """A spec has no name.

    Reports, tables and comparisons fall back to the file name. Off by default.
    """

    code = "S106"
    name = "missing_name"
    message = "the spec has no `name`"
    key = "name"
    hint = "for example, add `name: resnet18_small`"
    bad = "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1\n"
    good = "name: tiny\ninput: 8x8x4\nlayers:\n  - conv 4 3x3 p1\n"
    reason = "Files are renamed and copied; a name inside the spec stays with it."
    sources = ("docs/language.md, the keys of a spec",)
