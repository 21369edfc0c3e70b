"""The rule E101, `yaml_syntax`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class YamlSyntax(Diagnosed):
    """The text is not YAML.

    A bracket or quote that is never closed, a tab that indents, a colon without its blank, a line whose
    indentation fits nothing: no value can be read with certainty behind it, so reading ends there.
    """

    code = "E101"
    name = "yaml_syntax"
    bad = "input: 8x8x3\nlayers: [relu\n"
    good = "input: 8x8x3\nlayers: [relu]\n"
    reason = "A text that a reader has to guess at means one thing here and another elsewhere."
    sources = ("YAML 1.2.2, https://yaml.org/spec/1.2.2/",)
