"""The rule S101, `reference_by_number`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnncalc.graph import kinds
from cnncalc.linting.finding import Finding
from cnncalc.linting.rule import Rule
from cnncalc.linting.subject import Subject
from cnncalc.linting.written import is_inline, written_items
from cnncalc.spec.nodes import Mapping, Node, Scalar, Sequence

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
        items = written_items(root)
        names = [each.item.common["name"] for each in items if "name" in each.item.common]
        given = {name.text for name in names if isinstance(name, Scalar)}
        blocks = root.get("blocks")
        known = set(blocks.entries) if isinstance(blocks, Mapping) else set()
        places = [
            each.item.common[key] for each in items for key in ("from", "share_weights") if key in each.item.common
        ]
        outputs = root.get("outputs")
        for word in (scalar for place in (*places, *([outputs] if outputs else ())) for scalar in _scalars(place)):
            for part in word.text.split(","):
                found = _NUMBERED.fullmatch(part.strip())
                if found and part.strip().rpartition(".")[2] not in given and _is_type(found[1], known):
                    yield self.finding(word.span, name=part.strip(), hint="give it a name, and use that")


def _is_type(word: str, blocks: set[str]) -> bool:
    kind = kinds.find(word)
    return word in blocks or (kind is not None and kind[0].type == word)


def _scalars(node: Node) -> Iterator[Scalar]:
    """The names in a reference: a text, a list of them, or a mapping of labels to them."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    elif isinstance(node, Mapping):
        for _, value in node.entries.values():
            yield from _scalars(value)
