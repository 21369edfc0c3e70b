"""A picture as PNG in the light colours, by resvg: its SVG, two pixels to a unit.

The library is the extra `cnncalc[png]`: https://github.com/baseplate-admin/resvg-py.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from cnncalc.diagnostics import Refusal
from cnncalc.drawing.forms import svg
from cnncalc.drawing.picture import Picture

ZOOM = 2
MOST_PIXELS = 50_000_000
"""The limit of an image's size; the library uses 4 bytes of memory for each pixel."""


def render(picture: Picture) -> bytes:
    """The image; a large one has one pixel to a unit. Raises Refusal if it is too large or the library cannot draw."""
    width, height = ceil(picture.width), ceil(picture.height)
    if width * height > MOST_PIXELS:
        message = f"the drawing of {width}x{height} pixels is too large for PNG"
        raise Refusal(message, hint="use svg, or fold more blocks with --depth", field="")
    resvg = _library()
    if not _finds_fonts(resvg):
        message = "PNG needs a font, and this system has none"
        raise Refusal(message, hint="install one such as Liberation Sans or DejaVu Sans, or use svg", field="")
    zoom = ZOOM if width * height * ZOOM**2 <= MOST_PIXELS else 1
    image: bytes = resvg.svg_to_bytes(svg_string=svg.render(picture), zoom=zoom)
    return image


def _library() -> Any:
    try:
        import resvg_py
    except ImportError:
        raise Refusal("PNG needs resvg-py", hint='pip install "cnncalc[png]", or use svg', field="") from None
    return resvg_py


def _finds_fonts(resvg: Any) -> bool:
    """Whether the library draws texts; without fonts, it leaves them out and reports nothing."""
    start = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    texts = (f'{start}<text y="8">{text}</text></svg>' for text in ("", "x"))
    return len({bytes(resvg.svg_to_bytes(svg_string=text)) for text in texts}) == 2
