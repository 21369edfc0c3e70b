"""Escapes for characters that a reader cannot see, or that move a terminal's cursor.

Text from files reaches terminals, logs and comments. Control characters can overwrite what a terminal shows, and format
characters (bidirectional controls, zero-width characters) can change how a text reads: Boucher and Anderson, "Trojan
Source: Invisible Vulnerabilities", 2021. They are escaped as in JSON, with a backslash, `u` and four hex digits.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode's categories of control and format characters, surrogates, and line separators."""


def hidden(text: str) -> set[str]:
    """The characters of `text` that must be escaped."""
    if text.isprintable():
        return set()
    return {char for char in set(text) if unicodedata.category(char) in _HIDDEN}


def escaped(char: str) -> str:
    """A character as a JSON escape, which denotes the character itself in a JSON text."""
    code = ord(char)
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def visible(text: str, *, keep: Iterable[str] = ()) -> str:
    """`text` with every hidden character escaped, except those in `keep`."""
    found = hidden(text).difference(keep)
    return text.translate({ord(char): escaped(char) for char in found}) if found else text
