"""The rule S108, `missing_source`."""

from __future__ import annotations

from cnncalc.linting.rules.style._missing import MissingKey


class MissingSource(MissingKey):
    """A spec does not say where its network comes from.

    `source` names the paper, the page or the code that the network was written after. Off by default.
    """

    code = "S108"
    name = "missing_source"
    message = "the spec has no `source`"
    key = "source"
    hint = "add for example `source: He et al., arXiv 1512.03385, table 1`"
    bad = "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1\n"
    good = "source: our notebook, page 7\ninput: 8x8x4\nlayers:\n  - conv 4 3x3 p1\n"
    reason = "Whether a number is right can only be asked of its source."
    sources = ("docs/language.md, the keys of a spec",)
