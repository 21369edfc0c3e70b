"""The recognised mistakes, as a Markdown table."""

from __future__ import annotations

from cnncalc.homework.mistakes.catalogue import catalogue
from cnncalc.render.markdown_text import Markup, code, table

_TITLES = ("mistake", "name", "what is calculated", "why it is wrong")


def as_markdown() -> str:
    """One row for each mistake, the likeliest first: title, name, wrong calculation, why it is wrong."""
    rows = [
        [mistake.general_title, Markup(code(mistake.name)), mistake.rule, Markup(mistake.explain(None))]
        for mistake in catalogue()
    ]
    return "\n".join(table(_TITLES, rows, pads=False))
