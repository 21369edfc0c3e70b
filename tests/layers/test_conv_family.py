"""Separable and locally connected convolutions, padding modes, and the traps of padding and strides.

Values are printed by PyTorch 2.13, Keras 3.15 (JAX), TensorFlow 2.21 and ONNX Runtime 1.32 from `squares` of period 7
as input and of period 11 as every weight; Keras 3 has no locally connected layer: its counts are worked by hand.
"""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis.analyze import analyze, load
from cnncalc.diagnostics import Refusal
from cnncalc.forward.receptive_field import probe_receptive_field
from cnncalc.forward.trace import trace
from cnncalc.layers import registry
from tests.kernels.number_making import squares
from tests.layers.layer_making import learned, make, run, unshared
from tests.together import for_each

# type, convention, input, fields, output, learned, unshared, MACs
COUNTS = [
    # Keras SeparableConv2D.count_params(): 3·5·3·2 + 6·5 + 5 = 125; MACs 42·6·15 + 42·5·6
    ("separable_conv", "keras", (11, 13, 3), {"filters": 5, "kernel": [3, 5], "multiplier": 2, "padding": "same",
     "stride": 2}, (6, 7, 5), 125, 5250, 5040),
    # SeparableConv1D: 3·2 + 2·3; 4 positions
    ("separable_conv", "keras", (7, 2), {"filters": 3, "kernel": 3, "stride": 2, "padding": "same", "bias": False},
     (4, 3), 12, 48, 48),
    # unlike Conv2D, SeparableConv2D takes a stride and a dilation: 9·3 + 3·5 + 5; 20 positions
    ("separable_conv", "keras", (11, 13, 3), {"filters": 5, "kernel": 3, "stride": 2, "dilation": 2}, (4, 5, 5),
     47, 940, 840),
    # MobileNet's first pair without its batch norms: 9·32 + 32·64
    ("separable_conv", "keras", (112, 112, 32), {"filters": 64, "kernel": 3, "padding": "same", "bias": False},
     (112, 112, 64), 2336, 2336 * 12544, 2336 * 12544),
    # nn.Conv2d(2, 4, 2, groups=2, bias=False), nn.Conv2d(4, 3, 1): 16 + 15
    ("separable_conv", "pytorch", (2, 3, 4), {"filters": 3, "kernel": 2, "multiplier": 2}, (3, 2, 3), 31, 186, 168),
    ("separable_conv", "formula", (5, 7, 11, 3), {"filters": 2, "kernel": [1, 2, 3]}, (5, 6, 9, 2), 26, 7020,
     270 * (18 + 6)),  # by hand: 6·3 + 3·2 + 2
    # by hand: positions 3·5, each with 3·3·2·5 weights and 5 biases; the conv's unshared count
    ("locally_connected", "keras", (5, 7, 2), {"filters": 5, "kernel": 3}, (3, 5, 5), 15 * 95, 15 * 95, 15 * 90),
    ("locally_connected", "keras", (13, 3), {"filters": 2, "kernel": 5, "stride": 2, "bias": False}, (5, 2),
     5 * 30, 5 * 30, 5 * 30),
    ("locally_connected", "formula", (32, 32, 3), {"filters": 20, "kernel": 8, "stride": 2, "padding": 1},
     (14, 14, 20), 756_560, 756_560, 14 * 14 * 20 * 192),  # Udacity's quiz without parameter sharing
    ("locally_connected", "pytorch", (3, 2, 5, 7), {"filters": 2, "kernel": [1, 2, 3]}, (2, 2, 4, 5), 40 * 38,
     40 * 38, 40 * 36),
    # by hand: 9·4·6 + 6 and 9·4·18 + 18; ONNX Runtime takes arrays of these sizes
    ("deformable_conv", "formula", (13, 17, 4), {"filters": 6, "kernel": 3, "padding": 1}, (13, 17, 6), 888, 888 * 221,
     221 * (216 + 648)),
    # 2·3·2·6 and 6·4·(3·6·2) + 36; 12 positions
    ("deformable_conv", "onnx", (4, 5, 7), {"filters": 6, "kernel": [2, 3], "padding": [[1, 0], [2, 1]], "stride": 2,
     "groups": 2, "offset_groups": 2, "modulated": True}, (6, 3, 4), 978, 978 * 12, 11232),
    ("deformable_conv", "onnx", (2, 5, 7), {"filters": 3, "kernel": 3, "dilation": 2, "padding": 2, "bias": False},
     (3, 5, 7), 54 + 9 * 2 * 18 + 18, 396 * 35, 13230),
]  # fmt: skip


