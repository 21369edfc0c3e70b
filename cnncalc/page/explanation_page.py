"""The explanations of layers as a page, with the pictures of their windows."""

from __future__ import annotations

from collections.abc import Iterable

from cnncalc.analysis.explanation import Explanation
from cnncalc.drawing.picture import Picture
from cnncalc.page.document import document
from cnncalc.page.drawn import picture_element
from cnncalc.render.explanation.html import render_html
from cnncalc.render.html_text import Html, element


def explanation_page(title: str, explained: Iterable[tuple[Explanation, Picture | None]]) -> str:
    """The complete page."""
    return document(title, [element("main", *(_layer(*each) for each in explained), class_="explained")], {})


def _layer(explanation: Explanation, picture: Picture | None) -> Html:
    drawn = [] if picture is None else [picture_element(picture, title=f"The window of {explanation.name}")]
    return element("section", Html(render_html(explanation)), *drawn)
