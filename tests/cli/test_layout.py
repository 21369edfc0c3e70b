"""`--layout`, and the warning of every command about an input that was probably written in the other one."""

from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import Result

from tests.together import for_each

STRIP = "3x32x32 -> conv 8 3x3 same"
SAID = "input: 3x32x32 is read as height 3, width 32, 32 channels (HWC)"
SHEET = f"title: t\nquestions:\n  - {{name: a, spec: {STRIP}, ask: params, answer: 2312}}\n"

COMMANDS = [
    ("summary", STRIP),
    ("summary", STRIP, "--format", "json"),
    ("explain", STRIP),
    ("compare", STRIP),
    ("verify", STRIP),
    ("check", STRIP, "--answer", "params=2312"),
    ("diff", STRIP, "32x32x3 -> conv 8 3x3 same"),
    ("solve", STRIP, "--vary", "input=3..4"),
    ("solve", "conv", "--input", "3x32x32", "--output", "3x32x8", "--kernel", "3"),
]


@for_each("command", COMMANDS, ids=" ".join)
def test_every_command_warns_on_standard_error(run: Callable[..., Result], command: tuple[str, ...]) -> None:
    result = run(*command)
    assert (SAID in result.stderr, "is read as" in result.stdout, result.exit_code) == (True, False, 0)


@for_each("command", COMMANDS, ids=" ".join)
def test_a_layout_ends_the_warning(run: Callable[..., Result], command: tuple[str, ...]) -> None:
    result = run(*command, "--layout", "hwc")
    assert ("is read as" in result.stderr, result.exit_code) == (False, 0)


def test_a_sheet_warns_of_its_models(run: Callable[..., Result]) -> None:
    result = run("check", "-", input=SHEET)
    assert (SAID in result.stderr, result.exit_code) == (True, 0)


def test_the_report_reads_in_the_given_layout(run: Callable[..., Result]) -> None:
    """3·3·3·8 + 8 = 224 parameters."""
    report = json.loads(run("summary", STRIP, "--layout", "CHW", "--format", "json").stdout)
    assert (report["layout"], report["outputs"][0]["shape"], report["totals"]["params"]) == ("CHW", [8, 32, 32], 224)


def test_a_layer_is_solved_in_the_given_layout(run: Callable[..., Result]) -> None:
    asked = ("solve", "conv", "--input", "3x32x32", "--output", "20x14x14", "--layout", "CHW", "--stride", "2")
    result = run(*asked)
    assert ("conv 20 8x8 s2 p1" in result.stdout, result.exit_code) == (True, 0)


def test_apply_reads_its_data_in_the_given_layout(run: Callable[..., Result]) -> None:
    """Two channels of 2x2 against two rows of 2 with two channels each."""
    data = "[[[1,2],[3,4]],[[5,6],[7,8]]]"
    run_in = ("apply", "global_max_pool", "--data", data, "--format", "json", "--layout")
    outputs = [json.loads(run(*run_in, layout).stdout)
               for layout in ("CHW", "HWC")]  # fmt: skip
    assert [output["output"] for output in outputs] == [[[[4]], [[8]]], [[[7, 8]]]]
