"""Every command on a small file of every format: each ends well, and prints a fact about the model."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

import cnncalc
from cnncalc.analysis.imported import imported
from cnncalc.cli._group import group
from cnncalc.diagnostics import Source
from cnncalc.importing.document import Choices, LiveModel
from cnncalc.importing.draft import Draft, DraftInput, DraftLayer
from cnncalc.solving.solve import solve_sizes

DATA = Path(__file__).parent.parent / "data"
CODE = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, padding=1)
        self.head = nn.Linear(16 * 32 * 32, classes)

    def forward(self, x):
        return self.head(torch.relu(self.conv(x)).flatten(1))

Net()(torch.randn(1, 3, 32, 32))
"""


class Fact(NamedTuple):
    """A layer of a file with its parameters, and the model's."""

    layer: str
    params: int
    total: int
    options: tuple[str, ...] = ()


FACTS = {
    "digits.json": Fact("first", 16 * (9 * 16 + 1), 33_850),
    "digits.keras": Fact("first", 16 * (9 * 16 + 1), 33_850),
    "model.json": Fact("first", 16 * (9 * 16 + 1), 33_850),
    "small.onnx": Fact("blocks.0.a", 16 * (9 * 16 + 1), 9_898),
    "small.cfg": Fact("conv_3", 9 * 16 * 32, 76_122),
    "segment.prototxt": Fact("score", 21 * (16 + 1), 29_797),
    "yolo-tiny.yaml": Fact("Conv_1.conv", 9 * 16 * 32, 264_358, ("--input", "3x64x64")),
    "residual.pt2": Fact("block.0", 16 * (9 * 16 + 1), 5_258),
    "net.py": Fact("conv", 16 * (9 * 3 + 1), 164_298),
}
"""Layers by hand; totals are those of the frameworks and of the rows in their tests, and 448 + 163,850 in code."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("models")
    for name in FACTS:
        if (DATA / name).is_file():
            (made / name).write_bytes((DATA / name).read_bytes())
    config = (DATA / "digits.json").read_text(encoding="utf-8")
    (made / "model.json").write_text(json.dumps({"modelTopology": {"model_config": json.loads(config)}}), "utf-8")
    with zipfile.ZipFile(made / "digits.keras", "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.5.0"}')
        archive.writestr("config.json", config)
    (made / "net.py").write_text(CODE, encoding="utf-8")
    return made


def commands(file: str, fact: Fact) -> Iterator[tuple[list[str], str]]:
    """Command lines, and a text in the output."""
    total, params = f"{fact.total:,}", f"{fact.params:,}"
    spec = [file, *fact.options]
    yield ["summary", *spec], total
    yield ["summary", *spec, "--format", "json"], f'"params": {fact.total}'
    yield ["summary", *spec, "--format", "markdown"], f"**{total}**"
    yield ["explain", *spec, fact.layer], params
    yield ["lint", file, "--select", "E", "--severity", "error"], ""
    yield ["verify", *spec], f"{total} parameters"
    yield ["check", *spec, "--answer", f"{fact.layer}.params={fact.params}"], f"{fact.layer}.params = {fact.params}"
    yield ["compare", *spec, fact.layer], params
    yield ["diff", file, file, "--fail-on", "params=+5%"], "no differences"
    yield ["solve", file, "--vary", "input=32,64", "--want", "params<=1M"], "(2 values)"
    yield ["draw", *spec], total
    yield ["draw", *spec, "--format", "mermaid"], "flowchart"
    yield ["report", *spec, "-o", "page.html", "--force"], "page.html"
    yield ["import", *spec, "-o", "net.yaml", "--force"], "net.yaml"
    yield ["summary", "net.yaml"], total
    yield ["diff", file, "net.yaml", *fact.options, "--fail-on", "params=+0%", "--fail-on", "macs=+0%"], "net.yaml"


@pytest.mark.parametrize("file", FACTS)
def test_every_command_takes_the_file(file: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 0, and the number of the layer or of the model in what is printed."""
    monkeypatch.chdir(folder)
    for arguments, text in commands(file, FACTS[file]):
        done = CliRunner().invoke(group, arguments)
        assert (done.exit_code, text in done.output) == (0, True), (arguments, done.output)


@pytest.mark.parametrize(("file", "sizes", "outputs"), [
    ("yolo-tiny.yaml", "64,128", [(7, 16**2 + 8**2), (7, 32**2 + 16**2)]),
    ("segment.prototxt", "100..102", [(21, 100, 100), (21, 101, 101), (21, 102, 102)]),
    ("net.py", "32,33", [(10,), None]),
])  # fmt: skip
def test_a_file_is_read_again_for_other_sizes(
    file: str, sizes: str, outputs: list[tuple[int, ...] | None], folder: Path
):
    """A YOLO head's positions, and the amounts of a Crop to the size of the image, depend on the input's shape."""
    study = solve_sizes(str(folder / file), {"input": sizes})
    assert [trial.output for trial in study.trials] == outputs


