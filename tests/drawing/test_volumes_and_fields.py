"""Volumes and receptive fields: places and numbers by hand."""

from __future__ import annotations

import re
from math import log2
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from cnncalc.analysis.analyze import examine
from cnncalc.cli._group import group
from cnncalc.drawing.folding import diagram
from cnncalc.drawing.forms import svg
from cnncalc.drawing.funnel import funnel
from cnncalc.drawing.picture import Rectangle, extremes
from cnncalc.drawing.solids import Ruler, VolumeSizes, sizes_of
from cnncalc.drawing.styles import field, volumes
from cnncalc.drawing.volume_places import broken, stops
from tests.together import for_each

SVG = "{http://www.w3.org/2000/svg}"


@for_each(
    ("shape", "layout", "sizes"),
    [
        ((224, 112, 3), "HWC", (224, 112, 3)),
        ((3, 224, 112), "CHW", (224, 112, 3)),
        ((1000,), "CHW", (0, 0, 1000)),
        ((100, 8), "HWC", (1, 100, 8)),
        ((8, 16, 24, 4), "HWC", (16, 24, 4)),
        ((), "HWC", (0, 0, 1)),
    ],
)
def test_sizes_of_a_tensor(shape: tuple[int, ...], layout: str, sizes: tuple[int, int, int]) -> None:
    """Height, width, channels; a vector has no height, a sequence has height 1."""
    assert sizes_of(shape, layout) == VolumeSizes(*sizes)


def test_scales() -> None:
    """A logarithmic scale adds the same for each doubling; a linear one is in proportion to the largest."""
    log = Ruler("log", 224, 512)
    assert log.extent(7) - log.extent(3) == pytest.approx(19.0 * (log2(8) - log2(4)))
    linear = Ruler("linear", 224, 512)
    assert linear.extent(224) == 2 * linear.extent(112)
    assert linear.thickness(512) == 4 * linear.thickness(128)


def test_a_u_has_its_levels_under_each_other() -> None:
    """The U-Net halves its resolution four times and doubles it four times."""
    graph, report = examine("unet")
    found = diagram(graph, report, None, volumes.PAGE)
    levels = [stop.level for stop in stops(found, report).values() if stop.box.main is not None]
    pools = [stop.level for stop in stops(found, report).values() if "max_pool" in stop.box.title]
    assert pools == [1, 2, 3, 4]
    assert (levels[0], max(levels), levels[-1]) == (0, 4, 0)


def test_a_learned_array_is_a_bar_without_an_input() -> None:
    """A table of four positions that is added to four vectors: a bar with an edge to the sum."""
    spec = {"input": "4x8", "layers": ["parameter 4x8 name=table", {"add": {"from": ["input", "table"]}}]}
    graph, report = examine(spec)
    found = diagram(graph, report)
    assert [(edge.tail.title, edge.head.title) for edge in found.edges] == [("input", "add_1"), ("table", "add_1")]
    ElementTree.fromstring(svg.render(volumes.draw(found, report)))


def test_a_classifier_is_no_u() -> None:
    """VGG-16 only goes down: all volumes are on one level."""
    graph, report = examine("vgg16")
    found = diagram(graph, report, None, volumes.PAGE)
    assert {stop.level for stop in stops(found, report).values()} == {0}


@pytest.mark.parametrize(
    ("spec", "layer", "reads"),
    [
        ("32x1 -> conv 1 3 p1 -> max_pool 2 -> conv 1 3 p1 -> conv 1 3 p1", "conv_3", [12, 10, 5, 3, 1]),
        ("32x1 -> conv 1 3 d2", "conv_1", [5, 1]),
        ("32x1 -> conv 1 5 s2 -> conv 1 3", "conv_2", [9, 3, 1]),
        ("8x1 -> conv_transpose 1 2 s2 -> conv 1 3 p1", "conv_1", [2, 3, 1]),
    ],
)
def test_what_one_position_reads(spec: str, layer: str, reads: list[int]) -> None:
    """From the input on, by hand: 12 = 10 + 2, 10 = 2·5, 5 = 3 + 2, 3."""
    graph, _ = examine(spec)
    node = next(node for node in graph.nodes if node.name == layer)
    assert [reading.high - reading.low for reading in funnel(graph, node)] == reads


