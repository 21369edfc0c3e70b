"""Text in a terminal: how wide it is, and ANSI styles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from cnncalc.hidden_characters import hidden
from cnncalc.hidden_characters import visible as _visible

STYLES: Mapping[str, str] = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
}

TAB = "    "

_STYLE = re.compile(r"(\x1b\[[0-9;]*m)")


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
    """One line's text with tabs as four blanks and hidden characters escaped, so that it cannot move the cursor."""
    return text if text.isprintable() else _visible(text.replace("\t", TAB))


def fit_for_output(text: str, *, color: bool = False) -> str:
    """Lines of output with hidden characters escaped, but tabs and, where there is colour, its styles."""
    if not hidden(text).difference("\n\t"):
        return text
    if not color:
        return _visible(text, keep="\n\t")
    pieces = _STYLE.split(text)  # every second piece is a style
    return "".join(piece if place % 2 else _visible(piece, keep="\n\t") for place, piece in enumerate(pieces))
