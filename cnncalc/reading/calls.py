"""Calls, as written in code: `nn.Conv2d(3, 64, 7, stride=2)`, `layers.Dense(10, activation='relu')`.

A call is parsed into its name and located arguments, without looking anything up. An argument becomes the node that a
spec would contain: quoted text becomes a Scalar that is not plain, a tuple or list a Sequence, arithmetic an
expression, and a nested call a Scalar with its text. Each loop runs over the text once; brackets nest at most
`_DEEPEST` deep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic
from cnncalc.layers.code_tuples import is_tuple
from cnncalc.reading.items import Located, opaque_end
from cnncalc.reading.nodes import BareName, Scalar, Sequence, SpecNode
from cnncalc.reading.operations import FUNCTIONS

_CALLED = re.compile(r"[A-Za-z_][\w.]*\(")
_NAME_BEFORE = re.compile(r"(?:^|(?<=[\s=,(\[|]))[A-Za-z_][\w.]*\Z")
_KEYWORD = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)")
_SEPARATOR = re.compile(r"['\"\[({,]|\$\{")
_NUMBER = re.compile(r"[-+]?(?:[0-9][0-9_]*\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_AXES = re.compile(r"-?[0-9]+(?:[x×][0-9]+)+")
_WORD = re.compile(r"[A-Za-z_][\w.]*")
_TEMPLATE = re.compile(r"\$\{([^}]*)\}")
_ARITHMETIC = re.compile(r"[\w\s.+\-*/%()]+")
_OPERATOR = re.compile(r"[+\-*/%]")
_APPLIED = re.compile(r"\(\s*([A-Za-z_][\w.]*)\s*(?:,\s*\1\s*)*\)")
"""A single tensor, possibly repeated as for attention: `(x)`, `(x, x)`."""
_APPLIED_TO_SEVERAL = re.compile(r"\(\s*\[?\s*([A-Za-z_][\w.]*(?:\s*,\s*[A-Za-z_][\w.]*)*)\s*\]?\s*\)")
_TIMES = re.compile(r"\s*\*\s*([0-9]{1,20})\s*\Z")
_ASSIGNED = re.compile(r"[A-Za-z_][\w.]*\s*=\s*(?=[A-Za-z_][\w.]*\()")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_PHRASE = re.compile(r"[A-Za-z_][\w.]*\s+[\w\"'\[$(]")
"""The words of a spec's item, `conv 8 3x3`, which cannot be an argument of a call."""
_CONSTANTS: Mapping[str, str] = {"None": "null", "True": "true", "False": "false"}
_DEEPEST = 20
_LONGEST = 10_000
_LONGEST_TUPLE = 200
"""The maximum number of characters in the parentheses of a call or tuple; longer texts are treated as items."""


class CallArgument(NamedTuple):
    """An argument of a call, with its keyword, or None if it is positional."""

    key: Scalar | None
    value: SpecNode


class Call(NamedTuple):
    """A call: its name, its arguments, and the text that follows it in the item."""

    name: Scalar
    arguments: list[CallArgument]
    rest: Scalar


def is_call(text: str) -> bool:
    """Whether an item's text begins with a call."""
    return _CALLED.match(text) is not None


def code_end(text: str, start: int, opened: int) -> int:
    """The end of the call or tuple whose parenthesis opens at `opened`, in an item that begins at `start`.

    0 if the parenthesis belongs to the spec: a group, or the items of a merge or wrapper.
    """
    name = _NAME_BEFORE.search(text[start:opened])
    window = text[opened : opened + (_LONGEST if name else _LONGEST_TUPLE)]
    length = opaque_end(window, 0)
    if length == -1:
        return 0
    if name is None:
        alone = opened == start or text[opened - 1] in " \t\n=,[("
        is_code = alone and is_tuple(window[:length])
    else:
        is_code = _holds_code(name.group(), window[1 : length - 1])
    return _after_applied(text, opened + length) if is_code else 0


def _after_applied(text: str, end: int) -> int:
    """The end of a layer's application, as in Keras's `Flatten()(x)`; `end` if it is not applied."""
    found = _APPLIED_TO_SEVERAL.match(text, end)
    return found.end() if found else end


def _holds_code(name: str, inner: str) -> bool:
    """Whether parentheses after a name contain arguments of a call rather than items of a spec."""
    plain = _QUOTED.sub("''", inner)
    parts = [inner[start:end].strip() for start, end in _parts(inner, 0, len(inner))]
    if "|" in plain or "->" in plain or "→" in plain or any(map(_PHRASE.match, parts)):
        return False
    if len(parts) > 1 or plain.rstrip().endswith(","):
        return True
    if not parts:
        return "." in name or not _holds_items(name, wrapping=False)
    if _is_nested_call(parts[0]):
        return not _holds_items(name, wrapping=True)
    return "." in name or "." in parts[0] or parts[0] in _CONSTANTS or _WORD.fullmatch(parts[0]) is None


def _holds_items(name: str, *, wrapping: bool) -> bool:
    """Whether a name is a type whose parentheses contain items: a merge or, if `wrapping`, a wrapper."""
    from cnncalc.layers import registry  # few texts need the layers

    found = registry.find(name)
    return found is not None and (found[0].branching or (wrapping and found[0].wraps))


