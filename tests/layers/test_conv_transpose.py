"""Transposed convolutions: every form of every convention; values from PyTorch, Keras, TensorFlow and ONNX Runtime."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.arithmetic import notation
from cnncalc.arithmetic.term import Term
from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.kernels.number_making import squares
from tests.layers.layer_making import learned, make, run, unshared
from tests.together import for_each

# convention, input, fields (2 filters), output's sizes
SHAPES = [
    ("pytorch", (3, 4), {"kernel": 4, "stride": 2, "padding": 1}, (8,)),  # DCGAN
    ("pytorch", (3, 12, 12), {"kernel": 3, "stride": 2, "padding": 1, "output_padding": 1}, (24, 24)),
    ("pytorch", (3, 7), {"kernel": 3, "dilation": 2, "output_padding": 1}, (12,)),  # below D, not below S
    ("pytorch", (3, 6, 6), {"kernel": 3, "stride": 2, "padding": 1, "output_size": 12}, (12, 12)),  # nn.ConvTranspose2d
    ("pytorch", (3, 5, 7), {"kernel": [3, 5], "stride": [2, 3], "padding": [0, 2]}, (11, 19)),
    ("pytorch", (3, 2, 3, 5), {"kernel": [1, 2, 3], "stride": 2}, (3, 6, 11)),
    ("keras", (4, 3), {"kernel": 3, "stride": 2}, (9,)),  # Conv1DTranspose
    ("keras", (4, 3), {"kernel": 2, "stride": 3}, (12,)),
    ("keras", (4, 3), {"kernel": 3, "stride": 2, "padding": "same"}, (8,)),
    ("keras", (4, 3), {"kernel": 3, "stride": 2, "padding": "same", "output_padding": 0}, (7,)),
    ("keras", (4, 3), {"kernel": 3, "stride": 2, "padding": "same", "output_padding": 1}, (8,)),
    ("keras", (4, 3), {"kernel": 3, "stride": 2, "padding": "valid", "output_padding": 1}, (10,)),
    ("keras", (7, 5, 3), {"kernel": [5, 2], "stride": [1, 3], "padding": "same"}, (7, 15)),
    ("tensorflow", (4, 3), {"kernel": 3, "stride": 2, "padding": "same", "output_size": 7}, (7,)),  # tf: 7 or 8
    ("tensorflow", (4, 3), {"kernel": 3, "stride": 2, "padding": "same", "output_size": 8}, (8,)),
    ("tensorflow", (4, 3), {"kernel": 2, "stride": 3, "padding": "same", "output_size": 10}, (10,)),  # tf: 10 to 12
    ("tensorflow", (4, 3), {"kernel": 3, "stride": 2, "padding": "valid", "output_size": 10}, (10,)),  # tf: 9 or 10
    ("onnx", (3, 4), {"kernel": 3, "stride": 2, "padding": "same"}, (8,)),
    ("onnx", (3, 5), {"kernel": 2, "stride": 3, "padding": "same"}, (14,)),  # the kernel does not cover the stride
    ("onnx", (3, 4), {"kernel": 3, "stride": 2, "output_size": 7}, (7,)),
    ("onnx", (3, 4), {"kernel": 3, "stride": 2, "padding": [[1, 0]], "output_padding": 1}, (9,)),
    ("formula", (4, 3), {"kernel": 3, "stride": 2, "padding": 1}, (7,)),
    ("formula", (4, 3), {"kernel": 3, "stride": 2, "padding": "same"}, (8,)),
    ("formula", (4, 3), {"kernel": 3, "stride": 2, "padding": 1, "form": "modular"}, (8,)),  # 2·3 + 1 + 1
    ("formula", (5, 7, 3), {"kernel": 3, "stride": 2, "padding": 1, "form": "modular"}, (9, 13)),  # 8 + 1, 12 + 1
    ("formula", (1, 1, 3), {"kernel": 5}, (5, 5)),
]  # fmt: skip


@for_each(("convention", "x", "fields", "sizes"), SHAPES)
def test_shape(convention, x, fields, sizes):
    """The size is the framework's or the notes', and a real array has it."""
    layer = make("conv_transpose", convention, filters=2, **fields)
    y = layer.volume(sizes, 2)
    assert layer.shape(x) == y
    assert run(layer, x).shape == (2, *y)


@pytest.mark.parametrize(
    ("convention", "x", "fields", "shared", "all_apart", "macs"),
    [
        # nn.ConvTranspose2d(3, 1, 2, 2) on 2x2: 13 parameters; 48 is the true count of its work
        ("pytorch", (3, 2, 2), {"filters": 1, "kernel": 2, "stride": 2}, 13, 64, 48),
        # DCGAN's first layer: 100 → 512, kernel 4, on 1x1: 819,200
        ("pytorch", (100, 1, 1), {"filters": 512, "kernel": 4, "bias": False}, 819200, 819200, 819200),
        # nn.ConvTranspose2d(6, 4, (3, 5), groups=2): 184; kernel 180 per input position, bias 4 per output position
        ("pytorch", (6, 7, 11), {"filters": 4, "kernel": [3, 5], "groups": 2}, 184, 180 * 77 + 4 * 135, 13860),
        ("keras", (7, 3), {"filters": 5, "kernel": 3, "stride": 2, "padding": "same"}, 50, 45 * 7 + 5 * 14, 315),
    ],
)
def test_counts(convention, x, fields, shared, all_apart, macs):
    """ΠF·Cᵢ·Cₒ/g + b·Cₒ; unshared, the kernel per input position and the bias per output position; ΠW·Cᵢ·ΠF·Cₒ/g."""
    layer = make("conv_transpose", convention, **fields)
    y = layer.shape(x)
    assert (learned(layer, x), unshared(layer, x), layer.macs(x, y)) == (shared, all_apart, macs)
    assert layer.elementwise(x, y) == (np.prod(y) if fields.get("bias", True) else 0)


# 1 2 3 4 through a kernel of 1, 10, 100 with stride 2: the digits show which input came through which tap.
FULL = [1, 10, 102, 20, 203, 30, 304, 40, 400]
DIGITS = [
    ("keras", {"padding": "valid"}, FULL),
    ("keras", {"padding": "valid", "output_padding": 1}, [*FULL, 0]),
    ("keras", {"padding": "same"}, FULL[:8]),
    ("keras", {"padding": "same", "output_padding": 0}, FULL[1:8]),
    ("keras", {"padding": "same", "output_padding": 1}, FULL[:8]),
    ("tensorflow", {"padding": "same", "output_size": 7}, FULL[1:8]),
    ("tensorflow", {"padding": "same", "output_size": 8}, FULL[:8]),
    ("tensorflow", {"padding": "valid", "output_size": 10}, [*FULL, 0]),
    ("onnx", {"padding": "same"}, FULL[:8]),
    ("onnx", {"padding": "same_lower"}, FULL[1:]),
    ("onnx", {"padding": "same", "output_size": 7}, FULL[1:8]),
    ("onnx", {"output_size": 7}, FULL[1:8]),
    ("onnx", {"padding": 1, "output_padding": 1}, FULL[1:]),
    ("pytorch", {"padding": 1}, FULL[1:8]),
    ("pytorch", {"padding": 1, "output_size": 8}, FULL[1:]),
    ("formula", {"padding": 1, "form": "modular"}, FULL[1:]),  # 8: the remainder is added at the end
    ("formula", {"padding": [[1, 0]]}, FULL[1:]),
]


@for_each(("convention", "fields", "expected"), DIGITS)
def test_what_is_cut_off(convention, fields, expected):
    """Each form keeps the part of the reach that its framework keeps; 7 or 8 of 9 alone would not tell which."""
    layer = make("conv_transpose", convention, "HWC", filters=1, kernel=3, stride=2, bias=False, **fields)
    kernel = np.array([1, 10, 100], np.float32).reshape(3, 1, 1)
    x = np.array([1, 2, 3, 4], np.float32).reshape(1, 4, 1)
    assert layer.forward(np, x, kernel=kernel).ravel().tolist() == expected
    apart = np.broadcast_to(kernel, (4, 3, 1, 1))
    assert layer.forward_untied(np, x, kernel=apart).ravel().tolist() == expected


# input, fields, bias, values: torch.nn.functional.conv_transpose1d, 2d, 3d
VALUES = [
    ((2, 2, 3), {"filters": 2, "kernel": [2, 3], "stride": [2, 1], "padding": [0, 1], "output_padding": [1, 0],
                 "groups": 2}, [100, -100],
     [[[113, 97, 99], [92, 102, 112], [106, 96, 99], [98, 98, 108], [100, 100, 100]],
      [[-96, -100, -102], [-98, -87, -83], [-92, -102, -102], [-101, -104, -94], [-100, -100, -100]]]),
    ((2, 4), {"filters": 2, "kernel": 3, "stride": 2, "padding": 1, "dilation": 2, "output_padding": 1}, None,
     [[0, 11, 0, -13, 0, 0, 0, 18, 0, 8], [0, 18, 0, 0, 0, -13, 0, 11, 0, 16]]),
    ((1, 1, 2, 2), {"filters": 2, "kernel": [2, 1, 2]}, None,
     [[[[15, 13, 2], [-5, 4, 1]], [[0, 6, 4], [0, -2, 2]]], [[[12, -4, -8], [-4, 8, -4]], [[6, 4, 0], [-2, 2, 0]]]]),
]  # fmt: skip


@pytest.mark.parametrize(("x", "fields", "bias", "values"), VALUES)
def test_values(x, fields, bias, values):
    """The numbers are PyTorch's, tied or not."""
    layer = make("conv_transpose", "pytorch", **fields, bias=bias is not None)
    y = layer.shape(x)
    weights = {weight.name: weight for weight in layer.weights(x, y)}
    arrays = {"kernel": squares(*weights["kernel"].shape, period=11)}
    if bias is not None:
        arrays["bias"] = np.array(bias, np.float32)
    assert layer.forward(np, squares(1, *x), **arrays)[0].tolist() == values
    apart = {name: np.broadcast_to(arrays[name], weights[name].positions + weights[name].shape) for name in arrays}
    assert layer.forward_untied(np, squares(1, *x), **apart)[0].tolist() == values


