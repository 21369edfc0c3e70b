"""The `summary` command."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

QUIZ = "32x32x3 -> conv 20 8x8 s2 p1"


def test_the_quiz_layer(run: Run) -> None:
    """32×32×3 under 20 filters 8×8, stride 2, padding 1: 14×14×20, 3,860 shared, 756,560 unshared, 196 times."""
    result = run("summary", QUIZ)
    assert (result.exit_code, result.stderr) == (0, "")
    words = result.stdout.split()
    assert {"14x14x20", "3,860", "756,560", "196", "752,640"} <= set(words)


def test_json_is_the_documented_object(run: Run) -> None:
    """The machine-readable form has format 1 and the documented keys."""
    report = json.loads(run("summary", QUIZ, "--format", "json").stdout)
    assert list(report) == [
        "format", "name", "convention", "layout", "dtype", "batch", "inputs", "layers", "outputs", "totals",
    ]  # fmt: skip
    assert report["format"] == 1
    assert report["outputs"] == [{"name": "conv_1", "shape": [14, 14, 20]}]
    assert report["layers"][0]["location"] == {"file": "<inline>", "line": 1, "column": 12}


@pytest.mark.parametrize("form", ["table", "tree", "json", "csv", "markdown", "latex"])
def test_every_form_prints_the_parameters(run: Run, form: str) -> None:
    """All forms come from one report."""
    result = run("summary", QUIZ, "--format", form)
    assert result.exit_code == 0
    assert "3860" in result.stdout.replace(",", "")


@pytest.mark.parametrize(
    ("options", "figures"),
    [
        (["--batch", "7"], {"params": 3860, "macs": 5268480}),
        (["--input", "37x41x3"], {"params": 3860, "macs": 16 * 18 * 20 * 192}),
        (["--input", "32x32x1", "--dtype", "float16"], {"params": 1300}),
    ],
)
def test_options_reach_the_analysis(run: Run, options: list[str], figures: dict[str, int]) -> None:
    """Work is for the batch; an input given replaces the spec's: (37−8+2)//2+1 = 16, (41−8+2)//2+1 = 18."""
    totals = json.loads(run("summary", QUIZ, "--format", "json", *options).stdout)["totals"]
    assert {name: totals[name] for name in figures} == figures


def test_variables_conventions_and_stdin(run: Run) -> None:
    """A spec from standard input, with a variable set and a convention chosen."""
    spec = "input: 11x13x5\nvariables: {width: 2}\nlayers:\n  - conv: {filters: '${width}', kernel: 3}\n"
    result = run("summary", "-", "--set", "width=7", "--convention", "keras", "--format", "json", input=spec)
    report = json.loads(result.stdout)
    assert (report["convention"], report["outputs"][0]["shape"]) == ("keras", [9, 11, 7])


def test_broken_expectations_are_listed_and_exit_with_1(run: Run, tmp_path: Path) -> None:
    """The table is printed all the same; each broken line is named with its place, what was expected, what came."""
    path = tmp_path / "q.yaml"
    path.write_text(
        "input: 32x32x3\nlayers:\n  - conv 20 8x8 s2 p1\nexpect: {params: 3861}\nbudget: {macs: 1k}\n",
        encoding="utf-8",
    )
    result = run("summary", str(path))
    assert result.exit_code == 1
    assert "14x14x20" in result.stdout
    assert f"{path}:4:18: error[" in result.stderr
    assert "3,861" in result.stderr
    assert "3,860" in result.stderr
    assert f"{path}:5:16: error[" in result.stderr


def test_depth_folds(run: Run, tmp_path: Path) -> None:
    """`--depth 1` shows a block as one row with the sums of its layers."""
    path = tmp_path / "b.yaml"
    path.write_text(
        "input: 11x11x3\nblocks:\n  two:\n    layers: [conv 5 3x3, conv 7 3x3]\nlayers:\n  - two: {name: body}\n",
        encoding="utf-8",
    )
    rows = list(csv.DictReader(run("summary", str(path), "--depth", "1", "--format", "csv").stdout.splitlines()))
    assert [(row["layer"], row["type"], row["output_shape"], row["params"]) for row in rows] == [
        ("body", "2 layers", "7x7x7", str((27 + 1) * 5 + (45 + 1) * 7))
    ]


def test_limits_can_be_lowered_and_raised(run: Run) -> None:
    """A limit option holds for this run, and its message names the option."""
    result = run("summary", "8x8x1 -> (conv 3 3x3 same)*50", "--max-layers", "20")
    assert result.exit_code == 2
    assert "--max-layers" in result.stderr
