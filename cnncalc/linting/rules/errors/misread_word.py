"""The rule E105, `misread_word`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class MisreadWord(Diagnosed):
    """A word is a number or a bool to some YAML readers, and something else to others.

    `012` is ten in YAML 1.1 and twelve in YAML 1.2; `no` and `on` are bools in one and text in the other;
    `1:30` is ninety, `1e3` text or a float. Where a number or a bool is wanted, such a word is an error that
    says what could be meant.
    """

    code = "E105"
    name = "misread_word"
    bad = "input: 8x8x3\nlayers:\n  - conv: {filters: 012, kernel: 3}\n"
    good = "input: 8x8x3\nlayers:\n  - conv: {filters: 12, kernel: 3}\n"
    reason = "The network would depend on which YAML reader happens to be installed."
    sources = ("YAML 1.2.2, https://yaml.org/spec/1.2.2/",)
