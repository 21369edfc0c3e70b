"""`cnncalc report A B`: the totals, one drawing with the removed layers in it, the marks, the table of changes."""

from __future__ import annotations

import re

import pytest

from cnncalc.analysis.analyze import examine
from cnncalc.page.difference_page import AnalyzedModel, difference_page
from cnncalc.page.union import ComparedModel, union
from tests.drawing.shown import outline
from tests.page.test_model_page import Outline, data_of

PLAIN = "8x8x3 -> conv 4 3x3 p1 -> relu -> max_pool 2 -> dense 5"
LONGER = "8x8x3 -> conv 4 5x5 p2 -> relu -> conv 4 3x3 p1 -> max_pool 2 -> dense 5"


def page(old: str, new: str) -> str:
    return difference_page(AnalyzedModel(*examine(old), "old"), AnalyzedModel(*examine(new), "new"))


def test_the_totals_are_those_of_diff() -> None:
    """4·(3·3·3 + 1) = 112 and 4·(5·5·3 + 1) = 304 parameters."""
    cells = Outline(page("8x8x3 -> conv 4 3x3", "8x8x3 -> conv 4 5x5")).texts
    assert "112" in cells["td"]
    assert "304" in cells["td"]
    assert "+171.4%" in cells["td"]


@pytest.mark.parametrize(
    ("old", "new", "marks"),
    [
        (PLAIN, LONGER, {"changed": 1, "added": 1}),
        (LONGER, PLAIN, {"changed": 1, "removed": 1}),
        (PLAIN, PLAIN, {}),
    ],
)
def test_changed_layers_are_marked(old: str, new: str, marks: dict[str, int]) -> None:
    """In the drawing, and in the table by their signs."""
    text = page(old, new)
    found = re.findall(r'<g class="box (added|removed|changed)"', text)
    assert {kind: found.count(kind) for kind in set(found)} == marks
    signs = re.findall(r'class="sign (added|removed|changed)"', text)
    assert {kind: signs.count(kind) for kind in set(signs)} == marks


def test_a_removed_layer_is_where_it_was() -> None:
    """Between the layers before and after it, with the lines that it had."""
    old, new = (
        "8x8x3 -> conv 4 3x3 name=a -> conv 4 3x3 name=b -> max_pool 2",
        "8x8x3 -> conv 4 3x3 name=a -> max_pool 2",
    )
    found = union(ComparedModel(*examine(old), {}), ComparedModel(*examine(new), {})).diagram
    assert outline(found.root) == ["input", "a", "b", "max_pool_1"]
    assert {(edge.tail.title, edge.head.title) for edge in found.edges} == {
        ("input", "a"), ("a", "b"), ("b", "max_pool_1"), ("a", "max_pool_1"),
    }  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [("resnet18", "resnet50"), ("vgg16", "alexnet"), ("unet", "lenet5")])
def test_unlike_models_have_a_page(old: str, new: str) -> None:
    """Every row of the table has a box, and each line leads forward, whatever was moved or removed."""
    text = page(old, new)
    Outline(text)
    data = data_of(text)
    assert len(data["names"]) == len(set(data["names"])) == len(data["drawing"]["layers"])
    assert max(data["drawing"]["layers"]) < len(data["drawing"]["boxes"])
    for tail, head, route in data["drawing"]["edges"]:
        assert route[1] < route[-1], (tail, head)


def test_the_same_model_has_no_changes() -> None:
    """The page says so."""
    text = page("lenet5", "lenet5")
    assert "no differences" in text
    assert "No layer differs." in text