def test_untied_bias_must_fit():
    """The bias of each output position is its own: a shared one is not stretched over them."""
    layer = make("conv_transpose", filters=2, kernel=3)
    with pytest.raises(ValueError, match=r"the bias is \(2,\), but the arrays need \(7, 2\)"):
        layer.forward_untied(np, squares(1, 5, 3), kernel=squares(5, 3, 3, 2), bias=squares(2))


@pytest.mark.parametrize(
    ("fields", "x", "window"),
    [
        ({"kernel": 4, "stride": 2, "padding": 1}, (7, 3), (2, 1, 1, 0, 14, 2)),  # ⌈4/2⌉ inputs, from −1 on
        ({"kernel": 3, "stride": 2}, (7, 3), (2, 1, 1, 0, 15, 2)),
        ({"kernel": 5, "stride": 1, "padding": 2}, (7, 3), (5, 1, 2, 0, 7, 1)),  # as a convolution's
        ({"kernel": 2, "stride": 3}, (5, 3), (1, 1, 0, 0, 14, 3)),
    ],
)
def test_what_an_output_sees(fields, x, window):
    """⌈F′/S⌉ inputs at most, and neighbouring outputs 1/S of an input apart."""
    assert make("conv_transpose", filters=2, **fields).windows(x) == (window,)


