"""Exercises on small arrays of given throws: the texts and items as a lecturer would write them."""

from __future__ import annotations

from cnncalc.homework.exercises.topics import OTHER_KINDS, TOPICS, Exercise
from tests.homework.test_drawn_exercises import LoadedDice
from tests.together import for_each

COPIES = "Each input adds the kernel, times its value, to the output; copies of the kernel that overlap are added."
UNFLIPPED = "The kernel is laid on the input without flipping it."
SIXTEEN = (1, 2, 3, 4) * 4
LINES = ", ".join(["[1, 2, 3, 4]"] * 4)
TABLE = f"[{LINES}]"
NINE = (1, 2, 3) * 3
SQUARE = "[[1, 2, 3], [1, 2, 3], [1, 2, 3]]"
KERNEL = "[[1, 0], [2, -1]]"
THREES = "[[0, 1, 2], [3, 0, 1], [2, 3, 0]]"


@for_each(
    ("level", "throws", "question", "item", "arrays"),
    [
        (1, (1, 2, 3, 4, 1, 0, 2, 1),
         f"a transposed convolution of [[1, 2], [3, 4]] with the kernel [[1, 0], [2, 1]], stride 2? {COPIES}",
         "conv_transpose 1 2x2 s2", {"data": "[[1, 2], [3, 4]]", "weights": "[[1, 0], [2, 1]]"}),
        (3, (2, 1, 0, 2, 3, 5, 1, 0, 2, 1),
         f"a transposed convolution of [[0, 2], [3, 5]] with the kernel [[1, 0], [2, 1]], stride 1? {COPIES}",
         "conv_transpose 1 2x2 s1", {"data": "[[0, 2], [3, 5]]", "weights": "[[1, 0], [2, 1]]"}),
        # padding goes with kernels of 3 only, and from level 3
        (3, (3, 2, 1, 2, 3, 4, 0, 1, 2, 3, 0, 1, 2, 3, 0),
         f"a transposed convolution of [[1, 2], [3, 4]] with the kernel {THREES}, stride 2 and padding 1? {COPIES}",
         "conv_transpose 1 3x3 s2 p1", {"data": "[[1, 2], [3, 4]]", "weights": THREES}),
        (2, (3, 2, 1, 2, 3, 4, 0, 1, 2, 3, 0, 1, 2, 3, 0),
         f"a transposed convolution of [[1, 2], [3, 4]] with the kernel {THREES}, stride 2? {COPIES}",
         "conv_transpose 1 3x3 s2", {"data": "[[1, 2], [3, 4]]", "weights": THREES}),
    ],
)  # fmt: skip
def test_a_transposed_convolution(
    level: int, throws: tuple[int, ...], question: str, item: str, arrays: dict[str, str]
) -> None:
    dice = LoadedDice(throws)
    assert TOPICS["transpose_by_hand"](dice, level) == Exercise(
        f"What is the result of {question}", apply=item, **arrays
    )
    assert not dice.throws


@for_each(
    ("topic", "level", "throws", "question", "item", "arrays"),
    [
        ("apply", 1, (*SIXTEEN, 1, 0, 2, -1),
         f"a convolutional layer on {TABLE} with the kernel {KERNEL}, stride 1? {UNFLIPPED}",
         "conv 1 2x2 s1", {"data": TABLE, "weights": KERNEL}),
        ("apply", 2, (*SIXTEEN, 1, 0, 2, -1, 3),
         f"a convolutional layer on {TABLE} with the kernel {KERNEL}, stride 2, the bias 3? {UNFLIPPED}",
         "conv 1 2x2 s2", {"data": TABLE, "weights": KERNEL, "bias": "3"}),
        ("apply", 3, (*NINE, 1, 0, 2, -1, 1),
         (f"a convolutional layer on {SQUARE} with the kernel {KERNEL}, stride 1 and padding 1, the bias 1, followed "
         f"by a ReLU? {UNFLIPPED}"),
         "conv 1 2x2 s1 p1 relu", {"data": SQUARE, "weights": KERNEL, "bias": "1"}),
        ("unpooling", 1, (1, 2, 3, 4),
         "nearest-neighbour unpooling by 2 of [[1, 2], [3, 4]]? Each value fills its cell.",
         "unpool 2", {"data": "[[1, 2], [3, 4]]"}),
        ("unpooling", 3, (1, 2, 3, 9, 4),
         "nearest-neighbour unpooling by 4 of [[1, 2], [3, 9]]? Each value fills its cell.",
         "unpool 4", {"data": "[[1, 2], [3, 9]]"}),
        ("transpose_by_hand", 1, (0, 5, 2, 3, 1),
         ("a transposed convolution of the sequence [0, 5, 2] with the kernel [3, 1] and stride 2? Each input adds the "
         "kernel, times its value, to the output; copies that overlap are added."),
         "conv_transpose 1 2 s2", {"data": "[0, 5, 2]", "weights": "[3, 1]"}),
        ("transpose_by_hand", 3, (0, 5, 2, 3, 1, 0, 1),
         ("a transposed convolution of the sequence [0, 5, 2] with the kernel [3, 1, 0] and stride 1? Each input adds "
         "the kernel, times its value, to the output; copies that overlap are added."),
         "conv_transpose 1 3 s1", {"data": "[0, 5, 2]", "weights": "[3, 1, 0]"}),
    ],
)  # fmt: skip
def test_the_other_kinds(
    topic: str, level: int, throws: tuple[int, ...], question: str, item: str, arrays: dict[str, str]
) -> None:
    (draw,) = OTHER_KINDS[topic]
    dice = LoadedDice(throws)
    assert draw(dice, level) == Exercise(f"What is the result of {question}", apply=item, **arrays)
    assert not dice.throws


HALF_PASS = (1, 0, 0, 1, 1, 1)
"""The weights [[1, 0], [0, 1], [1, 1]] of 3 visible and 2 hidden units."""


def test_a_down_pass() -> None:
    """From [1, 0]: level 1 asks for the sums, level 2 also for the probabilities."""
    (draw,) = OTHER_KINDS["boltzmann"]
    for level, count in ((1, 1), (2, 2)):
        dice = LoadedDice((*HALF_PASS, 0, 1, -1, 0))
        drawn = draw(dice, level)
        assert not dice.throws
        assert drawn.text == (
            "A restricted Boltzmann machine has 3 visible and 2 hidden units, the weights [[1, 0], [0, 1], [1, 1]] (a "
            "row for each visible unit) and the visible biases [0, 1, -1]. The hidden units are [1, 0]."
        )
        assert [(part.apply, part.data, part.weights, part.bias) for part in drawn.parts] == [
            (f"dense 3{activation}", "[1, 0]", "[[1, 0, 1], [0, 1, 1]]", "[0, 1, -1]")
            for activation in ("", " activation=sigmoid")[:count]
        ]