@pytest.mark.parametrize(
    ("name", "layer"),
    [("resnet18", "stage2.1.add_1"), ("vgg16", "stage3.max_pool_1"), ("googlenet", "inception3a.concat_1")],
)
def test_the_input_is_read_as_far_as_the_receptive_field(name: str, layer: str) -> None:
    """The report's field, which the analysis computes forwards, equals the funnel, which goes backwards."""
    graph, report = examine(name)
    node = next(node for node in graph.nodes if node.name == layer)
    first = funnel(graph, node)[0]
    seen = report.layer(layer).receptive_field
    assert seen is not None
    assert first.high - first.low == seen[-1]
    picture = field.draw(report.layer(layer), funnel(graph, node))
    for shape in picture.flat():
        assert all(-1e-6 <= x <= picture.width and -1e-6 <= y <= picture.height for x, y in extremes(shape))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["draw", *arguments], catch_exceptions=False)


def test_a_field_states_its_numbers() -> None:
    """Name, field and stride, and for each tensor the positions that are read."""
    done = run("32x32x3 -> conv 8 3x3 p1 -> max_pool 2 -> conv 8 3x3 p1", "conv_2", "--style", "field")
    texts = [element.text for element in ElementTree.fromstring(done.stdout).iter(f"{SVG}text")]
    assert texts[:2] == ["What one position of conv_2 sees", "receptive field 8×8, effective stride 2×2"]
    assert {"8 of 32 positions", "6 of 32 positions", "3 of 16 positions", "1 of 16 positions"} <= set(texts)


@for_each(
    ("arguments", "message"),
    [
        (("lenet5", "--style", "field"), "give the LAYER whose receptive field to draw: c1, s2"),
        (("lenet5", "f6", "--style", "field"), "the output of f6 has no positions"),
        (("lenet5", "--style", "volumes", "--direction", "right"), "--direction is for --style graph"),
        (("lenet5", "c1", "--style", "volumes"), "--style volumes shows all layers"),
        (("lenet5", "--scale", "log"), "--scale is for --style volumes"),
        (("lenet5", "--style", "volumes", "--format", "mermaid"), "for --style volumes use svg, png or tikz"),
    ],
)
def test_what_is_refused(arguments: tuple[str, ...], message: str) -> None:
    """Exit code 2, and nothing on standard output."""
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


@pytest.mark.parametrize(
    ("model", "times"),
    [("resnet18", ["×2"]), ("vit_b_16", ["×12"]), ("mobilenet_v2", ["×2", "×3", "×2", "×2"]), ("lenet5", [])],
)
def test_a_repeated_block_has_a_bracket_with_the_number_of_its_copies(model: str, times: list[str]) -> None:
    """ResNet-18 has 2 equal blocks in its first stage, ViT-B 12 (Dosovitskiy et al., table 1), MobileNet v2 repeats
    its bottlenecks 2, 3, 4, 3 and 3 times, the first of each with another shape (Sandler et al., table 2).
    """
    graph, report = examine(model)
    root = ElementTree.fromstring(svg.render(volumes.draw(diagram(graph, report, None, volumes.PAGE), report)))
    assert [text.text for text in root.iter(f"{SVG}text") if re.fullmatch(r"×\d+", text.text or "")] == times


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("max_pool 3×3", ["max_pool 3×3"]),
        ("max_pool 3×3, s2", ["max_pool", "3×3, s2"]),
        ("adaptive_avg_pool", ["adaptive_", "avg_pool"]),
        ("adaptive_avg_pool 7×7", ["adaptive_", "avg_pool 7×7"]),
    ],
)
def test_long_labels_have_several_lines(words: str, lines: list[str]) -> None:
    """They break at the space after the name of a layer type, and at one of its underscores."""
    assert broken(words) == lines


@pytest.mark.parametrize(
    ("spec", "layer", "own", "beside"),
    [
        ("16x16x1 -> conv 1 3x3 p1 -> max_pool 2", "max_pool_1", (7, 11), (9, 13)),
        ("16x16x1 -> conv 1 3x3 p1 s2 -> conv 1 3x3 p1", "conv_2", (5, 12), (7, 14)),
        ("5x5x1 -> conv 1 5x5", "conv_1", (0, 5), None),
    ],
)
def test_the_field_of_the_next_position_overlaps(
    spec: str, layer: str, own: tuple[int, int], beside: tuple[int, int] | None
) -> None:
    """By hand, on the input: position 4 of 8 pools 8 and 9, which read 7 to 10; the next one is 2 positions further."""
    graph, report = examine(spec)
    found = funnel(graph, next(node for node in graph.nodes if node.name == layer))
    assert ((found[0].low, found[0].high), found[0].beside) == (own, beside)
    drawn = field.draw(report.layer(layer), found).flat()
    dashed = [shape for shape in drawn if isinstance(shape, Rectangle) and shape.paint.dash == "dashed"]
    assert bool(dashed) == (beside is not None)
