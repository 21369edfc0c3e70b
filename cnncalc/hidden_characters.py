"""Characters that a reader cannot see, or that move a terminal's cursor, and how they are shown.

Text from files reaches terminals, logs and comments. Control characters can overwrite what a terminal shows, and format
characters (bidirectional controls, zero-width ones) can change how a text reads: Boucher and Anderson, "Trojan Source:
Invisible Vulnerabilities", 2021. They are written as JSON escapes them, with a backslash, `u` and four hex digits.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode's categories of control and format characters, halves of characters, and separators of lines."""


def hidden(text: str) -> set[str]:
    """The characters of `text` that must not be written as they are."""
    if text.isprintable():
        return set()
    return {char for char in set(text) if unicodedata.category(char) in _HIDDEN}


def escaped(char: str) -> str:
    """A character as JSON escapes it: in a JSON text the escape means the character itself."""
    code = ord(char)
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def visible(text: str, *, keep: Iterable[str] = ()) -> str:
    """`text` with every hidden character escaped, but those to keep."""
    found = hidden(text).difference(keep)
    return text.translate({ord(char): escaped(char) for char in found}) if found else text