@for_each(("name", "convention", "x", "fields", "y", "params", "copies", "macs"), COUNTS)
def test_counts(name, convention, x, fields, y, params, copies, macs):
    """Output, parameters with and without sharing, and MACs; the arrays have the shape."""
    layer = make(name, convention, **fields)
    assert layer.shape(x) == y
    assert (learned(layer, x), unshared(layer, x), layer.macs(x, y)) == (params, copies, macs)
    assert run(layer, x).shape == (2, *y)


@pytest.mark.parametrize(
    ("name", "fields", "operations"),
    [
        ("separable_conv", {"kernel": 3}, 3 * 5 * 2),  # a bias for each output, none between the parts
        ("separable_conv", {"kernel": 3, "bias": False}, 0),
        ("locally_connected", {"kernel": 3}, 3 * 5 * 2),
        # on 15 positions: 2 and 18 biases, and 9·4 values read with 7 operations each
        ("deformable_conv", {"kernel": 3}, 15 * (2 + 18 + 36 * 7)),
        ("deformable_conv", {"kernel": 3, "modulated": True, "bias": False, "offset_groups": 2},
         15 * (54 + 36 * 8 + 18)),  # 54 biases, a factor for each value, 18 sigmoids
    ],
)  # fmt: skip
def test_other_operations(name, fields, operations):
    """Biases and interpolation, on 5x7x4 with two filters."""
    layer = make(name, filters=2, **fields)
    assert layer.elementwise((5, 7, 4), layer.shape((5, 7, 4))) == operations


