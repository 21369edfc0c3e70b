"""Model files in place of specs: recognised by content, read by every command, mistakes located."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import cnncalc
from cnncalc.cli._group import group
from cnncalc.diagnostics import Source, SpecError
from cnncalc.importing import formats
from cnncalc.importing.document import Choices, read
from cnncalc.importing.draft import Draft, DraftInput, DraftLayer
from cnncalc.importing.spec.names import names_of
from cnncalc.linting.api import lint
from tests.importing import toy
from tests.importing.toy import text_of, toy_format
from tests.together import for_each

pytestmark = pytest.mark.usefixtures("toy_format")
ALL_FORMATS = formats.formats()
__all__ = ["toy_format"]

CONV: dict[str, Any] = {"name": "conv1", "type": "conv", "arguments": {"filters": 5, "kernel": [3, 3]}}
NET = text_of(CONV, {"name": "relu1", "type": "relu"})


def written(tmp_path: Path, text: str, name: str = "net.toy") -> str:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / name)


@pytest.mark.sweep
def test_the_heights_of_a_model_file_vary(tmp_path: Path) -> None:
    """289 heights of a model of 156 layers are 45,084 layers, beyond the limit of a text of this size."""
    layers = [CONV, *({"name": f"relu{number}", "type": "relu"} for number in range(155))]
    found = cnncalc.solve_sizes(written(tmp_path, text_of(*layers)), vary={"input.height": "224..512"})
    assert len(found.trials) == 289
    assert not any(trial.failure for trial in found.trials)


def test_a_model_file_is_a_spec(tmp_path: Path) -> None:
    """5 filters of 3x3 on 3 channels with biases have 5·(27 + 1) = 140 parameters; 13x11 becomes 11x9."""
    report = cnncalc.analyze(written(tmp_path, NET))
    assert [(layer.name, layer.output_shape, layer.params) for layer in report.layers] == [
        ("conv1", (5, 11, 9), 140), ("relu1", (5, 11, 9), 0)
    ]  # fmt: skip
    assert (report.name, report.convention, report.layout) == ("net", "pytorch", "CHW")


def test_the_content_decides(tmp_path: Path) -> None:
    """A spec under a model's name is a spec, and a model under a spec's name a model."""
    assert cnncalc.analyze(written(tmp_path, "input: 8x8x3\nlayers: [relu]\n")).layers[0].type == "relu"
    assert cnncalc.analyze(written(tmp_path, NET, "net.yaml")).totals.params == 140


def test_standard_input_and_revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model comes from a pipe and from git as from a file; messages name what was asked for."""
    assert cnncalc.analyze("-", stdin=BytesIO(NET.encode())).totals.params == 140
    monkeypatch.chdir(tmp_path)
    written(tmp_path, NET)
    for command in ("init -q", "add net.toy", "-c user.name=a -c user.email=a@b.c commit -qm one"):
        subprocess.run(["git", *command.split()], check=True)
    written(tmp_path, NET.replace('"filters": 5', '"filters": 7'))
    difference = cnncalc.diff("git:HEAD:net.toy", "net.toy")
    assert difference.total("params").growth == 2 * 28
    assert difference.old.layers[0].location.source.name == "git:HEAD:net.toy"
    with pytest.raises(SpecError, match=r"<stdin>: error.E111.: the file is cut off"):
        cnncalc.analyze("-", stdin=BytesIO(b"toy\n{"))


def test_variants_and_settings_reach_the_reader(tmp_path: Path) -> None:
    """`PATH:VARIANT` and `--set` of a name that the format knows; another name is a mistake."""
    path = written(tmp_path, NET)
    assert cnncalc.analyze(f"{path}:m").totals.params == 280
    assert cnncalc.analyze(path, variables={"scale": "m"}).totals.params == 280
    with pytest.raises(SpecError, match="of this format has no variable"):
        cnncalc.analyze(path, variables={"width": 3})


def test_an_open_input_needs_a_shape(tmp_path: Path) -> None:
    """Where the file leaves the sizes open, the hint says how to give them; given, they reach the reader."""
    path = written(tmp_path, text_of(CONV, shape=None))
    with pytest.raises(SpecError, match=r"the file leaves its shape open.*--input 3x224x224"):
        cnncalc.analyze(path)
    assert cnncalc.analyze(path, input="3x7x7").outputs[0].shape == (5, 5, 5)


