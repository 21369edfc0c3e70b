"""The rule S103, `alias_instead_of_name`."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cnncalc.graph import type_lookup
from cnncalc.graph.items import COMMON_KEYS
from cnncalc.graph.source_items import SourceItem
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import is_canonical
from cnncalc.layers.spelling import normal
from cnncalc.linting.finding import Edit, Finding, Fix
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule
from cnncalc.linting.spec_text import letters
from cnncalc.reading.nodes import Mapping, Scalar, SpecNode


class AliasInsteadOfName(Rule):
    """A layer type, a field or an activation is written under a framework's name instead of its own.

    Keras's `Conv2D`, PyTorch's `out_channels` and ONNX's `pads` are accepted as aliases of `conv2d`, `filters` and
    `padding`. Off by default, since aliases exist so that a model can be copied as it is.
    """

    code = "S103"
    name = "alias_instead_of_name"
    severity = "info"
    message = '"{word}" is an alias of {name}'
    bad = "8x8x4 -> Conv2d 4 3x3 p1 relu -> conv out_channels=4 kernel=1"
    good = "8x8x4 -> conv2d 4 3x3 p1 relu -> conv 4 1x1"
    default = False
    fixable = True
    reason = "With one name per layer type, a repository is easier to read and to search."
    sources = ("docs/layers.md",)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        blocks = spec.items.blocks
        for written in spec.items.each:
            for word, name in () if written.is_alias else _aliases(written, blocks):
                place = letters(word)
                fix = Fix(f"write {name}", (Edit(*place, name),)) if place else None
                yield self.finding(word.span, word=word.text, name=name, hint=f"write {name}", fix=fix)


def _aliases(written: SourceItem, blocks: Collection[str]) -> Iterator[tuple[Scalar, str]]:
    """The words of an item that are aliases, each with the canonical name."""
    item, kind = written.item, written.kind
    if item.head is None or kind is None or item.is_call:
        return
    found = type_lookup.find(item.head.text)
    rank = found[1] if found else None
    name = f"{kind.type}{rank}d" if rank else kind.type
    is_carrier = item.head.text.lower() == "activation"  # `identity: relu` would say less
    if item.head.text != name and not is_carrier and name not in blocks and type_lookup.find(name) == found:
        yield item.head, name
    words = [argument.value for argument in item.arguments if argument.key is None]
    for word in (*words, item.common.get("activation")):
        if isinstance(word, Scalar) and (activation := _activation(word, kind)):
            yield word, activation
    for argument in item.arguments:
        key = argument.key
        if key is not None and key.text not in kind.fields and key.text not in COMMON_KEYS:
            field = kind.spellings.get(normal(key.text))
            if field is not None and not (_is_beside(key, item.node) and _is_head(field, blocks)):
                yield key, field


def _activation(word: Scalar, kind: type[Layer]) -> str | None:
    """The canonical name of the activation that a word names, if it differs."""
    if any(word.text.lower() in field.choices for field in kind.fields.values()) or not word.text[:1].isalpha():
        return None
    found = type_lookup.find(word.text)
    return found[0].type if found and found[0].usable_as_activation and found[0].type != word.text else None


def _is_beside(key: Scalar, node: SpecNode) -> bool:
    """Whether a field is a key of the item itself, next to its type."""
    return isinstance(node, Mapping) and key.text in node.entries and node.entries[key.text][0] is key


def _is_head(word: str, blocks: Collection[str]) -> bool:
    """Whether a key of an item names a type, a block or a group."""
    return word == "layers" or word in blocks or is_canonical(word)
