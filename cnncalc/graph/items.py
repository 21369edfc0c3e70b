"""One item of a `layers` list, taken apart: what it names, its arguments, and what every item may carry.

An item is a line of short form (`conv 20 8x8 s2 p1`), a mapping with one type or block as key, or a group. All of
them become an `Item`, whose arguments are still nodes: nothing is evaluated here, so an item inside a repeat is taken
apart once.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from types import MappingProxyType
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Reporter, Span, did_you_mean
from cnncalc.reading.items import Token, split_item
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode, Words
from cnncalc.reading.spelt_layers import SpeltLayer

COMMON_KEYS = (
    "name", "from", "activation", "trainable", "share_weights", "expect", "budget", "when", "repeat", "lint",
)  # fmt: skip
"""The keys that every item may carry, whatever its type."""

COMMON = frozenset(COMMON_KEYS)
_NOTHING: AnyMapping[str, SpecNode] = MappingProxyType({})

_KEY = r" +([a-z_]+)=([\w.,+-]+)"
_WORDS = re.compile(rf"(?P<words>(?!null$)(?P<head>[A-Za-z_][\w.]*)(?: +[\w.+-]+)*)(?P<keys>(?:{_KEY})*)", re.ASCII)
"""An item of plain words and numbers, and keys after them: without quotes, lists, expressions and calls."""

_NOT_A_LAYER = COMMON | {"layers"}


class Argument(NamedTuple):
    """A value given to a layer or block: under a key, or (`key` None) by its position."""

    key: Scalar | None
    value: SpecNode


class Item(NamedTuple):
    """An item taken apart. `head` is the type's or block's name; None for a group of `layers`."""

    node: SpecNode
    head: Scalar | None
    given: list[Argument] | None
    """The arguments; None for an item of plain words and for a spelt layer, whose arguments are rarely needed."""
    common: AnyMapping[str, SpecNode]
    body: Sequence | None
    """The list given: a group's layers, a merge's branches, or one value of a layer."""
    key: tuple[str, ...] | None
    """The key that equal items share, for reuse; None where an item must be read afresh."""
    is_call: bool = False
    """Whether it is written as a call, `nn.Linear(400, 120)`."""

    @property
    def arguments(self) -> list[Argument]:
        """The values given, each under its key or by its position."""
        if self.given is not None:
            return self.given
        if isinstance(self.node, SpeltLayer):
            return [Argument(key, value) for key, value in self.node.placed_fields() if key.text not in COMMON]
        assert isinstance(self.node, Scalar)
        return [argument_of(token) for token in split_item(self.node)[1:] if token.key not in COMMON]

    @property
    def span(self) -> Span:
        return self.head.span if self.head else self.node.span


def take_apart(node: SpecNode, is_head: Callable[[str], bool], report: Reporter) -> Item | None:
    """The item that `node` holds, or None after reporting why it holds none."""
    if isinstance(node, Scalar):
        return _from_text(node, is_head, report)
    if isinstance(node, Mapping):
        return _from_mapping(node, is_head, report)
    report(
        Diagnostic(
            "E209",
            "a list appears where one layer is needed",
            node.span,
            hint="a group of layers is written {layers: [...]}; branches go under a merge such as `add`",
        )
    )
    return None


def _from_text(node: Scalar, is_head: Callable[[str], bool], report: Reporter) -> Item | None:
    if "(" in node.text:
        from cnncalc.reading.calls import is_call, without_target  # most specs hold no parentheses

        node = without_target(node)
        if is_call(node.text):
            from cnncalc.graph.calls import item_of_call  # few specs hold calls

            return item_of_call(node, is_head, report)
    tokens = [] if node.plain and node.text in ("~", "null") else split_item(node)
    if not tokens:
        report(Diagnostic("E209", "an item is empty", node.span, hint='write a layer, such as "conv 20 3x3"'))
        return None
    arguments: list[Argument] = []
    common: dict[str, SpecNode] = {}
    for token in tokens[1:]:
        sort_in(argument_of(token), arguments, common, report)
    key = tuple([token.text for token in tokens if token.key not in COMMON_KEYS])
    return Item(node, _scalar(tokens[0]), arguments, common, None, key)


def is_literal(node: Scalar) -> bool:
    """Whether a text is in its source letter by letter, neither quoted nor escaped nor an alias."""
    return node.plain and node.source.text.startswith(node.text, node.start)


def item_of_words(node: Words) -> Item:
    """The item of a text of plain words."""
    word = node.text.partition(" ")[0]
    return Item(node, Scalar(node.source, node.start, node.start + len(word), word), None, _NOTHING, None, (node.text,))


def item_of_literal_words(node: Scalar) -> Item | None:
    """The item of a text of plain words and keys that every item may carry, if the source holds it literally."""
    found = _WORDS.fullmatch(node.text)
    if found is None or not is_literal(node):
        return None
    common = _common_of(node, found.end("words")) if found["keys"] else _NOTHING
    head = Scalar(node.source, node.start, node.start + found.end("head"), found["head"])
    return None if common is None else Item(node, head, None, common, None, (found["words"],))


def _common_of(node: Scalar, start: int) -> dict[str, SpecNode] | None:
    """The keys of a text from `start` on; None if one is a field's, or is given twice, which is reported."""
    common: dict[str, SpecNode] = {}
    for found in re.compile(_KEY, re.ASCII).finditer(node.text, start):  # few specs have any
        key, value = found.groups()
        if key in common or key not in COMMON:
            return None
        common[key] = Scalar(node.source, node.start + found.start(2), node.start + found.end(2), value)
    return common


