"""Blocks: reusable groups of layers with parameters."""

import re
from collections.abc import Mapping as AnyMapping
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Reporter, did_you_mean
from cnncalc.graph.items import COMMON_KEYS, Item
from cnncalc.graph.values import Unknowable, Values, WrongValue, show
from cnncalc.layers.registry import is_type_name
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode

_KEYS = ("parameters", "layers", "description")
_SHORT = r"([a-z])([0-9]{1,40}(?:x[0-9]{1,40})*)$"
_SHORT_NAMES: AnyMapping[str, str] = {"s": "stride", "p": "padding", "d": "dilation", "g": "groups", "k": "kernel"}


class Block(NamedTuple):
    """A named group of layers; `parameters` holds the node of each one's default, a null for those `required`."""

    name: str
    required: tuple[str, ...]
    parameters: AnyMapping[str, SpecNode]
    layers: Sequence
    is_broken: bool = False
    """Whether a mistake in it is reported; its uses then report none."""


def read_blocks(node: SpecNode | None, report: Reporter) -> dict[str, Block]:
    """The blocks of a spec by name."""
    if node is None:
        return {}
    if not isinstance(node, Mapping):
        report(Diagnostic("E209", f"`blocks` needs a mapping of names to blocks, got a {node.kind}", node.span))
        return {}
    blocks = {}
    for key, body in node.entries.values():
        nothing = Sequence(key.source, key.start, key.end, [])
        blocks[key.text] = _read_block(key, body, report) or Block(key.text, (), {}, nothing, is_broken=True)
    return blocks


def _read_block(key: Scalar, body: SpecNode, report: Reporter) -> Block | None:
    if is_type_name(key.text):
        hint = f'call it "my_{key.text}"'
        report(Diagnostic("E207", f'block "{key.text}" has the name of a layer type', key.span, hint=hint))
    if isinstance(body, Sequence):
        return Block(key.text, (), {}, body)
    layers = body.get("layers") if isinstance(body, Mapping) else None
    if not isinstance(body, Mapping) or not isinstance(layers, Sequence):
        hint = "write {parameters: {width: ~, stride: 1}, layers: [...]}"
        report(Diagnostic("E209", f'block "{key.text}" needs a list of `layers`', key.span, hint=hint))
        return None
    for other, _ in body.entries.values():
        if other.text not in _KEYS:
            hint = did_you_mean(other.text, _KEYS) or f"known: {', '.join(_KEYS)}"
            report(Diagnostic("E201", f'unknown key "{other.text}" in block "{key.text}"', other.span, hint=hint))
    declared = body.get("parameters")
    if declared is not None and not isinstance(declared, Mapping):
        report(Diagnostic("E209", f"`parameters` needs a mapping, got a {declared.kind}", declared.span))
        return None
    entries = declared.entries if declared else {}
    required = tuple(name for name, (_, value) in entries.items() if _is_null(value))
    return Block(key.text, required, {name: value for name, (_, value) in entries.items()}, layers)


def _is_null(node: SpecNode) -> bool:
    return isinstance(node, Scalar) and node.plain and node.text in ("", "~", "null")


def block_values(block: Block, item: Item, values: Values, report: Reporter) -> dict[str, object] | None:
    """The parameters of one use of a block; None after reporting what is wrong. Raises Unknowable."""
    given: dict[str, object] = {}
    failed = False
    arguments = item.arguments
    for argument in sorted(arguments, key=lambda argument: argument.key is None):
        try:
            name, value = _place(block, argument.key, argument.value, given, values)
        except WrongValue as mistake:
            failed = True
            report(mistake.diagnostic)
        else:
            given[name] = value
    missing = [name for name in block.required if name not in given]
    if missing and not failed:
        message = f"block {block.name} needs {' and '.join(missing)}"
        report(Diagnostic("E205", message, item.span, hint=f"for example: {block.name} {missing[0]}=…"))
        failed = True
    if failed:
        return None
    return given


def _place(
    block: Block, key: Scalar | None, node: SpecNode, given: dict[str, object], values: Values
) -> tuple[str, object]:
    value = values.read(node)
    if key is not None:
        if key.text not in block.parameters:
            known = [*block.parameters, *COMMON_KEYS]
            hint = did_you_mean(key.text, known) or f"it has {', '.join(block.parameters) or 'none'}"
            raise WrongValue(
                Diagnostic("E203", f'block {block.name} has no parameter "{key.text}"', key.span, hint=hint)
            )
        return key.text, value
    short = re.match(_SHORT, value) if isinstance(value, str) else None
    if short and _SHORT_NAMES.get(short[1]) in block.parameters:
        digits = short[2]
        return _SHORT_NAMES[short[1]], int(digits) if digits.isdecimal() else digits
    free = [name for name in block.parameters if name not in given]
    if not free:
        has = f"has {len(block.parameters)} parameters" if block.parameters else "has no parameters"
        raise WrongValue(Diagnostic("E204", f"block {block.name} {has}; no place for {show(value)}", node.span))
    return free[0], value


def default_values(block: Block, given: dict[str, object], values: Values, report: Reporter) -> bool:
    """Add the parameters that were not given, in order, each seeing those before it; False after a mistake.

    The required ones are given.
    """
    for name, node in block.parameters.items():
        if name in given:
            continue
        values.scope.values.update(given)
        try:
            given[name] = values.read(node)
        except WrongValue as mistake:
            report(mistake.diagnostic)
            return False
        except Unknowable:
            return False
    return True
