"""Padding that repeats the input, cropping, and every change of axes."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.analysis.explain import explain_layer
from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.layers.layer_making import learned, make, run
from tests.together import for_each

# layer, convention, input, fields, output. Sources: the framework's own layer or function on that input.
SIZES = [
    ("zero_pad", "pytorch", (3, 5, 7), {"amount": [1, 2, 3, 4], "value": 7.5}, (3, 12, 10)),  # ConstantPad2d
    ("reflection_pad", "pytorch", (3, 5, 7), {"amount": [1, 2, 3, 4]}, (3, 12, 10)),
    ("reflection_pad", "formula", (5, 7, 3), {"amount": 4}, (13, 15, 3)),
    ("reflection_pad", "onnx", (3, 5, 7), {"amount": [1, 2, 3, 4]}, (3, 9, 13)),  # Pad: top, left, bottom, right
    ("replication_pad", "pytorch", (3, 5), {"amount": [6, 11]}, (3, 22)),
    ("replication_pad", "formula", (5, 7, 3), {"amount": [[1, 2], [3, 4]]}, (8, 14, 3)),
    ("replication_pad", "formula", (1, 3), {"amount": 2}, (5, 3)),
    ("circular_pad", "pytorch", (3, 5, 7), {"amount": 5}, (3, 15, 17)),
    ("circular_pad", "formula", (5, 7, 3), {"amount": [[1, 2], [3, 4]]}, (8, 14, 3)),
    ("circular_pad", "onnx", (3, 4), {"amount": 6}, (3, 16)),  # ONNX Runtime wraps more than once
    ("crop", "keras", (11, 13, 3), {"amount": 2}, (7, 9, 3)),  # Cropping2D(2)
    ("crop", "keras", (11, 13, 3), {"amount": [1, 3]}, (9, 7, 3)),  # Cropping2D((1, 3))
    ("crop", "keras", (11, 13, 3), {"amount": [[0, 1], [2, 3]]}, (10, 8, 3)),
    ("crop", "keras", (11, 3), {"amount": [1, 3]}, (7, 3)),  # Cropping1D((1, 3))
    ("crop", "keras", (5, 7, 11, 3), {"amount": 1}, (3, 5, 9, 3)),
    ("crop", "keras", (11, 13, 3), {"size": [6, 8]}, (6, 8, 3)),  # CenterCrop(6, 8)
    ("permute", "keras", (5, 7, 3), {"order": [3, 1, 2]}, (3, 5, 7)),  # Permute((3, 1, 2))
    ("permute", "pytorch", (5, 7, 3), {"order": [0, 3, 1, 2]}, (3, 5, 7)),  # x.permute(0, 3, 1, 2)
    ("permute", "formula", (5, 7), {"order": "2x1"}, (7, 5)),
    ("transpose", "pytorch", (5, 7, 3), {"axes": [1, 2]}, (7, 5, 3)),  # x.transpose(1, 2)
    ("transpose", "pytorch", (5, 7, 3), {"axes": [1, -1]}, (3, 7, 5)),
    ("transpose", "onnx", (5, 7, 3), {"perm": [0, 3, 1, 2]}, (3, 5, 7)),
    ("squeeze", "formula", (1, 7, 1), {}, (7,)),
    ("squeeze", "pytorch", (1, 7, 1), {"axis": 2}, (1, 7, 1)),  # torch.squeeze(x, 2) leaves the 7
    ("squeeze", "pytorch", (1, 7, 1), {"axis": -1}, (1, 7)),
    ("squeeze", "onnx", (1, 7, 1), {"axis": [1, 3]}, (7,)),
    ("unsqueeze", "pytorch", (5, 7), {"axis": 2}, (5, 1, 7)),
    ("unsqueeze", "pytorch", (5, 7), {"axis": -1}, (5, 7, 1)),
    ("unsqueeze", "onnx", (5, 7), {"axis": [1, 4]}, (1, 5, 7, 1)),
    ("slice", "pytorch", (13, 7), {"start": 2, "stop": 11, "step": 2, "axis": 1}, (5, 7)),  # x[:, 2:11:2]
    ("slice", "pytorch", (13, 7), {"start": -5, "axis": 1}, (5, 7)),  # x[:, -5:]
    ("slice", "pytorch", (13, 7), {"start": -20, "stop": 3, "axis": 1}, (3, 7)),
    ("slice", "pytorch", (13, 7), {"start": 4, "stop": 99, "step": 3, "axis": 1}, (3, 7)),
    ("slice", "onnx", (11, 7), {"start": 9, "stop": 2, "step": -3, "axis": 1}, (3, 7)),  # 9, 6, 3
    ("slice", "onnx", (8, 7), {"start": -9, "step": -2, "axis": 1}, (1, 7)),  # ONNX Runtime: the start is clamped
    ("slice", "formula", (5, 7, 11), {"start": 4}, (5, 7, 7)),
    ("channel_shuffle", "pytorch", (6, 5, 7), {"groups": 3}, (6, 5, 7)),
    ("channel_shuffle", "formula", (5, 7, 6), {"groups": 2}, (5, 7, 6)),
    ("channel_shuffle", "formula", (5, 12), {"groups": 4}, (5, 12)),
    # nn.Unfold((2, 3), padding=1, stride=2, dilation=(1, 2))
    ("unfold", "pytorch", (3, 7, 11), {"kernel": [2, 3], "padding": 1, "stride": 2, "dilation": [1, 2]}, (18, 20)),
    ("unfold", "formula", (7, 11, 3), {"kernel": [2, 3], "padding": 1, "stride": 2, "dilation": [1, 2]}, (20, 18)),
    ("unfold", "formula", (7, 3), {"kernel": 3}, (5, 9)),
    # nn.Fold((5, 7), (2, 3), padding=1, stride=2)
    ("fold", "pytorch", (30, 12), {"size": [5, 7], "kernel": [2, 3], "padding": 1, "stride": 2}, (5, 5, 7)),
    ("fold", "formula", (12, 30), {"size": [5, 7], "kernel": [2, 3], "padding": 1, "stride": 2}, (5, 7, 5)),
    ("fold", "formula", (5, 9), {"size": [7], "kernel": 3}, (7, 3)),
    ("repeat_vector", "keras", (7,), {"count": 5}, (5, 7)),  # RepeatVector(5)
    ("repeat_vector", "pytorch", (7,), {"count": 5}, (5, 7)),
    ("repeat_vector", "formula", (13,), {"count": 1}, (1, 13)),
    ("flatten", "pytorch", (5, 7, 3), {"start": 1, "end": 2}, (35, 3)),  # nn.Flatten(1, 2)
    ("flatten", "pytorch", (5, 7, 3), {"start": 2}, (5, 21)),  # nn.Flatten(2)
    ("flatten", "pytorch", (2, 5, 7, 3), {"start": -2, "end": -1}, (2, 5, 21)),
    ("flatten", "onnx", (5, 7, 3), {"start": 1}, (105,)),
    ("reshape", "onnx", (5, 7, 3), {"shape": [0, -1]}, (5, 21)),
    ("reshape", "onnx", (5, 7, 3), {"shape": [-1, 0, 5]}, (3, 7, 5)),
]


@for_each(("name", "convention", "x", "fields", "y"), SIZES)
def test_sizes(name, convention, x, fields, y):
    """Rule and forward pass give the framework's shape, and there is nothing to learn."""
    layer = make(name, convention, **fields)
    assert layer.shape(x) == y
    assert run(layer, x).shape == (2, *y)
    assert (learned(layer, x), layer.macs(x, y)) == (0, 0)


