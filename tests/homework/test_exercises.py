"""Random exercises: solvable, different, and the same for the same seed on every machine."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.diagnostics import Source, SpecError
from cnncalc.homework.exercises.dice import Dice
from cnncalc.homework.exercises.quiz import as_sheet, make_quiz
from cnncalc.homework.exercises.topics import LEVELS, TOPICS
from cnncalc.homework.marking import Marker
from cnncalc.homework.sheet import QuestionSheet, read_sheet
from cnncalc.homework.values import Hyperparameter
from cnncalc.render.exercises import write_exercises
from cnncalc.render.homework.marked import right_value
from tests.together import for_each


def sheet(topics: list[str], count: int, level: int, seed: int = 1) -> QuestionSheet:
    return read_sheet(Source("quiz.yaml", as_sheet(make_quiz(topics, count, level, seed))))


@for_each("level", LEVELS)
@for_each("topic", list(TOPICS), every=3)
def test_every_exercise_can_be_solved(topic: str, level: int) -> None:
    """Its own right answers are marked as right, and no two are alike."""
    exercises = sheet([topic], 12, level)
    answers = {part.name: right_value(part) for part in exercises.parts if not right_value(part).startswith("any")}
    found = Marker(exercises).mark("", answers)
    assert {mark.status for mark in found.marks} <= {"right", "right with a note", "no answer"}
    assert len(set(exercises.texts)) == 12


@for_each("level", LEVELS)
@for_each("topic", list(TOPICS))
def test_each_topic_has_two_kinds_of_questions(topic: str, level: int) -> None:
    """Two exercises in a row differ in more than their numbers."""
    assert len({re.sub(r"\d+", "", text) for text in sheet([topic], 2, level).texts}) == 2


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_to_be_found_exists(level: int) -> None:
    """One of the whole numbers up to 100 meets the condition."""
    searched = [part.value for part in sheet(list(TOPICS), 2 * len(TOPICS), level).parts]
    found = [value for value in searched if isinstance(value, Hyperparameter)]
    assert found
    for value in found:
        assert any(value.judge(str(number)).status == "right" for number in range(101))


@for_each("topic", ["conv", "params", "macs", "pool"])
@for_each("level", [1, 2])
def test_easy_numbers_work_out(topic: str, level: int) -> None:
    """Below level 3 the stride divides: the exact rule accepts the layer."""
    for seed in range(20):
        exercise = TOPICS[topic](Dice(str(seed)), level)
        assert analyze(f"{exercise.spec} rounding=exact").outputs


def test_the_padding_that_keeps_the_size() -> None:
    """(F − 1)/2 for a kernel of F, and no other number."""
    exercises = sheet(["same"], 12, 1)
    for (_, exercise), part in zip(make_quiz(["same"], 12, 1, 1).exercises, exercises.parts, strict=True):
        if not exercise.find:
            continue
        kernel = int(exercise.spec.split()[4].partition("x")[0])
        assert part.value is not None
        assert part.value.judge(str((kernel - 1) // 2)).status == "right"
        assert part.value.judge(str((kernel + 1) // 2)).status == "wrong"


@pytest.mark.parametrize(("level", "asks"), [(1, 1), (2, 1), (3, 2)])
def test_work_is_asked_in_operations_too(level: int, asks: int) -> None:
    """The multiply–accumulates; at level 3 also the operations, as the text says."""
    for seed in range(8):
        exercise = TOPICS["macs"](Dice(str(seed)), level)
        assert exercise.asks == ("conv_1.macs", "conv_1.flops")[:asks]
        assert ("how many operations" in exercise.text) == (asks == 2)


SIDE, WIDTH, KERNEL = r"^(\d+)x", r"^\d+x(\d+)", r"> \w+ \d+ (\d+)x"
STRIDE, PADDING, DILATION, OUTPUT_PADDING = r" s(\d+)", r" p(\d+)", r" d(\d+)", r"output_padding=(\d+)"
UNWRITTEN = {STRIDE: 1, PADDING: 0, OUTPUT_PADDING: 0}
DRAWN = [
    # topic, level, what is read from the spec, all its values
    ("conv", 1, SIDE, range(4, 21)),  # outputs of 3 to 16 and kernels of 2 to 5: 3 − 1 + 2 to 16 − 1 + 5
    ("conv", 1, KERNEL, range(2, 6)),
    ("conv", 1, STRIDE, {1}),
    ("conv", 1, PADDING, {0}),
    ("conv", 2, KERNEL, range(2, 8)),
    ("conv", 2, STRIDE, range(1, 4)),
    ("conv", 2, PADDING, range(4)),  # up to half a kernel of 7
    ("conv", 3, SIDE, range(12, 65)),
    ("dense", 2, SIDE, range(4, 13)),
    ("dense", 2, WIDTH, range(4, 13)),
    ("transpose", 1, STRIDE, {2}),
    ("transpose", 1, PADDING, {0}),
    ("transpose", 2, SIDE, range(3, 17)),
    ("transpose", 2, KERNEL, range(2, 6)),
    ("transpose", 2, STRIDE, range(1, 4)),
    ("transpose", 2, PADDING, range(3)),
    ("transpose", 2, OUTPUT_PADDING, {0}),
    ("transpose", 3, OUTPUT_PADDING, range(3)),  # less than a stride of 3
    ("same", 1, SIDE, range(12, 41)),
    ("same", 2, KERNEL, range(2, 8)),
    ("same", 2, STRIDE, range(2, 5)),
    ("dilation", 2, DILATION, range(2, 4)),
    ("dilation", 3, DILATION, range(2, 6)),
    ("dilation", 1, SIDE, range(8, 46)),  # kernel·dilation + 2 to 30, from 3·2 + 2 to 5·3 + 30
    ("groups", 1, r"^16x16x(\d+)", {4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32}),  # 2 or 4 groups of 2 to 8 channels
    ("groups", 1, r"conv (\d+)", {4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32}),
    ("recurrent", 1, SIDE, range(5, 31)),
    ("batch_norm", 1, SIDE, range(4, 33)),
    ("batch_norm", 1, WIDTH, range(4, 33)),
]


@for_each(("topic", "level", "pattern", "values"), DRAWN)
def test_what_is_drawn(topic: str, level: int, pattern: str, values: Iterable[int]) -> None:
    """Each number of its range, and no other."""
    found = [re.search(pattern, TOPICS[topic](Dice(str(seed)), level).spec) for seed in range(700)]
    assert {int(each[1]) if each else UNWRITTEN[pattern] for each in found} == set(values)


@pytest.mark.parametrize(("level", "wider"), [(2, {0}), (3, range(13))])
def test_inputs_that_are_not_square(level: int, wider: Iterable[int]) -> None:
    """At level 3 about half of the inputs are up to 12 wider than high."""
    sizes = [TOPICS["conv"](Dice(str(seed)), level).spec.split("x")[:2] for seed in range(700)]
    found = [int(width) - int(height) for height, width in sizes]
    assert set(found) == set(wider)
    assert level < 3 or 300 < found.count(0) < 400


def test_dice_are_hashes() -> None:
    """The first 8 bytes of SHA-256 of "7/1", "7/2", "7/3", modulo 100: the same on every machine."""
    dice = Dice("7")
    assert [dice.below(100) for _ in range(3)] == [6, 39, 26]
    assert (Dice("7").chance(84), Dice("7").chance(83)) == (True, False)  # "7/kinds/0/1" gives 83


def test_kinds_do_not_depend_on_the_numbers() -> None:
    """They have a seed of their own, and the next turn is the next kind: "7/kinds/1" gives 0 modulo 3."""
    assert [Dice("7", turn=turn).kind("abc") for turn in range(4)] == ["a", "b", "c", "a"]
    assert {Dice(str(seed), "same").kind("abc") for seed in range(9)} == {Dice("", "same").kind("abc")}


def test_the_seed_chooses_the_sheet() -> None:
    everything = list(TOPICS)
    assert as_sheet(make_quiz(everything, 30, 2, 7)) == as_sheet(make_quiz(everything, 30, 2, 7))
    assert as_sheet(make_quiz(everything, 30, 2, 7)) != as_sheet(make_quiz(everything, 30, 2, 8))


def test_a_longer_sheet_begins_like_a_shorter_one() -> None:
    short, long = (make_quiz(["conv", "pool"], count, 1, 5).exercises for count in (4, 10))
    assert long[:4] == short


@pytest.mark.parametrize(
    ("topics", "count", "level", "message", "hint"),
    [
        (["convs"], 3, 1, 'unknown topic "convs"', 'did you mean "conv"?'),
        ([], 3, 1, "no topic is given", f"the topics are {', '.join(TOPICS)}"),
        (["xyz"], 3, 1, 'unknown topic "xyz"', f"the topics are {', '.join(TOPICS)}"),
        (["conv"], 3, 4, "levels are 1 to 3", ""),
        (["conv"], 0, 1, "exercises 1 to 200", ""),
    ],
)
def test_what_cannot_be_drawn(topics: list[str], count: int, level: int, message: str, hint: str) -> None:
    with pytest.raises(SpecError) as error:
        make_quiz(topics, count, level, 1)
    assert message in error.value.diagnostics[0].message
    assert error.value.diagnostics[0].hint == hint


def test_the_student_s_page_has_no_answers_and_the_key_has() -> None:
    exercises = sheet(["params"], 3, 1)
    student, key = (str(write_exercises(exercises, "markdown", key=key)) for key in (False, True))
    for part in exercises.parts:
        assert f"**{right_value(part)}**" in key
        assert "________" in student
        assert len(right_value(part)) < 3 or right_value(part) not in student
