"""The rule E104, `not_text`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class NotText(Diagnosed):
    """The file is not plain UTF-8 text.

    A binary file, another encoding, or a control character inside the text. A byte order mark at the beginning
    is harmless.
    """

    code = "E104"
    name = "not_text"
    bad = "input: 8x8x3\nlayers: [relu\x07]\n"
    good = "input: 8x8x3\nlayers: [relu]\n"
    reason = "Characters that are not shown cannot be reviewed, and not every reader takes them."
    sources = ("YAML 1.2.2, https://yaml.org/spec/1.2.2/",)
