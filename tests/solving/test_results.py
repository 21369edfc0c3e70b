"""The results of solving as values, and the questions about layers that have none."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

import cnncalc
from cnncalc import SpecError, solve, solve_sizes
from cnncalc.solving import model
from cnncalc.solving.solution import Solution
from cnncalc.solving.study import Failure, LeftOver, Study, Trial
from cnncalc.solving.vectorized import Many
from cnncalc.solving.wanted import Wanted
from tests.together import for_each

REFUSED = Failure("E301", "conv_1: too large", "a.yaml", 3, 5)
REST = (LeftOver("conv_1", (1, 0)),)


def study_of(*trials: Trial, wanted: tuple[Wanted, ...] = ()) -> Study:
    return Study("net", (), wanted, trials)


@for_each(
    ("message", "line", "layer"),
    [
        ("conv_1: too large", 3, "conv_1"),
        ("too large", 3, "line 3"),
        ("too large", 0, "too large"),
        ("a: b: c", 0, "a"),
    ],
)
def test_the_layer_of_a_failure(message: str, line: int, layer: str) -> None:
    """The name before the colon; without one, the line, if there is one."""
    assert Failure("E301", message, "a.yaml", line, 1).layer == layer


def test_trials_in_json() -> None:
    """Shapes are lists; what there is not is null."""
    built = Trial((5,), (7, 3), ((9, 9), 4, None), left_over=REST)
    assert built.to_dict() == {
        "values": [5], "output": [7, 3], "figures": [[9, 9], 4, None], "exact": False,
        "left_over": [{"layer": "conv_1", "sizes": [1, 0]}], "failure": None,
    }  # fmt: skip
    failed = Trial((6,), failure=REFUSED)
    assert failed.to_dict() == {
        "values": [6], "output": None, "figures": [], "exact": False, "left_over": [],
        "failure": {"code": "E301", "message": "conv_1: too large", "file": "a.yaml", "line": 3, "column": 5},
    }  # fmt: skip
    assert (built.distance, failed.distance) == (0, 0)


def test_the_nearest_trials() -> None:
    """The fewest layers with a remainder, or the least distance; none if there is a solution, or nothing is near."""
    one, two, failed = (
        Trial((1,), (5,), left_over=REST),
        Trial((2,), (5,), left_over=REST * 2),
        Trial((3,), failure=REFUSED),
    )
    exact = Trial((4,), (5,))
    assert study_of(one, two, failed).nearest == (one,)
    assert study_of(two, exact).nearest == ()
    assert study_of(failed).nearest == ()
    wanted = (Wanted("", "params", "=", 5),)
    near, far, never = (Trial((place,), (5,), distance=distance) for place, distance in enumerate((2.0, 3.0, inf)))
    assert study_of(far, near, never, wanted=wanted).nearest == (near,)
    assert study_of(never, wanted=wanted).nearest == ()
    assert study_of(far, exact, wanted=wanted).nearest == ()
    assert study_of(one, exact, far, wanted=wanted).solutions == (exact, one)
    assert study_of(one, exact, failed).solutions == (exact,)


@for_each(("rest", "exact"), [((0, 0), True), ((1, 0), False), ((0, 1), False), (None, None)])
def test_a_solution_is_exact_without_remainders(rest: tuple[int, ...] | None, exact: bool | None) -> None:
    found = Solution(3, 1, 0, 1, None, (5, 5, 3), rest, "conv 3 3x3")
    assert found.exact is exact
    assert found.to_dict()["left_over"] == (None if rest is None else list(rest))


@for_each(
    ("type", "question", "message", "hint"),
    [
        ("lstm", {"input": "5x5x3"}, "lstm has no kernel and stride to solve for", "the types are avg_pool, conv,"),
        ("cnv", {"input": "5x5x3"}, 'unknown layer type "cnv"', 'did you mean "conv"?'),
        ("conv", {"input": "5x5x3"}, "solving needs either an output or keep-size", "for example, --output 14x14x20"),
        ("conv", {"input": "5x5x3", "output": "3", "keep_size": True}, "solving needs either an output or keep-size",
         "for example, --output 14x14x20"),
        ("conv", {"output": "3"}, "solving for a layer needs an input", "for example, --input 32x32x3"),
        ("conv", {"input": "5x5x3", "output": "3", "rounding": "up"},
         'conv has no rounding "up"', "it has floor, exact, ceil, caffe"),
        ("conv_transpose", {"input": "5x5x3", "output": "9", "rounding": "ceil"},
         'conv_transpose has no rounding "ceil"',
         "it has filters, kernel, stride"),
        ("conv", {"input": "5x1000000000001x3", "output": "3"},
         "input: an axis of 1,000,000,000,001 exceeds 1,000,000,000,000", ""),
        ("conv", {"input": "5x3", "output": "3", "kernel": "1x2"},
         "kernel: 2 ranges for an input with 1 spatial axis", ""),
        ("conv", {"input": "5x5x5x3", "output": "3", "kernel": "1x2"},
         "kernel: 2 ranges for an input with 3 spatial axes", ""),
        ("conv", {"input": "5x5x3", "output": "3x3x3x3"},
         "output: 3x3x3x3 has 4 axes, the input 5x5x3 has 3",
         "conv keeps the number of axes; the channels may be omitted"),
        ("max_pool", {"input": "5x5x3", "output": "3", "output_padding": 1},
         "max_pool has no output_padding", "it has kernel, stride"),
        ("conv", {"input": "5x5x3", "output": "3", "padding": "sam"},
         'causal: did you mean "same"?', ""),
        ("conv", {"input": "5x5x3", "output": "3", "kernel": "sam"}, 'kernel: "sam" is not a number', ""),
        ("conv", {"input": "5x5x3", "output": "3", "limit": 0}, "limit: got 0, but it must be at least 1", ""),
        # 200·200·201 combinations
        ("conv", {"input": "500x500x3", "output": "3", "kernel": "1..200", "stride": "1..200", "padding": "0..200"},
         "8,040,000 combinations are more than 5,000,000", "padding alone has 201: narrow its range"),
        ("conv_transpose", {"undo": "32x32x3 -> " + " -> ".join(["relu"] * 7)},
         "pool, got 32x32x3 and relu_1, relu_2, relu_3, relu_4, relu_5, relu_6",
         'for example, --undo "32x32x3 -> conv 20 5x5 s2 p2"'),
    ],
)  # fmt: skip
def test_questions_without_an_answer(type: str, question: dict[str, object], message: str, hint: str) -> None:
    """The message, and the beginning of the hint."""
    with pytest.raises(SpecError) as caught:
        solve(type, **question)
    (found,) = caught.value.diagnostics
    assert found.message.endswith(message)
    assert found.hint.startswith(hint)


@for_each(
    ("undo", "options", "items"),
    [
        ("32x32x3 -> max_pool 2", {}, ["conv_transpose 3 2x2 s2 output_padding=0"]),  # (16 − 1)·2 + 2 = 32
        # (16 − 1)·2 + 3 = 33 and 16 + 5 − 1 = 20
        ("33x20x3 -> conv 5 3x5 s2x1", {}, ["conv_transpose 3 3x5 s2x1 output_padding=[0,0]"]),
        ("32x32x3 -> conv 6 3x3 s2 groups=3", {},
         ["conv_transpose 3 3x3 s2 output_padding=1 groups=3"]),  # 14·2 + 3 + 1
        ("32x32x3 -> conv 5 3x3 s2", {"output_padding": "0"}, []),  # 31
        ("32x32x3 -> conv 5 3x3 s2", {"output_padding": "1"}, ["conv_transpose 3 3x3 s2 output_padding=1"]),
    ],
)  # fmt: skip
def test_what_undoes_a_layer(undo: str, options: dict[str, object], items: list[str]) -> None:
    assert [found.item for found in solve("conv_transpose", undo=undo, **options).solutions] == items


def test_twenty_solutions_by_default() -> None:
    assert len(solve("conv", input="32x32x3", output="8x8x3").solutions) == 20
    assert cnncalc.solve_sizes("12x12x3 -> conv 8 3x3", {"input": "12"}, want="macs=1").trials[0].figures == (21_600,)


def test_combinations_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit itself is allowed, of combinations as of layers."""
    monkeypatch.setattr(model, "MOST", 3)
    assert len(solve_sizes("12x12x3 -> conv 8 3x3", {"input": "10..12"}).trials) == 3
    with pytest.raises(SpecError, match="4 combinations are more than 3"):
        solve_sizes("12x12x3 -> conv 8 3x3", {"input": "10..13"})
    model._check_layers(10, 1, 2, 10)
    with pytest.raises(SpecError, match="1 of 2 combinations have 11 layers in total, more than 10"):
        model._check_layers(11, 1, 2, 10)