def test_what_the_file_states_is_checked(tmp_path: Path) -> None:
    """A stated shape or number of parameters that differs is a finding with both numbers, the name and the place."""
    wrong = {**CONV, "shape": [5, 11, 8], "params": 141}
    found = cnncalc.analyze(written(tmp_path, text_of(wrong))).findings
    assert [(each.code, each.message, each.line, each.column) for each in found] == [
        ("E401", "conv1: expected output 5x11x8, got 5x11x9", 3, 1),
        ("E401", "conv1: expected params 141, got 140", 3, 1),
    ]
    found = cnncalc.analyze(written(tmp_path, text_of(wrong, binary=True))).findings
    assert found[0].span
    assert (found[0].span.place, found[0].line) == (f"{tmp_path}/net.toy: node conv1", 0)
    assert cnncalc.analyze(written(tmp_path, text_of({**CONV, "shape": [5, 11, 9], "params": 140}))).findings == ()


def test_mistakes_of_a_file_without_lines_name_their_node(tmp_path: Path) -> None:
    """Both are told, each with the node that it is in; no line is invented."""
    layers = ({**CONV, "arguments": {"filters": 5, "kernel": [15, 3]}}, {"name": "b", "type": "conv", "arguments": {}})
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(written(tmp_path, text_of(*layers, binary=True)))
    assert [str(each).partition(": error")[0] for each in caught.value.diagnostics] == [
        f"{tmp_path}/net.toy: node conv1", f"{tmp_path}/net.toy: node b"
    ]  # fmt: skip


def test_names_of_many_parts_are_read_in_time() -> None:
    """A name of 40,000 modules inside of one another is 40 parts; looking up each would take hours."""
    name = "/" + "a/" * 40_000
    layers = [DraftLayer(f"{name}{at}", "relu", {}, (f"{name}{at - 1}" if at else "x",)) for at in range(3)]
    draft = Draft(Source("t", ""), "a test's", "pytorch", "CHW", [DraftInput("x", (3,))], layers, (f"{name}2",))
    assert {len(each.scope) for each in names_of(draft)} == {39}


def test_names_and_modules(tmp_path: Path) -> None:
    """The modules in a name become named groups, where their layers are neighbours; every name is kept.

    A list of modules between whose elements others are called is a part of their names.
    """
    names = ("/a/a.0/conv1/Conv", "/a/a.0/relu/Relu", "/a/a.0/relu/Relu_1", "/b/x/Add", "/b/x/Mul", "/a/a.1/Conv")
    operations = ("Conv", "Relu", "Relu", "Add", "Mul", "Conv")
    types = ("identity", "relu", "relu", "identity", "identity", "identity")
    layers = [
        {"name": name, "operation": operation, "type": kind}
        for name, operation, kind in zip(names, operations, types, strict=True)
    ]
    report = cnncalc.analyze(written(tmp_path, text_of(*layers)))
    assert [layer.name for layer in report.layers] == [
        "a.0.conv1", "a.0.relu", "a.0.relu_1", "b.x.identity", "b.x.identity_2", "a.1"
    ]  # fmt: skip
    assert report.layers[0].path == ("a.0",)


def test_a_name_inside_of_a_module_does_not_hide_another(tmp_path: Path) -> None:
    """Inside `m`, the name `conv` of the top means the top's, although `m.conv` exists by then."""
    layers = (
        {"name": "conv", "type": "conv", "arguments": {"filters": 5, "kernel": 3}},
        {"name": "m.conv", "type": "conv", "arguments": {"filters": 7, "kernel": 3}},
        {"name": "m.last", "type": "conv", "arguments": {"filters": 2, "kernel": 1}, "inputs": ["conv"]},
    )
    report = cnncalc.analyze(written(tmp_path, text_of(*layers)))
    assert report.layer("m.last").inputs == ("conv",)


