"""The report page: its structure, its size, and that nothing in a model's names becomes markup."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cnncalc.analysis.analyze import load
from cnncalc.analysis.figures import report_on
from cnncalc.cli._group import group
from cnncalc.page.findings import PageFinding
from cnncalc.page.model_page import SpecText, model_page
from cnncalc.render.html_text import VOID
from tests.sweeps import sampled

SPECS = sorted(path.stem for path in (Path(__file__).parents[2] / "specs").glob("*.yaml"))
HOSTILE = "</script></template><img src=x onerror=alert(1)>"


@cache
def page(*arguments: str) -> str:
    done = CliRunner().invoke(group, ["report", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return done.stdout


class Outline(HTMLParser):
    """The elements of a page in order, with the texts of those that are named; fails where one is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[self.open[-1]] = self.texts.get(self.open[-1], "") + data


def data_of(text: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    data: dict[str, Any] = json.loads(found)
    return data


@pytest.mark.parametrize("name", sampled(["lenet5", "resnet18", "unet"], every=3))
def test_every_element_is_closed_and_every_id_is_used_once(name: str) -> None:
    """Parts, boxes, blocks and lines have ids of their own."""
    outline = Outline(page(name))
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    titles = re.sub(r"\s+", " ", outline.texts["h2"])
    assert titles.startswith("DrawingOver the layersFindingsLayersSpec: ")


@pytest.mark.sweep
@pytest.mark.parametrize("name", SPECS)
def test_every_bundled_spec_has_a_page(name: str) -> None:
    """Every element is closed, and every layer has a box."""
    graph = load(name)
    text = model_page(graph, report_on(graph), [], None)
    Outline(text)
    data = data_of(text)
    assert len(data["drawing"]["layers"]) == len(data["names"]) == len(data["parts"])


@pytest.mark.parametrize(
    "spec",
    [
        {"input": {"a": [5, 3], "b": [7, 3]}, "layers": [{"concat": {"from": ["a", "b"], "axis": 1}}]},
        {"input": "9x8", "layers": [{"lstm": 4}]},
        {"input": "7x8x9x3", "layers": ["conv 4 3x3x3", "global_avg_pool"]},
        {"input": "8x8x4", "layers": [{"split": {"parts": 2}}, {"add": {"from": ["split_1.0", "split_1.1"]}}]},
    ],
)
def test_unusual_models_have_a_page(spec: Any) -> None:
    """Several inputs, sequences, volumes with depth, layers with several outputs."""
    graph = load(spec)
    Outline(model_page(graph, report_on(graph), [], None))


def test_the_same_model_gives_the_same_bytes() -> None:
    """No time, no path and no order of a set is in the page."""
    again = CliRunner().invoke(group, ["report", "resnet18"], catch_exceptions=False)
    assert again.stdout == page("resnet18")


def test_a_page_needs_nothing_else() -> None:
    """There is no address in it, and the policy has the hashes of its style and its script."""
    text = page("lenet5")
    assert re.findall(r'(?:src|href)="(?!#|data:,)', text) == []
    assert "http://" not in text
    assert "https://" not in text
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{tag}-src &#x27;sha256-{digest}&#x27;;" in policy[1]


@pytest.mark.parametrize(("name", "most"), [("lenet5", 150_000), ("resnet152", 1_500_000)])
def test_equal_layers_share_their_working(name: str, most: int) -> None:
    """The size in bytes; a page of all workings of ResNet-152 would have several megabytes."""
    assert len(page(name).encode()) < most


def test_every_layer_has_its_row_its_box_and_its_parts() -> None:
    """The convolutions of ResNet-152's third stage have one working of their parameters."""
    text = page("resnet152")
    data = data_of(text)
    rows = re.findall(r'<th scope="row"><a href="#([^"]*)">', text)
    assert rows == data["names"]
    assert len(rows) == len(data["parts"]) == len(data["drawing"]["layers"]) == 414
    assert max(data["drawing"]["layers"]) < len(data["drawing"]["boxes"])
    used = {number for sections, picture in data["parts"] for number in (*sections, picture) if number is not None}
    assert used == set(range(text.count("<template ")))
    convs = [place for place, name in enumerate(rows) if re.fullmatch(r"stage3\.[1-9]\.conv_2", name)]
    assert len(convs) == 9
    shared = set.intersection(*(set(data["parts"][place][0]) for place in convs))
    assert len(shared) >= len(data["parts"][convs[0]][0]) - 2  # the receptive field differs


def test_memory_in_use_is_the_liveness_s() -> None:
    """8·8·1 and 6·6·2 floats while the convolution runs, then 72 and 72: by hand."""
    text = page("8x8x1 -> conv 2 3x3 -> relu")
    assert re.findall(r'data-v="(\d+)">[\d.]+ B</td><td class="n" data-v="\d+">\d', text) == ["544", "576"]
    assert "peak 576 B at relu_1" in text


@pytest.mark.parametrize("place", ["model", "layer", "block", "text", "finding"])
def test_hostile_names_stay_text(place: str) -> None:
    """Wherever a text that is not ours appears; a spec refuses such names of layers, a model file may have them."""
    graph = load("8x8x1 -> conv 2 3x3 -> relu -> (conv 2 3x3 -> relu)*2")
    node = graph.nodes[-1]
    if place == "layer":
        node.name = HOSTILE
    for each in graph.nodes[1:] if place == "block" else ():
        each.path = (HOSTILE,)
    graph = graph._replace(name=HOSTILE if place == "model" else "net")
    finding = PageFinding("A101", "warning", HOSTILE, HOSTILE, HOSTILE, 1, (node.name,))
    findings = [finding] if place == "finding" else []
    text = model_page(graph, report_on(graph), findings, SpecText("net.yaml", HOSTILE if place == "text" else "net"))
    outline = Outline(text)
    assert "img" not in {tag for tag, _ in outline.tags}
    assert HOSTILE in "".join(outline.texts.values())


def test_findings_are_at_their_layers() -> None:
    """The list names the layer's number; its row and its box have a sign."""
    text = page("11x11x3 -> relu -> conv 8 4x4 s3")
    assert 'data-layers="1"' in text
    assert text.count("A101") >= 3
    assert re.search(r'<g class="box finding" id="box-2"', text)


@pytest.mark.parametrize(("model", "notes"), [("resnet50", 1), ("lenet5", 0)])
def test_a_note_explains_blocks_that_are_drawn_once(model: str, notes: int) -> None:
    """ResNet-50 has equal blocks in a row, LeNet-5 has no blocks."""
    assert page(model).count("×N: N equal blocks in a row, which are drawn once") == notes
