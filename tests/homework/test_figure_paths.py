"""Figures by their paths, and the well-known exam questions."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError
from cnncalc.homework.check import check
from cnncalc.homework.figure_paths import FigureValue, ask, subject

NET = "32x32x3 -> conv 20 8x8 s2 p1 -> max_pool 2 -> flatten -> dense 10"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("conv_1.output", (14, 14, 20)),
        ("conv_1.output.height", 14),
        ("conv_1.output.channels", 20),
        ("conv_1.output.size", 3920),
        ("conv_1.input", (32, 32, 3)),
        ("input.output", (32, 32, 3)),
        ("conv_1.params", 3860),
        ("conv_1.kernel", 3840),
        ("conv_1.bias", 20),
        ("conv_1.unshared_params", 756_560),
        ("conv_1.macs", 752_640),
        ("max_pool_1.receptive_field", (10, 10)),  # 8 + 1·2
        ("max_pool_1.effective_stride", (4, 4)),
        ("dense_1.params", 9810),  # (7·7·20 + 1)·10
        ("total.params", 13_670),
        ("params", 13_670),
        ("total.param_bytes", 54_680),
        ("output", (10,)),
        ("output.size", 10),
        ("layers", 4),
        ("conv_1.unshared_params / conv_1.params", Fraction(196)),
        ("total.macs / conv_1.macs", Fraction(762_440, 752_640)),
    ],
)
def test_figures(path: str, value: FigureValue) -> None:
    assert ask(subject(load(NET)), path).value == value


def test_layer_names_may_hold_dots() -> None:
    about = subject(load("resnet50"))
    assert ask(about, "stage2.1.conv_3.params").value == 512 * 128
    assert ask(about, "stage2.1.conv_3.output.height").value == 28


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("conv_2.params", 'the model has no layer "conv_2"', 'did you mean "conv_1"?'),
        ("conv_1.parms", 'unknown metric "parms" of conv_1', 'did you mean "params"?'),
        ("dense_1.output.height", "10 has no height", "it has channels"),
        ("conv_1.params.height", "a number has no height", ""),
        ("output / params", "divides shapes", ""),
        ("conv_1.params / max_pool_1.params", "divides by max_pool_1.params, which is 0", ""),
    ],
)
def test_what_is_not_there(path: str, message: str, hint: str) -> None:
    with pytest.raises(SpecError) as error:
        ask(subject(load(NET)), path)
    (diagnostic,) = error.value.diagnostics
    assert message in diagnostic.message
    assert diagnostic.hint == hint


def test_all_that_is_not_there_is_reported_at_once() -> None:
    """The unknown paths of a check, in its order; a known one is no help to them."""
    with pytest.raises(SpecError) as error:
        check(NET, {"conv_2.params": "1", "params": "13670", "conv_1.parms": "2"})
    assert [diagnostic.hint for diagnostic in error.value.diagnostics] == [
        'did you mean "conv_1"?', 'did you mean "params"?',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("spec", "path", "answer"),
    [
        ("300x300x3 -> conv 100 5x5", "params", "7600"),  # (5·5·3 + 1)·100
        ("300x300x3 -> dense 100", "params", "27,000,100"),  # (270,000 + 1)·100
        ("63x63x16 -> conv 32 7x7 s2", "output", "29x29x32"),
        ("63x63x16 -> conv 32 7x7 p3", "output.height", "63"),
        ("15x15x8 -> zero_pad 2", "output", "19x19x8"),
        ("32x32x16 -> max_pool 2 s2", "output", "16x16x16"),
        ("227x227x3 -> conv 96 11x11 s4", "output", "55x55x96"),
        ("227x227x3 -> conv 96 11x11 s4", "params", "34,944"),  # (11·11·3 + 1)·96
        ("32x32x3 -> conv 20 8x8 s2 p1", "output", "14x14x20"),
        ("32x32x3 -> conv 20 8x8 s2 p1", "params", "3860"),
        ("32x32x3 -> conv 20 8x8 s2 p1", "unshared_params", "756560"),
    ],
)
def test_exam_questions(spec: str, path: str, answer: str) -> None:
    (found,) = check(spec, {path: answer})
    assert found.status == "right"
