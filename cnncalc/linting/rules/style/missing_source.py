"""The rule S108, `missing_source`."""

from __future__ import annotations

from cnncalc.linting.rules.style._missing import MissingKey


class MissingSource(MissingKey):
    """A spec has no source.

    `source` names the paper, page or code that the network was taken from. Off by default.
    """

    code = "S108"
    name = "missing_source"
    message = "the spec has no `source`"
    key = "source"
    hint = "for example, add `source: He et al., arXiv 1512.03385, table 1`"
    bad = "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1\n"
    good = "source: our notebook, page 7\ninput: 8x8x4\nlayers:\n  - conv 4 3x3 p1\n"
    reason = "Without the source, nobody can check whether a number is right."
    sources = ("docs/language.md, the keys of a spec",)