def test_unknown_operations_are_told_with_their_number(tmp_path: Path) -> None:
    """One warning for each kind; an error if strict; without a shape, an error anyway."""
    layers = [{"name": f"x{n}", "type": "opaque", "operation": "Whatever", "shape": [3, 5]} for n in range(3)]
    path = written(tmp_path, text_of(*layers))
    report = cnncalc.analyze(path)
    assert report.outputs[0].shape == (3, 5)
    (remark,) = report.remarks
    assert remark.severity == "warning"
    assert remark.message.startswith("Whatever has no layer type here (3 times, first in x0)")
    assert [each.severity for each in read(path, Choices(strict=True)).diagnostics] == ["error"]
    with pytest.raises(SpecError, match="the file does not state its shape"):
        cnncalc.analyze(written(tmp_path, text_of({"name": "x", "type": "opaque", "operation": "Whatever"})))


COMMANDS = {
    "summary": ("summary", "net.toy"),
    "explain": ("explain", "net.toy", "conv1"),
    "verify": ("verify", "net.toy"),
    "compare": ("compare", "net.toy"),
    "diff": ("diff", "net.toy", "net.toy"),
    "check": ("check", "net.toy", "--answer", "params=140"),
    "solve": ("solve", "net.toy", "--vary", "input.height=5..9"),
    "lint": ("lint", "net.toy"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
def test_every_command_takes_one(command: str, binary: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit code is 0, and the layer is shown where layers are."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, text_of(CONV, {"name": "relu1", "type": "relu"}, binary=binary))
    done = CliRunner().invoke(group, COMMANDS[command], catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, "")
    if command in ("summary", "explain", "verify"):
        assert "conv1" in done.stdout


def test_lint_finds_what_the_numbers_say_and_nothing_of_style(tmp_path: Path) -> None:
    """A stride that leaves the last row out is found, with its place; a missing source or name is not."""
    conv = {**CONV, "arguments": {"filters": 5, "kernel": [2, 3], "stride": [2, 2]}}
    path = written(tmp_path, text_of(conv, {"name": "Relu", "type": "relu"}, {"name": "c", "type": "identity"}))
    found = lint(path, extend_select=["S", "N116"])
    assert [(each.code, each.layer, each.line) for each in found] == [("A101", "conv1", 3)]


def test_lint_does_not_fix_a_model_file(tmp_path: Path) -> None:
    """A suppression that suppresses nothing is fixable in a spec; a model file stays as it is."""
    path = written(tmp_path, NET)
    assert all(finding.fix is None for finding in lint(path, select=["ALL"]))


@pytest.mark.parametrize(
    ("data", "what", "hint"),
    [
        (b"\x80\x02}q\x00(", "a Python pickle", "torch.onnx.export"),
        (b"PK\x03\x04" + b"\0" * 26 + b"archive/data.pkl", "a PyTorch checkpoint", "torch.onnx.export"),
        (b"PK\x03\x04" + b"\0" * 26 + b"net/code/__torch__.py net/data.pkl", "a TorchScript archive", "torch.onnx"),
        (b"\x10\0\0\0\0\0\0\0" + b'{"weight":{"dtype"', "a safetensors file", "torch.onnx.export"),
        (b"GGUF\x03\0\0\0", "a GGUF file", "ONNX"),
        (b"\x1c\0\0\0TFL3\0\0", "a TensorFlow Lite model", "tf2onnx"),
        (b"7767517\n3 3\n", "an ncnn model", "converted"),
        (b'<?xml version="1.0"?>\n<net name="x">', "an OpenVINO model", "converted"),
        (b"\x1f\x8b\x08\0", "a compressed file", "unpack"),
    ],
)  # fmt: skip
def test_other_files_are_told_apart(data: bytes, what: str, hint: str, tmp_path: Path) -> None:
    """What is refused is named, with the way out (E111)."""
    (tmp_path / "net.bin").write_bytes(data)
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(str(tmp_path / "net.bin"))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "E111"
    assert diagnostic.message.startswith(f"this is {what}")
    assert hint in diagnostic.hint
    assert [finding.code for finding in lint(str(tmp_path / "net.bin"))] == ["E111"]


def test_a_saved_model_is_a_folder(tmp_path: Path) -> None:
    """TensorFlow's SavedModel is told apart from a folder."""
    (tmp_path / "saved_model.pb").write_bytes(b"\x08\x01")
    with pytest.raises(SpecError, match="this is a TensorFlow SavedModel"):
        cnncalc.analyze(str(tmp_path))


def test_the_size_of_a_model_has_a_limit(tmp_path: Path) -> None:
    """A model file is bounded by its own limit, not by that of texts."""
    path = written(tmp_path, NET)
    assert cnncalc.analyze(path, limits=cnncalc.Limits(file_bytes=10)).totals.params == 140
    with pytest.raises(SpecError, match=r"E103.*--max-model-size"):
        cnncalc.analyze(path, limits=cnncalc.Limits(model_bytes=10))


def test_a_plain_spec_asks_no_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text with `layers:` at the beginning of a line, or an arrow in its first, is read at once."""
    monkeypatch.setattr(toy, "recognizes", None)
    for text in ("input: 8x8x3\nlayers: [relu]\n", "8x8x3 -> relu", "layers:\n  - relu\ninput: 8\n"):
        assert cnncalc.analyze(written(tmp_path, text, "net.yaml")).layers[0].type == "relu"


def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> list[tuple[str, str]]:
    """The findings in a folder with the model and a configuration."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, NET)
    (tmp_path / "cnncalc.toml").write_text(text, encoding="utf-8")
    return [(each.code, each.message) for each in lint(".")]


def test_a_configuration_holds_a_model_file_to_its_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Budgets and expectations apply by path: 140 parameters, and an output of 5x11x9."""
    text = '[budgets]\n"*.toy" = {params = 139}\n[expectations]\n"net.toy" = {params = 140, output = "5x11x8"}\n'
    assert configured(tmp_path, monkeypatch, text) == [
        ("E401", "the model: expected output 5x11x8, got 5x11x9"),
        ("E402", "the model: params 140 exceeds the budget of 139"),
    ]


def test_a_configuration_gives_the_shapes_that_a_file_leaves_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Without one the finding says what is missing; a shape for a pattern of paths settles it."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, text_of(CONV, shape=None))
    assert [each.code for each in lint(".")] == ["E205"]
    (tmp_path / "cnncalc.toml").write_text('[inputs]\n"*.toy" = "3x7x7"\n', encoding="utf-8")
    assert lint(".") == []
    (tmp_path / "cnncalc.toml").write_text('[inputs]\n"*.toy" = "3 by 7"\n', encoding="utf-8")
    with pytest.raises(SpecError, match="inputs: '3 by 7' is not a shape"):
        lint(".")


def test_folders_hold_model_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files with a format's ending and content are found; other files of that ending, and excluded ones, are not."""
    monkeypatch.chdir(tmp_path)
    wrong = text_of({**CONV, "params": 141})
    for name in ("a.toy", "b.txt", "c.toy", "d.TOY"):
        written(tmp_path, wrong, name)
    written(tmp_path, "something else", "e.toy")
    (tmp_path / "cnncalc.toml").write_text('exclude = ["c.toy"]\n', encoding="utf-8")
    assert [each.file for each in lint(".")] == ["a.toy", "d.TOY"]


@for_each("head", [b"", b"\0", b"[", b"{", b"{}", b"[net", b"PK\x03\x04", b"\x89HDF\r\n", b"\xff" * 99, b"name:"])
def test_no_format_fails_on_a_head(head: bytes) -> None:
    """Whatever a file begins with, a format says yes or no."""
    assert all(each.recognizes(head, "net") in (True, False) for each in ALL_FORMATS)


@pytest.mark.parametrize(
    ("form", "shown", "absent"),
    [
        ("text", "  node conv1  error  E401  conv1: expected params 141, got 140", ":0"),
        ("concise", "net.toy: node conv1: error[E401] conv1: expected params 141, got 140", ":0"),
        ("github", "::error file=net.toy,title=cnncalc E401 (broken_expectation)::conv1", "line="),
        ("sarif", '"uri": "net.toy"', '"region"'),
        ("gitlab", '"line": 1', '"line": 0'),
        ("junit", "net.toy:node conv1", ":0"),
        ("json", '"line": 0', '"line": 1'),
        ("checkstyle", 'line="0"', 'line="1"'),
    ],
)
def test_lint_invents_no_line(
    form: str, shown: str, absent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """A finding in a file without lines shows the node; a form that needs a line has the first."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, text_of({**CONV, "params": 141}, binary=True))
    done = CliRunner().invoke(group, ["lint", "--format", form, "net.toy"], catch_exceptions=False)
    assert done.exit_code == 1
    assert shown in done.stdout
    assert absent not in done.stdout
