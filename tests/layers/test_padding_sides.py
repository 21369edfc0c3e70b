"""Padding below zero, and along chosen axes, as PyTorch's and ONNX's pads have it."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import make, run
from tests.together import for_each

MODES = {
    "zero_pad": "constant", "reflection_pad": "reflect", "replication_pad": "replicate", "circular_pad": "circular",
}  # fmt: skip

SHAPES = [
    # layer, convention, fields, input, output of torch.nn.functional.pad, or by hand
    ("zero_pad", "pytorch", {"amount": [-1, 1, -1, 1]}, (3, 9, 9), (3, 9, 9)),
    ("zero_pad", "pytorch", {"amount": [-2, -1, 0, 3]}, (3, 7, 9), (3, 10, 6)),
    ("reflection_pad", "pytorch", {"amount": [2, -3, -1, -1]}, (3, 7, 9), (3, 5, 8)),
    ("circular_pad", "pytorch", {"amount": -1}, (3, 9, 9), (3, 7, 7)),
    ("replication_pad", "formula", {"amount": [[1, -2], [0, 3]]}, (9, 9, 3), (8, 12, 3)),
    ("zero_pad", "onnx", {"amount": [-1, 1, -1, 1]}, (3, 9, 9), (3, 7, 11)),
    # F.pad(x, (0, 0, 0, 1, 0, 1)) on channels last: Swin's patch merging on an odd side
    ("zero_pad", "pytorch", {"amount": [0, 0, 0, 1, 0, 1]}, (7, 7, 96), (8, 8, 96)),
    ("zero_pad", "pytorch", {"amount": [[0, 1], [0, 1], [0, 0]]}, (7, 7, 96), (8, 8, 96)),
    ("zero_pad", "pytorch", {"amount": [[0, 1], [0, 1]], "axes": [1, 2]}, (7, 7, 96), (8, 8, 96)),
    # F.pad(x, (0, 3)) and F.pad(x, (1, 3, 1, -1)): fewer pairs than axes are those of the last ones
    ("zero_pad", "pytorch", {"amount": [[0, 3]]}, (7, 7, 96), (7, 7, 99)),
    ("reflection_pad", "pytorch", {"amount": [[1, -1], [1, 3]]}, (5, 7, 7, 6), (5, 7, 7, 10)),
    ("zero_pad", "pytorch", {"amount": 1, "axes": 3}, (7, 7, 96), (7, 7, 98)),
    ("zero_pad", "formula", {"amount": [[0, 0], [0, 0], [4, 4]]}, (8, 8, 16), (8, 8, 24)),  # ResNet's option A
    ("zero_pad", "onnx", {"amount": [0, 1, 0, 0, 0, 1, 2, 0]}, (3, 7, 7), (5, 9, 7)),
    ("zero_pad", "pytorch", {"amount": [[0, 2]], "axes": 1}, (197,), (199,)),
]


@for_each(("name", "convention", "fields", "x", "y"), SHAPES)
def test_shape(name, convention, fields, x, y):
    """The report's shape is the array's."""
    layer = make(name, convention, **fields)
    assert layer.shape(x) == y
    assert run(layer, x).shape[1:] == y


def test_values_by_hand():
    """[1, 2, 3] padded by (-1, 2) with zeros, reflected and on a ring, from which the 1 is cut before it is closed."""
    x = np.array([[[1, 2, 3]]])
    values = {name: make(name, "pytorch", amount=[-1, 2]).forward(np, x)[0, 0].tolist() for name in MODES}
    assert values == {
        "zero_pad": [2, 3, 0, 0], "reflection_pad": [2, 3, 2, 1], "replication_pad": [2, 3, 3, 3],
        "circular_pad": [2, 3, 2, 3],
    }  # fmt: skip


@for_each("name", MODES)
@for_each("amount", [[-1, 1, -1, 1], [-2, -1, 0, 3], [2, -3, -1, -1], [1, 2, 3, 1]])
def test_values_are_pytorchs(name, amount):
    """torch.nn.functional.pad in each mode."""
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(1).random((2, 3, 7, 9), dtype=np.float32)
    theirs = torch.nn.functional.pad(torch.tensor(x), amount, mode=MODES[name]).numpy()
    np.testing.assert_array_equal(make(name, "pytorch", amount=amount).forward(np, x), theirs)


@pytest.mark.parametrize(
    ("convention", "fields", "x", "message"),
    [
        ("pytorch", {"amount": -5}, (3, 9, 9), "10 removed from an axis of 9 leave nothing"),
        ("keras", {"amount": -1}, (9, 9, 3), "Keras pads by 0 or more"),
        ("keras", {"amount": [[0, 0], [0, 0], [1, 1]]}, (9, 9, 3), "do not pad the channels"),
        ("pytorch", {"amount": 1, "axes": 4}, (3, 9, 9), "3x9x9 has no axis 4"),
        ("formula", {"amount": [1, 2, 3]}, (9, 9, 3), "3 values for an input with 2 spatial axes"),
    ],
)
def test_refused(convention, fields, x, message):
    """What leaves nothing, and what the framework's layers cannot say."""
    with pytest.raises(Refusal, match=message):
        make("zero_pad", convention, **fields).shape(x)
