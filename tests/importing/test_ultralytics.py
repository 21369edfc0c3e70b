"""Ultralytics and YOLOv5 model files: scales, settings, refusals with their position, hostile numbers."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

import cnncalc
from cnncalc.diagnostics import SpecError
from tests.importing.yolo_files import YOLOV3, YOLOV5, pyramid, yolo
from tests.sweeps import sampled


def written(folder: Path, text: str, name: str = "net.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "params", "shapes"),
    [
        (YOLOV5, 7_235_389, [(25_200, 85)]),  # the repository's print of YOLOv5s, release 6
        (YOLOV3, 61_949_149, [(25_200, 85)]),  # the repository's print of YOLOv3, and darknet's of its own
        (
            YOLOV5.replace("Detect, [nc, anchors]", "Segment, [nc, anchors, 32, 256]"),
            7_621_277,  # the repository's print of YOLOv5s-seg
            [(25_200, 117), (32, 160, 160)],
        ),
    ],
    ids=["yolov5s", "yolov3", "yolov5s-seg"],
)
def test_yolov5_repository(text: str, params: int, shapes: list[tuple[int, ...]], tmp_path: Path) -> None:
    """Files with anchors are those of the YOLOv5 repository."""
    report = cnncalc.analyze(written(tmp_path, text))
    assert (report.totals.params, [each.shape for each in report.outputs]) == (params, shapes)


MODULES_OF_YOLOV5 = """
nc: 7
depth_multiple: 0.67
width_multiple: 0.5
anchors: [[10, 13, 16, 30, 33, 23], [30, 61, 62, 45, 59, 119]]
backbone:
  - [-1, 1, Focus, [32, 3]]
  - [-1, 1, CrossConv, [48, 3, 2]]
  - [-1, 3, C3SPP, [48, [3, 5]]]
  - [-1, 1, MixConv2d, [64, [1, 3, 5], 2]]
  - [-1, 3, CrossConv, [64, 3, 1, 1, 1.0, True]]
  - [-1, 1, Contract, [2]]
  - [-1, 1, Conv, [96, 1, 1]]
  - [-1, 3, BottleneckCSP, [96]]
head:
  - [-1, 1, Expand, [2]]
  - [[-1, 4], 1, Concat, [1]]
  - [-1, 1, C3SPP, [64]]
  - [-1, 1, MixConv2d, [60, [1, 3, 5], 1, False]]
  - [[10, 7], 1, Detect, [nc, anchors]]
"""


def test_modules_of_the_yolov5_repository(tmp_path: Path) -> None:
    """The repository's parse_model builds 59,960 parameters, and PyTorch counts 44,945,408 MACs for 128x256."""
    report = cnncalc.analyze(written(tmp_path, MODULES_OF_YOLOV5), input="3x128x256")
    assert (report.totals.params, report.totals.macs) == (59_960, 44_945_408)
    assert {layer.name.split(".")[0]: layer.output_shape for layer in report.layers}["Contract_5"] == (128, 8, 16)


def test_modules_of_yolov5_need_anchors(tmp_path: Path) -> None:
    """Without anchors a file is Ultralytics', which does not have them."""
    text = pyramid("Detect, [nc]").replace("SPPF, [", "CrossConv, [")
    with pytest.raises(
        SpecError, match=r"CrossConv.: is a module of the YOLOv5 repository, and the file has no anchors"
    ):
        cnncalc.load(written(tmp_path, text))


MODULES_OF_YOLOV7 = """
nc: 7
depth_multiple: 0.67
width_multiple: 0.5
anchors: [[10, 13, 16, 30, 33, 23], [30, 61, 62, 45, 59, 119]]
backbone:
  - [-1, 1, ReOrg, []]
  - [-1, 1, Conv, [48, 3, 2, None, 1, nn.LeakyReLU(0.1)]]
  - [-1, 1, MP, []]
  - [-1, 1, SP, [5, 1]]
  - [[-1, -2], 1, Shortcut, [1]]
  - [-1, 1, DownC, [80]]
  - [-1, 3, SPPCSPC, [96]]
head:
  - [-1, 1, RepConv, [96, 3, 1]]
  - [5, 1, RepConv, [64, 3, 1]]
  - [-2, 1, Conv, [112, 3, 1]]
  - [-2, 1, Conv, [80, 1, 1]]
  - [[7, 8], 1, IDetect, [nc, anchors]]
"""


