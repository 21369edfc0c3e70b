"""Calculated questions of Moodle: every item of the data sets is an exercise whose answer follows from its numbers."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from cnncalc.diagnostics import Source
from cnncalc.homework.exercises.quiz import as_sheet, make_quiz
from cnncalc.homework.sheet import read_sheet
from cnncalc.render.exercises import write_calculated


def questions(topic: str, level: int) -> list[ElementTree.Element]:
    quizzes = (make_quiz([topic], 1, level, 1, str(variant)) for variant in range(4))
    text = write_calculated(read_sheet(Source("quiz.yaml", as_sheet(quiz))) for quiz in quizzes)
    return list(ElementTree.fromstring(text).iter("question"))


def data_sets(question: ElementTree.Element) -> dict[str, list[int]]:
    """The values of the wildcards, which all have the same number of items and stay within their limits."""
    found: dict[str, list[int]] = {}
    for node in question.iter("dataset_definition"):
        values = [int(item.text or "") for item in node.iterfind("dataset_items/dataset_item/value")]
        numbers = [int(item.text or "") for item in node.iterfind("dataset_items/dataset_item/number")]
        assert numbers == list(range(1, len(values) + 1))
        assert [int(node.findtext(tag) or "") for tag in ("itemcount", "number_of_items")] == [len(values)] * 2
        limits = [int(node.findtext(f"{tag}/text") or "") for tag in ("minimum", "maximum")]
        assert limits == [min(values), max(values)]
        found[node.findtext("name/text") or ""] = values
    assert len({len(values) for values in found.values()}) == 1
    return found


def test_parameters_of_a_convolution() -> None:
    """(F·F·C + 1)·K for the numbers of the text: H x W x C, K filters of F x F."""
    (question,) = questions("params", 1)
    found = data_sets(question)
    text = question.findtext("questiontext/text") or ""
    assert text.startswith("<p>An input of {n1}x{n2}x{n3} goes through {n4} filters of {n5}x{n6}")
    columns = (found[name] for name in ("n3", "n4", "n5", "n6", "right"))
    assert all((height * width * depth + 1) * filters == right
               for depth, filters, height, width, right in zip(*columns, strict=True))  # fmt: skip
    titles = {
        answer.findtext("feedback/text"): (answer.findtext("text") or "").strip("{}")
        for answer in question.iter("answer")
    }
    forgotten = found[titles["bias forgotten"]]
    assert [right - filters for right, filters in zip(found["right"], found["n4"], strict=True)] == forgotten


def test_a_shape_axis_by_axis() -> None:
    """W − F + 1 without stride and padding; the channels are the filters."""
    height, width, channels = questions("conv", 1)
    assert [one.findtext("name/text") for one in (height, width, channels)] == [
        "conv_1, height", "conv_1, width", "conv_1, channels",
    ]  # fmt: skip
    found = data_sets(height)
    assert [size - kernel + 1 for size, kernel in zip(found["n1"], found["n5"], strict=True)] == found["right"]
    assert data_sets(channels)["right"] == data_sets(channels)["n4"]


@pytest.mark.parametrize("topic", ["macs", "dense"])
def test_wildcards_of_texts_and_answers_exist(topic: str) -> None:
    for question in questions(topic, 2):
        used = {name for node in question.iter("text") for name in re.findall(r"\{(\w+)\}", node.text or "")}
        assert used == set(data_sets(question))
        assert next(question.iter("answer")).attrib["fraction"] == "100"
