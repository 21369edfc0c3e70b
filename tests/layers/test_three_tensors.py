"""Functions of several tensors that PyTorch computes in one step, and repeated positions: shapes, work, values."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc import SpecError, analyze, load, verify
from tests.layers.layer_making import make, run
from tests.together import for_each

# layer, fields, inputs, output, MACs, operations beside; shapes as PyTorch 2.13's function gives them on a batch
SIZES = [
    ("addcmul", {}, [(7, 12), (7, 1), (1, 12)], (7, 12), 0, 252),
    ("addcmul", {"value": 0.5}, [(3, 5, 7), (3, 5, 7), (3, 1, 1)], (3, 5, 7), 0, 315),
    ("addcmul", {}, [(1, 5), (7, 5), (7, 5)], (7, 5), 0, 105),
    ("addcdiv", {}, [(7, 12), (7, 1), (1, 12)], (7, 12), 0, 252),
    ("addcdiv", {}, [(5,), (5,), (5,)], (5,), 0, 15),
    ("addcdiv", {"value": 2}, [(1, 5), (7, 5), (7, 5)], (7, 5), 0, 105),
    ("lerp", {}, [(7, 12), (7, 12), (7, 1)], (7, 12), 0, 252),
    ("lerp", {}, [(5,), (5,), (1,)], (5,), 0, 15),
    ("lerp", {}, [(7, 5), (7, 5), (7, 5)], (7, 5), 0, 105),
    ("masked_fill", {"value": -100}, [(8, 7, 7), (1, 7, 7)], (8, 7, 7), 0, 392),
    ("masked_fill", {}, [(5, 7), (5, 1)], (5, 7), 0, 35),
    ("masked_fill", {}, [(5,), (5,)], (5,), 0, 5),
    ("addmm", {}, [(3, 5), (3, 7), (7, 5)], (3, 5), 105, 15),  # torch.baddbmm
    ("addmm", {}, [(1, 5), (3, 7), (7, 5)], (3, 5), 105, 15),
    ("addmm", {"alpha": 2, "beta": 0.5}, [(2, 3, 5), (2, 3, 7), (2, 7, 5)], (2, 3, 5), 210, 30),
    ("outer_product", {}, [(7,), (5,)], (7, 5), 0, 35),
    ("outer_product", {}, [(1,), (5,)], (1, 5), 0, 5),
    ("outer_product", {}, [(3,), (3,)], (3, 3), 0, 9),
    ("repeat_interleave", {"repeats": 4, "axis": 1}, [(2, 49, 32)], (8, 49, 32), 0, 0),
    ("repeat_interleave", {"repeats": 3}, [(2, 5)], (2, 15), 0, 0),
    ("repeat_interleave", {"repeats": [2], "axis": 1}, [(3, 8)], (6, 8), 0, 0),
    ("repeat_interleave", {"repeats": [2, 1, 2], "axis": 1}, [(3, 8)], (5, 8), 0, 0),
]


@for_each(("name", "fields", "inputs", "y", "macs", "others"), SIZES)
def test_sizes_and_work(name, fields, inputs, y, macs, others):
    """The output's shape, and the work by hand."""
    layer = make(name, **fields)
    assert layer.shape(*inputs) == y == run(layer, *inputs).shape[1:]
    assert (layer.macs(*inputs, y), layer.elementwise(*inputs, y)) == (macs, others)


def values(name, *arrays, **fields):
    return make(name, **fields).forward(np, *(np.array([array], np.float64) for array in arrays))[0].tolist()


