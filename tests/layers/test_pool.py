"""Pools as each framework has them: sizes, defaults, limits of the padding, divisors; values from PyTorch and Keras."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.arithmetic import notation
from cnncalc.arithmetic.term import Term
from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.kernels.number_making import scattered
from tests.layers.layer_making import make, run
from tests.together import for_each

# type, convention, input, fields, output
SHAPES = [
    ("max_pool", "formula", (4, 4, 5), {"kernel": 2, "stride": 2}, (2, 2, 5)),
    ("max_pool", "tensorflow", (4, 4, 5), {"kernel": 2, "stride": 2, "padding": "same"}, (2, 2, 5)),
    ("max_pool", "formula", (8, 8, 10), {"kernel": 2, "stride": 2}, (4, 4, 10)),
    ("max_pool", "tensorflow", (28, 28, 32), {"kernel": 2, "padding": "same"}, (14, 14, 32)),  # TensorFlow's MNIST
    ("max_pool", "keras", (11, 11, 64), {"kernel": 2}, (5, 5, 64)),  # the Keras network: 26 → 13, 11 → 5
    ("max_pool", "keras", (13, 7, 5), {"kernel": 3, "stride": 2, "padding": "same"}, (7, 4, 5)),
    ("max_pool", "pytorch", (64, 112, 112), {"kernel": 3, "stride": 2, "padding": 1}, (64, 56, 56)),  # ResNet
    ("max_pool", "pytorch", (64, 112, 112), {"kernel": 3, "stride": 2}, (64, 55, 55)),
    ("max_pool", "pytorch", (64, 112, 112), {"kernel": 3, "stride": 2, "rounding": "ceil"}, (64, 56, 56)),  # GoogLeNet
    ("max_pool", "caffe", (64, 112, 112), {"kernel": 3, "stride": 2}, (64, 56, 56)),  # Caffe rounds up by itself
    ("max_pool", "caffe", (3, 32), {"kernel": 1, "stride": 2}, (3, 17)),
    ("max_pool", "pytorch", (3, 32), {"kernel": 1, "stride": 2, "rounding": "ceil"}, (3, 16)),
    ("max_pool", "pytorch", (3, 13), {"kernel": 3, "stride": 2, "dilation": 2, "padding": 1}, (3, 6)),
    ("max_pool", "pytorch", (3, 7, 11), {"kernel": [2, 3]}, (3, 3, 3)),  # the stride is the kernel
    ("max_pool", "onnx", (3, 7, 11), {"kernel": [2, 3]}, (3, 6, 9)),  # the stride is 1
    ("max_pool", "caffe", (3, 7, 11), {"kernel": [2, 3]}, (3, 6, 9)),
    ("max_pool", "formula", (5, 7, 11, 3), {"kernel": [1, 2, 3]}, (5, 3, 3, 3)),
    ("avg_pool", "pytorch", (5, 2, 7), {"kernel": 3, "padding": 1}, (5, 1, 3)),  # AvgPool2d counts the padding as room
    ("avg_pool", "keras", (3, 5, 1), {"kernel": 2, "padding": "same"}, (2, 3, 1)),
    ("avg_pool", "pytorch", (1, 6), {"kernel": 4, "stride": 3, "padding": 2, "rounding": "ceil"}, (1, 3)),
    ("global_avg_pool", "formula", (100, 100, 3), {}, (1, 1, 3)),
    ("global_avg_pool", "keras", (100, 100, 3), {}, (3,)),
    ("global_avg_pool", "tensorflow", (7, 3), {"keep": True}, (1, 3)),
    ("global_avg_pool", "pytorch", (512, 7, 7), {}, (512, 1, 1)),  # AdaptiveAvgPool2d(1)
    ("global_max_pool", "onnx", (3, 5, 7, 11), {}, (3, 1, 1, 1)),
    ("global_max_pool", "pytorch", (3, 5), {"keep": False}, (3,)),
]


@pytest.mark.parametrize(("name", "convention", "x", "fields", "y"), SHAPES)
@pytest.mark.filterwarnings("error")
def test_shape(name, convention, x, fields, y):
    """The size is the framework's, with its own stride and rounding where none is said, and a real array has it."""
    layer = make(name, convention, **fields)
    assert layer.shape(x) == y
    assert run(layer, x).shape == (2, *y)


