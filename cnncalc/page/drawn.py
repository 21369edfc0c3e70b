"""Pictures as SVG elements of a page, whose style has their colours."""

from __future__ import annotations

from cnncalc.drawing.forms._geometry import coordinate
from cnncalc.drawing.forms.svg import elements
from cnncalc.drawing.picture import Picture
from cnncalc.render.html_text import Html, element


def picture_element(picture: Picture, *, title: str = "", name: str | None = None) -> Html:
    """A picture that does not change; `title` replaces its description."""
    width, height = coordinate(picture.width), coordinate(picture.height)
    described = element("title", title or picture.description or picture.title)
    return element(
        "svg", described, *map(Html, elements(picture.shapes)), id=name, role="img",
        viewBox=f"0 0 {width} {height}", width=width, height=height,
    )  # fmt: skip