# type, convention, input, fields, values
VALUES = [
    ("separable_conv", "keras", (3, 4, 2), {"filters": 3, "kernel": 2, "multiplier": 2},
     [[[13, 4, 11], [61, 44, -9], [-94, -144, -92]], [[-82, -112, -48], [1, -4, -19], [-7, -12, 45]]]),
    ("separable_conv", "keras", (7, 2), {"filters": 3, "kernel": 3, "stride": 2, "padding": "same", "bias": False},
     [[-39, -12, 9], [76, 16, -24], [12, -48, -48], [-36, -16, 4]]),
    ("separable_conv", "tensorflow", (5, 6, 2), {"filters": 2, "kernel": [2, 3], "stride": 2, "padding": "same",
     "bias": False}, [[[11, 52], [-41, -52], [-26, -64]], [[-11, 44], [11, 52], [12, -72]],
                      [[-78, 24], [-20, -16], [-74, -40]]]),
    ("separable_conv", "pytorch", (2, 3, 4), {"filters": 3, "kernel": 2, "multiplier": 2},
     [[[35, -100, -11], [34, -45, -19]], [[-28, -80, 28], [-32, -60, -68]], [[-55, 10, 89], [-82, -31, -29]]]),
    # torch.Tensor.unfold and torch.einsum
    ("locally_connected", "pytorch", (2, 3, 3), {"filters": 2, "kernel": 2},
     [[[-1, -6], [16, 38]], [[13, 7], [22, 19]]]),
    ("locally_connected", "pytorch", (1, 7), {"filters": 2, "kernel": 3, "stride": 2, "bias": False},
     [[17, -2, 12], [2, 6, 5]]),
    # padding modes
    ("conv", "pytorch", (1, 5), {"filters": 1, "kernel": 3, "padding": 2, "padding_mode": "reflect", "bias": False},
     [[6, 24, 22, 7, 0, 10, 8]]),
    ("conv", "pytorch", (1, 5), {"filters": 1, "kernel": 3, "padding": 2, "padding_mode": "replicate", "bias": False},
     [[30, 29, 22, 7, 0, 10, 10]]),
    ("conv", "pytorch", (1, 5), {"filters": 1, "kernel": 3, "padding": 2, "padding_mode": "circular", "bias": False},
     [[12, 19, 22, 7, 0, 12, 19]]),
    ("conv", "pytorch", (1, 3, 4), {"filters": 1, "kernel": [3, 2], "padding": [2, 1], "stride": 2,
     "padding_mode": "reflect", "bias": False}, [[[4, -12, 2], [21, -1, -2], [4, -12, 2]]]),
    ("conv", "pytorch", (1, 3, 4), {"filters": 1, "kernel": [3, 2], "padding": [2, 1], "stride": 2,
     "padding_mode": "replicate", "bias": False}, [[[24, 10, 8], [28, -1, 2], [16, -4, 8]]]),
    ("conv", "pytorch", (1, 3, 4), {"filters": 1, "kernel": [3, 2], "padding": [2, 1], "stride": 2,
     "padding_mode": "circular", "bias": False}, [[[18, -4, 18], [20, -1, 20], [4, 9, 4]]]),
    ("conv", "pytorch", (1, 4), {"filters": 1, "kernel": 4, "padding": "same", "padding_mode": "reflect",
     "bias": False}, [[28, 18, 11, -10]]),
    ("conv", "pytorch", (1, 4), {"filters": 1, "kernel": 4, "padding": "same", "padding_mode": "circular",
     "bias": False}, [[23, 18, -5, -6]]),
    ("conv", "pytorch", (1, 1), {"filters": 1, "kernel": 3, "padding": 1, "padding_mode": "replicate", "bias": False},
     [[30]]),
    ("depthwise_conv", "pytorch", (2, 3), {"kernel": 2, "padding": 1, "multiplier": 2, "padding_mode": "reflect",
     "bias": False}, [[10, 15, 10, -5], [14, 16, 6, 0], [3, 3, -1, 1], [-4, -4, -4, 4]]),
    ("depthwise_conv", "pytorch", (2, 3), {"kernel": 2, "padding": 1, "multiplier": 2, "padding_mode": "circular",
     "bias": False}, [[-5, 15, 10, -5], [2, 16, 6, 2], [1, 3, -1, 1], [4, -4, -4, 4]]),
]  # fmt: skip


@for_each(("name", "convention", "x", "fields", "values"), VALUES)
def test_values(name, convention, x, fields, values):
    """The numbers are the framework's; with a copy of each weight at every position they are the same."""
    layer = make(name, convention, **fields)
    declared = list(layer.weights(x, layer.shape(x)))
    arrays = {weight.name: squares(*weight.shape, period=11) for weight in declared}
    assert layer.forward(np, squares(1, *x), **arrays)[0].tolist() == values
    if name != "locally_connected":
        apart = {w.name: np.broadcast_to(arrays[w.name], (*w.positions, *w.shape)) for w in declared}
        assert layer.forward_untied(np, squares(1, *x), **apart)[0].tolist() == values


def row_of(name, convention, size, **fields):
    """One channel in, one out, without a bias: the values along the axis."""
    layer = make(name, convention, filters=1, bias=False, **fields)
    x = layer.volume((size,), 1)
    kernel = squares(*next(layer.weights(x, layer.shape(x))).shape, period=11)
    return layer.forward(np, squares(1, *x), kernel=kernel).reshape(-1).tolist()


