"""`cnncalc solve` as typed, and the document about it."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from cnncalc.cli._group import group
from cnncalc.render.progression import progression
from tests.together import for_each

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "solve.md").read_text(encoding="utf-8")


def run(*arguments):
    return CliRunner().invoke(group, ["solve", *arguments], prog_name="cnncalc", catch_exceptions=False)


def screens():
    """Every `$ command` of the document with the screen that follows it."""
    blocks = re.findall(r"^```console\n\$ ([^\n]*)\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    return [
        pytest.param(command, screen.rstrip("\n"), id=command, marks=[pytest.mark.sweep] * ("180..600" in command))
        for command, screen in blocks
    ]


@pytest.mark.parametrize(("command", "screen"), screens())
def test_screens_of_the_document(command, screen):
    """Each command prints what the document shows; a last line of `...` stands for all that follows."""
    printed = CliRunner().invoke(group, shlex.split(command)[1:], prog_name="cnncalc").output.rstrip("\n")
    shown = screen.removesuffix("\n...")
    assert printed == screen or (shown != screen and printed.startswith(f"{shown}\n"))


def test_python_of_the_document():
    """Its Python runs."""
    for code in re.findall(r"^```python\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL):
        exec(compile(code, "docs/solve.md", "exec"), {})


def test_the_document_names_every_option():
    """Each option of the command that is its own is in the document."""
    own = {"kernel", "stride", "padding", "dilation", "output-padding", "rounding", "keep-size", "undo", "vary", "want"}
    assert [name for name in sorted(own) if f"--{name}" not in DOCUMENT] == []


@for_each(
    ("arguments", "code"),
    [
        (["conv", "--input", "63x63x16", "--output", "29x29x32", "--kernel", "7"], 0),
        (["max_pool", "--input", "32x30x3", "--output", "16x10"], 1),
        (["unet", "--vary", "input=188"], 0),
        (["unet", "--vary", "input=189"], 1),
        (["conv", "--input", "8x8x3"], 2),
        (["conv", "--vary", "input"], 2),
        (["unet"], 2),
        (["unet", "--vary", "input=188", "--kernel", "3"], 2),
        (["conv", "--input", "8x8x3", "--output", "4", "--batch", "2"], 2),
        (["conv", "--input", "8x8x3", "--output", "4", "--output", "5"], 2),
        (["unet", "--vary", "input=1", "--vary", "input=2"], 2),
        (["no-such.yaml", "--vary", "input=1"], 2),
    ],
)
def test_exit_codes(arguments, code):
    """0 found, 1 nothing fits, 2 unusable, and then nothing on stdout."""
    done = run(*arguments)
    assert done.exit_code == code
    assert (done.stdout == "") is (code == 2)
    assert (done.stderr == "") is (code != 2)


def test_json():
    """An object per question."""
    found = json.loads(run("conv", "--input", "63x63x16", "--output", "29x29x32", "--format", "json").stdout)
    assert "conv 32 7x7 s2" in [each["item"] for each in found["solutions"]]
    found = json.loads(run("unet", "--vary", "input=180..200", "--format", "json").stdout)
    assert found["exact"] == [[188]]


def test_csv():
    """A row per solution."""
    rows = list(csv.DictReader(io.StringIO(run("conv", "--input", "227x227x3", "--output", "55", "--kernel", "11",
                                               "--format", "csv").stdout)))  # fmt: skip
    assert [(row["stride"], row["padding"], row["exact"]) for row in rows] == [("4", "0", "true"), ("4", "1", "false")]
    rows = list(csv.DictReader(io.StringIO(run("vgg16", "--vary", "input=223..226", "--output", "stage5=7x7",
                                               "--format", "csv").stdout)))  # fmt: skip
    assert [(row["input"], row["exact"]) for row in rows] == [("224", "true"), ("225", "false"), ("226", "false")]


def test_how_many_more():
    """A list that was cut says how to see all of it."""
    assert (
        "9 more: --limit 11 shows them all"
        in run("conv", "--input", "32x32x3", "--output", "14x14x20", "--limit", "2").stdout
    )


def test_lines_of_a_terminal_are_hung(monkeypatch):
    """Under 80 columns, no line of the U-Net's failures is longer."""
    monkeypatch.setattr("cnncalc.cli.solve.stdout_width", lambda: 80)
    assert max(map(len, run("unet", "--vary", "input=100..200").stdout.splitlines())) <= 80


def test_color_is_asked_for():
    """Plain in a pipe; coloured with --color always."""
    plain = run("unet", "--vary", "input=188..189").stdout
    colored = run("unet", "--vary", "input=188..189", "--color", "always").stdout
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain


@for_each(
    ("numbers", "text"),
    [
        ([], ""),
        ([7], "7"),
        ([7, 8], "7, 8"),
        ([7, 8, 9], "7 to 9"),
        ([1, 3, 9], "1, 3, 9"),
        (range(32, 513), "32 to 512"),
        (range(188, 600, 16), "188, 204, 220, … 588, every 16th"),
        (range(1, 100, 11), "1, 12, 23, … 89, every 11th"),
        (range(1, 200, 21), "1, 22, 43, … 190, every 21st"),
        ([1, 2, 9, 10, 17, 18, 25, 26, 33, 34], "1, 2, 9, 10, 17, 18, … 33, 34, every 8"),
        ([1, 2, 3, 9, 20, 21, 22, 23], "1 to 3, 9, 20 to 23"),
        ([1, 2, 5, 9, 11, 20, 40, 44], "1, 2, 5, 9, … 44"),
    ],
)
def test_progressions(numbers, text):
    """Long lists as one says them."""
    assert progression(numbers) == text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("max_pool --input 32x32x3 --output 16x16x9", "A max_pool gives 3 channels here, not 9. What comes nearest:"),
        ("max_pool --input 3x32x32 --output 9x16x16 --convention pytorch", "A max_pool gives 3 channels here, not 9."),
        ("max_pool --input 32x32x3 --output 99x99x3", "None of 264 combinations fits. What comes nearest:"),
    ],
)
def test_channels_that_no_settings_give(arguments, said):
    """A pool keeps the channels of its input, whatever its window; for sizes that none reaches, nothing is said."""
    assert said in run(*arguments.split()).stdout


def test_a_study_without_a_valid_size_has_the_name_of_the_model():
    assert run("lenet5", "--vary", "input=3").stdout.startswith("lenet5: input 3 (1 value)\n")