def test_values_that_are_wrong_for_another_reason() -> None:
    """They are failures among others; where every value is, the error is raised. A variable may be 0, an input not."""
    spec = "input: 12x12x3\nvariables: {n: 5}\nlayers: ['conv ${6 // n} 1x1']\n"
    assert [trial.failure is None for trial in solve_sizes(spec, {"n": "0..2"}).trials] == [False, True, True]
    with pytest.raises(SpecError, match="division by zero"):
        solve_sizes(spec, {"n": "0"})
    with pytest.raises(SpecError, match="vary input"):
        solve_sizes(spec, {"input": "0..2"})


def test_a_number_of_python_on_the_left_and_on_the_right() -> None:
    many = Many(np.array([2, 3]))
    assert list((7 % many).values) == [1, 1]
    assert list((many / 2).values) == [1.0, 1.5]
    assert list((many <= 2).values) == [True, False]
    assert list((many >= 3).values) == [False, True]
    assert list((7 - many).values) == [5, 4]
    assert list((7 // many).values) == [3, 2]


@for_each(
    ("undo", "options", "combinations"),
    [
        ("32x32x3 -> conv 5 3x3 s2", {}, 2), ("32x32x3 -> conv 5 3x3 d3", {}, 3), ("33x20x3 -> conv 5 3x5 s2x1", {}, 4),
        # under TensorFlow's and Keras's conventions the output padding may be left out, too
        ("32x32x3 -> conv 5 3x3 s2 p1", {"convention": "tensorflow"}, 3),
        ("32x32x3 -> conv 5 3x3 s2", {"convention": "keras"}, 3),
        ("33x3 -> conv 5 3 s2", {}, 2),
    ],
)  # fmt: skip
def test_the_output_paddings_that_are_tried(undo: str, options: dict[str, str], combinations: int) -> None:
    """From 0 up to one less than the stride or the dilation, along each axis where the sizes differ."""
    assert solve("conv_transpose", undo=undo, **options).combinations == combinations


def test_doubts_about_the_spec_and_conditions_of_both_kinds() -> None:
    """A study has the doubts about the sizes as written, and takes shapes and counts together."""
    study = solve_sizes("3x64x64 -> conv 5 3x3", {"input.height": "3..4"}, output="1x62", want="params=1")
    assert [doubt.name for doubt in study.doubts] == ["input"]
    assert [trial.figures for trial in study.trials] == [((1, 62, 5), 2_885), ((2, 62, 5), 2_885)]  # (9·64 + 1)·5


def test_mistakes_of_both_kinds() -> None:
    """Another reason beside a size that does not fit is still one."""
    spec = "input: 12x12x3\nvariables: {n: 5}\nlayers: ['conv 5 99x99', 'dense ${1 // n}']\n"
    with pytest.raises(SpecError, match="division by zero"):
        solve_sizes(spec, {"n": "0"})
