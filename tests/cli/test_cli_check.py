"""`check` as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

CONV = "32x32x3 -> conv 20 8x8 s2 p1"

Run = Callable[..., Result]


def test_a_wrong_answer(run: Run) -> None:
    found = run("check", CONV, "--answer", "output=14x14x20", "--answer", "params=756560")
    assert found.exit_code == 1
    assert found.output.splitlines() == [
        "✓ output = 14x14x20",
        "✗ params = 756560  wrong: counted without weight sharing",
        "    (F·F·Cᵢ + 1)·Cₒ·O·O: This is the count *without* weight sharing: a separate kernel at each of",
        "    the 196 positions. All of them share the same weights.",
        "    Right is 3,860:",
        "    Parameters = (F·F·Cᵢ + 1)·Cₒ = (8·8·3 + 1)·20 = 193·20 = 3,860",
    ]


def test_everything_right(run: Run) -> None:
    found = run("check", CONV, "--answer", "output=14x14x20")
    assert (found.exit_code, found.output) == (0, "✓ output = 14x14x20\n")


def test_a_total_shows_its_sum(run: Run) -> None:
    """320 in the convolution, 21,632·10 + 10 in the dense layer."""
    found = run("check", "28x28x1 -> conv 32 3x3 -> flatten -> dense 10", "--answer", "params=1")
    assert "    = 320 + 216,330 = 216,650" in found.output.splitlines()


def test_an_answer_that_cannot_be_read(run: Run) -> None:
    """It is not told what is right: the answer may be."""
    found = run("check", CONV, "--answer", "params=many")
    assert found.exit_code == 1
    assert found.stdout.startswith('? params = many  cannot be read: a number is needed, not "many"\n')
    assert "3,860" not in found.output


def test_json(run: Run) -> None:
    found = json.loads(run("check", CONV, "--answer", "params=3840", "--format", "json").output)
    (answer,) = found["answers"]
    assert (answer["status"], answer["right_answer"]) == ("wrong", 3860)
    assert answer["mistakes"][0]["name"] == "bias_forgotten"


def test_markdown(run: Run) -> None:
    lines = run("check", CONV, "--answer", "params=3840", "--format", "markdown").output.splitlines()
    assert lines[0] == "- ✗ params = 3840  wrong: bias forgotten"
    assert lines[2] == "  - Right is **3,860**:"


def test_standard_input(run: Run) -> None:
    spec = "input: 8x8x1\nlayers: [max_pool 2]\n"
    assert run("check", "-", "--answer", "output=4x4x1", input=spec).exit_code == 0


def test_options_of_the_spec(run: Run) -> None:
    assert run("check", "lenet5", "--set", "classes=26", "--answer", "output=26").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((CONV,), "give at least one --answer"),
        ((CONV, "--answer", "14x14x20"), "--answer needs FIGURE=ANSWER, e.g. output=14x14x20"),
        ((CONV, "--answer", "conv_2.params=3"), 'the model has no layer "conv_2"'),
        (("9x9x3 -> conv 2 11x11", "--answer", "params=3"), "kernel 11 is larger than the input 9"),
        (("no_such_spec", "--answer", "params=3"), "no such file"),
    ],
)
def test_what_cannot_be_used(run: Run, arguments: tuple[str, ...], message: str) -> None:
    found = run("check", *arguments)
    assert found.exit_code == 2
    assert message in found.output
    assert "Traceback" not in found.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "net.yaml").write_text("input: 8x8x1\nlayers: [conv 4 3x3]\n", encoding="utf-8")
    (tmp_path / "sheet.yaml").write_text(
        "title: T\nquestions:\n  - {name: a, spec: net.yaml, ask: params, points: 2, answer: 36}\n", encoding="utf-8"
    )
    (tmp_path / "class.csv").write_text("student,a\nAda,40\nBen,36\n", encoding="utf-8")
    return tmp_path


def test_a_sheet(run: Run, folder: Path) -> None:
    """A spec's path counts from the sheet. 4·9 weights and 4 biases."""
    found = run("check", str(folder / "sheet.yaml"))
    assert found.exit_code == 1
    assert "✗ a: params = 36  [0/2] wrong: bias forgotten" in found.output
    assert found.output.endswith("0 of 2 points\n")


def test_a_class(run: Run, folder: Path) -> None:
    found = run("check", str(folder / "sheet.yaml"), "--answers", str(folder / "class.csv"))
    assert found.exit_code == 1
    assert "Ada           2 / 2  ✓" in found.output
    assert "bias forgotten     1  " in found.output


def test_a_gradebook(run: Run, folder: Path) -> None:
    found = run("check", str(folder / "sheet.yaml"), "--answers", str(folder / "class.csv"), "--format", "csv")
    assert found.output.splitlines() == ["student,a,points,unreadable", "Ada,2,2,", "Ben,0,0,"]


def test_feedback_in_markdown(run: Run, folder: Path) -> None:
    found = run("check", str(folder / "sheet.yaml"), "--answers", str(folder / "class.csv"), "--format", "markdown")
    assert "## Ben" in found.output
    assert "- ✗ a: params = 36  [0/2] wrong: bias forgotten" in found.output


def test_a_sheet_takes_no_single_answers(run: Run, folder: Path) -> None:
    assert run("check", str(folder / "sheet.yaml"), "--answer", "a=3").exit_code == 2


def test_the_list_of_mistakes(run: Run) -> None:
    found = run("check", "--list-mistakes")
    assert found.exit_code == 0
    assert "| bias forgotten | `bias_forgotten` | F·F·C·K | Every filter or unit has one bias" in found.output