def read_call(node: Scalar) -> tuple[Call | None, list[Diagnostic]]:
    """The call at the beginning of an item's text; None, with diagnostics, if it is invalid."""
    located, text = Located(node), node.text
    opened = text.index("(")
    end = opaque_end(text, opened)
    if end == -1:
        span = located.span(opened, opened + 1)
        return None, [Diagnostic("E110", "the parenthesis opened here is never closed", span, hint="add `)`")]
    arguments, mistakes = [], []
    for start, stop in _parts(text, opened + 1, end - 1):
        key = _KEYWORD.match(text, start, stop)
        begin = key.end() if key else start
        part = text[begin:stop]
        value_start = begin + len(part) - len(part.lstrip())
        value_end = max(value_start, begin + len(part.rstrip()))
        if problem := _problem(text[value_start:value_end]):
            mistakes.append(Diagnostic("E110", problem[0], located.span(value_start, value_end), hint=problem[1]))
        else:
            keyword = located.scalar(*key.span(1)) if key else None
            arguments.append(CallArgument(keyword, _value(located, value_start, value_end, 0)))
    applied, end = end, _after_applied(text, end)
    arguments += _applied(located, applied, end)
    if times := _TIMES.match(text, end):
        span, hint = located.span(end, len(text)), f"write repeat={times[1]}"
        mistakes.append(Diagnostic("E209", "a call is not repeated by `*`", span, hint=hint))
    rest = located.place(end, len(text))
    call = Call(located.scalar(0, opened), arguments, Scalar(node.source, *rest, text[end:]))
    return (None, mistakes) if mistakes else (call, [])


def _applied(located: Located, start: int, end: int) -> list[CallArgument]:
    """The inputs of a layer applied to several, as in Keras's `Add()([a, b])`, in the form of `from`."""
    applied = located.text[start:end]
    if not applied or _APPLIED.fullmatch(applied):
        return []
    names = _WORD.finditer(applied)
    nodes: list[SpecNode] = [located.scalar(start + found.start(), start + found.end()) for found in names]
    place = located.place(start, end)
    return [CallArgument(Scalar(located.source, *place, "from"), Sequence(located.source, *place, nodes))]


def without_target(node: Scalar) -> Scalar:
    """The call of an assignment, such as `x = layers.Dense(3)(x)`; any other item unchanged."""
    found = _ASSIGNED.match(node.text)
    if found is None:
        return node
    return Located(node).scalar(found.end(), len(node.text))


def _problem(text: str) -> tuple[str, str] | None:
    """The reason why a text is not an argument, and a hint; None if it is one."""
    if not text:
        return "an argument is missing here", "remove the comma, or write a value"
    if text.startswith("*"):
        return f"`{text[:40]}`: unpacking is not supported", "write the values themselves"
    return None


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The ranges between the commas; a trailing comma adds none."""
    begun = offset = start
    while found := _SEPARATOR.search(text, offset, end):
        offset = found.end()
        if found.group() == ",":
            yield begun, found.start()
            begun = offset
        elif found.group() == "{":
            offset = text.find("}", offset, end) + 1 or end
        else:
            offset = max(opaque_end(text, found.start()), offset)
    if text[begun:end].strip():
        yield begun, end


def _value(located: Located, start: int, end: int, depth: int) -> SpecNode:
    """The node of one argument."""
    text = located.text[start:end]
    place = located.place(start, end)
    if text in _CONSTANTS:
        return Scalar(located.source, *place, _CONSTANTS[text])
    if _NUMBER.fullmatch(text):
        return Scalar(located.source, *place, text.replace("_", ""))
    if text[0] in "([" and depth < _DEEPEST and opaque_end(located.text, start) == end:
        return _listed(located, start, end, depth)
    if _WORD.fullmatch(text):
        return BareName(located.source, *place, text)
    if _AXES.fullmatch(text) or text[0] in "'\"{" or _is_nested_call(text):
        return located.scalar(start, end)
    inner = _TEMPLATE.sub(r"(\1)", text)
    if inner != text or (_ARITHMETIC.fullmatch(inner) and _OPERATOR.search(inner)) or is_call(inner):
        return Scalar(located.source, *place, text if _TEMPLATE.fullmatch(text) else "${" + inner + "}")
    return located.scalar(start, end)


def _is_nested_call(text: str) -> bool:
    opened = text.find("(")
    return is_call(text) and opaque_end(text, opened) == len(text) and text[:opened] not in FUNCTIONS


def _listed(located: Located, start: int, end: int, depth: int) -> SpecNode:
    """A list or tuple; a single value in parentheses, without a comma, is that value."""
    parts = list(_parts(located.text, start + 1, end - 1))
    nodes = []
    for begin, stop in parts:
        text = located.text[begin:stop]
        first = begin + len(text) - len(text.lstrip())
        last = begin + len(text.rstrip())
        if last > first:
            nodes.append(_value(located, first, last, depth + 1))
    has_comma = len(parts) == 1 and parts[0][1] < end - 1
    if located.text[start] == "(" and len(nodes) == 1 and not has_comma:
        return nodes[0]
    return Sequence(located.source, *located.place(start, end), nodes)
