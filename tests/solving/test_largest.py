"""The largest batch or size that fits into a memory, worked by hand."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cnncalc.analysis.cost.training_cost import TrainingChoice
from cnncalc.cli._group import group
from cnncalc.diagnostics import SpecError
from cnncalc.render.largest import as_text
from cnncalc.solving.largest import largest
from cnncalc.solving.solve import solve_sizes
from tests.together import for_each

SPEC = "7 -> dense 5 relu -> dense 2"
"""52 weights, 40 of them in dense_1, and their gradients; 7, 5 and 2 features.

For each sample the backward pass of relu needs x, h, y and two gradients of 5 numbers, that of dense_1 x, y and one:
max(208 + 48 + (7 + 5 + 2 + 10)·4·B, 416 + (7 + 2 + 5)·4·B) bytes.
"""


@pytest.mark.parametrize(
    ("most", "value", "size", "following"),
    [
        (1216, 10, 1216, 11),  # 256 + 96·10
        (1215, 9, 1120, 10),
        (472, 1, 472, 2),  # 416 + 56
        (471, None, None, 1),
        (256 + 96 * 16, 16, 256 + 96 * 16, None),
    ],
)
def test_the_largest_batch(most: int, value: int | None, size: int | None, following: int | None) -> None:
    """The last batch within the limit, and the next one, in fewer trials than there are values."""
    found = largest(SPEC, {"batch": "1..16"}, [f"training_memory<={most}"], TrainingChoice())
    assert (found.value, found.value_bytes, found.next_value) == (value, size, following)
    assert found.found == (value is not None)
    assert found.tried <= 6


def test_the_largest_input() -> None:
    """A size below the kernel is skipped: 3x3 on n x n keeps n² + (n − 2)² numbers, and 40 weights and gradients."""
    found = largest("9x9x1 -> conv 4 3x3 relu", {"input": "1..40"}, ["training_memory<=4KiB"], TrainingChoice())
    assert found.value is not None
    sizes = [largest(f"{n}x{n}x1 -> conv 4 3x3 relu", {"batch": "1"}, ["training_memory<=1TB"], TrainingChoice())
             for n in (found.value, found.value + 1)]  # fmt: skip
    assert [one.value_bytes is not None and one.value_bytes <= 4096 for one in sizes] == [True, False]
    tiny = largest("9x9x1 -> conv 4 3x3", {"input": "1..2"}, ["training_memory<=4KiB"], TrainingChoice())
    assert not tiny.found


def test_a_variable_with_an_optimizer() -> None:
    """7·u + u weights: with Adam 3 numbers and a step per array, and the gradients: 16·8·u + 8 + 28 + 8·u bytes."""
    spec = {"variables": {"u": 5}, "input": [7], "layers": [{"dense": {"units": "${u}"}}]}
    found = largest(spec, {"u": "1..100"}, ["training_memory<=3000"], TrainingChoice(train="adam"))
    assert (found.value, found.value_bytes) == (21, 16 * 8 * 21 + 8 + 28 + 8 * 21)


def test_a_variable_need_not_grow() -> None:
    """8·(9 − 2·d)² outputs and their gradients: d = 3 needs 324 + 640 + 576 bytes, d = 4 less, d = 1 over 3000."""
    spec = {
        "variables": {"d": 1},
        "input": [9, 9, 1],
        "layers": [{"conv": {"filters": 8, "kernel": 3, "dilation": "${d}"}}],
    }
    found = largest(spec, {"d": "1..4"}, ["training_memory<=1600"], TrainingChoice())
    assert found.value == 4
    with pytest.raises(SpecError, match="at most 500 of a variable"):
        largest(spec, {"d": "1..501"}, ["training_memory<=1600"], TrainingChoice())


def test_the_end_of_the_range_is_explained() -> None:
    """Every value fits; or the last values cannot be built, as a 9x9 input has no room for a kernel of 11 or more."""
    spec = {"variables": {"k": 1}, "input": [9, 9, 1], "layers": [{"conv": {"filters": 1, "kernel": "${k}"}}]}
    whole, part = (largest(spec, {"k": f"1..{k}"}, ["training_memory<=1MB"], TrainingChoice()) for k in (9, 13))
    assert as_text(whole).splitlines()[2].endswith("; the whole range fits")
    assert (part.value, part.unbuilt_from) == (9, 10)
    assert as_text(part).splitlines()[2].endswith("; the model cannot be built with 10..13")


def test_a_batch_needs_its_condition() -> None:
    """A batch that varies without a condition on memory gets a hint."""
    with pytest.raises(SpecError) as error:
        solve_sizes(SPEC, {"batch": "1..64"})
    assert "training_memory<=" in (error.value.diagnostics[0].hint or "")


def test_a_limit_may_be_a_fraction() -> None:
    """1.2 KiB is 1228.8 bytes, of which 1228 are whole."""
    assert largest(SPEC, {"batch": "1..16"}, ["training_memory<=1.2KiB"], TrainingChoice()).most_bytes == 1228


@for_each(
    ("vary", "want", "message"),
    [
        ({"batch": "1..4"}, ["training_memory>=5"], "solved alone, with <="),
        ({"batch": "1..4"}, ["training_memory<=5", "macs<=3"], "solved alone, with <="),
        ({"batch": "1..4"}, ["training_memory<=24gb"], "a count is needed"),
        ({"batch": "1..4"}, ["training_memory<=much"], "a count is needed"),
        ({"batch": "1..4", "input": "3"}, ["training_memory<=5"], "2 quantities vary"),
        ({"batch": "0..4"}, ["training_memory<=5"], "begins below 1"),
        ({"width": "1..4"}, ["training_memory<=5"], "neither an input nor a variable"),
    ],
)
def test_questions_that_cannot_be_answered(vary: dict[str, str], want: list[str], message: str) -> None:
    """Another relation, several conditions, several quantities, and what is not a number or a name."""
    with pytest.raises(SpecError, match=message):
        largest(SPEC, vary, want, TrainingChoice())


@pytest.mark.parametrize(
    ("arguments", "offered"),
    [
        (("--vary", "bacth=1..8", "--want", "training_memory<=1KiB"), ("bacth", "batch")),
        (("--vary", "batch=1..8", "--want", "trainig_memory<=1KiB"), ("trainig_memory", "training_memory")),
    ],
)
def test_the_offered_name_is_accepted(arguments: tuple[str, ...], offered: tuple[str, str]) -> None:
    """A misspelt name gets a hint, and the command with the hint's name is answered."""
    wrong, right = offered
    done = CliRunner().invoke(group, ["solve", SPEC, *arguments])
    assert (done.exit_code, f'did you mean "{right}"?' in done.output) == (2, True), done.output
    done = CliRunner().invoke(group, ["solve", SPEC, *(text.replace(wrong, right) for text in arguments)])
    assert (done.exit_code, "largest batch: 8" in done.output) == (0, True), done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--want", "training_memory<=1KiB", "--output", "2"), "--output is not for --want training_memory"),
        (("--want", "training_memory<=1KiB", "--kernel", "2"), "--kernel is not for --want training_memory"),
        (("--want", "training_memory<=1KiB", "--limit", "2"), "--limit is not for --want training_memory"),
        (("--want", "training_memory<=1KiB", "--batch", "2"), "--batch and --vary batch: give one of them"),
        (("--want", "macs<=1K", "--train", "sgd"), "--train is only for --want training_memory"),
        (("--want", "macs<=1K", "--checkpoint", "a"), "--checkpoint is only for --want training_memory"),
    ],
)
def test_no_option_is_ignored(arguments: tuple[str, ...], message: str) -> None:
    """An option that has no effect on the question is an error."""
    done = CliRunner().invoke(group, ["solve", SPEC, "--vary", "batch=1..8", *arguments])
    assert (done.exit_code, message in done.output) == (2, True), done.output
