"""The variants and conditions of single mistakes: answers that a mistake gives, and similar ones that it does not."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.homework.check import check
from cnncalc.homework.figure_paths import ask, subject_of
from cnncalc.homework.judge import Question
from tests.homework.test_named_mistakes import CONV, named
from tests.together import for_each

STRIDED = "32x32x3 -> conv 16 3x3 -> conv 16 3x3 -> conv 32 3x3"
"""The last output is 26x26x32: 26·26·32 = 21,632 products with a filter."""
UP = "9x9x8 -> upsample 3"
TRANSFORMER = "source: 7x12, target: 5x12 -> transformer 3 from=[source, target] hidden=24 encoders=2 decoders=2"
HEADS = "10x32 -> multi_head_attention 4"
"""Each of the 4 heads has 8 of 32 features: a matrix of 32·8 weights and 8 biases, 264 numbers."""


@for_each(
    ("name", "spec", "path", "options", "answer", "is_named"),
    [
        ("scale_on_channels", UP, "output", {}, "27x27x24", True),
        ("scale_on_channels", UP, "output", {}, "27x27x72", True),
        ("scale_on_channels", UP, "output", {}, "27x27x48", False),  # 8·(3 + 3)
        ("kernel_axes_swapped", "32x32x3 -> conv 4 5x3", "output", {}, "30x28x4", True),
        # three axes have no two to swap: 5x3x1 gives 8 − 4, 9 − 2, 10
        ("kernel_axes_swapped", "8x9x10x1 -> conv 2 1x3x5", "output", {}, "4x7x10x2", False),
        # filters of 3·3·3 in place of 3·3·16, in each of two samples; parameters do not depend on the batch
        ("image_depth_for_filters", STRIDED, "conv_3.macs", {}, str(21_632 * 27), True),
        ("image_depth_for_filters", STRIDED, "conv_3.macs", {"batch": 2}, str(2 * 21_632 * 27), True),
        ("image_depth_for_filters", STRIDED, "conv_3.macs", {"batch": 2}, str(21_632 * 27), False),
        ("image_depth_for_filters", STRIDED, "conv_3.params", {"batch": 2}, "896", True),  # (27 + 1)·32
        ("kind_left_out", "9x9x3 -> conv 4 3x3", "total.params", {}, "0", False),  # the only kind
        ("kind_left_out", "3 -> dense 1 bias=false -> prelu", "total.params", {}, "3", True),  # without its one slope
        # 4·264; and 3·264 with the 32·32 + 32 of the output
        ("one_head", HEADS, "params", {}, "1056", True), ("one_head", HEADS, "params", {}, "1848", True),
        ("kernel_for_stride", "13x13x3 -> conv 4 3x3 s2", "output", {}, "4x4x4", True),  # ⌊10/3⌋ + 1
        ("kernel_for_stride", "13x13x3 -> depthwise_conv 3x3 multiplier=2 s2", "output", {}, "4x4x6", True),
        # 99 has too few digits to tell zeros from others
        ("wrong_power_of_ten", "100 -> dense 1 bias=false", "params", {}, "1000", True),
        ("wrong_power_of_ten", "99 -> dense 1 bias=false", "params", {}, "990", False),
        ("kernel_forgotten", "5x5x16 -> conv_transpose 8 4x4 s3", "output", {}, "12x12x8", True),  # (5 − 1)·3
        ("kernel_forgotten", "5x5x16 -> conv_transpose 8 5x5 s3 p1", "output", {}, "10x10x8", True),
        # (4 − 1)·2 − 2 + 3 + 2·1
        ("output_padding_doubled", "4x4x6 -> conv_transpose 8 3x3 s2 p1 output_padding=1", "output", {}, "9x9x8", True),
        ("flatten_keeps_channels_apart", "9x9x4 -> flatten", "output", {}, "81x4", True),
        # 6,480 without twice the attention, 4·(144 + 12) = 624, and the hidden layer, 2·288 + 24 + 12 = 612
        ("part_left_out_but_norm", TRANSFORMER, "params", {}, "4008", True),
        ("part_left_out_but_norm", TRANSFORMER, "params", {}, "3960", False),  # without the norms of both, too
        # without padding, 13x13x20: with a batch, and with the channels where the other layout has them
        ("padding_forgotten", CONV, "output", {}, "5x13x13x20", True),
        ("padding_forgotten", CONV, "output", {}, "20x13x13", True),
        ("padding_forgotten", CONV, "output", {}, "5x20x13x13", True),
        ("padding_forgotten", CONV, "output", {}, "13x20x13", False),
        ("padding_forgotten", "3x32x32 -> conv 20 8x8 s2 p1", "output", {"layout": "CHW"}, "13x13x20", True),
        # (3·3 positions of 27·4 products, after which a window of 5 does not fit: no total
        ("padding_forgotten", "5x5x3 -> conv 4 3x3 p1 -> conv 4 5x5", "macs", {}, "972", False),
        # 3,860 / 8 is right; 3,840 / 8
        ("bias_forgotten", CONV, "conv_1.params / conv_1.receptive_field.height", {}, "480", True),
        ("bias_forgotten", CONV, "conv_1.receptive_field.height / conv_1.params", {}, "1/480", True),
        # 40 words, each by a table of 5000·32
        ("lookup_as_product", "40 -> embedding 5000 32", "macs", {}, "6400000", True),
    ],
)  # fmt: skip
def test_an_answer_and_a_mistake(
    name: str, spec: str, path: str, options: dict[str, Any], answer: str, is_named: bool
) -> None:
    assert (name in named(spec, path, answer, options)) is is_named


@for_each(
    ("spec", "path", "answer", "rule"),
    [
        (CONV, "params", "3840", "F·F·Cᵢ·Cₒ"),
        (CONV, "unshared_params", "752640", "F·F·Cᵢ·O·O·Cₒ"),  # at each of 14·14 positions
        ("10x10x2 -> locally_connected 4 3x3", "params", "4608", "O·O·F·F·Cᵢ·Cₒ"),
    ],
)
def test_the_formula_of_a_count_without_biases(spec: str, path: str, answer: str, rule: str) -> None:
    (found,) = check(spec, {path: answer})
    assert [(suspect.name, suspect.rule) for suspect in found.suspects] == [("bias_forgotten", rule)]


@for_each("path", ["output.height", "conv_1.output", "params"])
def test_a_mistake_without_effect_gives_no_wrong_answer(path: str) -> None:
    """The depth taken from the input leaves the height as it is, and a choice has one right answer."""
    about = subject_of(CONV)
    asked = ask(about, path)
    wrong = [value for value, _ in Question(about, asked).wrong_answers()]
    assert len(wrong) > 5
    assert asked.value not in wrong


@pytest.mark.parametrize(
    ("spec", "answer", "status"),
    [
        # 7·3 and 3·4 weights: 1.75
        ("7 -> dense 3 bias=false -> dense 4 bias=false", "1,750", "unreadable"),
        ("7 -> dense 3 bias=false -> dense 4 bias=false", "1,751", "wrong"),
        # 8·3 and 3·4: 2, which nobody writes with decimals
        ("8 -> dense 3 bias=false -> dense 4 bias=false", "2,000", "wrong"),
    ],
)
def test_a_comma_with_two_meanings(spec: str, answer: str, status: str) -> None:
    (found,) = check(spec, {"dense_1.params / dense_2.params": answer})
    assert found.status == status
    if found.problem is not None:
        span = found.problem.span
        assert span is not None
        assert (span.start, span.end) == (0, len(answer))
