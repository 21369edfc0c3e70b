"""The rule E102, `duplicate_key`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class DuplicateKey(Diagnosed):
    """A key or field is given twice.

    YAML readers differ in which of the two they keep; here neither counts until one is gone. The same holds of
    a field that is given once by position and once by name.
    """

    code = "E102"
    name = "duplicate_key"
    bad = "input: 8x8x3\ninput: 9x9x3\nlayers: [relu]\n"
    good = "input: 8x8x3\nlayers: [relu]\n"
    reason = "YAML requires the keys of a mapping to be unique; a reader that keeps the last one hides the first."
    sources = ("YAML 1.2.2, https://yaml.org/spec/1.2.2/",)
