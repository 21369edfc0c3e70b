"""Depthwise convolutions: MobileNet's and Keras's counts, the order of their outputs, values from Keras."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.kernels.number_making import squares
from tests.layers.layer_making import learned, make, run, unshared
from tests.together import for_each

# convention, input, fields, output, shared, unshared, MACs
COUNTS = [
    # MobileNet v1, table 1: 112x112x32, depthwise 3x3; without a bias 288 parameters, 3·3·32·112² = 3,612,672
    ("keras", (112, 112, 32), {"kernel": 3, "padding": "same", "bias": False}, (112, 112, 32), 288, 3612672, 3612672),
    ("keras", (11, 13, 3), {"kernel": [3, 5], "multiplier": 2}, (9, 9, 6), 96, 7776, 7290),  # DepthwiseConv2D: 96
    ("keras", (13, 5), {"kernel": 3, "stride": 2, "padding": "same"}, (7, 5), 20, 140, 105),  # DepthwiseConv1D: 20
    ("keras", (11, 13, 3), {"kernel": 3, "stride": 2, "dilation": 2}, (4, 5, 3), 30, 600, 540),
    ("pytorch", (4, 7, 11), {"kernel": 3, "padding": 1, "multiplier": 3}, (12, 7, 11), 120, 9240, 8316),  # groups=4
    ("formula", (3, 5, 7, 2), {"kernel": [1, 2, 3]}, (3, 4, 5, 2), 14, 840, 720),
]


@for_each(("convention", "x", "fields", "y", "shared", "all_apart", "macs"), COUNTS)
def test_counts(convention, x, fields, y, shared, all_apart, macs):
    """(ΠF + b)·C·m parameters, each kernel over one channel alone; the array has the shape."""
    layer = make("depthwise_conv", convention, **fields)
    assert layer.shape(x) == y
    assert (learned(layer, x), unshared(layer, x), layer.macs(x, y)) == (shared, all_apart, macs)
    assert layer.elementwise(x, y) == (np.prod(y) if fields.get("bias", True) else 0)
    assert run(layer, x).shape == (2, *y)


def test_one_channel_with_a_multiplier():
    """One channel and multiplier 5 are a plain convolution with five filters."""
    depthwise, plain = make("depthwise_conv", kernel=3, multiplier=5), make("conv", filters=5, kernel=3)
    x, kernel, bias = squares(1, 7, 5, 1), squares(3, 3, 1, 5, period=11), squares(5)
    found = depthwise.forward(np, x, kernel=kernel, bias=bias)
    assert (found == plain.forward(np, x, kernel=kernel, bias=bias)).all()


# input, fields, bias, values: keras.layers.DepthwiseConv2D; with multiplier 2 channel c gives outputs 2c and 2c + 1.
VALUES = [
    ((3, 3, 2), {"kernel": 2, "multiplier": 2}, [0, 10, 20, 30],
     [[[15, 24, 40, 37], [-9, 11, 11, 21]], [[26, 24, 21, 28], [-6, 22, 25, 44]]]),
    ((3, 4, 2), {"kernel": [2, 3], "stride": 2, "padding": "same"}, None,
     [[[10, 13], [-7, -14]], [[-4, 14], [12, 16]]]),
]  # fmt: skip


@pytest.mark.parametrize(("x", "fields", "bias", "values"), VALUES)
def test_values(x, fields, bias, values):
    """The numbers are Keras's, in its order of channels, tied or not."""
    layer = make("depthwise_conv", "keras", **fields, bias=bias is not None)
    arrays = {"kernel": squares(*next(layer.weights(x, layer.shape(x))).shape, period=11)}
    if bias is not None:
        arrays["bias"] = np.array(bias, np.float32)
    assert layer.forward(np, squares(1, *x), **arrays)[0].tolist() == values
    positions = layer.shape(x)[:-1]
    apart = {name: np.broadcast_to(array, (*positions, *array.shape)) for name, array in arrays.items()}
    assert layer.forward_untied(np, squares(1, *x), **apart)[0].tolist() == values


def test_a_kernel_with_its_axes_swapped():
    """(3, 3, 2, 8) has as many numbers as (3, 3, 8, 2), and is not it."""
    layer = make("depthwise_conv", kernel=3, multiplier=2, bias=False)
    with pytest.raises(ValueError, match=r"the kernel is \(3, 3, 2, 8\), but the arrays need \(3, 3, 8, 8\)"):
        layer.forward(np, squares(1, 5, 7, 8), kernel=squares(3, 3, 2, 8))
    with pytest.raises(ValueError, match="the kernel is"):
        layer.forward_untied(np, squares(1, 5, 7, 8), kernel=squares(3, 5, 3, 3, 2, 8))


@pytest.mark.parametrize(
    ("convention", "x", "fields", "field", "message"),
    [
        ("formula", (5, 7, 3), {"kernel": 11}, "kernel", "kernel 11 is larger than the input 5"),
        ("tensorflow", (11, 13, 3), {"kernel": 3, "stride": 2, "dilation": 2}, "dilation",
         "TensorFlow rejects a stride above 1 together with a dilation above 1"),
        ("keras", (13, 3), {"kernel": 3, "padding": "causal"}, "padding",
         'Keras\'s depthwise convolution has no padding "causal"'),
        ("formula", (13,), {"kernel": 3}, None,
         "depthwise_conv needs an input with 1 to 3 spatial axes and channels, got 13"),
    ],
)  # fmt: skip
def test_refused(convention, x, fields, field, message):
    """Numbers that cannot be are refused, with what was got and the field to blame."""
    with pytest.raises(Refusal) as refusal:
        make("depthwise_conv", convention, **fields).shape(x)
    assert (refusal.value.message, refusal.value.field) == (message, field)


@pytest.mark.parametrize(("word", "rank"), [("DepthwiseConv2D", 2), ("DepthwiseConv1D", 1), ("depthwise", None)])
def test_foreign_names(word, rank):
    """Keras's spellings mean depthwise_conv."""
    assert registry.find(word) == (registry.load_all()["depthwise_conv"], rank)
