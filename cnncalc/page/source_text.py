"""The text of a spec with numbered lines."""

from __future__ import annotations

from cnncalc.number_text import plural
from cnncalc.render.html_text import Html, element

MOST_LINES, LONGEST_LINE = 3_000, 1_000
"""Of longer texts and lines, the beginning is shown."""


def source_element(text: str) -> Html:
    """The lines, each an element that the script finds by its number."""
    lines = text.splitlines()
    shown = [
        element("span", _cut(line), "\n", id=f"line-{number}") for number, line in enumerate(lines[:MOST_LINES], 1)
    ]
    rest = len(lines) - MOST_LINES
    left_out = element("p", f"{plural(rest, 'more line')} are not shown.") if rest > 0 else ""
    return element("div", element("pre", element("code", *shown), tabindex="0"), left_out)


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + " …"
