"""The `explain` command."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result

Run = Callable[..., Result]


def test_explains_one_layer(run: Run) -> None:
    """The working of the quiz layer goes to stdout."""
    result = run("explain", "32x32x3 -> conv 20 8x8 s2 p1")
    assert result.exit_code == 0
    assert "(32 − 8 + 2·1)/2 + 1 = 26/2 + 1 = 13 + 1 = 14" in result.stdout
    assert "= 3,860" in result.stdout
    assert "= 756,560, 196 times as many" in result.stdout


def test_explains_every_layer_in_order(run: Run) -> None:
    """Without LAYER all are explained, a blank line between them."""
    out = run("explain", "28x28x1 -> conv 6 5x5 -> max_pool 2 -> dense 10").stdout
    heads = [block.splitlines()[0].split(":")[0] for block in out.split("\n\n")]
    assert heads == ["conv_1", "max_pool_1", "dense_1"]


def test_explains_the_layer_that_is_named(run: Run) -> None:
    """LAYER picks one by its name."""
    out = run("explain", "28x28x1 -> conv 6 5x5 -> max_pool 2", "max_pool_1").stdout
    assert out.startswith("max_pool_1: max_pool, 24×24×6 → 12×12×6\n")
    assert "conv_1" not in out


def test_an_unknown_layer_is_a_usage_error(run: Run) -> None:
    """The closest name is offered, the exit code is 2."""
    result = run("explain", "28x28x1 -> conv 6 5x5", "conv_2")
    assert result.exit_code == 2
    assert 'did you mean "conv_1"?' in result.stderr


def test_a_batch_is_not_silently_ignored(run: Run) -> None:
    """The work is that of the batch: 8·24·24·6·25 multiply–accumulates."""
    result = run("explain", "28x28x1 -> conv 6 5x5", "--batch", "8")
    assert result.exit_code == 0
    assert "= 24·24·6·5·5·1·8 = 691,200" in result.stdout
    assert "Operations are counted for a batch of B = 8 samples." in result.stdout


@pytest.mark.parametrize("command", ["explain", "compare"])
def test_options_without_effect_are_named(run: Run, command: str) -> None:
    """Explanations and comparisons count no bytes: a type of numbers changes nothing in them."""
    assert "--dtype" in run(command, "28x28x1 -> conv 6 5x5", "--dtype", "int8").stderr


@pytest.mark.parametrize(("form", "start"), [("markdown", "### conv\\_1"), ("latex", "\\paragraph{conv\\_1")])
def test_other_forms(run: Run, form: str, start: str) -> None:
    """--format markdown and latex."""
    assert run("explain", "28x28x1 -> conv 6 5x5", "--format", form).stdout.startswith(start)


def test_options_of_the_spec_hold(run: Run) -> None:
    """--input and --convention change what is explained."""
    out = run("explain", "28x28x1 -> conv 6 5x5", "--input", "3x32x36", "--convention", "pytorch").stdout
    assert out.startswith("conv_1: conv, 3×32×36 → 6×28×32\n")


def test_brief(run: Run) -> None:
    """Each equal layer once; other formats are refused."""
    spec = "8x8x4 -> conv 4 3x3 same -> conv 4 3x3 same"
    done = run("explain", spec, "--brief")
    assert done.stdout.splitlines()[0] == "conv_1 and 1 equal layer: conv, 8×8×4 → 8×8×4"
    assert "  MACs             8·8·4·3·3·4 = 9,216\n" in done.stdout
    assert "### conv\\_1 and 1 equal layer: conv" in run("explain", spec, "--brief", "--format", "markdown").stdout
    refused = run("explain", spec, "--brief", "--format", "latex")
    assert refused.exit_code == 2
    assert "--brief is for --format text or markdown, without --draw" in refused.output


@pytest.mark.parametrize(("batch", "is_said"), [("1", False), ("4", True)])
def test_kept_numbers_say_that_they_are_for_one_sample(run: Run, batch: str, *, is_said: bool) -> None:
    """With a batch, the MACs are for all samples, but the kept tensors are for one."""
    done = run("explain", "8x8x3 -> conv 4 3x3", "--backward", "--batch", batch)
    assert ("keeps are for one sample" in " ".join(done.stdout.split())) == is_said
