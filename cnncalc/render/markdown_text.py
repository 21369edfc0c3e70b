"""Tables, escaped texts and code spans in GitHub's Markdown."""

from __future__ import annotations

import re

from cnncalc.hidden_characters import visible
from cnncalc.render.text import width


class Markup(str):
    """A cell that is Markdown already, such as a link of ours: a table does not escape it."""


def table(titles: list[str], rows: list[list[str]], numeric: list[bool]) -> list[str]:
    """The lines of a table, padded so that the text reads as one too."""
    texts = [[cell if isinstance(cell, Markup) else escape(cell) for cell in row] for row in (titles, *rows)]
    widths = [max(3, *(width(row[index]) for row in texts)) for index in range(len(titles))]
    rule = "|".join(
        f" {'-' * (size - 1)}: " if right else f" {'-' * size} " for size, right in zip(widths, numeric, strict=True)
    )
    lines = [_line(row, widths, numeric) for row in texts]
    return [lines[0], f"|{rule}|", *lines[1:]]


def _line(cells: list[str], widths: list[int], numeric: list[bool]) -> str:
    padded = []
    for cell, size, right in zip(cells, widths, numeric, strict=True):
        blank = " " * (size - width(cell))
        padded.append(blank + cell if right else cell + blank)
    return f"| {' | '.join(padded)} |"


_MARKS = re.compile(r"[\\|<`]|\](?=[(\[:])|^>|&(?=#?\w+;)|:(?=//)|(?<=www)\.")
_MENTIONS = re.compile(r"(?<=[@#])(?=[\w-])")


def escape(text: str) -> str:
    """`text` as it should appear: nothing in it becomes a table's bar, HTML, a link, an image or a mention.

    GitHub looks for `@name` and `#12` in what Markdown has become, where a backslash is gone: an invisible character
    keeps them apart, written as an entity so that it can be seen here.
    """
    text = " ".join(visible(text, keep="\n\r").splitlines())
    return _MENTIONS.sub("&#8203;", _MARKS.sub(r"\\\g<0>", text))


def code(text: str) -> str:
    """`text` in a code span, whose fence is longer than any run of backticks in it."""
    text = " ".join(visible(text, keep="\n\r").splitlines())
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    edge = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{fence}{edge}{text}{edge}{fence}"
