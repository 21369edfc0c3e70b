"""Judgements: notes on right answers, notations of courses and frameworks, the limits of the search for mistakes."""

from __future__ import annotations

import pytest

from cnncalc.homework.check import check
from cnncalc.homework.figure_paths import ask, subject_of
from cnncalc.homework.judge import Question
from cnncalc.homework.mistakes.catalogue import catalogue
from cnncalc.homework.rework import Workings
from tests.together import for_each

CONV = "32x32x3 -> conv 20 8x8 s2 p1"  # 14x14x20; 3,860 parameters; 752,640 MACs, 3,920 additions of biases
NET = f"{CONV} -> max_pool 2 -> flatten -> dense 10"
CUBE = "7x7x3 -> conv 3 3x3 bias=false"


@for_each(
    ("spec", "path", "text", "status", "note"),
    [
        (CONV, "conv_1.kernel.shape", "8x8x3x20", "right", ""),
        (CONV, "conv_1.kernel.shape", "20x3x8x8", "right with a note",
         "outputs first, as in PyTorch and ONNX; here it is 8x8x3x20"),
        (CONV, "conv_1.kernel.shape", "8x8x20x3", "wrong", ""),
        (CONV, "conv_1.bias.shape", "20", "right", ""),
        (CONV, "conv_1.bias.shape", "21", "wrong", ""),
        (NET, "max_pool_1.receptive_field", "10", "right", ""),  # one number for both axes
        (NET, "max_pool_1.receptive_field", "10x10", "right", ""),
        (NET, "max_pool_1.receptive_field", "11", "wrong", ""),
        (NET, "output", "10", "right", ""),
        (NET, "output", "1x10", "right with a note", "the first size, 1, is the batch"),
        (CONV, "output", "5x14x14x20", "right with a note", "the first size, 5, is the batch"),
        (CONV, "output", "5x14x14x21", "wrong", ""),
        (CONV, "output", "None x 5x14x14x20", "wrong", ""),
        (CONV, "output", "14", "wrong", ""),
        (CONV, "output", "14x20x14", "wrong", ""),
        (CONV, "output", "it does not fit", "wrong",
         "it fits: if a stride does not divide evenly, the size is rounded, unless rounding=exact rejects it"),
        (CONV, "conv_1.flops", "1509200", "right", ""),
        (CONV, "conv_1.flops", "1.509.200", "right", ""),
        (CONV, "conv_1.flops", "1.509.201", "wrong", ""),
        (CONV, "conv_1.flops", "1505280", "right with a note",
         "2·MACs; with biases and element-wise operations it is 1,509,200"),
        (CONV, "total.flops", "1.505M", "right with a note",
         "2·MACs; with biases and element-wise operations it is 1,509,200"),
        (CONV, "total.flops", "1505281", "wrong", ""),
        (CONV, "conv_1.flops / conv_1.params", "1505280", "wrong", ""),
        (CONV, "conv_1.macs", "1505280", "wrong", ""),
        ("8 -> relu", "total.flops", "0", "wrong", ""),  # twice no MACs is no answer
        (CONV, "conv_1.flops / conv_1.macs", "2.005", "right with a note",
         "right within the given digits; the exact value is 2.00521"),
        (CONV, "conv_1.params / conv_1.bias", "193", "right", ""),
        (CONV, "conv_1.params / conv_1.bias", "193.000", "right", ""),
    ],
)  # fmt: skip
def test_notes(spec: str, path: str, text: str, status: str, note: str) -> None:
    (found,) = check(spec, {path: text})
    assert (found.status, found.note) == (status, note)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("20x14x14", ""),
        ("14x14x20", "channels last; in this model's layout it is 20x14x14"),
        ("None x 14x14x20", "channels last; in this model's layout it is 20x14x14"),
    ],
)
def test_channels_first(text: str, note: str) -> None:
    (found,) = check("3x32x32 -> conv 20 8x8 s2 p1", {"output": text}, convention="pytorch")
    assert (found.right, found.note) == (True, note)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("3.84k", {"bias_forgotten"}),  # exactly 3,840; one bias would be 3,841
        ("3.841k", {"one_bias"}),
        ("7.8k", {"bias_per_position"}),  # 7,760, to two digits
        ("7800", set()),
    ],
)
def test_rounded_wrong_answers(text: str, names: set[str]) -> None:
    """The mistakes of exactly this number; without one, of those that it may be rounded from."""
    (found,) = check(CONV, {"params": text})
    assert not found.right
    assert {suspect.name for suspect in found.suspects} == names


@pytest.mark.parametrize(("count", "where"), [(37, ["conv_2"]), (38, [])])
def test_a_mistake_in_one_layer(count: int, where: list[str]) -> None:
    """3,860 + 140 without the 7 biases of the second: sought in models of at most 40 nodes."""
    (found,) = check(f"{CONV} -> conv 7 1x1 -> (relu)*{count}", {"total.params": "4000"})
    assert [suspect.where for suspect in found.suspects if suspect.name == "bias_forgotten"] == where


def test_the_place_of_a_mistake_is_told() -> None:
    """In every layer it has no place; in one it is part of the sentence."""
    spec = f"{CONV} -> conv 7 1x1"
    (everywhere,) = check(spec, {"total.params": "3980"})
    (alone,) = check(spec, {"total.params": "4000"})
    assert (everywhere.suspects[0].what, everywhere.suspects[0].where) == ("bias forgotten", "")
    assert (alone.suspects[0].what, alone.suspects[0].where) == ("bias forgotten in conv_2", "conv_2")


def test_a_search_that_would_take_too_long() -> None:
    """The answer is wrong all the same, and the note says that mistakes were not all tried."""
    for most, note in ((1, "the model is too large to try all mistakes"), (None, "")):
        about = subject_of(NET, Workings(most))
        found = Question(about, ask(about, "total.params")).judge("4711")
        assert (found.status, found.note, found.suspects) == ("wrong", note, ())


def test_judgements_as_data() -> None:
    (found,) = check(CONV, {"params": "3840"})
    first = found.to_dict()["mistakes"][0]
    assert (first["name"], first["titles"], first["layer"]) == ("bias_forgotten", ["bias forgotten"], "")
    (shape,) = check(CONV, {"output": "14x14x20"})
    assert (shape.to_dict()["right_answer"], shape.to_dict()["note"]) == ([14, 14, 20], "")
    (ratio,) = check(CONV, {"conv_1.flops / conv_1.params": "x"})
    assert ratio.to_dict()["right_answer"] == pytest.approx(1_509_200 / 3860)
    assert ratio.to_dict()["note"] == 'a number is needed, not "x"'


def test_titles_name_the_variant() -> None:
    """The positions of one axis are missing: 13·5·5·3·16 instead of 13·13·5·5·3·16."""
    (judged,) = check("28x28x3 -> conv 16 5x5 s2 p1", {"macs": "15600"})
    assert judged.to_dict()["mistakes"][0]["titles"] == ["the height left out of the positions"]
    assert not any("{" in mistake.general_title for mistake in catalogue())


def test_a_mistake_is_named_once() -> None:
    """Two mistakes that say that a number is that of the dense layer (5408·10): its own total, and another layer's."""
    found = check("28x28x1 -> conv 32 3x3 -> max_pool 2 -> flatten -> dense 10", {"total.macs": "54080"})
    texts = [suspect.what for suspect in found[0].suspects]
    assert "that is the number of multiply–accumulates of dense_1" in texts
    assert len(texts) == len(set(texts))
