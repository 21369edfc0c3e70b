"""Pictures of all styles: no text touches another one, a line or an outline, as estimated and as a browser measures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from cnncalc.analysis.analyze import examine
from cnncalc.analysis.explain import explanations
from cnncalc.drawing.folding import diagram
from cnncalc.drawing.forms import svg
from cnncalc.drawing.funnel import funnel
from cnncalc.drawing.picture import Label, Picture
from cnncalc.drawing.sliding import MOST_STEPS, grid_steps
from cnncalc.drawing.styles import field, graph, volumes, window
from cnncalc.drawing.text_width import text_width
from cnncalc.layers.window_layer import WindowLayer
from tests.browser import Browser
from tests.drawing.overlaps import Text, letters, marks, outside, overlaps
from tests.sweeps import sampled

SPECS = sorted(path.stem for path in (Path(__file__).parents[2] / "specs").glob("*.yaml"))

MEASURE = """(() => {
    const area = e => { const b = e.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height] };
    return {
        texts: [...document.querySelectorAll('text')].map(e => [area(e)[0], e.getComputedTextLength()]),
        boxes: [...document.querySelectorAll('g[id]')].map(e => area(e.querySelector('rect') || e)),
    };
})()"""


def pictures(name: str) -> Iterator[tuple[str, Picture]]:
    """The model in every style; windows and fields of its first, middle and last layers that have them."""
    found, report = examine(name)
    folded = diagram(found, report)
    yield "down", graph.draw(folded, report, columns=("params", "macs"))
    yield "right", graph.draw(folded, report, direction="right")
    yield "volumes", volumes.draw(diagram(found, report, None, volumes.PAGE), report)
    yield "linear", volumes.draw(diagram(found, report, None, volumes.PAGE), report, scale="linear")
    nodes = [
        node
        for node in found.nodes
        if isinstance(node.layer, WindowLayer) and max(*found.inputs_of(node)[0], *(node.shape or ())) < MOST_STEPS
    ]
    for node in {node.name: node for node in (nodes[:1] + nodes[len(nodes) // 2 :][:1] + nodes[-1:])}.values():
        (explanation,) = explanations(found, [node], batch=1)
        yield (
            f"window {node.name}",
            window.draw(explanation, grid_steps(found, node), window.GridValues(), animate=False),
        )
        if report.layer(node.name).receptive_field is not None:
            yield f"field {node.name}", field.draw(report.layer(node.name), funnel(found, node))


@pytest.mark.parametrize("name", sampled(SPECS, every=40, also=("resnet18",)))
def test_texts_are_clear_and_pictures_are_the_same_again(name: str) -> None:
    """All is inside the picture, which is valid XML. Estimated widths are upper bounds.

    The lines of a grid may pass under a text, which has paper under it.
    """
    again = dict(pictures(name))
    for style, picture in pictures(name):
        texts, outlines = marks(picture)
        assert overlaps(texts, () if style.startswith("window") else outlines) == [], style
        assert outside([*texts, *outlines], picture.width, picture.height) == [], style
        text = svg.render(picture)
        ElementTree.fromstring(text)
        assert text == svg.render(again[style])


@pytest.mark.browser
@pytest.mark.parametrize("name", ["lenet5", "googlenet", "resnet18", "unet", "yolov3", "vit_b_16", "fcos_resnet50_fpn"])
def test_a_browser_measures_no_overlap(name: str, browser: Browser, tmp_path: Path) -> None:
    """No text is wider than estimated; texts are clear; boxes are apart or inside one another."""
    for number, (style, picture) in enumerate(pictures(name)):
        path = tmp_path / f"{number}.svg"
        path.write_text(svg.render(picture), encoding="utf-8")
        page = browser.page(path.as_uri())
        measured = page.run(MEASURE)
        page.close()
        texts = list(_measured(picture, measured["texts"]))
        outlines = () if style.startswith("window") else marks(picture)[1]
        assert overlaps(texts, outlines) == [], style
        assert outside(texts, picture.width, picture.height) == [], style
        if style in ("down", "right"):
            _assert_apart(measured["boxes"])


def _measured(picture: Picture, measured: list[tuple[float, float]]) -> Iterator[Text]:
    """The texts of a picture where the browser draws them."""
    labels = [(order, shape) for order, shape in enumerate(picture.flat()) if isinstance(shape, Label)]
    for (order, label), (left, width) in zip(labels, measured, strict=True):
        estimate = text_width(label.text, label.size, bold=label.bold)
        assert 0.6 * estimate < width <= estimate, label.text
        yield Text(label.text, letters(left, label.y, width, label.size), order)


def _assert_apart(boxes: list[Any]) -> None:
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        inside = any(
            outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
            for outer, inner in ((one, other), (other, one))
        )
        assert apart or inside, (one, other)