# type, convention, input, fields, factor of the input, values: the framework's own functions on scattered(…)
VALUES = [
    ("max_pool", "pytorch", (1, 5, 6), {"kernel": [2, 3], "stride": 2, "padding": 1}, 1,
     [[[-8, 6, 13], [14, 14, 11], [5, 12, 15]]]),
    ("max_pool", "pytorch", (1, 5, 6), {"kernel": 2, "stride": 2, "dilation": 2}, 1, [[[7, 13], [12, 12]]]),
    ("max_pool", "pytorch", (1, 5, 6), {"kernel": 3, "stride": 2, "rounding": "ceil"}, 1,
     [[[14, 13, 13], [14, 15, 15]]]),
    ("max_pool", "pytorch", (2, 7), {"kernel": 3, "stride": 2}, 1, [[-1, 13, 13], [10, 0, 14]]),
    ("max_pool", "pytorch", (1, 2, 3, 4), {"kernel": [1, 2, 3], "stride": 1}, 1,
     [[[[13, 6], [13, 3]], [[14, 14], [15, 15]]]]),
    ("max_pool", "keras", (3, 5, 1), {"kernel": 2, "padding": "same"}, 1,
     [[[-4], [10], [13]], [[0], [14], [-10]]]),
    ("avg_pool", "pytorch", (1, 5, 6), {"kernel": 3, "stride": 2, "padding": 1, "rounding": "ceil"}, 36,
     [[[-96, -16, -52, -66], [4, 12, 20, 12], [-64, 32, -4, -42]]]),
    ("avg_pool", "pytorch", (1, 5, 6),
     {"kernel": 3, "stride": 2, "padding": 1, "rounding": "ceil", "count_include_pad": False}, 36,
     [[[-216, -24, -78, -198], [6, 12, 20, 24], [-144, 48, -6, -126]]]),
    ("avg_pool", "pytorch", (1, 6), {"kernel": 4, "stride": 3, "padding": 2, "rounding": "ceil"}, 12, [[-69, 30, 6]]),
    ("avg_pool", "pytorch", (1, 2, 3, 4), {"kernel": [2, 1, 2]}, 1, [[[[-0.5, -2], [4.25, -5], [1.25, -0.25]]]]),
    ("avg_pool", "keras", (3, 5, 1), {"kernel": 2, "padding": "same"}, 1,
     [[[-9.5], [4.5], [-0.5]], [[-3.5], [10.5], [-10]]]),
    ("global_avg_pool", "pytorch", (2, 3, 5), {}, 15, [[[-17]], [[8]]]),
    ("global_avg_pool", "keras", (3, 5, 2), {}, 15, [5, -14]),
    ("global_max_pool", "pytorch", (2, 7), {}, 1, [[13], [14]]),
    ("global_max_pool", "keras", (3, 5, 2), {"keep": True}, 1, [[[15, 14]]]),
]  # fmt: skip


@for_each(("name", "convention", "x", "fields", "factor", "values"), VALUES)
def test_values(name, convention, x, fields, factor, values):
    """The numbers are the framework's: padding never wins, and counts in a mean only where it says so."""
    y = make(name, convention, **fields).forward(np, factor * scattered(1, *x))
    assert y.dtype == np.float32
    np.testing.assert_allclose(y[0], values, rtol=1e-6)


@for_each(
    ("convention", "counts"),
    [("formula", True), ("pytorch", True), ("caffe", True), ("keras", False), ("tensorflow", False), ("onnx", False)],
)
def test_whether_padding_counts_unsaid(convention, counts):
    """Ones padded to 0 1 1 1 0: the mean at the border is 2/3 where padding counts, else 1."""
    y = make("avg_pool", convention, "HWC", kernel=3, stride=1, padding=1).forward(np, np.ones((1, 3, 1), np.float32))
    assert y.ravel().tolist() == pytest.approx([2 / 3, 1, 2 / 3] if counts else [1, 1, 1])


