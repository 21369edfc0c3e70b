"""Exercises of given throws: the texts and specs are written by hand, as a lecturer would write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from cnncalc.diagnostics import Source, SpecError
from cnncalc.homework.exercises.dice import Dice
from cnncalc.homework.exercises.quiz import Quiz, as_sheet, make_quiz
from cnncalc.homework.exercises.topics import OTHER_KINDS, TOPICS, Exercise
from cnncalc.homework.sheet import read_sheet
from cnncalc.render.homework.marked import right_value
from tests.together import for_each


class LoadedDice(Dice):
    """Dice that show what is written: a number, a choice, or a chance as `(per cent, outcome)`."""

    def __init__(self, throws: Sequence[Any]) -> None:
        self.throws = list(throws)

    def number(self, low: int, high: int) -> int:
        thrown: int = self.throws.pop(0)
        assert low <= thrown <= high
        return thrown

    def choice(self, options: Sequence[Any]) -> Any:
        assert self.throws[0] in options
        return self.throws.pop(0)

    def kind(self, options: Sequence[Any]) -> Any:
        return self.choice(options)

    def chance(self, percent: int) -> bool:
        expected, outcome = self.throws.pop(0)
        assert percent == expected
        return bool(outcome)


SHAPE = "What is the shape of the output?"
LEARNED = "How many parameters are learned, biases included?"
UNSHARED = "How many would there be if no position shared them with another?"
MACS = "How many multiply–accumulates does it take?"
FIELD = "{network} How many pixels of the input, along one axis, does one position of the output see?"
AND_MACS = "And how many multiply–accumulates does it take?"
NINE_BY_NINE = "An input of 7x7x8 goes through 4 filters of 3x3, stride 1 and no padding."
STRIDED = "An input of 30x30x3 goes through 10 filters of 5x5 with stride 2 and padding 1 on every side."
SEQUENCE = "A sequence of 7 steps with 13 features goes through {} of 16 units, with one bias per gate. "
CONV = (3, 5, 8, 4)
"""Kernel, output (5 − 1 + 3 = 7), channels, filters."""
CONV_3 = (5, 2, 1, 30, 3, 10, (50, False))
"""Kernel, stride, padding, size, channels, filters; square."""
DIGITS = (1, 2, 3, 4, 5, 6, 7, 8, 9)


@for_each(
    ("topic", "level", "throws", "text", "spec", "asks"),
    [
        ("conv", 1, CONV, f"{NINE_BY_NINE} {SHAPE}", "7x7x8 -> conv 4 3x3", "conv_1.output"),
        # (3 − 1)·3 + 7 − 2·3 = 7, which a window of 7 fits
        ("conv", 2, (7, 3, 3, 3, 3, 20),
         f"An input of 7x7x3 goes through 20 filters of 7x7 with stride 3 and padding 3 on every side. {SHAPE}",
         "7x7x3 -> conv 20 7x7 s3 p3", "conv_1.output"),
        # (3 − 1)·1 + 7 − 2·3 = 3 is smaller than the window of 7: 8 strides are added
        ("conv", 2, (7, 1, 3, 3, 3, 20),
         f"An input of 11x11x3 goes through 20 filters of 7x7 with padding 3 on every side. {SHAPE}",
         "11x11x3 -> conv 20 7x7 p3", "conv_1.output"),
        # (3 − 1)·2 + 7 − 2·3 = 5, and 8·2
        ("conv", 2, (7, 2, 3, 3, 3, 20),
         f"An input of 21x21x3 goes through 20 filters of 7x7 with stride 2 and padding 3 on every side. {SHAPE}",
         "21x21x3 -> conv 20 7x7 s2 p3", "conv_1.output"),
        ("conv", 2, (2, 2, 0, 3, 3, 20), f"An input of 6x6x3 goes through 20 filters of 2x2 with stride 2. {SHAPE}",
         "6x6x3 -> conv 20 2x2 s2", "conv_1.output"),
        ("conv", 3, CONV_3, f"{STRIDED} {SHAPE}", "30x30x3 -> conv 10 5x5 s2 p1", "conv_1.output"),
        ("conv", 3, (5, 2, 1, 30, 3, 10, (50, True), 4), f"{STRIDED.replace('30x30', '30x34')} {SHAPE}",
         "30x34x3 -> conv 10 5x5 s2 p1", "conv_1.output"),
        ("pool", 1, (2, 2, 0, 5, 16, "max_pool"),
         f"Maximum pooling with a window of 2x2 and stride 2 on 10x10x16. {SHAPE}",
         "10x10x16 -> max_pool 2 s2", "output"),
        # a padding of 1 on both sides is part of the input
        ("pool", 3, (3, 1, 1, 20, 4, (50, False), "avg_pool"),
         f"Average pooling with a window of 3x3 and stride 1 on 22x22x4. {SHAPE}",
         "22x22x4 -> avg_pool 3 s1", "output params"),
        ("params", 1, CONV, f"{NINE_BY_NINE} {LEARNED}", "7x7x8 -> conv 4 3x3", "conv_1.params"),
        ("params", 2, (3, 1, 0, 5, 8, 4), f"{NINE_BY_NINE} {LEARNED} {UNSHARED}", "7x7x8 -> conv 4 3x3",
         "conv_1.output conv_1.params conv_1.unshared_params"),
        ("params", 3, (*CONV_3, (40, True)), f"{STRIDED} There are no biases. How many parameters are learned?",
         "30x30x3 -> conv 10 5x5 s2 p1 bias=false", "params"),
        ("params", 3, (*CONV_3, (40, False)), f"{STRIDED} {LEARNED} {UNSHARED}", "30x30x3 -> conv 10 5x5 s2 p1",
         "conv_1.output conv_1.params conv_1.unshared_params"),
        ("dense", 1, (10, 784),
         "A dense layer connects 784 inputs with 10 units. How many parameters does it have?",
         "784 -> dense 10", "dense_1.params"),
        ("dense", 2, (20, 4, 5, 8),
         "A volume of 4x5x8 is flattened and goes into a dense layer of 20 units. How many parameters does it have?",
         "4x5x8 -> flatten -> dense 20", "flatten_1.output dense_1.params"),
        ("macs", 2, (3, 1, 0, 5, 8, 4), f"{NINE_BY_NINE} {MACS}", "7x7x8 -> conv 4 3x3", "conv_1.macs"),
        ("macs", 3, CONV_3, f"{STRIDED} {MACS} And how many operations, one more for each bias that is added?",
         "30x30x3 -> conv 10 5x5 s2 p1", "conv_1.macs conv_1.flops"),
        ("transpose", 1, (3, 2, 4, 6),
         f"An input of 3x3x4 goes through a transposed convolution of 6 filters of 2x2 with stride 2. {SHAPE}",
         "3x3x4 -> conv_transpose 6 2x2 s2", "output"),
        ("transpose", 2, (3, 5, 3, 2, 4, 6),
         ("An input of 3x3x4 goes through a transposed convolution of 6 filters of 5x5 with stride 3 and padding 2 on "
         f"every side. {SHAPE}"), "3x3x4 -> conv_transpose 6 5x5 s3 p2", "output"),
        ("transpose", 3, (3, 5, 3, 0, 2, 4, 6),
         ("An input of 3x3x4 goes through a transposed convolution of 6 filters of 5x5 with stride 3 and output "
         f"padding 2. {SHAPE}"), "3x3x4 -> conv_transpose 6 5x5 s3 output_padding=2", "output"),
        ("transpose", 3, (3, 5, 1, 0, 4, 6),
         ("An input of 3x3x4 goes through a transposed convolution of 6 filters of 5x5, stride 1 and no padding. "
         f"{SHAPE}"), "3x3x4 -> conv_transpose 6 5x5", "output"),
        ("same", 2, (12, 4, 2, 4),
         ("An input of 12x12x3 goes through 4 filters of 2x2 with stride 4 and TensorFlow's padding SAME. "
         f"{SHAPE}"), "12x12x3 -> conv 4 2x2 s4 same", "output"),
        ("dilation", 2, (3, 2, 8, 1, 4),
         ("An input of 8x8x1 goes through 4 filters of 3x3 with dilation 2, no padding. "
         "What is the shape of the output, and how many parameters are learned?"),
         "8x8x1 -> conv 4 3x3 d2", "conv_1.output conv_1.params"),
        ("groups", 1, (3, 4, 2, 8),
         f"An input of 16x16x8 goes through 32 filters of 3x3 in 4 groups. {LEARNED}",
         "16x16x8 -> conv 32 3x3 g4", "params"),
        ("groups", 2, (3, 4, 2, 8),
         f"An input of 16x16x8 goes through 32 filters of 3x3 in 4 groups. {LEARNED} {AND_MACS}",
         "16x16x8 -> conv 32 3x3 g4", "params macs"),
        ("groups", 3, (5, 2, 3, 8, True, ("depthwise_conv", "depthwise convolution")),
         f"An input of 16x16x6 goes through a depthwise convolution of 5x5, padding 2. {LEARNED} {AND_MACS}",
         "16x16x6 -> depthwise_conv 5x5 p2", "params macs"),
        ("groups", 3, (5, 2, 3, 8, True, ("separable_conv", "depthwise separable convolution")),
         ("An input of 16x16x6 goes through a depthwise separable convolution of 5x5, padding 2 to 16 channels. "
          f"{LEARNED} {AND_MACS}"), "16x16x6 -> separable_conv 16 5x5 p2", "params macs"),
        ("receptive_field", 1, (3, 7),
         FIELD, "128x128x3 -> conv 8 3x3 -> conv 8 7x7", "receptive_field"),
        ("receptive_field", 2, (3, 2, (35, False), 5, 1, (35, False), 2, 1, (35, True)),
         FIELD,
         "128x128x3 -> conv 8 3x3 s2 -> conv 8 5x5 -> max_pool 2", "receptive_field"),
        ("network", 1, (28, 1, 4, 10, 3),
         "{network}",
         "28x28x1 -> conv 4 3x3 -> max_pool 2 -> flatten -> dense 10", "conv_1.output max_pool_1.output"),
        ("network", 2, (28, 1, 20, 10, 3),
         "{network}",
         "28x28x1 -> conv 20 3x3 -> max_pool 2 -> flatten -> dense 10",
         "conv_1.output max_pool_1.output dense_1.params total.params"),
        ("network", 3, (36, 3, 6, 20, 5),
         "{network}",
         "36x36x3 -> conv 6 5x5 -> max_pool 2 -> conv 12 3x3 p1 -> max_pool 2 -> flatten -> dense 20",
         "conv_1.output max_pool_1.output conv_2.params max_pool_2.output dense_1.params total.params"),
        ("recurrent", 1, (7, 13, 16), SEQUENCE.format("an LSTM") + "How many parameters does it have?",
         "7x13 -> lstm 16", "params"),
        ("recurrent", 2, ("gru", 7, 13, 16), SEQUENCE.format("a GRU") + "How many parameters does it have?",
         "7x13 -> gru 16", "gru_1.params gru_1.output_with_steps"),
        ("recurrent", 2, ("rnn", 7, 13, 16), SEQUENCE.format("an RNN") + "How many parameters does it have?",
         "7x13 -> rnn 16", "rnn_1.params rnn_1.output_with_steps"),
        ("recurrent", 3, ("gru", 7, 13, 16, True),
         ("A sequence of 7 steps with 13 features goes through a GRU of 16 units in both directions, whose last "
          "outputs are concatenated, with one bias per gate. How many parameters does it have?"),
         "7x13 -> bidirectional(gru 16)", "params output"),
        ("batch_norm", 1, (8, 4, 5), "How many parameters does a batch normalization of 4x5x8 learn?",
         "4x5x8 -> batch_norm", "params"),
        ("same_and_valid", 2, (11, 4, 3, 2),
         ("An input of 11x11x3 goes through 4 filters of 3x3 with stride 2: first with "
          "TensorFlow's padding SAME, and once more with VALID. What are the shapes of the two outputs?"),
         "11x11x3 -> conv 4 3x3 s2 same -> conv 4 3x3 s2 valid from=input", "conv_1.output conv_2.output"),
        ("weight_layers", 2, (2, 1, 2, 1, 10),
         "{network} Names such as VGG-16 count the layers with weights, without normalizations. What is it here?",
         ("64x64x3 -> conv 8 3x3 p1 -> relu -> max_pool 2 -> conv 16 3x3 p1 -> relu -> "
          "conv 16 3x3 p1 -> relu -> max_pool 2 -> flatten -> dense 10"), "weight_layers"),
    ],
)  # fmt: skip
def test_an_exercise_about_a_spec(
    topic: str, level: int, throws: Sequence[Any], text: str, spec: str, asks: str
) -> None:
    """The text says what the spec says, and asks for the metrics that are marked; every throw is used."""
    dice = LoadedDice(throws)
    assert TOPICS[topic](dice, level) == Exercise(text, spec, tuple(asks.split()))
    assert not dice.throws


def test_an_exercise_that_asks_for_a_padding() -> None:
    """The output has the input's size and the filters' depth."""
    assert TOPICS["same"](LoadedDice((12, 4, 9)), 1) == Exercise(
        "Which padding keeps 12x12 when 4 filters of 9x9 slide over 12x12x3 by 1?",
        "12x12x3 -> conv 4 9x9 padding=${p}", find="p", such_that=(("output", "12x12x4"),),
    )  # fmt: skip


SMALL = "[[1, 2, 3, 4], [5, 6, 7, 8], [9, 0, 1, 2], [3, 4, 5, 6]]"
LARGE = "[" + ", ".join(["[1, 2, 3, 4, 5, 6]"] * 6) + "]"


@pytest.mark.parametrize(
    ("level", "throws", "item", "text"),
    [
        (1, (*DIGITS, 0, *DIGITS[:6], "max_pool"), "max_pool 2 s2",
         f"What is the result of maximum pooling with a window of 2x2 and stride 2 on {SMALL}?"),
        (2, (*DIGITS, 0, *DIGITS[:6], "avg_pool", 1), "avg_pool 2 s1",
         (f"What is the result of average pooling with a window of 2x2 and stride 1 on {SMALL}? "
         "Give averages to two decimals.")),
        (3, (*DIGITS[:6] * 6, 3, "max_pool", 2), "max_pool 3 s2",
         f"What is the result of maximum pooling with a window of 3x3 and stride 2 on {LARGE}?"),
    ],
)  # fmt: skip
def test_an_exercise_about_an_array(level: int, throws: Sequence[Any], item: str, text: str) -> None:
    """The numbers are those that the text shows; averages are asked for with two decimals."""
    dice = LoadedDice(throws)
    assert TOPICS["apply"](dice, level) == Exercise(text, apply=item, data=LARGE if level == 3 else SMALL)
    assert not dice.throws


@for_each(
    ("topic", "level", "throws", "right"),
    [
        # copies of [[1, 0], [2, 1]], times 1, 2, 3 and 4, side by side
        ("transpose_by_hand", 1, (1, 2, 3, 4, 1, 0, 2, 1),
         ["[[1, 0, 2, 0], [2, 1, 4, 2], [3, 0, 4, 0], [6, 3, 8, 4]]"]),
        # stride 1: the copies overlap in the middle, 1·1 + 2·2 + 3·0 + 4·1 = 9
        ("transpose_by_hand", 2, (2, 1, 1, 2, 3, 4, 1, 0, 2, 1), ["[[1, 2, 0], [5, 9, 2], [6, 11, 4]]"]),
        ("unpooling", 1, (1, 2, 3, 4), ["[[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]]"]),
        # zeros with a 9 in each window: bottom right, top right, bottom left, top left
        ("unpooling", 2, (1, 2, 3, 4, False, *[0] * 16, 9, 1, 1, 9, 0, 1, 9, 1, 0, 9, 0, 0),
         ["[[0, 0, 0, 2], [0, 1, 0, 0], [0, 0, 4, 0], [3, 0, 0, 0]]"]),
        # weights [[1, 0], [0, 1], [1, 1]], visible [1, 0, 1]: 1 + 1 + 1 and 1 − 1
        ("boltzmann", 1, (1, 0, 0, 1, 1, 1, 1, -1, 0, 0, 0, 0, 1), ["[3, 0]"]),
        # without biases 2 and 1; back from [1, 1]: 1, 1 and 2. σ(1) = 0.731, σ(2) = 0.881
        ("boltzmann", 2, (1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1),
         ["[0.880797, 0.731059]", "[0.731059, 0.731059, 0.880797]"]),
        # (7 − 3)/2 is whole, (8 − 3)/2 is not
        ("fitting", 1, (3, 2, True, 4, 8), ["4x4x8"]),
        ("fitting", 1, (3, 2, False, 4, 8, 1), ["does not fit"]),
        # 9·64·64 weights directly; 64·8 and 9·8·64 with 8 filters of 1x1
        ("bottleneck", 1, (14, 64, 64, 8), ["36,864", "512", "4,608"]),
        # (3·3·3 + 1)·4 = 112; 4·4 positions with (3·3·4 + 1)·4 = 148 each; (64 + 1)·10
        ("unsharing", 1, (8, 4), ["2,368", "3,130"]),
    ],
)  # fmt: skip
def test_the_right_answers_of_an_exercise(topic: str, level: int, throws: Sequence[Any], right: list[str]) -> None:
    drawn = TOPICS[topic](LoadedDice(throws), level)
    sheet = read_sheet(Source("quiz.yaml", as_sheet(Quiz(((topic, drawn),), level, 1, ""))))
    assert [right_value(part) for part in sheet.parts] == right


def test_a_quiz_as_a_sheet() -> None:
    """A single question, several parts, a variable to find, and an array: the keys that docs/homework.md describes."""
    exercises = (
        ("params", Exercise("How many?", "7 -> dense 5", ("params",))),
        ("conv", Exercise("Both?", "7x7x3 -> conv 2 3", ("conv_1.output", "params"))),
        ("same", Exercise("Which?", "7x7x3 -> conv 2 3 padding=${p}", (), "p", (("output", "7x7x2"),))),
        ("apply", Exercise("What?", apply="max_pool 2", data="[[1, 2], [3, 4]]")),
    )
    assert (
        as_sheet(Quiz(exercises, 2, 7, "Exercises, level 2 (seed 7)"))
        == """\