TRAPS = [
    # asymmetric SAME on even kernels and strides
    ("keras", "conv", 6, {"kernel": 4, "padding": "same"}, [18, 18, 3, 4, 8, 1]),
    ("keras", "conv", 6, {"kernel": 4, "stride": 2, "padding": "same"}, [18, 3, 8]),
    ("keras", "conv", 5, {"kernel": 2, "stride": 2, "padding": "same"}, [23, -1, 5]),
    # SAME with a dilation
    ("keras", "conv", 7, {"kernel": 3, "dilation": 2, "padding": "same"}, [11, 9, 12, 13, 1, 1, 13]),
    ("keras", "conv", 7, {"kernel": 4, "dilation": 3, "padding": "same"}, [3, 5, 9, -5, 21, 14, -9]),
    ("tensorflow", "conv", 7, {"kernel": 4, "dilation": 3, "padding": "same"}, [3, 5, 9, -5, 21, 14, -9]),
    ("pytorch", "conv", 6, {"kernel": 4, "dilation": 2, "padding": "same"}, [-2, 7, 13, 12, 13, -1]),
    # SAME_LOWER
    ("onnx", "conv", 6, {"kernel": 4, "padding": "same_lower"}, [-5, 18, 18, 3, 4, 8]),
    ("onnx", "conv", 6, {"kernel": 4, "stride": 2, "padding": "same_lower"}, [18, 3, 8]),
    ("onnx", "conv", 5, {"kernel": 2, "stride": 2, "padding": "same_lower"}, [12, 6, 9]),
    # Keras's output_padding
    ("keras", "conv_transpose", 3, {"kernel": 4, "stride": 2, "padding": "same", "output_padding": 0},
     [13, -4, -3, -12]),
    ("keras", "conv_transpose", 3, {"kernel": 4, "stride": 2, "padding": "same", "output_padding": 1},
     [12, 13, -4, -3, -12]),
    ("keras", "conv_transpose", 3, {"kernel": 2, "stride": 3, "padding": "valid", "output_padding": 2},
     [15, 12, 0, 10, 8, 0, -5, -4, 0, 0]),
    # ONNX's output_shape with auto_pad
    ("onnx", "conv_transpose", 3, {"kernel": 4, "stride": 2, "padding": "same", "output_size": [5]},
     [12, 13, -4, -3, -12]),
    ("onnx", "conv_transpose", 3, {"kernel": 4, "stride": 2, "padding": "same_lower", "output_size": [5]},
     [13, -4, -3, -12, -1]),
    # a stride larger than the kernel
    ("keras", "conv", 7, {"kernel": 2, "stride": 3, "padding": "same"}, [23, 9, 10]),
]  # fmt: skip


@for_each(("convention", "name", "size", "fields", "values"), TRAPS)
def test_where_the_padding_lies(convention, name, size, fields, values):
    """Even kernels, dilations and output paddings: a zero on the wrong side changes the numbers."""
    assert row_of(name, convention, size, **fields) == values


@pytest.mark.parametrize(
    ("fields", "x", "values"),
    [
        ({"kernel": 2, "stride": 3}, (2, 5, 7), [[[22, 8], [22, 8]], [[24, 9], [24, 9]]]),
        ({"kernel": 1, "stride": 2}, (2, 3, 5), [[[17, -4, 4], [6, -3, 17]], [[4, -8, 8], [0, -12, 4]]]),
        ({"kernel": 3, "padding": 1}, (2, 1, 1), [[[6]], [[-2]]]),
    ],
    ids=["stride larger than kernel", "kernel 1 with stride 2", "input of size 1"],
)
def test_windows_that_skip_or_hang_over(fields, x, values):
    """A conv with two filters in PyTorch."""
    layer = make("conv", "pytorch", filters=2, bias=False, **fields)
    kernel = squares(*next(layer.weights(x, layer.shape(x))).shape, period=11)
    assert layer.forward(np, squares(1, *x), kernel=kernel)[0].tolist() == values


@pytest.mark.parametrize("convention", ["pytorch", "onnx"])
def test_a_grouped_transposed_convolution(convention):
    """6·4·(6/2) weights and 6 biases: groups divide the filters (ConvTranspose2d and ONNX Runtime alike)."""
    layer = make("conv_transpose", convention, filters=6, kernel=[2, 3], groups=2, stride=2)
    assert learned(layer, (4, 2, 3)) == 78
    arrays = {w.name: squares(*w.shape, period=11) for w in layer.weights((4, 2, 3), (6, 4, 7))}
    y = layer.forward(np, squares(1, 4, 2, 3), **arrays)[0]
    assert y[0, 0].tolist() == [2, 7, 0, 3, -10, -9, -2]
    assert y[5, 3].tolist() == [-4, 6, -7, -6, 10, 2, -3]


ASYMMETRIC = [[1, 0], [2, 3]]