def item_of_spelt(node: SpeltLayer) -> Item | None:
    """The item of a layer that the text spells out, unless it has expressions or branches, or is a group."""
    head, fields = node.head, node.fields
    if "branches" in fields or head in _NOT_A_LAYER or node.source.text.find("$", node.start, node.end) >= 0:
        return None
    common = {name: node.value(name) for name in fields if name in COMMON}
    start = node.start
    return Item(node, Scalar(node.source, start, start + len(head), head), None, common, None, None)


def same_text(item: Item, node: Scalar, by: int) -> Item | None:
    """The item of `node`, `by` characters after that of an equal text; None where it must be taken apart itself.

    Its arguments keep the positions of the first such item: `moved` gives them their own.
    """
    if item.common or item.head is None:
        return None
    return Item(node, _moved_scalar(item.head, by), item.given, {}, None, item.key, item.is_call)


def moved(item: Item, by: int) -> Item:
    """An item of a text, as `same_text` takes it, `by` characters further on in its source."""
    arguments = [Argument(key and _moved_scalar(key, by), _moved_node(value, by)) for key, value in item.arguments]
    head = item.head and _moved_scalar(item.head, by)
    return item._replace(node=_moved_node(item.node, by), head=head, given=arguments)


def _moved_node(node: SpecNode, by: int) -> SpecNode:
    if isinstance(node, Scalar):
        return _moved_scalar(node, by)
    assert isinstance(node, Sequence)  # the text of an item holds no mappings
    return Sequence(node.source, node.start + by, node.end + by, [_moved_node(each, by) for each in node.items])


def _moved_scalar(node: Scalar, by: int) -> Scalar:
    return type(node)(node.source, node.start + by, node.end + by, node.text, plain=node.plain)


def sort_in(argument: Argument, arguments: list[Argument], common: dict[str, SpecNode], report: Reporter) -> None:
    """Put an argument among a layer's own, or what every item may carry."""
    key = argument.key
    if key is None or key.text not in COMMON_KEYS:
        arguments.append(argument)
    elif key.text in common:
        report(_twice(key, common[key.text]))
    else:
        common[key.text] = argument.value


def _twice(key: Scalar, first: SpecNode) -> Diagnostic:
    return Diagnostic("E102", f'"{key.text}" is given twice (first on line {first.span.line})', key.span)


def argument_of(token: Token) -> Argument:
    """A token as an argument."""
    if not token.key:
        return Argument(None, token.value_node())
    span = token.key_span
    return Argument(Scalar(span.source, span.start, span.end, token.key), token.value_node())


def _scalar(token: Token) -> Scalar:
    span = token.span
    return Scalar(span.source, span.start, span.end, token.text)


