"""`cost --inference` and `cost --arena`, typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

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


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("cost",), "104 B"),  # 50 + 2 numbers of 2 bytes
        (("cost", "--dtype", "float32"), "208 B"),
        (("cost", "--inference"), "batch 1, float16"),
        (("summary", "--columns", "weights"), "104 B"),
        (("solve", "--vary", "batch=1", "--want", "training_memory<=1K"), "sgd, float16"),
        (("bounds",), "batch 1 · float16"),
    ],
)
def test_the_type_of_the_spec(run: Run, tmp_path: Path, arguments: tuple[str, ...], shown: str) -> None:
    """Each command computes in the spec's own data type, unless --dtype is given."""
    spec = tmp_path / "half.yaml"
    spec.write_text("dtype: float16\ninput: [25]\nlayers: [dense 2]\n", encoding="utf-8")
    command, *rest = arguments
    result = run(command, str(spec), *rest)
    assert (result.exit_code, shown in result.stdout) == (0, True), result.output


@pytest.mark.parametrize(
    "arguments",
    [("cost",), ("summary", "--columns", "kept"), ("solve", "--vary", "batch=1..2", "--want", "training_memory<=1K")],
)
def test_integers_are_not_trained(run: Run, arguments: tuple[str, ...]) -> None:
    """The memory of training in int8 is an error that names the types that can be trained."""
    command, *rest = arguments
    result = run(command, "7 -> dense 5", *rest, "--dtype", "int8")
    assert (result.exit_code, "a model in int8 cannot be trained" in result.stderr) == (2, True)


def test_inference_in_integers(run: Run) -> None:
    """7 + 5 bytes; the plan for a microcontroller has no note about int8, its own type."""
    assert '"listed": 12' in run("cost", "7 -> dense 5", "--inference", "--dtype", "int8", "--format", "json").stdout
    assert run("cost", "7 -> dense 5", "--arena", "--dtype", "int8").stderr == ""
