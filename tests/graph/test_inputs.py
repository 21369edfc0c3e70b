"""The inputs of a spec, and those that a caller gives in their place."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError
from cnncalc.graph.model import stacked
from tests.together import for_each

OPEN = "every size is a whole number from 1; choose one, such as 224x224x3"
TWO = "x: 8x8x3, y: 4x4x3 -> relu from=x"


def spec(shape: Any) -> dict[str, Any]:
    return {"input": shape, "layers": ["relu"]}


@pytest.mark.parametrize(
    ("source", "given", "shapes"),
    [
        ("8x8x3 -> relu", "6x7x3", [(6, 7, 3)]), ("8x8x3 -> relu", {"input": "6x7x3"}, [(6, 7, 3)]),
        (TWO, {"y": "2x2x3"}, [(8, 8, 3), (2, 2, 3)]), (spec([1] * 32), None, [(1,) * 32]),
        (spec([2**128]), None, [(2**128,)]),
        # sizes that the spec leaves open
        (spec("?x?x3"), "6x7x3", [(6, 7, 3)]), (spec("?x?x3"), {"input": "6x7x3"}, [(6, 7, 3)]),
        (spec({"a": "?x7", "b": 4}), {"a": "5x7"}, [(5, 7), (4,)]),
    ],
)  # fmt: skip
def test_inputs(source: Any, given: Any, shapes: list[tuple[int, ...]]) -> None:
    graph = load(source, input=given)
    assert [node.shape for node in graph.nodes if node.layer is None] == shapes


@for_each(
    ("source", "given", "code", "message", "hint"),
    [
        (spec({}), None, "E205", "`input` names no inputs", "write for example input: 32x32x3"),
        (spec({"a b": "8x8x3"}), None, "E204", 'name: "a b" cannot be a name', "use letters, digits, `_`, `-` and `.`"),
        ("8x8x3 -> relu", "0x5", "E204", 'input: "0x5" is not a shape', "every size is at least 1"),
        ("8x8x3 -> relu", {"image": "5x5x3"}, "E206", 'the spec has no input "image"', "it has input"),
        (TWO, "6x7x3", "E204", "the spec has 2 inputs, x, y: one shape does not say which",
         "name it, for example x=224x224x3"),
        (TWO, {"z": "2x2x3"}, "E206", 'the spec has no input "z"', "it has x, y"),
        (spec("?x?x3"), None, "E204", 'input: "?x?x3" is not a shape', OPEN),
        (spec({"a": "?x7", "b": 4}), {"b": 5}, "E204", 'a: "?x7" is not a shape',
         "shapes have no batch axis: write 7"),
        (spec([1] * 33), None, "E103", "input: 33 axes; the limit is 32", ""),
        (spec([2**128 + 1]), None, "E103", "input: more than 2**128 elements, the largest number allowed here",
         "look for a size or a repetition that is too large"),
        (spec("${w}x3"), None, "E208", 'unknown name "w" in an expression', "no variables are defined"),
    ],
)  # fmt: skip
def test_inputs_that_cannot_be(source: Any, given: Any, code: str, message: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        load(source, input=given)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message, found.hint) == (code, message, hint)


def test_branches_and_their_inputs() -> None:
    """Each takes one of several inputs; a call of a block needs no arguments; one mistake hides no other."""
    first = ["conv 2 1 name=a", "conv 2 1 name=c"]
    two = {"add": [["relu"], ["tanh"]], "from": ["a", "c"]}
    assert load({"input": "8x8x3", "layers": [*first, two]}).nodes[-1].inputs == (3, 4)
    assert load({"input": "8x8x3", "blocks": {"b": ["relu"]}, "layers": ["b()"]}).nodes[-1].name == "b_1.relu_1"
    three = {"add": [["relu"], ["tanh"], []], "from": ["a", "c"]}
    for spec, message in (
        ({"input": "8x8x3", "layers": [*first, three]}, "add: 2 inputs for 3 branches"),
        ("8x8x3 -> konv 3 -> conv ${in.channels} 3 -> relu", 'unknown layer type "konv"'),
    ):
        with pytest.raises(SpecError) as caught:
            load(spec)
        assert [found.message for found in caught.value.diagnostics] == [message]


def test_inputs_are_no_layers() -> None:
    """An input counts as none, and an LSTM of three layers as three."""
    assert stacked(load(TWO).nodes) == 1
    assert stacked(load("7x5 -> relu -> lstm 4 layers=3").nodes) == 4
