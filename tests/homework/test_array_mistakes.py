"""Mistakes on literal numbers, worked out by hand; each with an array beside it that the mistake does not give."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.homework.values import Output
from tests.together import for_each

FOUR = "[[1, 3, 2, 0], [5, 7, 4, 6], [9, 2, 1, 8], [0, 4, 3, 5]]"
THREE = "[[1, 2, 0], [3, 1, 4], [0, 5, 2]]"
KERNEL = "[[1, 2], [0, -1]]"  # on THREE: [[4, -2], [0, 7]]

CASES: Mapping[str, tuple[tuple[str, ...], str, str]] = {
    # name: item, data, weights and bias; the wrong answer; one beside it
    "kernel_transposed": (("conv 1 2x2", THREE, KERNEL, "0"), "[[6, 0], [-2, 9]]", "[[6, 0], [-2, 8]]"),
    "bias_subtracted": (("conv 1 2x2", THREE, KERNEL, "10"), "[[-6, -12], [-10, -3]]", "[[-6, -12], [-10, -4]]"),
    "bias_added_twice": (("conv 1 2x2", THREE, KERNEL, "10"), "[[24, 18], [20, 27]]", "[[24, 18], [20, 28]]"),
    "min_for_max": (("max_pool 2", FOUR), "[[1, 0], [0, 1]]", "[[1, 0], [0, 2]]"),
    "max_for_mean": (("global_avg_pool", FOUR), "[[9]]", "[[8]]"),
    "sum_not_divided": (("global_avg_pool", FOUR), "[[60]]", "[[61]]"),
    "padding_added": (("conv 1 3", "[3, 1, 2]", "[1, 2, 1]", "0"), "[7, 7, 5]", "[7, 7, 6]"),
    "padding_repeated": (("conv 1 3 p1", "[3, 1, 2]", "[1, 2, 1]", "0"), "[10, 7, 7]", "[10, 7, 8]"),
    "relu_added": (("conv 1 2x2", THREE, KERNEL, "0"), "[[4, 0], [0, 7]]", "[[4, 0], [0, 8]]"),
    "taps_not_spread": (("conv 1 2 d2", "[3, 1, 2]", "[1, 2]", "0"), "[5, 5]", "[5, 6]"),
    "activation_forgotten": (("relu", "[3, -1, 2]"), "[3, -1, 2]", "[3, -1, 1]"),
    "mean_for_max": (("max_pool 3 s1", THREE), "[[2]]", "[[3]]"),
    "exponentials_not_divided": (("softmax", "[0, 1]"), "[1, 2.718]", "[1, 2.719]"),
    "shares_without_exponentials": (("softmax", "[1, 3]"), "[0.25, 0.75]", "[0.25, 0.76]"),
    "copies_for_zeros": (
        ("bed_of_nails 2", "[[3, 5]]"),
        "[[3, 3, 5, 5], [3, 3, 5, 5]]",
        "[[3, 3, 5, 5], [3, 3, 5, 6]]",
    ),
    "window_moved_by_one": (("avg_pool 2", "[1, 3, 5, 7]"), "[2, 4, 6]", "[2, 4, 5]"),
}


def named(question: tuple[str, ...], answer: str) -> list[str]:
    """The names of the mistakes that give an array."""
    verdict = Output(*question).judge(answer)
    assert verdict.status == "wrong"
    return [suspect.name for suspect in verdict.suspects]


@for_each(("name", "case"), CASES.items(), ids=lambda case: case[0])
def test_it_is_named(name: str, case: tuple[tuple[str, ...], str, str]) -> None:
    question, wrong, near = case
    assert named(question, wrong)[:1] == [name]
    assert name not in named(question, near)


CONV = ("conv 1 2x2", THREE, KERNEL, "0")
UP = ("conv_transpose 1 2x2", "[[1, 2], [3, 4]]", "[[1, 0], [2, 1]]", "0")
ROW = "[1, 0, 2]"
HUNDRED, MORE = (f"[{', '.join(['1'] * count)}]" for count in (100, 101))


@for_each(
    ("question", "answer", "names"),
    [
        # sums of 4 numbers; halves of them; 4 times the largest
        (("max_pool 2", FOUR), "[[16, 12], [15, 17]]", ["sum_for_max"]),
        (("max_pool 2", FOUR), "[[28, 24], [36, 32]]", []), (("max_pool 2", FOUR), "[[14, 12], [18, 16]]", []),
        (("avg_pool 2", FOUR), "[[16, 12], [15, 17]]", ["sum_not_divided"]),
        (("avg_pool 2", FOUR), "[[8, 6], [7.5, 8.5]]", ["divided_by_side"]),
        (("avg_pool 2x4", FOUR), "[[14], [16]]", ["divided_by_side"]),  # 28/2 and 32/2
        (("max_pool 2", FOUR), "[[1, 2], [9, 1]]", ["first_of_window"]),
        (("max_pool 1x2 s2", FOUR), "[[1, 2], [9, 1]]", ["first_of_window"]),
        (("max_pool 2 s1 dilation=2", FOUR), "[[70]]", []),
        # 4, −2, 0 and 7 without the bias
        (("conv 1 2x2", THREE, KERNEL, "10"), "[[-6, -12], [-10, -3]]", ["bias_subtracted"]),
        (("conv 1 2x2", THREE, KERNEL, "10"), "[[4, -2], [0, 7]]", ["bias_left_out"]),
        (CONV, "[[6, 4], [2, 11]]", ["kernel_flipped"]), (CONV, "[[6, 6], [10, 11]]", ["signs_overlooked"]),
        (CONV, THREE, []),
        (("conv 1 1x2", THREE, "[[1, 2]]", "0"), "[[7, 4, 8], [3, 11, 8]]", []),
        (("conv 1 2x2 relu", THREE, KERNEL, "0"), "[[4, -2], [0, 7]]", ["activation_forgotten"]),
        (("conv 1 3 p1", "[3, 1, 2]", "[1, 2, 1]", "0"), "[8, 7, 6]", ["padding_reflected"]),
        (("conv 1 3 p1", "[3, 1, 2]", "[1, 2, 1]", "0"), "[7]", ["padding_left_out"]),
        # 1·1 + 2·0 + 3·2 + 4·1
        (UP, "[[11]]", ["convolution_for_transposed_values"]),
        (("conv_transpose 1 2x2 s2 output_padding=1", *UP[1:]), "[[11]]", ["convolution_for_transposed_values"]),
        # 1·[1, 0, 2], and from the second place 2·[1, 0, 2]; right is [1, 2, 2, 4]
        (("conv_transpose 1 3", "[1, 2]", ROW, "0"), "[1, 2, 0, 4]", ["overlaps_overwritten"]),
        (("conv_transpose 1 3", "[1, 2]", ROW, "1"), "[2, 3, 1, 5]", ["overlaps_overwritten"]),
        (("conv_transpose 1 3 activation=sigmoid", "[1, 2]", ROW, "0"), "[0.731, 0.881, 0.5, 0.982]",
         ["overlaps_overwritten"]),
        (("conv_transpose 1 3 relu", "[1, -2]", ROW, "0"), "[1, 0, 0, 0]", ["overlaps_overwritten"]),
        # at most a hundred inputs are written one by one
        (("conv_transpose 1 2", HUNDRED, "[1, 2]", "0"), f"{HUNDRED[:-1]}, 2]", ["overlaps_overwritten"]),
        (("conv_transpose 1 2", MORE, "[1, 2]", "0"), f"{MORE[:-1]}, 2]", []),
        (("dense 2", "[1, 2]", "[[1, 3], [0, 1]]", "[0, 0]"), "[7, 2]", ["weights_transposed"]),
        (("dense 1", "[1, 2]", "[[1], [3]]", "[0]"), "[6]", []),
        (("relu", "[[1, 2], [3, 4]]"), "[[1, 3], [2, 4]]", ["result_transposed"]),
        (("relu", "[3, -1, 2]"), "[3, 1, 2]", ["magnitudes_for_relu"]),
        # an activation has no activation to add, and others have no exponentials
        (("sigmoid", "[1, -1]"), "[1, 1]", []), (("tanh", "[-1, 1]"), "[0, 0.762]", []),
        (("sigmoid", "[0, 1]"), "[1, 2.718]", []), (("sigmoid", "[1, 3]"), "[0.25, 0.75]", []),
        (("softmax", "[1, -1]"), "[5, 5]", []), (("zero_pad 1", "[[1]]"), "[[2]]", []),
        (("unfold 2", THREE), "[[70]]", []), (("upsample 2x3", "[[1, 2]]"), "[[70]]", []),
        (("pixel_shuffle 2", "[[[1, 2, 3, 4]]]"), "[[[1, 2, 3, 4], [0, 0, 0, 0]], [[0, 0, 0, 0], [0, 0, 0, 0]]]", []),
        (("conv 1 3 p1", "[3, 1]", "[1, 2, 1]", "0"), "[70, 7]", []),  # without padding, the window does not fit
    ],
)  # fmt: skip
def test_all_the_mistakes_that_give_an_array(question: tuple[str, ...], answer: str, names: list[str]) -> None:
    assert named(question, answer) == names


def test_mistakes_with_two_arrays() -> None:
    """The 5 belongs to the place of the 3; 1·(3 + 4) + 2·(1 + 2) has rows exchanged, but no window turns."""
    found = Output("max_unpool 2", "[[5]]", second="[[1, 2], [0, 3]]").judge("[[5, 0], [0, 0]]")
    assert (found.status, found.suspects) == ("wrong", ())
    weights = "[[[1], [2]], [[3], [4]]]"
    found = Output("bilinear 1", "[1, 2]", weights, "[0]", second="[1, 1]").judge("[13]")
    assert (found.status, found.suspects) == ("wrong", ())


def test_a_large_output_is_not_computed_with_every_mistake() -> None:
    """More than a million operations: 65·65·2·1,000 here."""
    row = f"[{', '.join(['1'] * 65)}]"
    table = f"[{', '.join([row] * 65)}]"
    weights = f"[{', '.join(['[[[1]]]'] * 130)}]"
    verdict = Output("conv 130 1x1", table, weights, "0").judge("[[1]]")
    assert (verdict.status, verdict.suspects) == ("wrong", ())


@for_each(("answer", "name"), [("2.75", "mean_for_max"), ("[[2.75]]", "mean_for_max"), ("0", "min_for_max"), ("5", "")])
def test_one_number_needs_no_brackets(answer: str, name: str) -> None:
    """The mean of 1, 0, 4 and 6 is 2.75, the smallest 0."""
    found = Output("max_pool 2", "[[1, 0], [4, 6]]").judge(answer)
    assert [suspect.name for suspect in found.suspects] == [name] * bool(name)