@pytest.mark.parametrize(("head", "params", "macs", "outputs"), [
    ("[7, 8], 1, IDetect", 135_280, 11_149_312, [(384, 12)]),
    ("[7, 8], 1, Detect", 135_128, 11_149_312, [(384, 12)]),
    # two convolutions more: 36·(56 + 1) + 36·(40 + 1) parameters, 8·8·36·(56 + 40) MACs
    ("[7, 8, 9, 10], 1, IAuxDetect", 138_808, 11_370_496, [(384, 12), (36, 8, 8), (36, 8, 8)]),
])  # fmt: skip
def test_modules_of_the_yolov7_repository(
    head: str, params: int, macs: int, outputs: list[tuple[int, ...]], tmp_path: Path
) -> None:  # fmt: skip
    """The repository's parse_model builds so many parameters, and PyTorch counts so many MACs for 128x128."""
    text = MODULES_OF_YOLOV7.replace("[7, 8], 1, IDetect", head)
    report = cnncalc.analyze(written(tmp_path, text), input="3x128x128")
    assert (report.totals.params, report.totals.macs) == (params, macs)
    assert [each.shape for each in report.outputs] == outputs


def test_modules_of_yolov7_need_anchors(tmp_path: Path) -> None:
    """Without anchors a file is Ultralytics', which does not have them."""
    with pytest.raises(SpecError, match=r'row 3 .SP.: "SP" is not a module of the library'):
        cnncalc.load(written(tmp_path, MODULES_OF_YOLOV7.replace("anchors: [[", "# [[").replace("MP, []", "ReLU, []")))


@pytest.mark.parametrize(
    ("keys", "row", "width"),
    [
        ("nc: 2\nanchors: 3", "Conv, [21, 3, 2]", 21),  # 3 anchors of 5 + 2 numbers: an output, which is not scaled
        ("nc: 2\nanchors: 3", "Conv, [22, 3, 2]", 16),  # 22 · 0.5 = 11, a multiple of 8
        ("nc: 2\nanchors: 3\nchannel_multiple: 4", "Conv, [22, 3, 2]", 12),
        ("nc: 21\nscales: {n: [1, 0.5, 64]}", "Conv, [21, 3, 2]", 21),
        ("nc: 3\nscales: {n: [1, 0.5, 64]}", "Conv, [21, 3, 2]", 16),
    ],
)
def test_channels_of_an_output_are_not_scaled(keys: str, row: str, width: int, tmp_path: Path) -> None:
    """As parse_model of YOLOv5 (`c2 != no`) and of Ultralytics (`c2 != nc`)."""
    scaling = "depth_multiple: 1.0\nwidth_multiple: 0.5\n" if "anchors" in keys else ""
    text = f"{keys}\n{scaling}backbone:\n  - [-1, 1, {row}]\nhead:\n  - [-1, 1, Conv, [8, 1, 1]]\n"
    assert cnncalc.analyze(written(tmp_path, text, "yolov8n.yaml")).layers[0].output_shape == (width, 320, 320)


SCALED = pyramid("Detect, [nc]", scales="{n: [0.33, 0.25, 1024], x: [1.0, 1.25, 512]}")


@pytest.mark.parametrize(
    ("name", "variables", "width"),
    [
        ("yolov8x.yaml", {}, 80),  # 64 · 1.25
        ("yolo11x-seg.yaml", {}, 80),
        ("yolov8n.yaml", {}, 16),
        ("yolov8.yaml", {}, 16),
        ("net.yaml", {"scale": "x"}, 80),
        ("yolov8n.yaml", {"scale": "x"}, 80),
    ],
)
def test_the_scale_is_that_of_the_name(name: str, variables: dict[str, str], width: int, tmp_path: Path) -> None:
    """The letter after the version chooses the scale unless `--set scale=` does; the first of a file is the default."""
    report = cnncalc.analyze(written(tmp_path, SCALED, name), variables=variables)
    assert report.layers[1].output_shape == (width, 320, 320)


def test_a_variant_is_a_scale(tmp_path: Path) -> None:
    """`yolov8.yaml:x` names the scale as `--set scale=x` does."""
    path = written(tmp_path, SCALED, "yolov8.yaml")
    assert cnncalc.analyze(f"{path}:x").layers[1].output_shape == (80, 320, 320)


def test_classes_replace_nc(tmp_path: Path) -> None:
    """The output has 4 + classes rows."""
    path = written(tmp_path, SCALED, "yolov8n.yaml")
    assert cnncalc.analyze(path, variables={"classes": 3}).outputs[0].shape[0] == 7
    assert cnncalc.analyze(path, variables={"nc": 5}).outputs[0].shape[0] == 9