title: "Exercises, level 2 (seed 7)"
follow_through: true
questions:
  - name: params_1
    text: "How many?"
    spec: "7 -> dense 5"
    ask: params
  - name: conv_2
    text: "Both?"
    spec: "7x7x3 -> conv 2 3"
    parts:
      - {ask: conv_1.output}
      - {ask: params}
  - name: same_3
    text: "Which?"
    spec: "7x7x3 -> conv 2 3 padding=${p}"
    find: p
    such_that: {output: 7x7x2}
  - name: apply_4
    text: "What?"
    apply: max_pool 2
    data: [[1, 2], [3, 4]]
"""
    )


@pytest.mark.parametrize(("count", "level"), [(1, 1), (1, 3), (200, 2)])
def test_the_limits_of_a_quiz(monkeypatch: pytest.MonkeyPatch, count: int, level: int) -> None:
    """One exercise and two hundred, of levels 1 and 3, can be drawn; one more or less cannot."""
    monkeypatch.setitem(TOPICS, "any", lambda dice, level: Exercise(str(dice.number(0, 10**9)), apply="relu"))
    assert len(make_quiz(["any"], count, level, 1).exercises) == count
    for outside in ((201, 2), (0, 2), (1, 0), (1, 4)):
        with pytest.raises(SpecError):
            make_quiz(["any"], *outside, 1)


def test_drawing_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A topic with a single exercise is drawn fifty times for the second; sizes that do not fit are drawn again."""
    drawn = []

    def draw(dice: Dice, level: int) -> Exercise:
        drawn.append(level)
        return Exercise("One?", "7 -> dense 5" if len(drawn) > 3 else "2x2x1 -> conv 1 3", ("params",))

    monkeypatch.setitem(TOPICS, "only", draw)
    with pytest.raises(SpecError) as error:
        make_quiz(["only"], 2, 2, 1)
    assert error.value.diagnostics[0].message == "there are no more different exercises of only, level 2"
    assert len(drawn) == 4 + 50


