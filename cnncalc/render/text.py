"""Text in a terminal: how wide it is, and ANSI styles."""

from __future__ import annotations

import unicodedata

STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}

TAB = "    "


def styled(text: str, style: str, *, color: bool) -> str:
    """`text` in a style such as `"bold red"`, or as it is where there is no colour."""
    if not color or not style or not text:
        return text
    return f"\x1b[{';'.join(STYLES[word] for word in style.split())}m{text}\x1b[0m"


def char_width(char: str) -> int:
    """Terminal cells of one character: 2 for wide ones, 0 for combining and invisible ones."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width(text: str) -> int:
    """Terminal cells of a line."""
    return len(text) if text.isascii() else sum(map(char_width, text))


def visible(text: str) -> str:
    """`text` with tabs as four blanks and control characters as `·`, so that it cannot move the cursor."""
    if text.isprintable():
        return text
    return "".join(TAB if char == "\t" else "·" if unicodedata.category(char) == "Cc" else char for char in text)
