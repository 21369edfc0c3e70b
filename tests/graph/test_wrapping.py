"""Wrappers and the layer inside of them; weights shared between layers that do not fit; places in expressions."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError
from tests.graph.facts import INLINE, mistakes_of, shapes_of

TURN_IN_TWO = "leave merge_mode out, and put split 2 after the layer: the halves are the two directions"
ONE = "merge_mode: bidirectional gives one output, not one for each direction"
ALONE = "only layers of one input can be wrapped"
WRONG = (
    ("{time_distributed: []}", "2:11 E209", "time_distributed holds one layer, got 0", ""),
    ("{time_distributed: [[]]}", "2:11 E209", "time_distributed holds one layer, got 0", ""),
    ("{time_distributed: [conv 8 3, relu]}", "2:11 E209", "time_distributed holds one layer, got 2",
     "wrap each of them: time_distributed(…) -> time_distributed(…)"),
    ("{time_distributed: {layer: {conv: 8 3}, units: 5}}", "2:50 E203",
     'time_distributed has no field "units" beside its layer', "write what the inner layer needs with it"),
    ("{time_distributed: {layer: {conv: 8 3}, laye: 5}}", "2:50 E203",
     'time_distributed has no field "laye" beside its layer', 'did you mean "layer"?'),
    ("{time_distributed: {layer: {layers: [relu]}}}", "2:37 E209", "time_distributed holds one layer, not a group", ""),
    ("{time_distributed: {layer: {conv: {filters: 8, kernel: 3, name: q}}}}", "2:74 E203",
     "name belongs to time_distributed, not to the layer inside", ""),
    ("time_distributed()", "2:10 E205", "time_distributed needs a layer inside",
     "for example: time_distributed(conv 8 3x3 s2)"),
    ("{time_distributed: {layer: []}}", "2:37 E209", "a list appears where one layer is needed",
     "a group of layers is written {layers: [...]}; branches go under a merge such as `add`"),
    ("{time_distributed: {layer: ''}}", "2:37 E209", "an item is empty", 'write a layer, such as "conv 20 3x3"'),
    ("{time_distributed: {layer: {add: [relu, relu]}}}", "2:38 E307", "add joins several inputs", ALONE),
    ("{time_distributed: {layer: {parameter: 7}}}", "2:38 E307", "parameter takes no input", ALONE),
    ("bidirectional(lstm 5) merge_mode=null", "2:32 E204", ONE, TURN_IN_TWO),
    ("{bidirectional: {layer: {lstm: 5}, merge_mode: null}}", "2:45 E204", ONE, TURN_IN_TWO),
)  # fmt: skip


@pytest.mark.parametrize(("item", "place", "message", "hint"), WRONG)
def test_a_mistake_in_a_wrapper(item: str, place: str, message: str, hint: str) -> None:
    shape = "5x7" if "bidirectional" in item else "5x7x7x3"
    assert mistakes_of(f"input: {shape}\nlayers: [{item}]") == [(place, message, hint)]


@pytest.mark.parametrize(
    "item",
    ["time_distributed(conv 8 3)", "{time_distributed: [[[conv 8 3]]]}", "{time_distributed: {layer: {conv: 8 3}}}",
     "{time_distributed: {layer: {conv: 8 3, activation: relu}}}"],
)  # fmt: skip
def test_the_ways_to_write_a_wrapper(item: str) -> None:
    """A kernel of 3 on 7x7, at each of five steps."""
    assert shapes_of(f"input: 5x7x7x3\nlayers: [{item}]") == "time_distributed_1 5x5x5x8"


EQUAL = (
    (
        "time_distributed: {layer: relu, filters: 3}",
        37,
        'time_distributed has no field "filters" beside its layer',
    ),
    ("time_distributed relu filters=3", 27, 'relu has no field "filters"'),
    ("relu filters=3", 10, 'relu has no field "filters"'),
    ("'relu filters=3'", 11, 'relu has no field "filters"'),
    ("conv 8 3 strides=0", 22, "stride: got 0, but it must be at least 1"),
)


@pytest.mark.parametrize(("item", "column", "message"), EQUAL)
def test_equal_items_with_a_mistake(item: str, column: int, message: str) -> None:
    """Each is reported where it is written."""
    with pytest.raises(SpecError) as error:
        load(f"input: 9x9x9x4\nlayers:\n  - {item}\n  - identity\n  - {item}\n")
    found = [(each.line, each.column, each.message) for each in error.value.diagnostics]
    assert found == [(3, column, message), (5, column, message)]


SAME_TYPE = "layers that share weights need the same type, channels and kernel"
TWO_TYPES = "one array can serve two types of layers where it has the same sizes in PyTorch's order of its axes"


@pytest.mark.parametrize(
    ("layer", "message", "hint"),
    [
        ("conv 7 3", "kernel 3x3x5x7, bias 7 against kernel 3x3x3x5, bias 5", SAME_TYPE),
        ("dense 7", "kernel 495x7, bias 7 against kernel 3x3x3x5, bias 5", TWO_TYPES),
        ("relu", "no weights against kernel 3x3x3x5, bias 5", TWO_TYPES),
    ],
)
def test_weights_that_cannot_be_shared(layer: str, message: str, hint: str) -> None:
    """After a convolution of 3 on 13x11x3, which gives 11x9x5, of 495 numbers."""
    ((_, told, advice),) = mistakes_of(f"{INLINE}conv 5 3 name=a -> {layer} share_weights=a")
    assert told.partition(" of a: ")[2] == message
    assert advice == hint


@pytest.mark.parametrize(
    ("expression", "marked"),
    [("z", "z"), ("n + zz", "zz"), ("n +", "}"), ("(n", "}"), ("5 // 0", "//"), ("n[7]", "[7]")],
)
def test_the_place_of_a_mistake_in_an_expression(expression: str, marked: str) -> None:
    """The word or operator itself; where something is missing, the one character after the expression."""
    with pytest.raises(SpecError) as caught:
        load(f"input: 9x9x3\nvariables: {{n: 5}}\nlayers: ['conv ${{{expression}}} 1']")
    (found,) = caught.value.diagnostics
    assert found.span is not None
    assert found.span.source.text[found.span.start : found.span.end] == marked
