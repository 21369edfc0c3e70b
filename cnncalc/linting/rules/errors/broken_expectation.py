"""The rule E401, `broken_expectation`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class BrokenExpectation(Diagnosed):
    """A figure is not what `expect` says.

    `expect` holds exactly: a shape, a count of parameters or of work, a receptive field, of the model, a layer or a
    block. Either the change that moved the figure is a mistake, or the expectation must move with it.
    """

    code = "E401"
    name = "broken_expectation"
    always = False
    bad = "input: 32x32x3\nlayers:\n  - conv 20 8x8 s2 p1\nexpect: {output: 16x16x20}\n"
    good = "input: 32x32x3\nlayers:\n  - conv 20 8x8 s2 p1\nexpect: {output: 14x14x20}\n"
    reason = "What a spec asserts about itself is what its users rely on."
    sources = ("docs/language.md",)
