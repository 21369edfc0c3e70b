"""A model that cannot be followed to its end has the layers before that place, and the parameters of all others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.analysis.partial import analyze_part
from cnncalc.analysis.report import Report
from cnncalc.render.summary import csv, json, latex, markdown, table, tree
from cnncalc.render.summary.columns import chosen_columns
from tests.source.programs import programs

NETS = programs("unfollowed.txt")
HEAD = "import mylib\nimport torch\nfrom torch import nn\nimport torch.nn.functional as F\n"

Row = tuple[str, list[int] | None, int | None]

ROWS: dict[str, tuple[list[int], list[Row], int, int, str]] = {
    "an unknown function on one of two paths": (
        [3, 32, 32],
        [
            ("conv1", [16, 30, 30], 16 * 3 * 9 + 16), ("conv2", [32, 28, 28], 32 * 16 * 9 + 32),
            ("side", [32, 30, 30], 32 * 16 + 32), ("deform", None, None), ("head.norm", None, 2 * 64),
            ("head.fc", None, 64 * 10 + 10), ("spare", None, 3 * 3 + 3),
        ],
        16 * 27 * 30 * 30 + 32 * 16 * 9 * 28 * 28 + 32 * 16 * 30 * 30, 26, "cannot follow mylib.deform(…)",
    ),
    "an unknown function first": (
        [7],
        [("spectrum", None, None), ("fc1", None, 7 * 5 + 5), ("fc2", None, 5 * 3 + 3), ("scale", None, 3)],
        0, 14, "cannot follow mylib",
    ),
    "an unknown function of one of several parts": (
        [12],
        [
            ("fc1", [12], 12 * 12 + 12), ("chunk.0", [4], 0), ("chunk.1", [4], 0), ("chunk.2", [4], 0),
            ("odd", None, None), ("fc2", None, 4 * 3 + 3),
        ],
        12 * 12, 13, "cannot follow mylib.odd(…)",
    ),
    "an unknown module": (
        [3, 8, 8], [("conv", [2, 6, 6], 2 * 27 + 2), ("Mixer", None, None), ("fc", None, 2 * 11 + 11)],
        2 * 27 * 36, 9, "cannot follow mylib",
    ),
    "an unknown layer in a Sequential": (
        [3, 8, 8], [("f.0", [8, 6, 6], 8 * 27 + 8), ("f.2", None, 0), ("f.3", None, 2 * 288 + 2)], 8 * 27 * 36, 10,
        "cannot follow mylib.Deform(…)",
    ),
    "a condition on numbers": (
        [7],
        [
            ("first", [5], 7 * 5 + 5), ("block.fc1", [5], 5 * 5 + 5), ("max", None, None),
            ("last", None, 5 * 2 + 2), ("block.fc2", None, 5 * 5 + 5),
        ],
        7 * 5 + 5 * 5, 13, "cannot follow a condition that is not known",
    ),
}  # fmt: skip
"""Input; each layer's name, shape and parameters; MACs of the known layers; the error's line and its beginning.

Counted by hand: a convolution has out x in x kernel weights and `out` biases, a dense layer in x out and `out`.
"""

KERAS = "import keras\nimport mylib\nfrom keras import layers\n"
_CONV = ("conv2d", [30, 30, 16], 16 * 3 * 9 + 16)
KERAS_ROWS: dict[str, tuple[list[Row], int]] = {
    "a functional model": (
        [
            _CONV, ("conv2d_1", [30, 30, 8], 8 * 16 + 8), ("deform", None, None), ("concatenate", None, 0),
            ("global_average_pooling2d", None, 0), ("dense", None, None),
        ],
        6,
    ),
    "a list of layers": ([_CONV, ("Deform", None, None), ("flatten", None, 0), ("dense", None, None)], 7),
    "layers added one by one": ([_CONV, ("Deform", None, None), ("dense", None, None)], 7),
    "a subclass with a condition on numbers": (
        [("conv", [30, 30, 16], 448), ("is_large", None, None), ("norm", None, None), ("fc", None, None)], 13,
    ),
}  # fmt: skip
"""The rows and the error's line. Keras makes a layer's arrays when it sees the input: their number is unknown."""


@pytest.mark.parametrize("title", KERAS_ROWS)
def test_layers_of_keras_are_known_or_missing(title: str, tmp_path: Path) -> None:
    """The layers before the place have their numbers; a layer without arrays after it has 0 parameters."""
    rows, line = KERAS_ROWS[title]
    path = tmp_path / "net.py"
    path.write_text(KERAS + NETS[f"Keras: {title}"], encoding="utf-8")
    report = analyze_part(f"{path}:net")
    data = report.to_dict()
    assert [(each["name"], each["output_shape"], each["params"]) for each in data["layers"]] == rows
    assert (data["totals"]["params"], data["totals"]["macs"]) == (None, None)
    assert report.rest is not None
    assert (report.rest.reason.line, report.rest.reason.message[:13]) == (line, "cannot follow")


def test_a_comment_gives_the_output_of_a_layer_in_a_list(tmp_path: Path) -> None:
    """The comment is on the layer's own line: 7x5x2 has 70 numbers, and Dense(10) 70 x 10 + 10 parameters."""
    path = tmp_path / "net.py"
    text = NETS["Keras: a list of layers"].replace("mylib.Deform(3),", "mylib.Deform(3),  # cnncalc: 7x5x2")
    path.write_text(KERAS + text, encoding="utf-8")
    report = cnncalc.analyze(f"{path}:net")
    assert [layer.params for layer in report.layers] == [448, 0, 0, 710]


