"""Drawings in Python: `cnncalc.draw` makes one, notebooks show it, and `save` writes it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Literal, NamedTuple, get_args

from cnncalc.analysis.analyze import examine
from cnncalc.analysis.explain import explanations
from cnncalc.analysis.report import Report
from cnncalc.diagnostics import Refusal, did_you_mean
from cnncalc.drawing.boxes import COLUMNS
from cnncalc.drawing.diagram import Diagram
from cnncalc.drawing.folding import diagram
from cnncalc.drawing.forms import BINARY_FORMS, DIAGRAM_FORMS, ENDINGS
from cnncalc.drawing.funnel import funnel
from cnncalc.drawing.nesting import Direction
from cnncalc.drawing.picture import Picture
from cnncalc.drawing.sliding import grid_steps
from cnncalc.drawing.solids import RulerScale
from cnncalc.drawing.styles import field, graph, volumes, window
from cnncalc.drawing.window_numbers import window_numbers
from cnncalc.graph.hints import unknown_layer
from cnncalc.graph.model import Graph, Node
from cnncalc.reading.load import Reference

DrawingStyle = Literal["graph", "volumes", "field", "window"]


class Look(NamedTuple):
    """The options of a drawing; each is for some of the styles."""

    direction: Direction = "down"
    depth: int | None = None
    columns: tuple[str, ...] = ()
    scale: RulerScale = "log"
    animate: bool = False


class Drawing:
    """A drawing of a model or of a layer."""

    def __init__(
        self,
        style: DrawingStyle,
        picture: Picture,
        diagram: Diagram | None = None,
        look: Look = Look(),  # noqa: B008
    ) -> None:
        self.style = style
        self.picture = picture
        self.diagram = diagram
        """The content of a graph, for programs that do their own layout."""
        self.look = look

    def __repr__(self) -> str:
        return f"<Drawing of {self.picture.title}: {self.style}, {self.picture.width:.0f}x{self.picture.height:.0f}>"

    def text(self, form: str = "svg") -> str:
        """The drawing as `svg` or `tikz`; a graph also as `dot` or `mermaid`. Raises ValueError for other forms."""
        without = BINARY_FORMS if self.diagram else BINARY_FORMS | DIAGRAM_FORMS
        _check_word("form", form, sorted(set(ENDINGS.values()) - without))
        render = import_module(f"cnncalc.drawing.forms.{form}").render
        if form in DIAGRAM_FORMS:
            return str(render(self.diagram, direction=self.look.direction, columns=self.look.columns))
        return str(render(self.picture))

    @property
    def svg(self) -> str:
        return self.text("svg")

    @property
    def png(self) -> bytes:
        """The drawing as an image. Raises ValueError if it is too large, or without the extra `cnncalc[png]`."""
        from cnncalc.drawing.forms import png

        try:
            return png.render(self.picture)
        except Refusal as refusal:
            raise ValueError(refusal_text(refusal)) from None

    def content(self, form: str) -> bytes:
        """The content of a file in a form. Raises ValueError for a form that the drawing does not have."""
        return self.png if form == "png" else self.text(form).encode()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the drawing to a file, whose ending decides the form. An existing file is replaced."""
        ending = os.path.splitext(path)[1].lower()
        if ending not in ENDINGS:
            raise ValueError(f'cannot draw as "{ending}": use {", ".join(ENDINGS)}')
        content = self.content(ENDINGS[ending])
        with open(path, "wb") as file:
            file.write(content)

    def _repr_svg_(self) -> str:
        return self.svg


def draw(source: Reference, layer: str | None = None, *, style: DrawingStyle = "graph", **options: Any) -> Drawing:
    """Draw a model, or the window or receptive field of a layer, as `cnncalc draw` does.

    `options` are `direction`, `depth`, `columns`, `scale`, `animate`, and for a window `data` and `weights` (arrays,
    lists or texts), as for the command; and those of `cnncalc.analyze`. Raises SpecError for an invalid spec, KeyError
    for an unknown layer, and ValueError if the style cannot draw the model.

    >>> draw("32x32x3 -> conv 20 8x8 s2 p1", style="volumes")
    <Drawing of model: volumes, 202x250>
    """
    _check_word("style", style, get_args(DrawingStyle))
    look = Look(**{name: options.pop(name) for name in Look._fields if name in options})
    look = look._replace(columns=tuple(look.columns))
    _check_word("direction", look.direction, get_args(Direction))
    _check_word("scale", look.scale, get_args(RulerScale))
    for column in look.columns:
        _check_word("column", column, COLUMNS)
    given = {name: options.pop(name) for name in ("data", "weights") if options.get(name) is not None}
    if given and style != "window":
        raise ValueError(f'{" and ".join(given)}: for style "window"')
    if "weights" in given and "data" not in given:
        raise ValueError("weights need data, the input of the layer")
    found, report = examine(source, **options)
    if style in ("graph", "volumes"):
        if layer is not None:
            raise ValueError(f'style "{style}" shows all layers: for {layer} alone use "window" or "field"')
        return model_drawing(found, report, style, look)
    try:
        node = _layer(found, layer)
        values = window_numbers(found, node, **given) if given else window.GridValues()
        return layer_drawing(found, report, style, node, look=look, values=values)
    except Refusal as refusal:
        raise ValueError(refusal_text(refusal)) from None


def refusal_text(refusal: Refusal) -> str:
    """The reason of a refusal, and what to do."""
    return ": ".join(filter(None, (refusal.message, refusal.hint)))


def model_drawing(found: Graph, report: Report, style: DrawingStyle, look: Look) -> Drawing:
    """The drawing of a whole model, as a graph or as volumes."""
    if style == "volumes":
        folded = diagram(found, report, look.depth, volumes.PAGE)
        return Drawing(style, volumes.draw(folded, report, scale=look.scale))
    folded = diagram(found, report, look.depth)
    picture = graph.draw(folded, report, direction=look.direction, columns=look.columns)
    return Drawing(style, picture, folded, look)


def layer_drawing(
    found: Graph, report: Report, style: DrawingStyle, node: Node, *, look: Look,
    values: window.GridValues = window.GridValues(),  # noqa: B008
) -> Drawing:  # fmt: skip
    """The window or the receptive field of a layer. Raises Refusal if it has none."""
    if style == "field":
        return Drawing(style, field.draw(report.layer(node.name), funnel(found, node)))
    steps = grid_steps(found, node)
    (explanation,) = explanations(found, [node], batch=1)
    return Drawing(style, window.draw(explanation, steps, values, animate=look.animate))


def _layer(found: Graph, name: str | None) -> Node:
    """The layer with a name, or the only one."""
    layers = {node.name: node for node in found.nodes if node.layer is not None}
    if name is None and len(layers) == 1:
        return next(iter(layers.values()))
    if name is None:
        raise ValueError(f"give the layer to draw: {', '.join(list(layers)[:6])}")
    if name not in layers:
        raise unknown_layer(name, layers)
    return layers[name]


def _check_word(what: str, word: str, allowed: Sequence[str] | Mapping[str, object]) -> None:
    if word not in allowed:
        hint = did_you_mean(word, allowed)
        raise ValueError(f'{what}: unknown word "{word}". Allowed: {", ".join(allowed)}{". " + hint if hint else ""}')
