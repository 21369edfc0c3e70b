"""A picture as SVG: one file without scripts, fonts or other files, in the reader's light or dark colours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from cnncalc.drawing.forms._geometry import arrow_head, coordinate
from cnncalc.drawing.palette import COLOURS
from cnncalc.drawing.picture import Circle, Curve, Drawn, Group, Label, Moving, Paint, Picture, Polygon, Rectangle

FONTS = "Helvetica, Arial, 'Liberation Sans', sans-serif"


def render(picture: Picture) -> str:
    """A complete SVG file."""
    width, height = coordinate(picture.width), coordinate(picture.height)
    size, accessible = f'width="{width}" height="{height}"', 'role="img" aria-labelledby="title description"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {size} {accessible}>',
            f'<title id="title">{escape(picture.title)}</title>',
            f'<desc id="description">{escape(picture.description)}</desc>',
            f"<style>{_style(picture)}</style>",
            f'<rect class="f-paper" width="{width}" height="{height}"/>',
            *elements(picture.shapes),
            "</svg>\n",
        )
    )


def _style(picture: Picture) -> str:
    """The rules of the colours that are used."""
    used = {"paper", "ink", *_colours(picture)}
    return f"text{{font-family:{FONTS}}}path{{stroke-linejoin:round}}{colour_rules(used)}"


def colour_rules(used: Collection[str]) -> str:
    """The classes of colours with their values on light and on dark paper, as CSS."""
    names = [name for name in COLOURS if name in used]
    light = "".join(_rules(name, COLOURS[name].light) for name in names)
    dark = "".join(_rules(name, COLOURS[name].dark) for name in names)
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}"


def _rules(name: str, value: str) -> str:
    return f".f-{_class(name)}{{fill:{value}}}.s-{_class(name)}{{stroke:{value}}}"


def _colours(picture: Picture) -> Iterator[str]:
    for shape in picture.flat():
        if isinstance(shape, Label):
            yield shape.colour
        else:
            yield from (colour for colour in (shape.paint.fill, shape.paint.line) if colour)


def elements(shapes: Iterable[Drawn]) -> Iterator[str]:
    """The elements of shapes, whose classes have the colours of `colour_rules`."""
    for shape in shapes:
        match shape:
            case Group():
                key = f" id={quoteattr('layer-' + shape.key)}" if shape.key else ""
                yield f"<g{key}>"
                if shape.title:
                    yield f"<title>{escape(shape.title)}</title>"
                yield from elements(shape.shapes)
                yield "</g>"
            case Moving():
                places = ";".join(f"{coordinate(x)} {coordinate(y)}" for x, y in shape.places)
                duration = coordinate(shape.seconds * len(shape.places))
                yield "<g>"
                yield (
                    '<animateTransform attributeName="transform" type="translate" calcMode="discrete"'
                    f' values="{places}" dur="{duration}s" repeatCount="indefinite"/>'
                )
                yield from elements(shape.shapes)
                yield "</g>"
            case Rectangle():
                radius = f' rx="{coordinate(shape.radius)}"' if shape.radius else ""
                place = f'x="{coordinate(shape.x)}" y="{coordinate(shape.y)}"'
                size = f'width="{coordinate(shape.width)}" height="{coordinate(shape.height)}"'
                yield f"<rect{_paint(shape.paint)} {place} {size}{radius}/>"
            case Polygon():
                corners = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in shape.corners)
                yield f'<polygon{_paint(shape.paint)} points="{corners}"/>'
            case Circle():
                x, y = shape.centre
                radius = coordinate(shape.radius)
                yield f'<circle{_paint(shape.paint)} cx="{coordinate(x)}" cy="{coordinate(y)}" r="{radius}"/>'
            case Curve():
                yield from _curve(shape)
            case Label():
                yield _label(shape)


def _curve(curve: Curve) -> Iterator[str]:
    steps = [f"M{coordinate(curve.start.x)} {coordinate(curve.start.y)}"]
    for piece in curve.pieces:
        numbers = " ".join(f"{coordinate(x)} {coordinate(y)}" for x, y in piece)
        steps.append(("L" if len(piece) == 1 else "C") + numbers)
    yield f'<path{_paint(curve.paint)} d="{"".join(steps)}"/>'
    if curve.arrow:
        yield from elements([Polygon(arrow_head(curve), Paint(curve.paint.line))])


def _label(label: Label) -> str:
    anchor = f' text-anchor="{label.anchor}"' if label.anchor != "start" else ""
    weight = ' font-weight="bold"' if label.bold else ""
    place = f'x="{coordinate(label.x)}" y="{coordinate(label.y)}"'
    text = escape(label.text)
    size = f'font-size="{coordinate(label.size)}"'
    return f'<text class="f-{_class(label.colour)}" {place} {size}{anchor}{weight}>{text}</text>'


def _paint(paint: Paint) -> str:
    classes = [f"f-{_class(paint.fill)}"] if paint.fill else []
    if paint.line:
        classes.append(f"s-{_class(paint.line)}")
    text = f' class="{" ".join(classes)}"' if classes else ""
    if not paint.fill:
        text += ' fill="none"'
    if paint.line and paint.width != 1.0:
        text += f' stroke-width="{coordinate(paint.width)}"'
    if paint.dash:
        text += f' stroke-dasharray="{"5 4" if paint.dash == "dashed" else "1.5 3"}"'
    return text


def _class(colour: str) -> str:
    return colour.replace(".", "-")