def test_a_comment_gives_the_output_of_a_layer_in_a_sequential(tmp_path: Path) -> None:
    """8 channels of 6x6 are the 288 numbers that the dense layer takes."""
    path = tmp_path / "net.py"
    text = NETS["an unknown layer in a Sequential"].replace("mylib.Deform(8),", "mylib.Deform(8),  # cnncalc: 8x6x6")
    path.write_text(HEAD + text, encoding="utf-8")
    report = cnncalc.analyze(f"{path}:Net", input=[3, 8, 8])
    assert [layer.params for layer in report.layers] == [224, 0, 0, 578]


def partial(folder: Path, title: str) -> Report:
    path = folder / "net.py"
    path.write_text(HEAD + NETS[title], encoding="utf-8")
    return analyze_part(f"{path}:Net", input=ROWS[title][0])


@pytest.mark.parametrize("title", ROWS)
def test_layers_are_known_or_missing(title: str, tmp_path: Path) -> None:
    """Every layer has its parameters; those that the unknown value reaches have null for what needs a shape."""
    _, rows, macs, line, message = ROWS[title]
    report = partial(tmp_path, title)
    data = report.to_dict()
    assert [(each["name"], each["output_shape"], each["params"]) for each in data["layers"]] == rows
    assert all((each["macs"] is None) == (each["output_shape"] is None) for each in data["layers"])
    assert data["outputs"] == []
    assert data["totals"]["macs"] is None
    assert report.totals.macs == macs
    assert report.totals.params == sum(params or 0 for _, _, params in rows)
    assert report.rest is not None
    assert report.rest.reason.line == line
    assert report.rest.reason.message.startswith(message)


def test_unknown_modules_leave_the_parameters_open(tmp_path: Path) -> None:
    """The sum of the parameters is the model's where every module is known, frozen ones among them."""
    known = partial(tmp_path, "an unknown function first").to_dict()["totals"]
    assert (known["params"], known["trainable_params"], known["non_trainable_params"]) == (61, 26, 35)
    assert partial(tmp_path, "an unknown module").to_dict()["totals"]["params"] is None


FORMS: list[tuple[Any, str]] = [
    (table, "head.fc"),
    (tree, "└─ fc"),
    (markdown, "| head.fc"),
    (latex, "head.fc & dense"),
]


@pytest.mark.parametrize(("form", "row"), FORMS, ids=["table", "tree", "markdown", "latex"])
def test_forms_show_what_is_unknown(form: Any, row: str, tmp_path: Path) -> None:
    """Unknown metrics are `?`, and a sum over the known layers is a lower bound."""
    text = form.render(partial(tmp_path, next(iter(ROWS))), chosen_columns(""))
    line = next(line for line in text.splitlines() if row in line)
    assert (line.count("?"), "650" in line) == (2, True)
    assert text.count("4,462,272") == 2
    assert text.count("≥" if form is not latex else r"$\ge$") == 6


def test_blocks_are_unknown_as_a_whole(tmp_path: Path) -> None:
    """A folded block has the sum of the parameters, 128 + 650; a CSV cell of an unknown metric is empty."""
    report = partial(tmp_path, next(iter(ROWS)))
    assert "head,2 layers,,778," in csv.render(report, chosen_columns(""), 1).splitlines()
    assert '"macs": null' in json.render(report)


def test_other_functions_refuse_a_part(tmp_path: Path) -> None:
    """Only the summary takes a part of a model for an answer."""
    partial(tmp_path, "an unknown module")
    with pytest.raises(cnncalc.SpecError, match="cannot follow mylib"):
        cnncalc.analyze(f"{tmp_path / 'net.py'}:Net", input=[3, 8, 8])
