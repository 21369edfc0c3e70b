"""Merges: broadcasting, refusals that name the axis, values, concatenation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.analysis.analyze import load
from cnncalc.arithmetic.term import Term
from cnncalc.diagnostics import Refusal, SpecError
from cnncalc.layers import registry
from tests.layers.layer_making import make, run
from tests.together import for_each

ONE, OTHER = [[1.0, -2.0], [3.0, 5.0]], [[4.0, 7.0]]

# Printed by the Keras 3 layers of these names for ONE and OTHER.
VALUES = [
    ("add", [[5, 5], [7, 12]]),
    ("multiply", [[4, -14], [12, 35]]),
    ("subtract", [[-3, -9], [-1, -2]]),
    ("maximum", [[4, 7], [4, 7]]),
    ("minimum", [[1, -2], [3, 5]]),
    ("average", [[2.5, 2.5], [3.5, 6]]),
]
ELEMENTWISE = [name for name, _ in VALUES]

# What the frameworks make of two shapes (within a sample): run with Keras 3, PyTorch 2.13.
BROADCAST = [
    ("formula", (5, 7, 3), (5, 7, 3), (5, 7, 3)),
    ("formula", (5, 7, 3), (1, 1, 3), (5, 7, 3)),
    ("formula", (1, 1, 3), (5, 7, 3), (5, 7, 3)),
    ("pytorch", (3, 5, 7), (3, 1, 1), (3, 5, 7)),
    ("pytorch", (3, 5, 7), (1, 5, 7), (3, 5, 7)),
    ("keras", (5, 1, 3), (1, 7, 3), (5, 7, 3)),
    ("keras", (5, 7, 3), (3,), (5, 7, 3)),
    ("keras", (5, 7, 3), (7, 3), (5, 7, 3)),
    ("tensorflow", (1, 3), (5, 7, 3), (5, 7, 3)),
]

REFUSED = [
    ("formula", (14, 14, 64), (7, 14, 64), "14x14x64 and 7x14x64 differ in height: 14 and 7"),
    ("formula", (14, 14, 64), (7, 7, 64), "14x14x64 and 7x7x64 differ in height: 14 and 7, width: 14 and 7"),
    ("pytorch", (64, 5, 7), (32, 5, 7), "64x5x7 and 32x5x7 differ in channels: 64 and 32"),
    ("keras", (5, 7, 3), (5,), "5x7x3 and 1x1x5 differ in channels: 3 and 5"),
    ("keras", (5, 7, 3), (5, 3), "5x7x3 and 1x5x3 differ in width: 7 and 5"),
    ("formula", (5, 7, 3), (3,), "5x7x3 and 3 have different numbers of axes: 3 and 1"),
    ("pytorch", (3, 5, 7), (5, 7), "3x5x7 and 5x7 have different numbers of axes: 3 and 2"),
]


@for_each(("name", "expected"), VALUES)
def test_values(name, expected):
    """A merge gives Keras's values, an input of size 1 stretched."""
    y = make(name, "keras").forward(np, np.array([ONE]), np.array([OTHER]))
    assert y[0].tolist() == expected


@for_each("name", ELEMENTWISE)
@for_each(("convention", "one", "other", "expected"), BROADCAST)
def test_broadcasting(name, convention, one, other, expected):
    """Sizes of 1 stretch; Keras alone aligns inputs of different rank."""
    layer = make(name, convention)
    assert layer.shape(one, other) == expected == run(layer, one, other).shape[1:]


@for_each(("convention", "one", "other", "message"), REFUSED)
def test_refusals_name_the_axis(convention, one, other, message):
    """A refusal names both shapes, the axis, and its two sizes."""
    with pytest.raises(Refusal) as refusal:
        make("add", convention).shape(one, other)
    assert refusal.value.message == message


@pytest.mark.parametrize("name", ["add", "multiply", "maximum", "minimum", "average"])
def test_many_inputs(name):
    """Three inputs cost two operations an element, the average's division a third."""
    layer, shape = make(name), (5, 7, 3)
    assert layer.shape(shape, (1, 1, 3), shape) == shape
    assert layer.elementwise(shape, shape, shape, shape) == (315 if name == "average" else 210)


def test_subtract_takes_two():
    """A difference has exactly two terms; every other merge takes any number."""
    assert make("subtract").inputs == (2, 2)
    assert {make(name).inputs for name in ELEMENTWISE if name != "subtract"} == {(2, None)}


@for_each(
    ("convention", "name", "taken"),
    [
        ("keras", "add", True),  # keras.layers.Add()([x]) is x; Subtract and Dot want exactly two
        ("keras", "multiply", True),
        ("keras", "average", True),
        ("keras", "maximum", True),
        ("keras", "minimum", True),
        ("keras", "subtract", False),
        ("tensorflow", "add", True),  # tf.add_n([x])
        ("onnx", "add", True),  # Sum, Mean, Max and Min are variadic, Mul is not
        ("onnx", "average", True),
        ("onnx", "maximum", True),
        ("onnx", "minimum", True),
        ("onnx", "multiply", False),
        ("pytorch", "add", False),
        ("formula", "add", False),
    ],
)
def test_a_list_of_one(convention, name, taken):
    """Where the framework's merge takes a list of one input, it comes out as it is; without a list none does."""
    layers: list[object] = ["relu", {name: {"from": ["relu_1"]}}]
    spec = {"convention": convention, "input": [5, 7, 3], "layers": layers}
    if taken:
        graph = load(spec)
        assert graph.nodes[-1].shape == (5, 7, 3)
        x = np.array([[1.5, -2.0]])
        assert graph.nodes[-1].layer.forward(np, x).tolist() == x.tolist()
    else:
        with pytest.raises(SpecError, match=f"{name} needs"):
            load(spec)
    with pytest.raises(SpecError, match="needs"):
        load({**spec, "layers": ["relu", name]})