# On 7×11 with kernel 3×5, by hand: (7 − 3 + 1)/S + 1 and (11 − 5 + 5)/S + 1.
PADDED_EACH_SIDE = [
    ("conv", {"filters": 2}, (6, 12)),
    ("depthwise_conv", {}, (6, 12)),
    ("separable_conv", {"filters": 2}, (6, 12)),
    ("locally_connected", {"filters": 2}, (6, 12)),
    ("deformable_conv", {"filters": 2}, (6, 12)),
    ("max_pool", {"stride": 1}, (6, 12)),
    ("avg_pool", {"stride": 1}, (6, 12)),
    ("conv", {"filters": 2, "stride": [2, 3]}, (3, 4)),
    ("max_pool", {"stride": [2, 3]}, (3, 4)),
    ("conv_transpose", {"filters": 2}, (8, 10)),  # (7 − 1) + 3 − 1 and (11 − 1) + 5 − 5
    ("conv_transpose", {"filters": 2, "stride": 2}, (14, 20)),
]


@for_each(("name", "fields", "y"), PADDED_EACH_SIDE)
def test_a_padding_of_its_own_on_each_side(name, fields, y):
    """[[1, 0], [2, 3]] pads above, left and right; ONNX's list and TensorFlow's say the same."""
    spatial = {"kernel": [3, 5], **fields}
    assert make(name, padding=ASYMMETRIC, **spatial).shape((7, 11, 3))[:2] == y
    assert run(make(name, padding=ASYMMETRIC, **spatial), (7, 11, 3)).shape[1:3] == y
    theirs = make(name, "onnx", padding=[1, 2, 0, 3], **spatial)
    assert theirs.shape((3, 7, 11))[1:] == y
    assert run(theirs, (3, 7, 11)).shape[2:] == y
    around = make(name, "tensorflow", padding=[[0, 0], *ASYMMETRIC, [0, 0]], **spatial)
    assert around.shape((7, 11, 3))[:2] == y
    first = make(name, "tensorflow", "CHW", padding=[[0, 0], [0, 0], *ASYMMETRIC], **spatial)
    assert first.shape((3, 7, 11))[1:] == y


def test_values_of_tensorflows_explicit_padding():
    """tf.nn.conv2d with [[0, 0], [1, 0], [0, 2], [0, 0]] and strides of 2."""
    layer = make("conv", "tensorflow", filters=1, kernel=[2, 3], stride=2, bias=False,
                 padding=[[0, 0], [1, 0], [0, 2], [0, 0]])  # fmt: skip
    y = layer.forward(np, squares(1, 5, 6, 1), kernel=squares(2, 3, 1, 1, period=11))
    assert y[0, ..., 0].tolist() == [[-14, 6, -4], [34, -7, 13], [-3, 34, -6]]


@pytest.mark.parametrize(
    ("word", "mode"),
    [("edge", "replicate"), ("wrap", "circular"), ("constant", "zeros"), ("REFLECT", "reflect")],
)
def test_other_words_for_the_modes(word, mode):
    """NumPy's and ONNX's words mean PyTorch's."""
    assert make("conv", filters=1, kernel=3, padding_mode=word).values()["padding_mode"] == mode


@for_each("mode", ["zeros", "reflect", "replicate", "circular"])
@for_each("name", ["conv", "depthwise_conv", "separable_conv"])
def test_the_working_gives_the_values(name, mode):
    """Every output written out number by number is what comes out, in every padding mode."""
    fields = {"filters": 2} if name != "depthwise_conv" else {"multiplier": 2}
    layer = make(name, kernel=[2, 3], padding=[[1, 2], [3, 1]], stride=2, padding_mode=mode, **fields)
    x = (5, 4, 2)
    arrays = {w.name: squares(*w.shape, period=11) for w in layer.weights(x, layer.shape(x))}
    y = layer.forward(np, squares(1, *x), **arrays)[0]
    traces = trace(layer, squares(*x), arrays, x, y, None)
    worked = [eval(one.working.replace("·", "*")) for one in traces]
    assert worked == [y[(*one.position, one.channel)] for one in traces]
    assert len(traces) == y.size


