"""The item inside a wrapper: `time_distributed(conv 8 3x3)`, `time_distributed: {layer: conv 8 3x3}`, and their kin."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.diagnostics import Diagnostic, Reporter, did_you_mean
from cnncalc.graph.items import Argument, Item
from cnncalc.layers.argument_meaning import meaning
from cnncalc.layers.base import Layer
from cnncalc.reading.nodes import Scalar, Sequence, SpecNode

_NOTHING = ("None", "null", "~")

TakeApart = Callable[[SpecNode], tuple[Item | None, tuple[Diagnostic, ...]]]
"""Gives the item of a node that can hold no block, None if it holds none, and the mistakes in it."""


def inner_item(item: Item, kind: type[Layer], take_apart: TakeApart, report: Reporter) -> Item | None:
    """The item inside a wrapper of type `kind`; None after reporting why there is none."""
    if item.body is not None:
        node = _only(item, kind, item.body, report)
        return _taken(node, item.arguments, kind, take_apart, report) if node else None
    arguments = item.arguments
    inside = next((argument for argument in arguments if argument.key and argument.key.text == "layer"), None)
    if inside is not None:
        others = [argument for argument in arguments if argument is not inside]
        return _taken(inside.value, others, kind, take_apart, report)
    first = arguments[0] if arguments else None
    if first is None or first.key is not None or not isinstance(first.value, Scalar):
        report(_missing(item, kind))
        return None
    return Item(item.node, first.value, arguments[1:], {}, None, None)


def _only(item: Item, kind: type[Layer], body: Sequence, report: Reporter) -> SpecNode | None:
    """The node of the one item of a list, or of the one branch in it."""
    items = body.items
    while len(items) == 1 and isinstance(items[0], Sequence):
        items = items[0].items
    if len(items) != 1:
        hint = f"wrap each of them: {kind.type}(…) -> {kind.type}(…)" if items else ""
        report(Diagnostic("E209", f"{kind.type} holds one layer, got {len(items)}", item.span, hint=hint))
        return None
    return items[0]


def _taken(
    node: SpecNode, others: list[Argument], kind: type[Layer], take_apart: TakeApart, report: Reporter
) -> Item | None:  # fmt: skip
    """The item of a node, which carries nothing that belongs to the wrapper."""
    inner, mistakes = take_apart(node)
    for mistake in mistakes:
        report(mistake)
    if inner is None:
        return None
    handed: list[Argument] = []
    for argument in others:
        if argument.key is not None and argument.key.text in kind.hands_on:
            if isinstance(argument.value, Scalar) and argument.value.text in _NOTHING:
                report(_two_outputs(argument.key, kind))
            handed.append(argument)
            continue
        found = meaning(kind, argument.key.text) if argument.key is not None else None
        if found is not None and not (found.refused or found.field):
            continue
        place = argument.key or argument.value
        text = place.text if isinstance(place, Scalar) else ""
        hint = did_you_mean(text, ("layer",)) or "write what the inner layer needs with it"
        report(Diagnostic("E203", f'{kind.type} has no field "{text}" beside its layer', place.span, hint=hint))
    for key, value in inner.common.items():
        if key != "activation":
            report(Diagnostic("E203", f"{key} belongs to {kind.type}, not to the layer inside", value.span))
    if inner.head is None:
        report(Diagnostic("E209", f"{kind.type} holds one layer, not a group", node.span))
        return None
    return inner._replace(given=[*inner.arguments, *handed], key=None) if handed else inner


def _two_outputs(key: Scalar, kind: type[Layer]) -> Diagnostic:
    """The diagnostic for Keras's `merge_mode=None`, which returns the outputs of the two directions apart."""
    message = f"{key.text}: {kind.type} gives one output, not one for each direction"
    hint = f"leave {key.text} out, and put split 2 after the layer: the halves are the two directions"
    return Diagnostic("E204", message, key.span, hint=hint)


def _missing(item: Item, kind: type[Layer]) -> Diagnostic:
    example = kind.examples[0].split("->")[-1].strip()
    return Diagnostic("E205", f"{kind.type} needs a layer inside", item.span, hint=f"for example: {example}")