def test_average_divides_by_all():
    """The mean of 1, 2 and 6 is 3."""
    arrays = [np.array([[value]]) for value in (1.0, 2.0, 6.0)]
    assert make("average").forward(np, *arrays).tolist() == [[3.0]]


@for_each("name", [*ELEMENTWISE, "concat"])
def test_nan_passes_through(name):
    """A NaN in either input comes out."""
    one, nan = np.array([[1.0]]), np.array([[np.nan]])
    assert np.isnan(make(name).forward(np, one, nan)).any()
    assert np.isnan(make(name).forward(np, nan, one)).any()


@for_each(
    ("convention", "axis", "inputs", "expected"),
    [
        ("keras", "channels", [(5, 7, 3), (5, 7, 2)], (5, 7, 5)),  # keras.layers.Concatenate()
        ("keras", 1, [(5, 7, 3), (11, 7, 3)], (16, 7, 3)),  # Concatenate(axis=1)
        ("keras", -1, [(5, 7, 3), (5, 7, 2)], (5, 7, 5)),
        ("pytorch", "channels", [(3, 5, 7), (2, 5, 7), (11, 5, 7)], (16, 5, 7)),  # torch.cat(dim=1)
        ("pytorch", "width", [(3, 5, 7), (3, 5, 2)], (3, 5, 9)),
        ("formula", "channels", [(13,), (11,)], (24,)),
        ("formula", "length", [(13, 5), (11, 5)], (24, 5)),
        ("formula", "channels", [(5, 7, 3)], (5, 7, 3)),
    ],
)
def test_concat(convention, axis, inputs, expected):
    """The sizes along the axis add up, for the rule and the arrays alike; nothing is computed."""
    layer = make("concat", convention, axis=axis)
    assert layer.shape(*inputs) == expected == run(layer, *inputs).shape[1:]
    assert layer.elementwise(*inputs, expected) == layer.macs(*inputs, expected) == 0


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ([(14, 13, 64), (7, 13, 32)], "14x13x64 and 7x13x32 differ in height: 14 and 7"),
        ([(5, 7, 3), (1, 1, 3)], "5x7x3 and 1x1x3 differ in height: 5 and 1, width: 7 and 1"),
        ([(5, 7, 3), (3,)], "5x7x3 and 3 have different numbers of axes: 3 and 1"),
    ],
)
def test_concat_stretches_nothing(inputs, message):
    """Along the other axes concatenated inputs must agree, a size of 1 included."""
    with pytest.raises(Refusal) as refusal:
        make("concat").shape(*inputs)
    assert refusal.value.message == message


def test_concat_is_traced():
    """On terms, the channels of the output are the sum of the inputs' symbols."""
    height, width = Term.leaf(5, "H"), Term.leaf(7, "W")
    shapes = [(height, width, Term.leaf(size, symbol)) for size, symbol in ((3, "C₁"), (2, "C₂"))]
    channels = make("concat").shape(*shapes)[-1]
    assert (channels, channels.operator, [part.symbol for part in channels.parts]) == (5, "+", ["C₁", "C₂"])


@pytest.mark.parametrize(
    ("name", "fields", "inputs", "sight"),
    [
        ("add", {}, [(5, 7, 3), (5, 7, 1)], "pointwise"),
        ("add", {}, [(5, 7, 3), (1, 1, 3)], ()),
        ("concat", {}, [(5, 7, 3), (5, 7, 2)], "pointwise"),
        ("concat", {"axis": "height"}, [(5, 7, 3), (2, 7, 3)], ()),
        ("concat", {"axis": "height"}, [(5, 7, 3)], "pointwise"),
    ],
)
def test_what_a_position_sees(name, fields, inputs, sight):
    """Its own position in every input; no single answer where inputs are stretched or put side by side."""
    assert make(name, **fields).windows(*inputs) == sight


@given(st.lists(st.tuples(st.sampled_from([1, 5]), st.sampled_from([1, 7]), st.sampled_from([1, 3])), min_size=2))
def test_rule_agrees_with_numpy(shapes):
    """Whatever broadcasts has the shape that NumPy gives it."""
    assert make("add").shape(*shapes) == np.broadcast_shapes(*shapes)


@for_each(
    ("word", "name"),
    [
        ("Add", "add"), ("Sum", "add"), ("Mul", "multiply"), ("Sub", "subtract"), ("Max", "maximum"),
        ("Mean", "average"), ("Concatenate", "concat"), ("torch.cat", "concat"), ("Min", "minimum"),
    ],
)  # fmt: skip
def test_foreign_names(word, name):
    """The frameworks' spellings mean the canonical type."""
    assert registry.find(word) == (registry.load_all()[name], None)