def test_a_guessed_scale_is_said(tmp_path: Path) -> None:
    """A file with several scales and a name without a letter is read at the first one, with a warning."""
    (found,) = [each for each in cnncalc.lint(written(tmp_path, SCALED, "yolov8.yaml")) if each.code == "E112"]
    assert found.message == "no scale is given: n, the first of n, x, is used"
    assert found.hint == "choose one with --set scale=x, or name the file yolov8x.yaml"
    assert not [each for each in cnncalc.lint(written(tmp_path, SCALED, "yolov8n.yaml")) if each.code == "E112"]


def test_a_spec_is_no_yolo_file(tmp_path: Path) -> None:
    """A spec with an input called head, and a file with `layers`, stay specs."""
    text = "input: {head: 8x8x3}\nlayers:\n  - conv 4 3x3\n"
    assert cnncalc.analyze(written(tmp_path, text)).totals.params == 4 * 27 + 4


ROWS = ("-1, 1, Conv, [64, 3, 2]", "-1, 3, C2f, [64, True]", "-1, 1, Conv, [64, 3, 2]")


def broken(old: str, new: str) -> str:
    """A small network whose row 1 is on line 4, with one text replaced."""
    text = yolo(ROWS, ("[1, 2], 1, Detect, [nc]",))
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (broken("C2f", "C2F"), (4, 13), '"C2F" is not a module', 'did you mean "C2f"?'),
        (broken("C2f", "MyBlock"), (4, 13), '"MyBlock" is not a module', "export the model to ONNX"),
        (broken("[-1, 3, C2f", "[-9, 3, C2f"), (4, 6), "from -9 counts back beyond the first row", "1 row before it"),
        (broken("[-1, 3, C2f", "[1, 3, C2f"), (4, 6), "from 1 is the row itself", "counted from 0"),
        (broken("[1, 2], 1", "[1, 30], 1"), (7, 10), "from 30 does not exist: the file has the rows 0 to 3", "-1"),
        (broken("[1, 2], 1", "[1, two], 1"), (7, 6), 'got "two"', "counted from 0"),
        (broken("[1, 2], 1", "2, 1"), (7, 6), "needs a list of rows", "write [2]"),
        (broken("[-1, 3, C2f", "[[0], 3, C2f"), (4, 6), "from is a list", "write 0"),
        (broken("C2f, [64, True]", "C2f"), (4, 5), "row 1 has 3 items instead of 4", "[from, repeats, module"),
        (broken("C2f, [64, True]", "C2f, 64, True"), (4, 5), "row 1 has 5 items", "a list of their own"),
        (broken("C2f, [64, True]", "C2f, 64"), (4, 18), "the arguments must be a list", "write [64]"),
        (broken("C2f, [64, True]", "C2f, [64, True, 1, 0.5, 9]"), (4, 37), "at most 4 arguments, got 5", "shortcut="),
        (broken("C2f, [64, True]", "C2f, []"), (4, 13), "c2 is missing", "[c2, shortcut=False, g=1, e=0.5]"),
        (broken("C2f, [64, True]", "C2f, [64, yes]"), (4, 23), 'shortcut must be True or False, got "yes"', "a word"),
        (broken("C2f, [64, True]", "C2f, [-64]"), (4, 19), "c2 must be above 0, got -64", ""),
        (broken("C2f, [64, True]", "C2f, [6.4]"), (4, 19), "c2 must be a whole number, got 6.4", ""),
        (broken("3, C2f, [64, True]", "1, Conv, [64, 3, 1, None, 5]"), (4, 13), "divided into 5 groups", "of 5"),
        (broken("C2f, [64, True]", "Conv, [96, 3]"), (4, 13), "repeated, but 64 channels arrive", "a row"),
        (broken("C2f, [64, True]", "Conv, [64, 0]"), (4, 24), "k must be above 0, got 0", ""),
        (broken("C2f, [64, True]", "C2PSA, [128]"), (4, 13), "64 arrive and 128 are asked for", ""),
        (broken("C2f, [64, True]", "A2C2f, [72]"), (4, 13), "a multiple of 32 as hidden channels", ""),
        (broken("-1, 3, C2f", "-1, 0, C2f"), (4, 10), "repeats: got 0", ""),
        (broken("-1, 3, C2f", "-1, many, C2f"), (4, 10), 'repeats: got "many"', ""),
        (broken("nc: 7", "nc: many"), (1, 5), 'nc: got "many"', ""),
        (broken("nc: 7", "scales: {n: [1.0, 0.5]}"), (1, 13), "n needs three numbers above 0", "max_channels"),
        (broken("nc: 7", "depth_multiple: 1.0"), (7, 26), "the file has no key nc", "add nc:"),
        (broken("nc: 7", "nc: 7\nactivation: nn.Silu()"), (2, 13), "nn.Silu is not known", 'did you mean "SiLU"?'),
        (broken("nc: 7", 'nc: 7\nactivation: exit("x")'), (2, 13), "is not an activation of PyTorch", "nn.ReLU()"),
        (broken("head:", "heads:"), (1, 1), "head is missing", "head: []"),
        (broken("Detect, [nc]", "Detect, [nc, anchors]"), (7, 30), "the file has no key anchors", "add anchors:"),
        (broken("Detect, [nc]", "Segment, [nc, 32, few]"), (7, 17), "npr must be a whole number from 1, got few", ""),
    ],
)  # fmt: skip
def test_refusals_have_a_position(
    text: str, place: tuple[int, int], message: str, hint: str, tmp_path: Path
) -> None:  # fmt: skip
    """A mistake is an E111 at its line and column, in the words of the library."""
    path = written(tmp_path, text)
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(path)
    found = caught.value.diagnostics[0]
    assert (found.code, (found.line, found.column)) == ("E111", place)
    assert message in found.message
    assert hint in found.hint