def test_shared_kernels_make_a_locally_connected_layer_a_conv():
    """The same kernel and bias at every position: the conv's values, in 1-D, 2-D and 3-D."""
    for x in ((7, 2), (7, 5, 2), (7, 5, 3, 2)):
        fields = {"filters": 3, "kernel": 2, "padding": 1, "padding_mode": "reflect"}
        layer, conv = make("locally_connected", **fields), make("conv", **fields)
        y = conv.shape(x)
        arrays = {w.name: squares(*w.shape, period=11) for w in conv.weights(x, y)}
        apart = {name: np.broadcast_to(array, (*y[:-1], *array.shape)) for name, array in arrays.items()}
        image = squares(1, *x)
        assert (layer.forward(np, image, **apart) == conv.forward(np, image, **arrays)).all()


CONV = {"filters": 2, "kernel": 3}

REFUSALS = [
    ("conv", "pytorch", {**CONV, "padding": 4, "padding_mode": "reflect"}, (3, 9, 4), "padding",
     'padding 4 in mode "reflect" is too large for an input of 4: the border itself is not repeated'),
    ("conv", "pytorch", {**CONV, "padding": 5, "padding_mode": "circular"}, (3, 9, 4), "padding",
     'padding 5 in mode "circular" is too large for an input of 4: it wraps around once'),
    ("conv", "formula", {**CONV, "padding": 1, "padding_mode": "reflect", "rounding": "ceil"}, (9, 9, 3),
     "padding_mode", 'rounding "ceil" reaches beyond the padding, where mode "reflect" is undefined'),
    ("conv", "keras", {**CONV, "padding": "same", "padding_mode": "replicate"}, (9, 9, 3), "padding_mode",
     'Keras\'s convolutions pad only with zeros, not with "replicate"'),
    ("depthwise_conv", "onnx", {"kernel": 3, "padding_mode": "circular"}, (3, 9, 9), "padding_mode",
     'ONNX\'s convolutions pad only with zeros, not with "circular"'),
    ("separable_conv", "caffe", {**CONV, "padding_mode": "reflect"}, (3, 9, 9), "padding_mode",
     'Caffe\'s convolutions pad only with zeros, not with "reflect"'),
    ("conv", "pytorch", {**CONV, "padding": "same", "stride": 2, "padding_mode": "reflect"}, (3, 9, 9), "padding",
     'PyTorch\'s padding "same" exists only for stride 1, got stride 2'),
    ("conv_transpose", "pytorch", {**CONV, "padding_mode": "reflect"}, (3, 9, 9), "padding_mode",
     'a transposed convolution removes its padding: mode "reflect" has no positions to fill'),
    ("separable_conv", "keras", CONV, (5, 7, 9, 3), "kernel",
     "Keras's separable convolution accepts one or two spatial axes, got three"),
    ("depthwise_conv", "keras", {"kernel": 3}, (5, 7, 9, 3), "kernel",
     "Keras's depthwise convolution accepts one or two spatial axes, got three"),
    ("separable_conv", "keras", {**CONV, "padding": "causal"}, (13, 3), "padding",
     'Keras\'s separable convolution has no padding "causal"'),
    ("separable_conv", "tensorflow", {**CONV, "stride": 2, "dilation": 2}, (11, 13, 3), "dilation",
     "TensorFlow rejects a stride above 1 together with a dilation above 1"),
    ("locally_connected", "keras", CONV, (5, 7, 9, 3), "kernel",
     "Keras's locally connected layer accepts one or two spatial axes, got three"),
    ("locally_connected", "keras", {**CONV, "dilation": 2}, (9, 9, 3), "dilation",
     "Keras's locally connected layer has no dilation"),
    ("locally_connected", "keras", {**CONV, "padding": "causal"}, (9, 3), "padding",
     'Keras\'s locally connected layer has no padding "causal"'),
    ("deformable_conv", "formula", CONV, (13, 3), None,
     "deformable_conv is for images, with 2 spatial axes; the input has 1"),
    ("deformable_conv", "formula", {**CONV, "offset_groups": 2}, (9, 9, 3), "offset_groups",
     "3 input channels cannot be divided into 2 offset groups"),
    ("deformable_conv", "formula", {**CONV, "groups": 2}, (9, 9, 3), "groups",
     "3 input channels cannot be divided into 2 groups"),
    ("deformable_conv", "pytorch", {**CONV, "padding": "valid"}, (3, 9, 9), "padding",
     'PyTorch\'s deformable convolution has no padding "valid"'),
    ("conv", "onnx", {**CONV, "padding": [1, 2, 3]}, (3, 9, 9), "padding",
     "3 values for an input with 2 spatial axes"),
    ("conv", "tensorflow", {**CONV, "padding": [[0, 0], [1, 1], [1, 1], [0, 1]]}, (9, 9, 3), "padding",
     "4 values for an input with 2 spatial axes"),
]  # fmt: skip