REFUSED = [
    ("max_pool", "formula", (5, 7, 3), {"kernel": 11}, "kernel", "kernel 11 is larger than the input 5"),
    ("max_pool", "keras", (3, 2), {"kernel": 5}, "kernel", "kernel 5 is larger than the input 3"),
    ("max_pool", "formula", (10, 3), {"kernel": 3, "stride": 2, "rounding": "exact"}, "stride",
     "(10 − 3 + 0)/2 + 1 = 4.5: the stride does not divide 7, remainder 1"),
    # PyTorch: "pad should be at most half of effective kernel size", the undilated one
    ("max_pool", "pytorch", (3, 13), {"kernel": 3, "padding": 2}, "padding",
     "padding 2 is more than PyTorch allows for kernel 3"),
    ("max_pool", "pytorch", (3, 13), {"kernel": 3, "dilation": 3, "padding": 2}, "padding",
     "padding 2 is more than PyTorch allows for kernel 3"),
    ("max_pool", "pytorch", (3, 13), {"kernel": 5, "padding": "full"}, "padding",
     "padding 4 is more than PyTorch allows for kernel 5"),
    ("max_pool", "pytorch", (3, 13), {"kernel": 3, "dilation": 3, "padding": "half"}, "padding",
     "padding 3 is more than PyTorch allows for kernel 3"),
    ("avg_pool", "pytorch", (3, 13, 11), {"kernel": [5, 3], "padding": [[1, 0], [0, 2]]}, "padding",
     "padding 2 is more than PyTorch allows for kernel 3"),
    ("max_pool", "pytorch", (3, 13), {"kernel": 3, "padding": "same"}, "padding",
     'PyTorch\'s padding "same" exists only for stride 1, got stride 3'),
    ("max_pool", "pytorch", (3, 13), {"kernel": 3, "stride": 1, "padding": "same"}, "padding",
     'PyTorch\'s pools have no padding "same"'),
    ("max_pool", "onnx", (3, 13), {"kernel": 3, "padding": 3}, "padding",
     "padding 3 is more than ONNX allows for kernel 3"),
    ("avg_pool", "caffe", (3, 13), {"kernel": 2, "padding": 2}, "padding",
     "padding 2 is more than Caffe allows for kernel 2"),
    ("avg_pool", "pytorch", (5, 2, 5, 7), {"kernel": 3, "stride": 1, "padding": 1}, "kernel",
     "PyTorch's AvgPool3d rejects kernel 3 on an input of 2, padded or not"),
    ("max_pool", "formula", (5, 7, 3), {"kernel": 2, "stride": [2, 2, 2]}, "stride",
     "3 values for an input with 2 spatial axes"),
    ("max_pool", "formula", (13,), {"kernel": 2}, None,
     "max_pool needs an input with 1 to 3 spatial axes and channels, got 13"),
    ("global_avg_pool", "formula", (13,), {}, None,
     "global_avg_pool needs an input with 1 to 3 spatial axes and channels, got 13"),
]  # fmt: skip


@for_each(("name", "convention", "x", "fields", "field", "message"), REFUSED)
def test_refused(name, convention, x, fields, field, message):
    """What a framework refuses is refused, with what was got and the field to blame."""
    with pytest.raises(Refusal) as refusal:
        make(name, convention, **fields).shape(x)
    assert (refusal.value.message, refusal.value.field) == (message, field)


@pytest.mark.parametrize(
    ("convention", "fields"),
    [("pytorch", {"padding": 2, "kernel": 5}), ("pytorch", {"padding": "half", "kernel": 3}),
     ("onnx", {"padding": "full", "kernel": 3}), ("onnx", {"padding": "same", "kernel": 3}),
     ("formula", {"padding": 3, "kernel": 2})],
)  # fmt: skip
def test_padding_up_to_the_limit(convention, fields):
    """Half the kernel is allowed by PyTorch, one less than the kernel by ONNX; the course formula has no limit."""
    assert make("max_pool", convention, stride=1, **fields).shape((13, 13))


@pytest.mark.parametrize("name", ["global_avg_pool", "global_max_pool"])
def test_global_pools_see_everything(name):
    """Their receptive field is the whole input, and not-a-number anywhere is lost in its own channel alone."""
    layer = make(name)
    assert layer.windows((5, 7, 3)) == "whole"
    x = scattered(1, 5, 7, 3)
    x[0, 4, 6, 1] = np.nan
    assert np.isnan(layer.forward(np, x)).ravel().tolist() == [False, True, False]


def test_arguments_by_place():
    """`max_pool 3 2` is kernel 3, stride 2."""
    kind = registry.load_all()["max_pool"]
    assert [field.name for field in kind.fields.values() if field.positional] == ["kernel", "stride"]


@for_each(
    ("word", "name", "rank"),
    [("MaxPooling2D", "max_pool", 2), ("nn.MaxPool1d", "max_pool", 1), ("maxpool", "max_pool", None),
     ("pool", "max_pool", None), ("AveragePooling3D", "avg_pool", 3), ("AvgPool2d", "avg_pool", 2),
     ("AveragePool", "avg_pool", None), ("GlobalAveragePooling2D", "global_avg_pool", 2),
     ("gap", "global_avg_pool", None),
     ("GlobalMaxPooling1D", "global_max_pool", 1), ("GlobalMaxPool", "global_max_pool", None)],
)  # fmt: skip
def test_foreign_names(word, name, rank):
    """The frameworks' spellings."""
    assert registry.find(word) == (registry.load_all()[name], rank)


def test_it_is_traced():
    """On named numbers the rule is the course's; the depth passes through unchanged."""
    x = (Term.leaf(7, "W"), Term.leaf(11, "W"), Term.leaf(5, "C"))
    height, width, depth = make("max_pool", kernel=3, stride=2).traced(2).shape(x)
    assert notation.symbolic(height) == "⌊(W − F + 2·P)/S⌋ + 1"
    assert (height, width, depth) == (3, 5, 5)
    assert depth is x[2]
