"""Copies, turns, shifts and choices along axes: shapes, values, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run
from tests.together import for_each

# layer, convention, input, fields, output, what an output sees. Sources: the framework's function on that input.
SIZES = [
    ("tile", "onnx", (3, 1, 1), {"repeats": [1, 5, 7]}, (3, 5, 7), ()),  # Tile, repeats 1, 1, 5, 7
    ("tile", "pytorch", (3, 5, 7), {"repeats": [1, 2, 3, 1]}, (6, 15, 7), ()),  # x.repeat(1, 2, 3, 1)
    ("tile", "keras", (5, 7, 3), {"repeats": [1, 1, 2]}, (5, 7, 6), "pointwise"),
    ("tile", "formula", (5, 7, 3), {"repeats": 2}, (10, 14, 6), ()),
    ("expand", "onnx", (3, 1, 1), {"size": [1, 5, 7]}, (3, 5, 7), ()),  # Expand keeps an axis for a 1
    ("expand", "pytorch", (3, 1, 1), {"size": [-1, 5, 7]}, (3, 5, 7), ()),
    ("expand", "formula", (5, 7, 1), {"size": [5, 7, 11]}, (5, 7, 11), "pointwise"),
    ("flip", "pytorch", (3, 5, 7), {"axis": 3}, (3, 5, 7), ()),
    ("flip", "keras", (5, 7, 3), {"axis": [1, -2]}, (5, 7, 3), ()),
    ("flip", "keras", (5, 7, 3), {"axis": -1}, (5, 7, 3), "pointwise"),
    ("roll", "pytorch", (3, 5, 7), {"shift": [-3, 2], "axis": [2, 3]}, (3, 5, 7), ()),
    ("roll", "formula", (5, 7, 3), {"shift": 9, "axis": 3}, (5, 7, 3), "pointwise"),
    ("gather", "onnx", (197, 768), {"indices": 0, "axis": 1}, (768,), ()),  # ViT's class token
    ("gather", "pytorch", (3, 5, 7), {"indices": [2, 2, 0, 1], "axis": "channels"}, (4, 5, 7), "pointwise"),
    ("gather", "keras", (5, 7, 3), {"indices": [-1, 4], "axis": "height"}, (2, 7, 3), ()),
]


@for_each(("name", "convention", "x", "fields", "y", "sees"), SIZES)
def test_sizes_of_moved_values(name, convention, x, fields, y, sees):
    """The shape is the framework's; nothing is learned or computed."""
    layer = make(name, convention, **fields)
    assert layer.shape(x) == y
    assert run(layer, x).shape == (2, *y)
    assert (learned(layer, x), layer.macs(x, y), layer.elementwise(x, y)) == (0, 0, 0)
    assert layer.windows(x) == sees


ROWS = [[1, 2, 3], [4, 5, 6]]


@for_each(
    ("name", "fields", "expected"),
    [
        ("tile", {"repeats": [2, 1]}, [*ROWS, *ROWS]),
        ("tile", {"repeats": [1, 2]}, [[1, 2, 3, 1, 2, 3], [4, 5, 6, 4, 5, 6]]),  # copies, not repeated elements
        ("expand", {"size": [2, 3]}, ROWS),
        ("flip", {"axis": 1}, [[4, 5, 6], [1, 2, 3]]),
        ("flip", {"axis": [1, 2]}, [[6, 5, 4], [3, 2, 1]]),
        ("roll", {"shift": 1, "axis": 2}, [[3, 1, 2], [6, 4, 5]]),  # towards the end
        ("roll", {"shift": [1, -1], "axis": [1, 2]}, [[5, 6, 4], [2, 3, 1]]),
        ("gather", {"indices": [2, 0, 0], "axis": 2}, [[3, 1, 1], [6, 4, 4]]),
        ("gather", {"indices": -1, "axis": 1}, [4, 5, 6]),
    ],
)
def test_values_are_moved(name, fields, expected):
    """By hand; the same in every framework."""
    assert make(name, **fields).forward(np, np.array([ROWS])).tolist() == [expected]


@for_each(
    ("name", "convention", "x", "fields", "message"),
    [
        ("tile", "onnx", (3, 5), {"repeats": [2, 3, 1]}, "3 numbers for 3x5, which has 2 axes"),
        ("expand", "pytorch", (3, 5), {"size": [1, 5]}, "an axis of 3 in 3x5 cannot be broadcast to 1"),
        ("expand", "onnx", (3, 5), {"size": [3, 10]}, "an axis of 5 in 3x5 cannot be broadcast to 10"),
        ("expand", "formula", (3, 5), {"size": 5}, "1 sizes for 3x5"),
        ("expand", "formula", (3, 1), {"size": [3, 0]}, "cannot be broadcast to 0"),
        ("flip", "pytorch", (3, 5), {"axis": 0}, "0 is the batch axis"),
        ("flip", "pytorch", (3, 5), {"axis": [1, 1]}, "an axis is named twice"),
        ("roll", "pytorch", (3, 5), {"shift": [1, 2], "axis": 1}, "2 shifts for 1 axis"),
        ("gather", "pytorch", (3, 5), {"indices": 5, "axis": 2}, "3x5 has 5 positions along"),
    ],
)
def test_what_cannot_be_moved(name, convention, x, fields, message):
    """The frameworks refuse these; ours names the axis and its size."""
    with pytest.raises(Refusal, match=message):
        make(name, convention, **fields).shape(x)


@for_each(
    ("word", "name"),
    [
        ("torch.tile", "tile"), ("onnx.Expand", "expand"), ("tf.broadcast_to", "expand"), ("tf.reverse", "flip"),
        ("torch.roll", "roll"), ("torch.index_select", "gather"), ("Gather", "gather"), ("ops.take", "gather"),
    ],
)  # fmt: skip
def test_words_for_moving(word, name):
    """The frameworks' words."""
    found = registry.find(word)
    assert found is not None
    assert found[0].type == name