def test_a_live_model_is_made_again_for_other_sizes() -> None:
    """Sizes that a trace writes as numbers, as `x.view(n, 5, h * w)` does, are those of each input."""

    def made(shapes: Mapping[str, tuple[int, ...]]) -> Draft:
        channels, height, width = shapes.get("x", (5, 7, 7))
        flat = DraftLayer("flat", "reshape", {"shape": [channels, height * width]}, ("x",))
        inputs = [DraftInput("x", (channels, height, width))]
        return Draft(Source("Net", ""), "a test's", "pytorch", "CHW", inputs, [flat], ("flat",))

    study = solve_sizes(LiveModel(made({}), made), {"input": "7,11"})
    assert [trial.output for trial in study.trials] == [(5, 49), (5, 121)]


@pytest.mark.parametrize(("file", "inputs"), [
    ("digits.json", 14 * 14 * 16), ("small.onnx", 16), ("small.cfg", 64), ("residual.pt2", 16), ("net.py", 16 * 32**2),
])  # fmt: skip
def test_the_number_of_classes_can_be_set(file: str, inputs: int, folder: Path) -> None:
    """Ten classes more are ten rows more of the last dense layer; the file's own counts are not held against it."""
    report = cnncalc.analyze(str(folder / file), variables={"classes": 20})
    assert report.totals.params == FACTS[file].total + 10 * (inputs + 1)
    assert (report.outputs[0].shape, report.findings) == ((20,), ())
    assert "variables: {classes: 20}" in imported(str(folder / file), Choices(None, {"classes": 20})).text


@pytest.mark.parametrize(("file", "variables", "message"), [
    ("segment.prototxt", {"classes": 5}, "no single layer of scores"),
    ("segment.prototxt", {"phase": "TESTING"}, "phase: got TESTING, but it must be TRAIN or TEST"),
    ("small.cfg", {"classes": "many"}, "classes: got many, but it must be a whole number from 1"),
    ("small.cfg", {"classes": 0}, "classes: got 0, but"),
    ("small.cfg", {"clases": 5}, 'no variable "clases"'),
])  # fmt: skip
def test_other_values_of_set_are_messages(file: str, variables: dict[str, object], message: str, folder: Path) -> None:
    """A crop at the end gives no scores; a wrong name has a hint."""
    with pytest.raises(cnncalc.SpecError, match=message) as caught:
        cnncalc.analyze(str(folder / file), variables=variables)
    assert caught.value.diagnostics[0].code == "E206"


@pytest.mark.parametrize("file", [name for name in FACTS if not name.endswith((".onnx", ".pt2", ".keras"))])
def test_a_byte_order_mark_changes_nothing(file: str, folder: Path, tmp_path: Path) -> None:
    """Editors on Windows write one before the text."""
    (tmp_path / file).write_bytes(b"\xef\xbb\xbf" + (folder / file).read_bytes())
    assert cnncalc.analyze(tmp_path / file).totals.params == FACTS[file].total


@pytest.mark.parametrize(("file", "form", "texts"), [
    ("residual.pt2", "json", ['"path": "mean"', '"line": 0']),
    ("residual.pt2", "github", ["::mean: each position"]),
    ("digits.json", "json", ['"path": "config.layers[6] ', '"line": 0']),
    ("digits.json", "github", ["::scores: 10 units"]),
])  # fmt: skip
def test_findings_in_files_without_lines_have_a_path(file: str, form: str, texts: list[str], folder: Path) -> None:
    """The name of a node or a JSON path; there is no line to point to."""
    done = CliRunner().invoke(group, ["lint", str(folder / file), "--format", form, "--select", "ALL"])
    assert all(text in done.stdout for text in texts), done.stdout


@pytest.mark.parametrize(("file", "given", "code", "message"), [
    ("digits.json", "64x64", "E303", "image: got 64x64, but the file's input has 3 axes .28x28x1."),
    ("small.onnx", "64x64", "E303", "image: got 64x64, but the file's input has 3 axes .3x32x32."),
    ("segment.prototxt", "8x64x64x3", "E303", "data: got 8x64x64x3, but the file's input has 3 axes .3x100x120."),
    ("residual.pt2", "64x64", "E303", "x: got 64x64, but the file's input has 3 axes .3x32x32."),
    ("small.cfg", "64x64", "E303", "input: got 64x64, but the file's input has 3 axes"),
    ("yolo-tiny.yaml", "64x64", "E303", "input: got 64x64, but the file's input has 3 axes"),
    ("small.onnx", "4x64x64", "E111", "/stem/Conv: the input has 4 channels, but the kernel is for 3"),
    ("small.onnx:big", None, "E206", 'has no variants, such as "big"'),
    ("digits.keras:big", None, "E206", 'has no variants, such as "big"'),
])  # fmt: skip
def test_other_inputs_and_variants_are_messages(
    file: str, given: str | None, code: str, message: str, folder: Path
) -> None:  # fmt: skip
    """A Conv2D with an input of two axes is not a convolution in one dimension."""
    with pytest.raises(cnncalc.SpecError, match=message) as caught:
        cnncalc.analyze(str(folder / file), input=given)
    assert caught.value.diagnostics[0].code == code