FOUND_CONV = (
    "An input of 30x30x3 goes through 10 filters of 5x5 with padding 1 on every side, and the output is 14x14x10. "
    "Which stride gives it?"
)
FOUND_POOL = "Maximum pooling of 12x12x16 with windows that do not overlap gives 4x4x16. How large are the windows?"
FOUND_DENSE = "A dense layer on 64 inputs has 1300 parameters, biases included. How many units does it have?"
FOUND_SAME = (
    "An input of 13x13x3 goes through 8 filters of 3x3 with TensorFlow's padding SAME, and the output is 7x7x8. Which "
    "stride gives it?"
)
FOUND_GROUPS = (
    "An input of 16x16x8 goes through 12 filters of 3x3 in several groups, which learn 228 parameters, biases "
    "included. How many groups are there?"
)


@pytest.mark.parametrize(
    ("topic", "level", "throws", "text", "spec", "condition"),
    [
        # ⌊(30 − 5 + 2)/2⌋ + 1 = 14
        ("conv", 3, (5, 2, 1, 30, 10, 3, (50, False)), FOUND_CONV, "30x30x3 -> conv 10 5x5 stride=${s} p1",
         ("output", "14x14x10")),
        ("pool", 1, (3, 16, 4), FOUND_POOL, "12x12x16 -> max_pool kernel=${k}", ("output", "4x4x16")),
        # (64 + 1)·20 = 1,300
        ("dense", 1, (20, 64), FOUND_DENSE, "64 -> dense ${u}", ("params", "1300")),
        # ⌈13/2⌉ = 7
        ("same", 2, (13, 8, 3, 2), FOUND_SAME, "13x13x3 -> conv 8 3x3 same stride=${s}",
         ("output", "7x7x8")),
        # (9·8/4 + 1)·12 = 228
        ("groups", 3, (3, 4, 2, 3), FOUND_GROUPS, "16x16x8 -> conv 12 3x3 groups=${g}", ("params", "228")),
    ],
)  # fmt: skip
def test_settings_to_be_found(
    topic: str, level: int, throws: Sequence[Any], text: str, spec: str, condition: tuple[str, str]
) -> None:
    (draw,) = OTHER_KINDS[topic]
    found = draw(LoadedDice(throws), level)
    assert (found.text, found.spec, found.such_that) == (text, spec, (condition,))