@pytest.mark.parametrize(
    ("name", "fields", "expected"),
    [
        ("zero_pad", {"value": 7.5}, [7.5, 7.5, 1, 2, 3, 7.5]),  # nn.ConstantPad1d((2, 1), 7.5)
        ("reflection_pad", {}, [3, 2, 1, 2, 3, 2]),
        ("replication_pad", {}, [1, 1, 1, 2, 3, 3]),
        ("circular_pad", {}, [2, 3, 1, 2, 3, 1]),
    ],
)
def test_what_stands_in_the_padding(name, fields, expected):
    """PyTorch's pads of two before and one after the sequence 1, 2, 3."""
    y = make(name, "pytorch", amount=[2, 1], **fields).forward(np, np.array([[[1.0, 2, 3]]]))
    assert y[0, 0].tolist() == expected


def test_channel_shuffle_deals_the_channels_out():
    """nn.ChannelShuffle(3) on channels 0 to 5, whose groups are (0, 1), (2, 3) and (4, 5)."""
    y = make("channel_shuffle", "pytorch", groups=3).forward(np, np.arange(6).reshape(1, 6, 1, 1))
    assert y.ravel().tolist() == [0, 2, 4, 1, 3, 5]


def test_unfold_columns():
    """nn.Unfold((2, 1)) on two channels of 3×2: a column holds a channel's window, then the next one's."""
    y = make("unfold", "pytorch", kernel=[2, 1]).forward(np, np.arange(12.0).reshape(1, 2, 3, 2))
    assert y[0].tolist() == [[0, 1, 2, 3], [2, 3, 4, 5], [6, 7, 8, 9], [8, 9, 10, 11]]


