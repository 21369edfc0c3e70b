"""The rule E107, `refused_yaml_feature`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class RefusedYamlFeature(Diagnosed):
    """The text uses a feature of YAML that a spec does without.

    Tags that construct objects, directives, several documents in one file, merge keys, and aliases inside what
    they name. Blocks with parameters do what merge keys did, in the open.
    """

    code = "E107"
    name = "refused_yaml_feature"
    bad = "input: !!python/tuple [8, 8, 3]\nlayers: [relu]\n"
    good = "input: [8, 8, 3]\nlayers: [relu]\n"
    reason = "A tag can make a YAML reader run code; a spec is data."
    sources = ("PyYAML documentation, yaml.load and untrusted input",)
