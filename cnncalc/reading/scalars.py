"""The values of unquoted words: YAML 1.2's core schema, without guessing.

YAML 1.1 and 1.2 read some words differently (`012` is ten in one and twelve in the other, `no` is false or a word).
Such a word remains text. If a number or a bool is expected, the caller reports `number_traps.trap(node)`, which states
the possible meanings and the unambiguous spelling; if a name is expected, the text is the name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cnncalc.reading.nodes import Mapping as MappingNode
from cnncalc.reading.nodes import Scalar, Sequence, SpecNode

ScalarValue = int | float | bool | str | None

_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
MAX_DIGITS = 40  # more than any count has; Python does not parse more than 4,300 digits

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")


def as_value(node: Scalar) -> ScalarValue:
    """The value of a scalar: quoted text is always text; plain text is converted by `value_of`."""
    return value_of(node.text) if node.plain else node.text


def value_of(text: str) -> ScalarValue:
    """An int, float, bool or None if the plain `text` is unambiguously one, else the text itself.

    >>> value_of("20"), value_of("1e3"), value_of("True"), value_of("~"), value_of("3x3"), value_of("012")
    (20, 1000.0, True, None, '3x3', '012')
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0].isalpha():  # no number begins with a letter
        return text
    if len(text) > MAX_DIGITS + (text[0] in "+-"):
        return text
    if text.isdecimal() and text.isascii() and text[0] != "0":  # most numbers
        return int(text)
    if _INTEGER.fullmatch(text):
        return int(text)
    if FLOAT.fullmatch(text) and abs(value := float(text)) != float("inf"):
        return value
    return text


def plain_value(node: SpecNode | None) -> Any:
    """A node with all that is inside of it as a plain value; a node that is missing is nothing."""
    if isinstance(node, Scalar):
        return as_value(node)
    if isinstance(node, Sequence):
        return [plain_value(item) for item in node.items]
    if isinstance(node, MappingNode):
        return {key: plain_value(value) for key, (_, value) in node.entries.items()}
    return None
