"""The rule S101, `reference_by_number`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from cnncalc.layers.registry import is_canonical
from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule
from cnncalc.linting.spec_text import is_inline
from cnncalc.reading.nodes import Mapping, Scalar, scalars

_NUMBERED = re.compile(r"\b([A-Za-z][A-Za-z0-9_]*)_[1-9][0-9]*\b")


class ReferenceByNumber(Rule):
    """A reference uses an automatic name.

    `conv_3` is the third unnamed convolution from the top: if a convolution is inserted before it, the name refers to
    a different layer. Not reported for inline specs, which are read as a whole.
    """

    code = "S101"
    name = "reference_by_number"
    message = '"{name}" is an automatic name: inserting a layer of its type before it makes it refer to a different \
layer'
    bad = "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1 relu\n  - conv 4 3x3 p1\n  - add: {from: [conv_1, conv_2]}\n"
    good = (
        "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1 relu name=first\n  - conv 4 3x3 p1 name=second\n"
        "  - add: {from: [first, second]}\n"
    )
    reason = "The spec still builds, but describes a different network."
    sources = ("docs/language.md, names",)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        root = spec.root
        if not isinstance(root, Mapping) or is_inline(root):
            return
        blocks = spec.items.blocks
        if not any(_is_type(found[1], blocks) for found in _NUMBERED.finditer(spec.source.text)):
            return  # true of most specs
        common = [each.item.common for each in spec.items.each if not each.is_alias]
        given = {own.text for each in common if isinstance(own := each.get("name"), Scalar)}
        places = [root.get("outputs"), *[each.get(key) for each in common for key in ("from", "share_weights")]]
        for word in [scalar for place in places if place for scalar in scalars(place, keys=False)]:
            for name in map(str.strip, word.text.split(",")):
                if _is_numbered(name, given, blocks):
                    yield self.finding(word.span, name=name, hint="name the layer, and use that name")


def _is_numbered(name: str, given: set[str], blocks: Collection[str]) -> bool:
    """Whether a part of `stage.conv_2`, `block_1.last` or `split_1.0` is a numbered type or block name."""
    parts = name.split(".")
    for count, part in enumerate(parts, 1):
        found = _NUMBERED.fullmatch(part)
        if found and part not in given and ".".join(parts[:count]) not in given and _is_type(found[1], blocks):
            return True
    return False


def _is_type(word: str, blocks: Collection[str]) -> bool:
    return word in blocks or is_canonical(word)