@for_each(("name", "convention", "fields", "x", "field", "message"), REFUSALS)
def test_refused(name, convention, fields, x, field, message):
    """Numbers that cannot be, and what a framework lacks, are refused with what was got and the field to blame."""
    with pytest.raises(Refusal) as refusal:
        make(name, convention, **fields).shape(x)
    assert (refusal.value.message, refusal.value.field) == (message, field)


@pytest.mark.parametrize("name", ["conv", "depthwise_conv", "separable_conv", "locally_connected"])
def test_a_mode_is_remarked_on(name):
    """The receptive field stays the window's, and the reader is told so; zeros need no word."""
    filters = {} if name == "depthwise_conv" else {"filters": 2}
    zeros, circular = (make(name, kernel=3, padding=1, padding_mode=mode, **filters) for mode in ("zeros", "circular"))
    x, y = (5, 7, 3), zeros.shape((5, 7, 3))
    assert zeros.windows(x) == circular.windows(x)
    assert zeros.remarks(x, y) == ()
    assert "opposite end" in circular.remarks(x, y)[0]


@pytest.mark.parametrize(
    ("spec", "probed"),
    [
        ("15x17x2 -> conv 1 3x3 p1 reflect -> conv 2 3x3 p1 circular", 2),
        ("5x5x1 -> conv 1 3x3 s5 p1 circular", 1),  # its one output sees row 4 above row 0
    ],
)
def test_a_field_that_reaches_a_repeated_border_is_followed_into_it(spec, probed):
    """There the experiment finds more than the window, which alone is reported, and is expected to."""
    graph = load(spec)
    probes = probe_receptive_field(graph, analyze(spec))
    assert [probe.problem for probe in probes] == [""] * probed


@for_each(
    ("word", "name", "rank"),
    [
        ("SeparableConv2D", "separable_conv", 2),
        ("SeparableConvolution1D", "separable_conv", 1),
        ("LocallyConnected1D", "locally_connected", 1),
        ("LocallyConnected2D", "locally_connected", 2),
        ("DeformConv2d", "deformable_conv", 2),
        ("DeformConv", "deformable_conv", None),
    ],
)
def test_foreign_names(word, name, rank):
    """The frameworks' spellings."""
    assert registry.find(word) == (registry.load_all()[name], rank)


@pytest.mark.parametrize(
    ("name", "weights", "message"),
    [
        ("separable_conv", {"depthwise_kernel": (3, 3, 4, 1), "pointwise_kernel": (1, 1, 1, 2)}, "pointwise kernel"),
        ("separable_conv", {"depthwise_kernel": (3, 3, 1, 4), "pointwise_kernel": (1, 1, 4, 2)}, "kernel"),
        ("locally_connected", {"kernel": (1, 1, 3, 3, 4, 2)}, "kernel"),
        ("deformable_conv", {"kernel": (3, 3, 1, 2), "offset_kernel": (3, 3, 4, 18), "offset_bias": (18,)}, "kernel"),
        ("deformable_conv", {"kernel": (3, 3, 4, 2), "offset_kernel": (3, 3, 4, 27), "offset_bias": (27,)}, "offsets"),
    ],
)
def test_weights_that_do_not_fit(name, weights, message):
    """NumPy would stretch a size of 1 in silence."""
    layer = make(name, filters=2, kernel=3, bias=False)
    with pytest.raises(ValueError, match=message):
        layer.forward(np, squares(1, 5, 7, 4), **{key: np.ones(shape) for key, shape in weights.items()})
