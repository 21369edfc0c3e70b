"""The rule S103, `alias_instead_of_name`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph import kinds
from cnncalc.graph.construct import field_spellings
from cnncalc.graph.items import COMMON_KEYS
from cnncalc.layers.registry import normal
from cnncalc.linting.finding import Edit, Finding, Fix
from cnncalc.linting.rule import Rule
from cnncalc.linting.subject import Subject
from cnncalc.linting.written import Written, stands_as, written_items
from cnncalc.spec.nodes import Scalar


class AliasInsteadOfName(Rule):
    """A layer type or field goes by a framework's name for it, not by its own.

    Keras's `Conv2D`, PyTorch's `out_channels` and ONNX's `pads` are understood, and mean `conv2d`, `filters` and
    `padding`. Off by default: to copy a model as it stands is what aliases are for.
    """

    code = "S103"
    name = "alias_instead_of_name"
    severity = "info"
    message = '"{word}" is an alias of {name}'
    bad = "8x8x4 -> Conv2d 4 3x3 p1 relu -> conv out_channels=4 kernel=1"
    good = "8x8x4 -> conv2d 4 3x3 p1 relu -> conv 4 1x1"
    default = False
    fixable = True
    reason = "In one repository a layer then has one name, which can be searched for."
    sources = ("docs/layers.md",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        for written in written_items(subject.root):
            for word, name in _aliases(written):
                fix = Fix(f"write {name}", (Edit(word.start, word.end, name),)) if stands_as(word) else None
                yield self.finding(word.span, word=word.text, name=name, hint=f"write {name}", fix=fix)


def _aliases(written: Written) -> Iterator[tuple[Scalar, str]]:
    """The words of an item that have a name of their own, with that."""
    head, kind = written.item.head, written.kind
    if head is None or kind is None:
        return
    found = kinds.find(head.text)
    rank = found[1] if found else None
    name = f"{kind.type}{rank}d" if rank else kind.type
    if head.text != name and kinds.find(name) == found:
        yield head, name
    for argument in written.item.arguments:
        key = argument.key
        if key is not None and key.text not in kind.fields and key.text not in COMMON_KEYS:
            field = field_spellings(kind).get(normal(key.text))
            if field is not None:
                yield key, field