def test_fold_adds_what_overlaps():
    """nn.Fold((3, 3), 2) on ones: the middle lies in four windows."""
    layer = make("fold", "pytorch", size=[3, 3], kernel=2)
    assert layer.forward(np, np.ones((1, 4, 4)))[0, 0].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert layer.elementwise((4, 4), (1, 3, 3)) == 16


@pytest.mark.parametrize(
    ("convention", "first"),
    [("keras", 28), ("pytorch", 28)],  # CenterCrop(6, 8): (11 − 6)//2 = 2 rows of 13 and (13 − 8)//2 = 2 columns
)
def test_crop_around_the_centre(convention, first):
    """Keras's CenterCrop takes the smaller half before; torchvision rounds 2.5 to the even number, which is 2 too."""
    image = np.arange(11.0 * 13)
    image = image.reshape((1, 11, 13, 1) if convention == "keras" else (1, 1, 11, 13))
    assert make("crop", convention, size=[6, 8]).forward(np, image).ravel()[0] == first


def test_crop_around_the_centre_with_three_left_over():
    """torchvision's round(1.5) is 2, Keras's 3 // 2 is 1."""
    assert make("crop", "pytorch", size=5).windows((1, 8))[0].before == -2
    assert make("crop", "keras", size=5).windows((8, 1))[0].before == -1


@for_each(
    ("name", "convention", "x", "fields", "message"),
    [
        (
            "reflection_pad",
            "pytorch",
            (1, 3),
            {"amount": 3},
            "padding 3 is more than an axis of 3 can repeat: at most 2",
        ),
        ("circular_pad", "pytorch", (1, 3), {"amount": 4}, "padding 4 is more than an axis of 3 can repeat: at most 3"),
        ("crop", "keras", (5, 3), {"amount": [2, 3]}, "5 removed from an axis of 5 leave nothing"),
        ("crop", "formula", (5, 3), {"size": 7}, "a size of 7 cannot be cropped from an axis of 5"),
        ("crop", "formula", (5, 3), {}, "exactly one of amount and size is needed"),
        ("permute", "keras", (5, 7, 3), {"order": [1, 2]}, "1, 2 is not an order of the 3 axes of 5x7x3"),
        ("permute", "pytorch", (5, 7, 3), {"order": [0, 2, 1]}, "0, 2, 1 is not an order of the 3 axes of 5x7x3"),
        ("transpose", "pytorch", (5, 7, 3), {"axes": [0, 1]}, "0 is the batch axis, which cannot be changed"),
        ("transpose", "pytorch", (5, 7, 3), {"axes": [1, 2, 3]}, "3 axes, but two are needed"),
        ("transpose", "pytorch", (5, 7, 3), {}, "exactly one of axes and perm is needed"),
        ("squeeze", "onnx", (5, 7, 1), {"axis": 2}, "axis 2 of 5x7x1 has size 7, not 1"),
        ("unsqueeze", "formula", (5, 7), {"axis": 4}, "5x7 has no axis 4"),
        ("unsqueeze", "onnx", (5, 7), {"axis": [1, 1]}, "an axis is named twice: 1, 1"),
        ("slice", "pytorch", (5, 7), {"step": -1, "axis": 1}, "PyTorch slices only forwards, got step -1"),
        (
            "channel_shuffle",
            "pytorch",
            (7, 5),
            {"groups": 3},
            "7 channels cannot be divided into 3 groups: remainder 1",
        ),
        ("unfold", "pytorch", (3, 5, 7), {"kernel": 6}, "kernel 6 is larger than the input 5"),
        ("unfold", "pytorch", (3, 5), {"kernel": 2}, "PyTorch's unfold needs 2 spatial axes, not 1"),
        ("fold", "pytorch", (30, 11), {"size": [5, 7], "kernel": [2, 3]}, "11 columns, but the output has 20 windows"),
        (
            "fold",
            "pytorch",
            (31, 20),
            {"size": [5, 7], "kernel": [2, 3]},
            "columns of 31 numbers are not divisible into windows of 6",
        ),
        ("repeat_vector", "keras", (5, 7), {"count": 3}, "repeat_vector needs a vector, got 5x7"),
        ("flatten", "pytorch", (5, 7, 3), {"start": 3, "end": 2}, "the last axis, 2, comes before the first, 3"),
        ("flatten", "pytorch", (5, 7, 3), {"start": 0}, "0 is the batch axis, which cannot be changed"),
        (
            "flatten",
            "onnx",
            (5, 7, 3),
            {"start": 2},
            "ONNX's Flatten makes a matrix: with these axes the batch would not be an axis of its own",
        ),
        (
            "reshape",
            "pytorch",
            (5, 7),
            {"shape": [0, 7]},
            "0x7 has a size of 0: only ONNX's Reshape copies the input's size there",
        ),
        ("reshape", "onnx", (5, 7), {"shape": [5, 7, 0]}, "5x7 has no axis 3 whose size could be copied"),
    ],
)
def test_refuses(name, convention, x, fields, message):
    """What the framework refuses is refused, with the reason and the numbers."""
    with pytest.raises(Refusal) as refusal:
        make(name, convention, **fields).shape(x)
    assert refusal.value.message == message


