"""The rule E201, `unknown_key`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class UnknownKey(Diagnosed):
    """A key is not one of those that may stand there.

    At the top of a spec, in a block or in a group, only the language's own keys have a meaning. The hint names
    the one that is closest.
    """

    code = "E201"
    name = "unknown_key"
    bad = "inputs: 8x8x3\ninput: 8x8x3\nlayers: [relu]\n"
    good = "input: 8x8x3\nlayers: [relu]\n"
    reason = "A misspelt key that was silently passed over would take its meaning with it."
    sources = ("docs/language.md",)
