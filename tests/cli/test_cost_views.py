"""`cost --inference` and `cost --arena`, typed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

Run = Callable[..., Result]

SPEC = "a: 8x8x2 -> concat(conv 20 1x1 -> max_pool 8 | conv 2 1x1 -> max_pool 8)"
"""As listed, 5,120 + 512 + 80 bytes; with the small branch first, 512 + 5,120 + 8."""


def test_inference(run: Run) -> None:
    result = run("cost", SPEC, "--inference")
    assert result.exit_code == 0
    assert "in the listed order          5,712  5.6 KiB" in result.stdout
    assert "in the best order, in place  5,640  5.5 KiB  no order needs less" in result.stdout
    assert "Best order: conv_2, max_pool_2, conv_1, max_pool_1, concat_1" in result.stdout


def test_inference_scales_with_batch_and_type(run: Run) -> None:
    found = json.loads(
        run("cost", SPEC, "--inference", "--batch", "3", "--dtype", "float16", "--format", "json").stdout
    )
    assert (found["listed"], found["in_place"], found["least"], found["exact"]) == (8568, 8568, 8460, True)
    assert found["order"][0] == "conv_2"


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("csv", ",1,float32,5712,5712,5640,true"),
        ("markdown", "| in the best order, in place | 5,640 | 5.5 KiB | no order needs less"),
    ],
)
def test_forms_of_inference(run: Run, form: str, line: str) -> None:
    assert line in run("cost", SPEC, "--inference", "--format", form).stdout


def test_arena(run: Run) -> None:
    """1,280 + 128 + 20 bytes of int8, each rounded up to a multiple of 16."""
    result = run("cost", SPEC, "--arena")
    assert "arena (RAM)  1,440" in result.stdout
    assert result.stderr == ""


def test_arena_is_for_one_sample(run: Run) -> None:
    result = run("cost", SPEC, "--arena", "--batch", "2", "--format", "json")
    assert json.loads(result.stdout)["arena"] == 1440
    assert "--batch and --dtype have no effect" in result.stderr


@pytest.mark.parametrize("option", [("--train", "adam"), ("--checkpoint", "a*"), ("--depth", "1")])
@pytest.mark.parametrize("view", ["--arena", "--inference"])
def test_options_of_training(run: Run, view: str, option: tuple[str, str]) -> None:
    result = run("cost", SPEC, view, *option)
    assert result.exit_code == 2
    assert f"{option[0]} is for training, and cannot be given with {view}" in result.stderr


def test_one_view_at_a_time(run: Run) -> None:
    """`--inference` and `--arena` together are a usage error."""
    found = run("cost", "7 -> dense 5", "--arena", "--inference")
    assert (found.exit_code, "give one of them" in found.stderr) == (2, True)
