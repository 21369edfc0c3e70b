r"""A picture as a LaTeX file with TikZ, which pdflatex compiles without further packages.

The coordinates are those of the picture, with the y axis pointing down; a unit is 0.75 pt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cnncalc.drawing.forms._geometry import arrow_head, coordinate
from cnncalc.drawing.palette import COLOURS
from cnncalc.drawing.picture import Circle, Curve, Label, Paint, Picture, Polygon, Rectangle, Spot

UNIT = 0.75
_SPECIAL: Mapping[str, str] = {
    **{character: f"\\{character}" for character in "#$%&_{}"},
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "×": r"$\times$", "−": "$-$", "–": "--", "→": r"$\to$", "·": r"$\cdot$", "…": r"\ldots{}",
    "⋯": r"$\cdots$", "⋮": r"$\vdots$",
    "<": "$<$", ">": "$>$", "|": "$|$", "⌊": r"$\lfloor$", "⌋": r"$\rfloor$", "ᵏ": "$^k$",
}  # fmt: skip


def render(picture: Picture) -> str:
    """A complete LaTeX file with one page of the size of the picture."""
    width, height = coordinate(picture.width * UNIT), coordinate(picture.height * UNIT)
    return "\n".join(
        (
            rf"% {picture.title}: {picture.description}".replace("\n", " "),
            r"\documentclass{article}",
            r"\usepackage{tikz}",
            rf"\setlength{{\paperwidth}}{{{width}pt}}\setlength{{\paperheight}}{{{height}pt}}",
            r"\pdfpagewidth=\paperwidth \pdfpageheight=\paperheight",
            r"\hoffset=-1in \voffset=-1in \topmargin=0pt \headheight=0pt \headsep=0pt",
            r"\oddsidemargin=0pt \textwidth=\paperwidth \parindent=0pt \topskip=0pt \pagestyle{empty}",
            r"\textheight=\dimexpr\paperheight+2pt\relax",  # sizes are rounded, and a page must hold the picture
            *colours(),
            r"\begin{document}\sffamily",
            *environment(picture),
            r"\end{document}",
            "",
        )
    )


def colours() -> Iterator[str]:
    """The definitions of the colours of all pictures, for the preamble."""
    for name, tone in COLOURS.items():
        yield rf"\definecolor{{{_colour(name)}}}{{HTML}}{{{tone.light[1:].upper()}}}"


def environment(picture: Picture) -> Iterator[str]:
    """The picture for a place in a document."""
    yield rf"\begin{{tikzpicture}}[x={UNIT}pt,y=-{UNIT}pt,every node/.style={{inner sep=0pt,outer sep=0pt}}]"
    yield rf"\useasboundingbox (0,0) rectangle ({coordinate(picture.width)},{coordinate(picture.height)});"
    yield from _commands(picture)
    yield r"\end{tikzpicture}"


def _commands(picture: Picture) -> Iterator[str]:
    for shape in picture.flat():
        match shape:
            case Rectangle(x, y, width, height, paint, radius):
                corners = f",rounded corners={coordinate(radius * UNIT)}pt" if radius else ""
                start, end = _spot(Spot(x, y)), _spot(Spot(x + width, y + height))
                yield rf"\path[{_paint(paint)}{corners}] {start} rectangle {end};"
            case Polygon(corners, paint):
                yield rf"\path[{_paint(paint)}] {' -- '.join(map(_spot, corners))} -- cycle;"
            case Circle(centre, radius, paint):
                yield rf"\path[{_paint(paint)}] {_spot(centre)} circle[radius={coordinate(radius * UNIT)}pt];"
            case Curve():
                yield from _curve(shape)
            case Label():
                yield _label(shape)


def _curve(curve: Curve) -> Iterator[str]:
    path = _spot(curve.start)
    for piece in curve.pieces:
        *controls, end = map(_spot, piece)
        path += f" .. controls {' and '.join(controls)} .. {end}" if controls else f" -- {end}"
    yield rf"\path[{_paint(curve.paint)}] {path};"
    if curve.arrow:
        head = " -- ".join(map(_spot, arrow_head(curve)))
        yield rf"\path[fill={_colour(curve.paint.line or 'line')}] {head} -- cycle;"


def _label(label: Label) -> str:
    anchor = {"start": "base west", "middle": "base", "end": "base east"}[label.anchor]
    size = coordinate(label.size * UNIT)
    font = rf"\fontsize{{{size}}}{{{size}}}\selectfont" + (r"\bfseries" if label.bold else "")
    text = "".join(_SPECIAL.get(character, character) for character in label.text)
    place = _spot(Spot(label.x, label.y))
    return rf"\node[anchor={anchor},text={_colour(label.colour)},font={font}] at {place} {{{text}}};"


def _paint(paint: Paint) -> str:
    parts = [f"fill={_colour(paint.fill)}"] if paint.fill else []
    if paint.line:
        parts.append(f"draw={_colour(paint.line)},line width={coordinate(paint.width * UNIT)}pt")
    return ",".join([*parts, *([paint.dash] if paint.dash else [])])


def _spot(spot: Spot) -> str:
    return f"({coordinate(spot.x)},{coordinate(spot.y)})"


def _colour(name: str) -> str:
    return name.replace(".", "")
