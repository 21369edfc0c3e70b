"""Text in a terminal: its width, its lines, its ANSI styles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from cnncalc.hidden_characters import visible as _visible

Align = Literal["left", "right"]

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

NARROWEST_LINE = 4
"""No line is wrapped further: a wide character needs room for each line to get shorter."""

NARROW = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("\N{NO-BREAK SPACE}×·−±≤≥→…–µ′ᵢₒₖᵥ₀₁₂⌊⌋⌈⌉─│├└█")
"""Characters of one cell; texts of these alone are as wide as they are long."""
_STYLE = r"(\x1b\[[0-9;]*m)"
WrapAt = Literal["words", "names", "formulas"]

_BREAKS: Mapping[str, str] = {
    # a number and its prefix or unit, and the size of a symbol, are one word
    "words": r" +|[0-9][0-9.,]* (?:[kMGTPE]|(?:[KMGTP]i)?B)(?![^ ,;.:)])[^ ]* *|[A-Z] [=≥≤] [0-9][^ ]* *|[^ ]+ *",
    "names": r"[^./ ]*(?:[./]+ ?| +|$)",
    "formulas": r" +|(?:[⌊⌈(][^⌋⌉)]*[⌋⌉)]|[^ ·])+(?:·| *)|·",
}


def styled(text: str, style: str, *, color: bool) -> str:
    """`text` in a style such as `"bold red"`; without colour `text` itself."""
    if not color or not style or not text:
        return text
    return f"\x1b[{';'.join(STYLES[word] for word in style.split())}m{text}\x1b[0m"


@lru_cache(maxsize=1024)  # a report uses few characters
def char_width(char: str) -> int:
    """Terminal cells of one character: 2 for wide ones, 0 for combining and invisible ones."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width(text: str) -> int:
    """Terminal cells of a line."""
    return len(text) if _is_narrow(text) else sum(map(char_width, text))


def _is_narrow(text: str) -> bool:
    """Whether a text, and therefore each part of it, is surely as wide as it is long."""
    return text.isascii() or NARROW.issuperset(text)


def widest(lines: Sequence[str]) -> int:
    """Terminal cells of the widest line."""
    return max(map(len if "".join(lines).isascii() else width, lines), default=0)


def padded(text: str, cells: int, align: Align = "left") -> str:
    """A line with blanks up to a width; a wider line itself."""
    if not text.isascii():
        cells -= width(text) - len(text)
    return text.rjust(cells) if align == "right" else text.ljust(cells)


def wrap(text: str, limit: int | None, *, hanging: str = "", at: WrapAt = "words") -> list[str]:
    """`text` in lines of at most `limit` cells (None: one line), those after the first indented by `hanging`.

    Lines break between words, and inside a word that is wider than a line; `at="names"` breaks after dots and slashes,
    too, and `at="formulas"` after factors, but not inside brackets.

    >>> wrap("stage2.block1.downsample.conv_3", 18, hanging="  ", at="names")
    ['stage2.block1.', '  downsample.', '  conv_3']
    >>> wrap("2·(H − 4)·(W − 4) + 840", 16, at="formulas")
    ['2·(H − 4)·', '(W − 4) + 840']
    """
    measure: Callable[[str], int] = len if _is_narrow(text) else width
    if limit is None or measure(text) <= limit:
        return [text.rstrip()]
    limit = max(limit, NARROWEST_LINE)
    hanging = hanging[: limit - 2]
    lines, line, cells = [], "", 0
    for piece in _pieces(text, limit - len(hanging), at, measure):
        if line.strip() and cells + measure(piece.rstrip()) > limit:
            lines.append(line.rstrip())
            line, cells = hanging, width(hanging)
        line += piece
        cells += measure(piece)
        while cells > limit and measure(line.rstrip()) > limit:
            cut = _fitting(line, limit, len(hanging) + 1 if lines else 1)
            lines.append(line[:cut])
            line = hanging + line[cut:]
            cells = measure(line)
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _pieces(text: str, limit: int, at: WrapAt, measure: Callable[[str], int]) -> Iterator[str]:
    """The parts of a text that stay together; single words of a part that is wider than a line."""
    for piece in re.findall(_BREAKS[at], text):
        if measure(piece.rstrip()) <= limit:
            yield piece
        else:
            yield from re.findall(r" +|[^ ]+ *", piece)


def _fitting(text: str, limit: int, least: int) -> int:
    """The number of characters of `text` that fit into `limit` cells, at least `least`."""
    cut = len(text)
    while width(text[:cut]) > limit and cut > least:
        cut -= 1
    return cut


def shortened(text: str, limit: int) -> str:
    """`text` in at most `limit` cells, cut after a word and marked with `…`."""
    return text if width(text) <= limit else f"{wrap(text, max(limit - 2, NARROWEST_LINE))[0]} …"


def visible(text: str) -> str:
    """One line's text with tabs as four blanks and hidden characters escaped, so that it cannot move the cursor."""
    return text if text.isprintable() else _visible(text.replace("\t", TAB))


def fit_for_output(text: str, *, color: bool = False) -> str:
    """Lines of output with hidden characters escaped, except tabs and, in colour, styles."""
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    if not color:
        return _visible(text, keep="\n\t")
    pieces = re.split(_STYLE, text)  # every second piece is a style
    return "".join(piece if place % 2 else _visible(piece, keep="\n\t") for place, piece in enumerate(pieces))
