"""Tables, escaped texts and code spans in GitHub's Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cnncalc.hidden_characters import visible
from cnncalc.render.text import Align, padded, width


class Markup(str):
    """A cell that is Markdown already, such as a link of ours: a table does not escape it."""


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], align: str = "", *, pads: bool = True) -> list[str]:
    """The lines of a table; `align` has an `l` or an `r` for each column, and without it all columns are left-aligned.

    Cells are padded so that the text reads as a table, too, unless `pads` is false, for tables with very long cells.
    """
    texts = [[cell if isinstance(cell, Markup) else escape(cell) for cell in row] for row in (titles, *rows)]
    sides: list[Align] = ["right" if letter == "r" else "left" for letter in align or "l" * len(titles)]
    rule = ["---:" if side == "right" else "---" for side in sides]
    if pads:
        widths = [max(3, *map(width, column)) for column in zip(*texts, strict=True)]
        texts = [list(map(padded, row, widths, sides)) for row in texts]
        rule = [cell[-1:].rjust(size, "-") for cell, size in zip(rule, widths, strict=True)]
    return [f"| {' | '.join(cells)} |" for cells in (texts[0], rule, *texts[1:])]


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