REFUSED = [
    ("pytorch", (3, 4), {"padding": "same"}, "padding", 'PyTorch\'s transposed convolution has no padding "same"'),
    ("pytorch", (3, 4), {"padding": "valid"}, "padding", 'PyTorch\'s transposed convolution has no padding "valid"'),
    ("caffe", (3, 4), {"padding": "same"}, "padding", 'Caffe\'s transposed convolution has no padding "same"'),
    ("pytorch", (3, 4), {"output_padding": 2}, "output_padding",
     "output padding 2 must be smaller than the stride and the dilation, 2"),
    ("keras", (4, 3), {"output_padding": 2}, "output_padding", "output padding 2 must be smaller than the stride, 2"),
    ("pytorch", (3, 4), {"output_size": 11}, "output_size",
     "output size 11 cannot be reached: it must be between 9 and 10"),
    ("pytorch", (3, 4), {"output_size": 8}, "output_size",
     "output size 8 cannot be reached: it must be between 9 and 10"),
    ("tensorflow", (4, 3), {"output_size": 9, "padding": "same"}, "output_size",
     "output size 9 cannot be reached: it must be between 7 and 8"),
    ("tensorflow", (4, 3), {"output_size": 6, "padding": "same"}, "output_size",
     "output size 6 cannot be reached: it must be between 7 and 8"),
    ("formula", (2, 3), {"padding": 3}, "padding",
     "the output would be -1: more is removed than (W − 1)·S + F′ = 5"),
    ("formula", (4, 3), {"form": "modular", "padding": [[1, 2]]}, "padding",
     "the modular formula has one padding for both sides, got 1 and 2"),
    ("formula", (4, 3), {"form": "modular", "padding": "same"}, "padding",
     'the modular formula has no padding "same"'),
    ("formula", (4, 3), {"form": "modular", "output_padding": 1}, "output_padding",
     "the modular formula has no output padding"),
    ("formula", (4, 3), {"form": "modular", "output_size": 9}, "output_size",
     "the modular formula has no output size"),
    ("formula", (4, 3), {"groups": 2}, "groups", "3 input channels cannot be divided into 2 groups"),
    ("keras", (4, 3), {"dilation": 2}, "dilation", "Keras rejects a stride above 1 together with a dilation above 1"),
    ("formula", (13,), {}, None, "conv_transpose needs an input with 1 to 3 spatial axes and channels, got 13"),
]  # fmt: skip


