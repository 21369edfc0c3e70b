"""The rule S101, `reference_by_number`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnncalc.graph import kinds
from cnncalc.linting.finding import Finding
from cnncalc.linting.rule import Rule
from cnncalc.linting.subject import Subject
from cnncalc.linting.written import is_inline, written_items
from cnncalc.spec.nodes import Mapping, Scalar, scalars

_NUMBERED = re.compile(r"(?:.*\.)?([a-z][a-z0-9_]*)_[1-9][0-9]*")


class ReferenceByNumber(Rule):
    """A layer is referred to by the number that it has because nobody named it.

    `conv_3` is the third unnamed convolution from the top: a convolution put before it is then the third. Nothing is
    said of one-line specs, which are seen whole.
    """

    code = "S101"
    name = "reference_by_number"
    message = '"{name}" is nobody\'s name: it means another layer as soon as one of its type is put before it'
    bad = "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1 relu\n  - conv 4 3x3 p1\n  - add: {from: [conv_1, conv_2]}\n"
    good = (
        "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1 relu name=first\n  - conv 4 3x3 p1 name=second\n"
        "  - add: {from: [first, second]}\n"
    )
    reason = "The spec still builds, and is another network."
    sources = ("docs/language.md, names",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        root = subject.root
        if not isinstance(root, Mapping) or is_inline(root) or "_" not in subject.source.text:
            return
        common = [each.item.common for each in written_items(root)]
        given = {own.text for each in common if isinstance(own := each.get("name"), Scalar)}
        blocks = root.get("blocks")
        known = set(blocks.entries) if isinstance(blocks, Mapping) else set()
        places = [root.get("outputs"), *[each.get(key) for each in common for key in ("from", "share_weights")]]
        for word in [scalar for place in places if place for scalar in scalars(place, keys=False)]:
            for name in map(str.strip, word.text.split(",")):
                found = _NUMBERED.fullmatch(name)
                if found and name.rpartition(".")[2] not in given and _is_type(found[1], known):
                    yield self.finding(word.span, name=name, hint="give it a name, and use that")


def _is_type(word: str, blocks: set[str]) -> bool:
    kind = kinds.find(word)
    return word in blocks or (kind is not None and kind[0].type == word)