def _from_mapping(node: Mapping, is_head: Callable[[str], bool], report: Reporter) -> Item | None:
    common: dict[str, SpecNode] = {}
    heads: list[tuple[Scalar, SpecNode]] = []
    others: list[Scalar] = []
    for name, (key, value) in node.entries.items():
        if name in COMMON_KEYS:
            common[name] = value
        elif name == "layers" or is_head(name):
            heads.append((key, value))
        else:
            others.append(key)
    if len(heads) > 1:
        report(_two_heads(heads[0][0], heads[1][0]))
        return None
    if not heads:
        return _headless(node, others, common, report)
    key, value = heads[0]
    if key.text == "layers":
        return _group(node, value, others, common, report)
    item = _headed(node, key, value, common, report)
    item.arguments.extend(Argument(other, node.entries[other.text][1]) for other in others)
    return item


def _two_heads(first: Scalar, second: Scalar) -> Diagnostic:
    return Diagnostic(
        "E209",
        f'"{first.text}" and "{second.text}" appear in one item',
        second.span,
        hint="give each layer its own list item, with a dash before it",
    )


def _headless(node: Mapping, others: list[Scalar], common: dict[str, SpecNode], report: Reporter) -> Item | None:
    """An unknown single key is taken as a type, so that the builder says what it could have meant."""
    if others:
        head, *fields = others
        item = _headed(node, head, node.entries[head.text][1], common, report)
        item.arguments.extend(Argument(field, node.entries[field.text][1]) for field in fields)
        return item
    if "activation" in common:  # on its own it is an item, as Keras's Activation is a layer
        return Item(node, node.entries["activation"][0], [], common, None, None)
    report(Diagnostic("E209", "this item names no layer", node.span, hint='write a type, such as "conv: {...}"'))
    return None


def _group(
    node: Mapping, value: SpecNode, others: list[Scalar], common: dict[str, SpecNode], report: Reporter
) -> Item | None:
    for other in others:
        hint = did_you_mean(other.text, COMMON_KEYS) or f"a group may carry {', '.join(COMMON_KEYS)}"
        report(Diagnostic("E201", f'unknown key "{other.text}" in a group', other.span, hint=hint))
    if isinstance(value, Scalar) and value.text:
        value = Sequence(value.source, value.start, value.end, [value])
    if not isinstance(value, Sequence):
        report(not_a_list(value))
        return None
    return Item(node, None, [], common, value, None)


def not_a_list(value: SpecNode) -> Diagnostic:
    """The diagnostic for `layers` that are not a list."""
    first = next(iter(value.entries), "") if isinstance(value, Mapping) else ""
    hint = f"begin each layer with a dash: - {first}: …" if first else ""
    return Diagnostic("E209", f"`layers` needs a list, got a {value.kind}", value.span, hint=hint)


def _headed(node: Mapping, head: Scalar, value: SpecNode, common: dict[str, SpecNode], report: Reporter) -> Item:
    arguments: list[Argument] = []
    if isinstance(value, Mapping):
        body = None
        for key, inner in value.entries.values():
            if key.text == "branches" and isinstance(inner, Sequence):
                body = inner
            else:
                sort_in(Argument(key, inner), arguments, common, report)
        return Item(node, head, arguments, common, body, _key(head, value) if len(node.entries) == 1 else None)
    if isinstance(value, Sequence):
        return Item(node, head, arguments, common, value, None)
    assert isinstance(value, Scalar)
    if not value.plain or value.text not in ("", "~", "null"):
        for token in split_item(value):
            sort_in(argument_of(token), arguments, common, report)
    return Item(node, head, arguments, common, None, None)


def _key(head: Scalar, fields: Mapping) -> tuple[str, ...] | None:
    """The texts of a layer's own fields; None where they hold anything deeper than lists of plain values."""
    parts = [head.text]
    for name, (_, value) in fields.entries.items():
        if name in COMMON_KEYS:
            continue
        parts.append(name)
        if isinstance(value, Scalar):
            parts.append(value.text if value.plain else f'"{value.text}"')
        elif isinstance(value, Sequence):
            texts = [element.text for element in value.items if isinstance(element, Scalar) and element.plain]
            if len(texts) != len(value.items):
                return None
            parts.append(f"[{','.join(texts)}]")
        else:
            return None
    return tuple(parts)