@for_each(("convention", "x", "fields", "field", "message"), REFUSED)
def test_refused(convention, x, fields, field, message):
    """Two filters, kernel 3 and stride 2 with what the convention does not have, or numbers that cannot be."""
    with pytest.raises(Refusal) as refusal:
        make("conv_transpose", convention, filters=2, kernel=3, stride=2, **fields).shape(x)
    assert (refusal.value.message, refusal.value.field) == (message, field)


@for_each(
    ("word", "rank"),
    [("Conv2DTranspose", 2), ("Conv1DTranspose", 1), ("conv3d_transpose", 3), ("tf.nn.conv2d_transpose", 2),
     ("nn.ConvTranspose2d", 2), ("ConvTranspose", None), ("deconv", None), ("transposed_conv", None),
     ("Deconvolution", None)],
)  # fmt: skip
def test_foreign_names(word, rank):
    """The frameworks' spellings mean conv_transpose; Keras has the number of axes in the middle."""
    assert registry.find(word) == (registry.load_all()["conv_transpose"], rank)


def test_the_modular_form_is_explained():
    """It prints as the notes do, and says whose input the W inside mod is."""
    layer = make("conv_transpose", filters=5, kernel=3, stride=2, padding=1, form="modular")
    size = layer.traced(1).shape((Term.leaf(7, "W"), 2))[0]
    assert notation.symbolic(size) == "S·(W − 1) + ((W + 2·P − F) mod S) + F − 2·P"
    assert (size, layer.shape((7, 2))) == (13, (13, 5))
    assert "original convolution's input" in layer.remarks((7, 2), (13, 5))[0]
    assert make("conv_transpose", filters=5, kernel=3).remarks((7, 2), (9, 5)) == ()