@for_each(
    ("name", "x", "fields", "sight"),
    [
        ("crop", (5, 7, 3), {"amount": [[1, 2], [0, 3]]}, ((1, 1, -1, -2, 2, 1), (1, 1, 0, -3, 4, 1))),
        ("reflection_pad", (5, 7, 3), {"amount": 2}, ((1, 1, 2, 2, 9, 1), (1, 1, 2, 2, 11, 1))),
        ("permute", (5, 7, 3), {"order": [1, 2, 3]}, "pointwise"),
        ("permute", (5, 7, 3), {"order": [2, 1, 3]}, ()),
        ("slice", (5, 7, 3), {"start": 1}, "pointwise"),
        ("slice", (5, 7, 3), {"start": 1, "axis": "height"}, ()),
        ("squeeze", (5, 7, 3), {}, "pointwise"),
        ("squeeze", (1, 7, 3), {}, ()),
        ("unfold", (7, 3), {"kernel": 3, "stride": 2}, ((3, 2, 0, 0, 3, 1),)),
        ("unfold", (7, 5, 3), {"kernel": 3}, ()),
        ("flatten", (5, 7, 3), {"start": 2}, ()),
        ("flatten", (5, 7, 3), {"start": 2, "end": 2}, "pointwise"),
    ],
)
def test_windows(name, x, fields, sight):
    """What an output sees, where its place still means something."""
    assert make(name, **fields).windows(x) == sight


def test_receptive_field_behind_crop():
    """Two 3×3 convolutions see 5×5, cropped between them or not."""
    assert analyze("16x16x3 -> conv 4 3x3 -> crop 2 -> conv 4 3x3").layers[-1].receptive_field == (5, 5)


@pytest.mark.parametrize(
    ("layer", "x", "formula"),
    [
        (("crop", {"amount": 2}), (11, 3), "W − 2·P"),
        (("slice", {"start": 2, "stop": 9, "step": 2, "axis": 1}), (11, 3), "⌈(stop − start)/step⌉"),
        (("unfold", {"kernel": 3, "stride": 2}), (11, 3), "⌊(W − F + 2·P)/S⌋ + 1"),
    ],
)
def test_derivations(layer, x, formula):
    """The rule prints itself."""
    made = make(layer[0], **layer[1])
    assert explain_layer(made, (x,), made.shape(x)).sizes[0].derivation.text.formula == formula


@for_each(
    ("word", "name", "rank"),
    [
        ("nn.ReflectionPad2d", "reflection_pad", 2), ("ReplicationPad3d", "replication_pad", 3),
        ("nn.CircularPad1d", "circular_pad", 1), ("ConstantPad2d", "zero_pad", 2), ("Cropping2D", "crop", 2),
        ("CenterCrop", "crop", None), ("Permute", "permute", None), ("Transpose", "transpose", None),
        ("torch.unsqueeze", "unsqueeze", None), ("expand_dims", "unsqueeze", None), ("nn.Unfold", "unfold", None),
        ("nn.ChannelShuffle", "channel_shuffle", None), ("RepeatVector", "repeat_vector", None),
    ],
)  # fmt: skip
def test_foreign_names(word, name, rank):
    """The frameworks' spellings mean the canonical type, their suffix the number of axes."""
    assert registry.find(word) == (registry.load_all()[name], rank)