def test_values():
    """By hand, as PyTorch's documentation defines each."""
    assert values("addcmul", [1, 2], [3, 5], [2, 4], value=0.5) == [4, 12]
    assert values("addcdiv", [1, 2], [3, 5], [2, 4], value=2) == [4, 4.5]
    assert values("lerp", [1, 2], [3, 10], [0.5, 0.25]) == [2, 4]
    assert values("masked_fill", [1, 2, 3], [0, 1, 0], value=-9) == [1, -9, 3]
    assert values("addmm", [[1]], [[2, 3]], [[5], [7]], alpha=2, beta=3) == [[65]]
    assert values("outer_product", [1, 2], [3, 5]) == [[3, 5], [6, 10]]
    assert values("repeat_interleave", [1, 2], repeats=2) == [1, 1, 2, 2]
    assert values("repeat_interleave", [1, 2], repeats=[3, 1]) == [1, 1, 1, 2]


def test_a_dense_layer_of_learned_arrays():
    """addmm of a bias, a sample and a matrix counts what `dense 5` counts: torch.addmm(bias, x, weight)."""
    text = "7 -> addmm(parameter 5 | identity | parameter 7x5)"
    report = analyze(text, convention="pytorch")
    assert (report.outputs[0].shape, report.totals.params, report.totals.macs) == ((5,), 40, 35)
    assert verify(text, convention="pytorch", batch=3).problems == []


def test_repeated_positions_see_one():
    """Neighbours are 1/3 of an input apart: a window of 2 over triples sees at most 2 of them."""
    assert analyze("6x8 -> repeat_interleave 3 axis=1 -> conv 3 4").layers[-1].receptive_field == (2,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("7x12 -> addcmul(identity | relu)", "addcmul needs 3 inputs, got 2"),
        ("x: 1x5, a: 3x7, b: 7x4 -> addmm from=[x, a, b]", "1x5 and 3x4 differ in channels: 5 and 4"),
        ("x: 3x5, a: 1x7, b: 7x5 -> addmm from=[x, a, b]", "3x5 cannot be broadcast to the product, 1x5"),
        ("x: 3x5, y: 5 -> outer_product from=[x, y]", "outer_product needs two vectors, got 3x5 and 5"),
        ("3x8 -> repeat_interleave [2, 1] axis=1", "2 numbers for the 3 positions of 3x8"),
    ],
)
def test_refusals(text, message):
    """What PyTorch refuses as well."""
    with pytest.raises(SpecError) as error:
        load(text)
    assert message in error.value.diagnostics[0].message


@pytest.mark.parametrize(
    ("fields", "shape"),
    [
        ({"indices": "0..48", "axis": 1}, (49, 12)),
        ({"indices": "-3..-1", "axis": 1}, (3, 12)),
        ({"count": 38_416, "axis": 1}, (38_416, 12)),  # 196² pairs of positions: torchvision's relative_position_index
        ({"indices": "4..7"}, (169, 4)),
    ],
)
def test_gather_by_a_range_or_a_count(fields, shape):
    """As many positions as the range has, both ends included, or as are counted."""
    layer = make("gather", **fields)
    assert layer.shape((169, 12)) == shape == run(layer, (169, 12)).shape[1:]


def test_a_range_is_positional():
    """The short form, as a list is."""
    assert analyze("169x12 -> gather 0..48 axis=1").outputs[0].shape == (49, 12)


def test_a_range_takes_the_positions_that_it_names():
    """From the first to the last, also from the end."""
    assert values("gather", [5, 6, 7, 8], indices="1..2") == [6, 7]
    assert values("gather", [5, 6, 7, 8], indices="-2..-1") == [7, 8]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("169x12 -> gather axis=1", "exactly one of indices and count is needed"),
        ("169x12 -> gather 3 count=4", "exactly one of indices and count is needed"),
        ("169x12 -> gather 5..3 axis=1", "5..3 ends before it begins"),
        ("169x12 -> gather indices=0..169 axis=1", "169x12 has 169 positions along length; 169 is out of range"),
    ],
)
def test_ranges_that_gather_refuses(text, message):
    """Neither, both, backwards, or beyond the axis."""
    with pytest.raises(SpecError) as error:
        load(text)
    assert message in error.value.diagnostics[0].message
