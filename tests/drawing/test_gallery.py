"""Every bundled spec as a drawing: nothing overlaps, nothing lies outside, and programs read the result."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cnncalc.analysis.analyze import examine
from cnncalc.drawing.diagram import Diagram
from cnncalc.drawing.folding import diagram
from cnncalc.drawing.forms import dot, mermaid, svg, tikz
from cnncalc.drawing.nesting import Direction
from cnncalc.drawing.styles import volumes
from cnncalc.drawing.styles.graph import arranged, draw
from tests.drawing.shown import overlap
from tests.sweeps import sampled

SPECS = sorted(path.stem for path in (Path(__file__).parents[2] / "specs").glob("*.yaml"))
SVG = "{http://www.w3.org/2000/svg}"
FIRST = ("resnet18", "unet", "googlenet")


@pytest.mark.parametrize("name", sampled(SPECS, every=15, also=FIRST))
@pytest.mark.parametrize("direction", ["down", "right"])
def test_nothing_overlaps(name: str, direction: Direction) -> None:
    """Boxes are apart; frames contain their boxes and are apart from others'; edges end at their boxes."""
    graph, report = examine(name)
    found = diagram(graph, report)
    placed = arranged(found, direction=direction)
    for one, other in combinations(placed.boxes.values(), 2):
        assert not overlap(one, other)
    for frame, area in placed.frames.items():
        inside = set(frame.boxes())
        assert not any(overlap(area, placed.boxes[box]) for box in placed.boxes if box not in inside)
        assert all(overlap(area, placed.boxes[box]) for box in inside)
    for edge, route in placed.routes.items():
        start, end = placed.boxes[edge.tail], placed.boxes[edge.head]
        if direction == "down":
            assert (route[0].y, route[-1].y) == pytest.approx((start.y + start.height, end.y))
        else:
            assert (route[0].x, route[-1].x) == pytest.approx((start.x + start.width, end.x))
    assert set(placed.routes) == set(found.edges)


@pytest.mark.parametrize("name", sampled(SPECS, every=15, also=FIRST))
def test_a_graph_has_every_title_and_a_key_for_each_group(name: str) -> None:
    """The file contains every title, and no two groups have the same key."""
    graph, report = examine(name)
    found = diagram(graph, report)
    text = svg.render(draw(found, report, columns=("params", "macs")))
    root = ElementTree.fromstring(text)
    texts = {element.text for element in root.iter(f"{SVG}text")}
    assert all(any((text or "").startswith(box.title[:3]) for text in texts) for box in found.root.boxes())
    assert root.find(f"{SVG}title") is not None
    assert root.find(f"{SVG}desc") is not None
    keys = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", sampled(SPECS, every=15, also=FIRST))
def test_mermaid_has_every_box_and_edge_within_its_limits(name: str) -> None:
    """One line for each box and each edge; subgraphs are closed."""
    graph, report = examine(name)
    found = diagram(graph, report)
    text = mermaid.render(found)
    assert mermaid.fits(text)
    assert text.count("-->") == len(found.edges)
    assert text.count("subgraph ") == len(re.findall(r"^ *end$", text, re.MULTILINE)) == _frames(found)
    assert len(re.findall(r"^ *n\d+[(\[]", text, re.MULTILINE)) == found.root.size


def _frames(found: Diagram) -> int:
    return sum(1 for _ in found.root.frames())


@pytest.mark.parametrize("name", sampled(SPECS, every=1000, also=("resnet18",)))
@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_reads_dot(name: str) -> None:
    """Graphviz parses the graph and places every box."""
    graph, report = examine(name)
    found = diagram(graph, report)
    done = subprocess.run(["dot", "-Tplain"], input=dot.render(found), capture_output=True, text=True, check=True)
    assert sum(line.startswith("node ") for line in done.stdout.splitlines()) == found.root.size


@pytest.mark.parametrize("name", sampled(SPECS, every=1000, also=("resnet18",)))
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="LaTeX is not installed")
def test_latex_compiles_tikz(name: str, tmp_path: Path) -> None:
    """One page without an error."""
    graph, report = examine(name)
    _assert_one_page(tikz.render(draw(diagram(graph, report), report)), tmp_path)


@pytest.mark.sweep
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="LaTeX is not installed")
def test_latex_has_one_page_for_a_large_picture(tmp_path: Path) -> None:
    """The height of the U-Net's volumes is rounded down, which once made an empty first page."""
    graph, report = examine("unet")
    _assert_one_page(tikz.render(volumes.draw(diagram(graph, report, None, volumes.PAGE), report)), tmp_path)


def _assert_one_page(text: str, folder: Path) -> None:
    (folder / "net.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "net.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "(1 page" in done.stdout


def test_hostile_names_are_escaped() -> None:
    """Names of a model file may contain what HTML, Mermaid, DOT and LaTeX would read."""
    spec = {"name": 'a<b>&"c', "input": "8x8x3", "layers": ["conv 4 3x3"]}
    graph, report = examine(spec)
    found = diagram(graph, report)
    box = next(box for box in found.root.boxes() if box.layers)
    box.title = '<script>"&\\_#$%{}'
    ElementTree.fromstring(svg.render(draw(found, report)))
    assert "<script>" not in svg.render(draw(found, report)) + mermaid.render(found)
    assert '\\"' in dot.render(found)
    assert r"\textbackslash{}\_\#\$\%\{\}" in tikz.render(draw(found, report))


def test_boxes_of_one_picture_are_equally_wide() -> None:
    """Chains of boxes align on both sides."""
    graph, report = examine("lenet5")
    widths = {area.width for area in arranged(diagram(graph, report)).boxes.values()}
    assert len(widths) == 1


def test_the_box_type_is_part_of_the_description() -> None:
    """A screen reader says the name, what the layer does, its shape and figures."""
    graph, report = examine("32x32x3 -> conv 20 8x8 s2 p1")
    text = svg.render(draw(diagram(graph, report), report))
    assert "<title>conv_1, conv 8×8, 20, s2, p1, output 14×14×20 · 3,860 params · 752,640 MACs</title>" in text
