"""The rule S106, `missing_name`."""

from __future__ import annotations

from cnncalc.linting.rules.style._missing import MissingKey


class MissingName(MissingKey):
    """A spec does not say what its network is called.

    Reports, tables and comparisons call it by the file's name then. Off by default.
    """

    code = "S106"
    name = "missing_name"
    message = "the spec has no `name`"
    key = "name"
    hint = "add for example `name: resnet18_small`"
    bad = "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1\n"
    good = "name: tiny\ninput: 8x8x4\nlayers:\n  - conv 4 3x3 p1\n"
    reason = "A file is renamed and copied; what it holds keeps its name."
    sources = ("docs/language.md, the keys of a spec",)