def test_maps_of_different_sizes_are_named(tmp_path: Path) -> None:
    """A Concat of two strides names both rows and their shapes."""
    text = yolo(ROWS, ("[0, 2], 1, Concat, [1]", "[1, 2], 1, Detect, [nc]"))
    with pytest.raises(SpecError) as caught:
        cnncalc.analyze(written(tmp_path, text), input="3x64x32")
    (found,) = caught.value.diagnostics
    assert found.message == "row 3 (Concat): joins different heights and widths: row 0 64x32x16, row 2 64x16x8"


def test_all_rows_with_mistakes_are_reported(tmp_path: Path) -> None:
    """Mistakes that need no shapes are found together."""
    text = yolo(("-1, 1, Cnv, [64]", "-1, 1, Conv, 64"), ("[7], 1, Detect, [nc]",))
    assert [(each.line, each.code) for each in cnncalc.lint(written(tmp_path, text))] == [
        (3, "E111"),
        (4, "E111"),
        (6, "E111"),
    ]


def test_a_misspelt_key_is_a_warning(tmp_path: Path) -> None:
    """The library ignores keys that it does not know."""
    found = cnncalc.lint(written(tmp_path, broken("nc: 7", "nc: 7\nwidth_multipl: 0.5")))
    assert [(each.code, each.hint) for each in found] == [("E112", 'did you mean "width_multiple"?')]


@pytest.mark.parametrize(
    "text",
    [
        broken("-1, 3, C2f", "-1, 999999999, C2f"),
        broken("C2f, [64, True]", f"SPP, [64, {list(range(1, 99))}]"),
        broken("C2f, [64, True]", "Conv, [999999999, 999999999]"),
        broken("nc: 7", f"nc: {'9' * 30}"),
        broken("nc: 7", f"scales: {{n: [{'9' * 30}, 1, 1]}}"),
        broken("C2f, [64, True]", "C2f, [64, True, 1, 1.0e308]"),
        broken("C2f, [64, True]", "Conv, [64, " + "[" * 60 + "]" * 60 + "]"),
        broken("Detect, [nc]", "Detect, [999999999]"),
    ],
)
def test_hostile_numbers_end_in_a_message(text: str, tmp_path: Path) -> None:
    """Huge counts are refused or computed, and never end in an exception of Python."""
    assert isinstance(cnncalc.lint(written(tmp_path, text)), list)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a tree of mappings and lists, inner ones too."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(each, (*path, key))


@pytest.mark.parametrize("value", sampled([None, [], {}, "${x}", -1, 0, 10**30, [[1, 2], [3]]], every=4))
def test_any_value_in_any_place_ends_in_findings(value: object, tmp_path: Path) -> None:
    """Each value of a small file is replaced in turn; what is wrong is a diagnostic with a code."""
    tree = yaml.safe_load(broken("nc: 7", "nc: 7\nscales: {n: [1.0, 0.25, 64]}\nactivation: nn.ReLU()"))
    for path in _leaves(tree):
        changed = deepcopy(tree)
        around = changed
        for key in path[:-1]:
            around = around[key]
        around[path[-1]] = value
        file = written(tmp_path, yaml.safe_dump(changed, sort_keys=False))
        assert all(each.code for each in cnncalc.lint(file))
