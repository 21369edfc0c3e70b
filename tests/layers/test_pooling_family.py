"""Adaptive pools, norms, pyramids and unpooling: sizes, values, refusals; the numbers are the frameworks' own."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels import pooling
from cnncalc.layers import registry
from cnncalc.layers.worked_output import TapsSeen
from tests.kernels.number_making import scattered
from tests.layers.layer_making import learned, make, run
from tests.together import for_each

# type, convention, input, fields, output
SHAPES = [
    ("adaptive_avg_pool", "pytorch", (512, 13, 11), {"size": 7}, (512, 7, 7)),  # torchvision's VGG
    ("adaptive_avg_pool", "pytorch", (3, 13, 11), {"size": [None, 7]}, (3, 13, 7)),
    ("adaptive_avg_pool", "keras", (13, 11, 3), {"size": [5, 2]}, (5, 2, 3)),
    ("adaptive_avg_pool", "formula", (13, 3), {"size": 1}, (1, 3)),
    ("adaptive_max_pool", "pytorch", (3, 5, 7, 11), {"size": [2, 3, 5]}, (3, 2, 3, 5)),
    ("adaptive_max_pool", "pytorch", (2, 3), {"size": 5}, (2, 5)),  # more bins than positions
    ("adaptive_max_pool", "keras", (7, 2), {"size": 3}, (3, 2)),
    ("lp_pool", "pytorch", (3, 13, 11), {"kernel": [2, 3]}, (3, 6, 3)),  # the stride is the kernel
    ("lp_pool", "onnx", (3, 13, 11), {"kernel": [2, 3]}, (3, 12, 9)),  # the stride is 1
    ("lp_pool", "pytorch", (3, 7), {"kernel": 2, "stride": 2, "rounding": "ceil"}, (3, 4)),
    ("lp_pool", "onnx", (1, 7), {"kernel": 2, "stride": 2, "padding": 1, "dilation": 2}, (1, 4)),
    ("lp_pool", "keras", (7, 5, 3), {"kernel": 2, "padding": "same"}, (4, 3, 3)),
    ("global_lp_pool", "onnx", (3, 5, 7), {}, (3, 1, 1)),
    ("global_lp_pool", "keras", (5, 7, 3), {"norm": 1}, (3,)),
    ("global_lp_pool", "formula", (5, 3), {"keep": False}, (3,)),
    ("avg_pool", "onnx", (1, 7), {"kernel": 3, "dilation": 2, "padding": [[2, 1]]}, (1, 6)),
    ("avg_pool", "pytorch", (1, 4, 5), {"kernel": 2, "stride": 1, "divisor": 7}, (1, 3, 4)),
    ("max_unpool", "pytorch", (64, 7, 5), {"kernel": 2, "stride": 2}, (64, 14, 10)),
    ("max_unpool", "pytorch", (3, 7), {"kernel": 3, "stride": 2, "padding": 1}, (3, 13)),  # (7 − 1)·2 − 2 + 3
    ("max_unpool", "pytorch", (3, 7), {"kernel": 3, "stride": 2, "padding": 1, "output_size": 14}, (3, 14)),
    ("max_unpool", "onnx", (3, 7), {"kernel": 3, "stride": 2, "output_size": 23}, (3, 23)),
    ("max_unpool", "formula", (7, 3), {"kernel": 3, "padding": "half"}, (19, 3)),  # (7 − 1)·3 − 2 + 3
    ("unpool", "formula", (7, 5, 3), {"factor": 2}, (14, 10, 3)),
    ("unpool", "keras", (7, 5, 3), {"factor": [2, 3]}, (14, 15, 3)),  # UpSampling2D((2, 3))
    ("unpool", "pytorch", (3, 7), {"factor": 5}, (3, 35)),
    ("bed_of_nails", "formula", (2, 2, 3), {"factor": 2}, (4, 4, 3)),
    ("bed_of_nails", "pytorch", (3, 5, 7), {"factor": [3, 1]}, (3, 15, 7)),
    ("bed_of_nails", "formula", (2, 3, 5, 7), {"factor": [1, 2, 3]}, (2, 6, 15, 7)),
    ("spatial_pyramid_pool", "formula", (13, 13, 256), {"levels": [6, 3, 2, 1]}, (12800,)),  # 50 bins: He et al., 2.2
    ("spatial_pyramid_pool", "pytorch", (256, 13, 11), {"levels": [1, 2, 4]}, (5376,)),  # 21 bins
    ("spatial_pyramid_pool", "formula", (13, 5), {"levels": [1, 2, 4]}, (35,)),  # 1 + 2 + 4 bins along one axis
    ("fractional_max_pool", "pytorch", (3, 13, 11), {"kernel": 2, "size": [7, 5]}, (3, 7, 5)),
    ("fractional_max_pool", "pytorch", (3, 13, 11), {"kernel": [2, 3], "ratio": 0.7}, (3, 9, 7)),  # 9.1, 7.7
    ("fractional_max_pool", "formula", (13, 3), {"kernel": 3, "size": 11}, (11, 3)),
    ("spatial_pyramid_pool", "pytorch", (2, 3, 5, 7), {"levels": [2, 3], "mode": "avg"}, (70,)),  # 8 + 27
]


@for_each(("name", "convention", "x", "fields", "y"), SHAPES)
def test_shape(name, convention, x, fields, y):
    """The size is the framework's or the paper's, a real array has it, and nothing is learned."""
    layer = make(name, convention, **fields)
    assert layer.shape(x) == y
    assert run(layer, x).shape == (2, *y)
    assert learned(layer, x) == 0


NAN = math.nan

# type, convention, input, fields, factor of the input, values: the framework's own on scattered(…)
VALUES = [
    # torch.nn.functional.adaptive_avg_pool1d: bins 0–2, 2–4, 4–6 of seven
    ("adaptive_avg_pool", "pytorch", (1, 7), {"size": 3}, 6, [[-48, 36, -4]]),
    ("adaptive_avg_pool", "pytorch", (1, 5, 7), {"size": [2, 3]}, 36, [[[-136, -4, 4], [44, -72, -64]]]),
    ("adaptive_avg_pool", "keras", (5, 7, 1), {"size": [2, 3]}, 36, [[[-136], [-4], [4]], [[44], [-72], [-64]]]),
    ("adaptive_avg_pool", "pytorch", (2, 1), {"size": 3}, 1, [[-15, -15, -15], [-8, -8, -8]]),
    ("adaptive_avg_pool", "pytorch", (1, 2, 3, 5), {"size": [1, 2, 2]}, 24, [[[[0, 26], [34, -2]]]]),
    ("adaptive_max_pool", "pytorch", (1, 5, 7), {"size": [None, 3]}, 1,
     [[[-1, 13, 13], [10, 0, 14], [4, 11, 1], [15, 5, 12], [9, 9, 6]]]),
    ("adaptive_max_pool", "pytorch", (2, 3), {"size": 5}, 1, [[-15, -8, -8, -1, -1], [6, 13, 13, 13, -11]]),
    ("adaptive_max_pool", "keras", (7, 2), {"size": 3}, 1, [[13, 6], [13, 3], [10, 14]]),
    # torch.nn.functional.lp_pool1d and lp_pool2d: signed powers
    ("lp_pool", "pytorch", (1, 7), {"kernel": 3, "stride": 2}, 1, [[17.0293865, 14.3527002, 17.4928551]]),
    ("lp_pool", "pytorch", (1, 7), {"kernel": 3, "stride": 2, "norm": 1}, 1, [[-24, 18, -2]]),
    ("lp_pool", "pytorch", (1, 7), {"kernel": 3, "stride": 2, "norm": 3}, 1, [[NAN, 13.4109364, 9.2909069]]),
    ("lp_pool", "pytorch", (1, 7), {"kernel": 2, "stride": 2, "rounding": "ceil"}, 1,
     [[17, 6.0827623, 17.0293865, 5.6568542]]),  # the last sees one value, −4: √(2·16)
    ("lp_pool", "pytorch", (1, 5, 7), {"kernel": [2, 3], "stride": 2, "norm": 4}, 1,
     [[[17.9242058, 16.3048363, 17.0382385], [16.3590126, 15.0025921, 16.3781643]]]),
    ("lp_pool", "pytorch", (1, 5, 7), {"kernel": 2, "norm": math.inf}, 1, [[[15, 14, 13], [15, 11, 13]]]),
    # ONNX Runtime, LpPool: magnitudes
    ("lp_pool", "onnx", (1, 7), {"kernel": 3, "stride": 2, "norm": 1}, 1, [[24, 20, 28]]),
    ("lp_pool", "onnx", (1, 7), {"kernel": 3, "stride": 2, "norm": 3}, 1, [[15.7244501, 13.4146433, 15.3148288]]),
    ("lp_pool", "onnx", (1, 7), {"kernel": 2, "stride": 2, "padding": 1, "dilation": 2}, 1,
     [[8, 10, 12.5299645, 11]]),
    ("lp_pool", "onnx", (1, 7), {"kernel": 2, "stride": 2, "rounding": "ceil"}, 1,
     [[17, 6.0827627, 17.0293865, 4]]),
    ("global_lp_pool", "onnx", (2, 3, 5), {"norm": 1}, 1, [[[123]], [[108]]]),
    ("global_lp_pool", "onnx", (2, 3, 5), {}, 1, [[[36.4828720]], [[32.6802711]]]),
    ("global_lp_pool", "onnx", (1, 7), {"norm": 3}, 1, [[19.7433891]]),
    ("global_lp_pool", "formula", (7, 1), {"norm": math.inf}, 1, [[15]]),
    # torch.nn.functional.avg_pool2d and avg_pool3d with divisor_override
    ("avg_pool", "pytorch", (1, 4, 5), {"kernel": 2, "stride": 1, "divisor": 7}, 7,
     [[[-38, -10, 18, 15], [-22, 6, 34, 0], [-6, 22, 19, -15]]]),
    ("avg_pool", "pytorch", (1, 2, 3, 5), {"kernel": 2, "stride": 1, "divisor": 3}, 3,
     [[[[-28, 28, 22, -15], [4, 29, 23, -14]]]]),
    # ONNX Runtime, AveragePool with dilations (operator set 19 and later)
    ("avg_pool", "onnx", (1, 7), {"kernel": 3, "dilation": 2, "padding": [[2, 1]]}, 6, [[-48, -6, -6, -26, 16, -15]]),
    ("avg_pool", "onnx", (1, 7), {"kernel": 3, "dilation": 2, "padding": [[2, 1]], "count_include_pad": True}, 6,
     [[-32, -4, -6, -26, 16, -10]]),
    ("unpool", "formula", (2, 2, 1), {"factor": [1, 2]}, 1, [[[-15], [-15], [-8], [-8]], [[-1], [-1], [6], [6]]]),
    ("bed_of_nails", "formula", (2, 2, 1), {"factor": 2}, 1,  # CS231n's picture: 1 2 3 4 in the corners
     [[[-15], [0], [-8], [0]], [[0]] * 4, [[-1], [0], [6], [0]], [[0]] * 4]),
    # the first place inside the input: 0 of the window from −1, then 1, 3
    ("max_unpool", "formula", (3, 1), {"kernel": 3, "stride": 2, "padding": 1}, 1, [[-15], [-8], [0], [-1], [0]]),
    ("max_unpool", "formula", (2, 2, 1), {"kernel": 2}, 1,
     [[[-15], [0], [-8], [0]], [[0]] * 4, [[-1], [0], [6], [0]], [[0]] * 4]),
    # torch.nn.functional.fractional_max_pool2d with _random_samples of 0: starts 0, 2, 5 of rows and 0, 2 of columns
    ("fractional_max_pool", "pytorch", (1, 7, 4), {"kernel": 2, "size": [3, 2]}, 1, [[[13, 6], [14, 0], [8, 15]]]),
    # level by level, each flattened in the layout's order; the maxima by hand
    ("spatial_pyramid_pool", "pytorch", (2, 4), {"levels": [1, 2]}, 1, [6, 13, -8, 6, 13, 3]),
    ("spatial_pyramid_pool", "formula", (4, 2), {"levels": [1, 2]}, 1, [13, 6, -1, 6, 13, 3]),
    ("spatial_pyramid_pool", "pytorch", (2, 4), {"levels": [2], "mode": "avg"}, 2, [-23, 5, 2, -1]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "convention", "x", "fields", "factor", "values"), VALUES)
@pytest.mark.filterwarnings("error")
def test_values(name, convention, x, fields, factor, values):
    """The numbers are the framework's."""
    y = make(name, convention, **fields).forward(np, factor * scattered(1, *x))
    assert y.dtype == np.float32
    np.testing.assert_allclose(y[0], values, rtol=1e-5)


def test_an_even_norm_of_a_scattered_row():
    """The input of the tables: −15 −8 −1 6 13 −11 −4, so that √(225 + 64 + 1) = 17.03 is the first norm above."""
    assert scattered(1, 7).ravel().tolist() == [-15, -8, -1, 6, 13, -11, -4]
    y = make("lp_pool", "formula", kernel=3, stride=2).forward(np, scattered(1, 7, 1))
    assert y.ravel().tolist() == pytest.approx([290**0.5, 206**0.5, 306**0.5])


# input, pooled, fields, values of the first, of the second, of the output: torch.nn.functional.max_unpool1d
UNPOOLED = [
    ("the first of equals", {"kernel": 2, "stride": 2}, [5, 5, 5], [5, 5, 1, 5, 5, 5], [5, 0, 0, 5, 5, 0]),
    ("overlapping windows", {"kernel": 3, "stride": 2, "padding": 1}, [1, 2, 3, 4], [-15, -8, -1, 6, 13, -11, -4],
     [0, 1, 0, 2, 3, 0, 4]),
    ("ceil", {"kernel": 2, "stride": 2, "rounding": "ceil"}, [2, 4, 5], [1, 2, 3, 4, 5], [0, 2, 0, 4, 5]),
    ("two windows with one maximum: the later stays", {"kernel": 3, "stride": 2}, [7, 9], [0, 1, 2, 1, 0],
     [0, 0, 9, 0, 0]),
    ("a size that the formula does not give", {"kernel": 2, "stride": 2}, [7, 9], [1, 2, 3, 1, 8], [0, 7, 9, 0, 0]),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "fields", "x", "pooled", "y"), UNPOOLED)
def test_max_unpool_puts_values_back(fact, fields, x, pooled, y):
    """The second input's maxima say where the values go, and its size is the output's."""
    layer = make("max_unpool", "pytorch", **fields)
    assert layer.shape((1, len(x)), (1, len(pooled))) == (1, len(y))
    arrays = [np.array([[values]], np.float32) for values in (x, pooled)]
    assert layer.forward(np, *arrays).ravel().tolist() == y, fact


def test_max_unpool_along_two_axes():
    """torch.nn.functional.max_unpool2d with the indices of max_pool2d 2 s2 on five rows of six; and ONNX Runtime's."""
    pooled = scattered(1, 1, 5, 6)
    x = make("max_pool", "pytorch", kernel=2).forward(np, pooled)
    y = make("max_unpool", "pytorch", kernel=2).forward(np, x, pooled)
    assert y[0, 0].tolist() == [
        [0, 0, 0, 0, 13, 0], [0, 3, 10, 0, 0, 0], [0, 14, 0, 0, 0, 0], [0, 0, 0, 8, 15, 0], [0, 0, 0, 0, 0, 0],
    ]  # fmt: skip
    pooled = scattered(1, 2, 3, 5)
    x = make("max_pool", "onnx", kernel=2, stride=2).forward(np, pooled)
    y = make("max_unpool", "onnx", kernel=2, stride=2).forward(np, x, pooled)
    assert y[0, :, 1].tolist() == [[0, -4, 0, 10, 0], [0, 8, 15, 0, 0]]
    assert np.count_nonzero(y) == 4


def test_segnet_s_decoder():
    """A SegNet step: the decoder's tensor goes back where the encoder's maxima were, whatever lies between."""
    report = analyze(
        "11x7x3 -> conv 5 3x3 p1 name=early -> max_pool 2 s2 -> conv 5 3x3 p1 name=late "
        "-> max_unpool 2 s2 from=[late, early] -> conv 2 3x3 p1"
    )
    assert [layer.output_shape for layer in report.layers[-2:]] == [(11, 7, 5), (11, 7, 2)]
    assert report.layers[-2].flops == 0


REFUSED = [
    ("adaptive_avg_pool", "pytorch", [(3, 13, 11)], {"size": [7, 7, 7]}, "size",
     "3 values for an input with 2 spatial axes"),
    ("adaptive_max_pool", "formula", [(13,)], {"size": 1}, None,
     "adaptive_max_pool needs an input with 1 to 3 spatial axes and channels, got 13"),
    ("lp_pool", "pytorch", [(3, 13)], {"kernel": 2, "padding": 1}, "padding", "PyTorch's LPPool has no padding"),
    ("lp_pool", "pytorch", [(3, 13)], {"kernel": 2, "dilation": 2}, "dilation", "PyTorch has no dilation for lp_pool"),
    ("lp_pool", "formula", [(13, 3)], {"kernel": 2, "norm": 0}, "norm",
     "norm 0 is not a norm: the exponent must be above 0"),
    ("lp_pool", "onnx", [(3, 13)], {"kernel": 2, "norm": 1.5}, "norm", "ONNX's p must be a whole number, got 1.5"),
    ("lp_pool", "pytorch", [(3, 5, 7, 2)], {"kernel": 3, "stride": 3, "rounding": "ceil"}, "kernel",
     "PyTorch's LPPool3d rejects kernel 3 on an input of 2, for every rounding"),
    ("global_lp_pool", "onnx", [(3, 13)], {"norm": 0.5}, "norm", "ONNX's p must be a whole number, got 0.5"),
    ("avg_pool", "pytorch", [(3, 13)], {"kernel": 2, "divisor": 3}, "divisor",
     "PyTorch's AvgPool1d has no divisor; AvgPool2d and AvgPool3d have one"),
    ("avg_pool", "keras", [(13, 11, 3)], {"kernel": 2, "dilation": [1, 2]}, "dilation",
     "Keras has no dilation for avg_pool"),
    ("max_unpool", "pytorch", [(3, 7)], {"kernel": 2, "stride": 2, "output_size": 16}, "output_size",
     "output size 16 cannot be reached: it must be between 13 and 15"),  # PyTorch: must be between 12 and 16, excluded
    ("max_unpool", "pytorch", [(3, 1)], {"kernel": 3, "padding": 2}, "padding",
     "padding 2 leaves no position for the last window of 3"),
    ("max_unpool", "keras", [(7, 3)], {"kernel": 2, "padding": "same"}, "padding",
     'padding "same" gives one output size for several inputs; it cannot be inverted'),
    ("max_unpool", "onnx", [(3, 7)], {"kernel": 2, "stride": 2, "output_size": 13}, "output_size",
     "output size 13 has fewer positions than 14, which ONNX Runtime computes from the window"),
    ("max_unpool", "onnx", [(3, 1)], {"kernel": 2, "padding": 1, "output_size": 1}, "padding",
     "ONNX Runtime rejects padding 1 for kernel 2 here: without output_size the output would be 0"),
    ("max_unpool", "pytorch", [(5, 3, 2), (5, 7, 7)], {"kernel": 2}, None,
     "the second input, 5x7x7, would be pooled to 5x3x3, but the first is 5x3x2"),
    ("max_unpool", "pytorch", [(5, 3, 3), (3, 7, 7)], {"kernel": 2}, None,
     "the second input, 3x7x7, would be pooled to 3x3x3, but the first is 5x3x3"),
    ("max_unpool", "pytorch", [(5, 3, 3), (5, 7, 7)], {"kernel": 2, "output_size": 7}, "output_size",
     "the second input already sets the output size"),
    ("fractional_max_pool", "pytorch", [(3, 13)], {"kernel": 2, "size": 5}, None,
     "PyTorch's fractional max pools need two or three spatial axes, got 1"),
    ("fractional_max_pool", "formula", [(13, 3)], {"kernel": 2}, "size",
     "neither an output size nor a ratio is given"),
    ("fractional_max_pool", "formula", [(13, 3)], {"kernel": 2, "size": 5, "ratio": 0.5}, "size",
     "an output size and a ratio are given"),
    ("fractional_max_pool", "formula", [(13, 3)], {"kernel": 3, "size": 12}, "size",
     "12 windows of 3 cannot start at different positions of 13: at most 11 can"),
    ("fractional_max_pool", "formula", [(3, 3)], {"kernel": 2, "ratio": 0.3}, "ratio",
     "an output of 0: the ratio of 3 is rounded down"),
    ("fractional_max_pool", "pytorch", [(3, 5, 7, 7)], {"kernel": 1, "size": [5, 4, 4]}, "size",
     "5 windows of 1 cannot start at different positions of 5: PyTorch's FractionalMaxPool3d takes at most W − F = 4"),
    ("unpool", "formula", [(7, 5, 3)], {"factor": [2]}, "factor", "1 values for an input with 2 spatial axes"),
    ("bed_of_nails", "formula", [(7,)], {"factor": 2}, None,
     "bed_of_nails needs an input with 1 to 3 spatial axes and channels, got 7"),
    ("spatial_pyramid_pool", "formula", [(7,)], {"levels": [1]}, None,
     "spatial_pyramid_pool needs an input with 1 to 3 spatial axes and channels, got 7"),
]  # fmt: skip


@for_each(("name", "convention", "inputs", "fields", "field", "message"), REFUSED)
def test_refused(name, convention, inputs, fields, field, message):
    """What a framework refuses is refused, with what was got and the field to blame."""
    with pytest.raises(Refusal) as refusal:
        make(name, convention, **fields).shape(*inputs)
    assert (refusal.value.message, refusal.value.field) == (message, field)


@for_each("value", [None, 0, [], [0], [True], "7x0"])
def test_sizes_that_cannot_be(value):
    """A size is a number from 1, or a list of them and of `~`; `~` alone says nothing."""
    with pytest.raises(Refusal):
        make("adaptive_avg_pool", size=value)


# type, fields, input, operations: additions or comparisons, one less than a window has positions
WORK = [
    ("adaptive_avg_pool", {"size": 3}, (7, 2), 12),  # bins of 3, 3 and 3: (9 − 3)·2
    ("adaptive_avg_pool", {"size": 7}, (7, 7, 512), 0),  # nothing to add
    ("adaptive_max_pool", {"size": [2, 3]}, (5, 7, 2), 96),  # bins of 3 and 3, of 3, 3 and 3: (6·9 − 6)·2
    ("adaptive_max_pool", {"size": 5}, (3, 2), 4),  # bins of 1, 2, 1, 2, 1: (7 − 5)·2
    ("adaptive_max_pool", {"size": 4}, (6, 1), 4),  # bins of 2 each: 8 − 4
    ("lp_pool", {"kernel": [2, 3]}, (13, 11, 5), 450),  # 6·3·5·(6 − 1)
    ("global_lp_pool", {}, (13, 11, 5), 710),  # (143 − 1)·5
    ("avg_pool", {"kernel": 3, "dilation": 2}, (13, 5), 30),  # stride 3: ⌊(13 − 5)/3⌋ + 1 = 3; 3·5·2
    ("spatial_pyramid_pool", {"levels": [1, 2]}, (5, 7, 2), 156),  # 35 + 6·8 read for 5 outputs: 2·(83 − 5)
    ("fractional_max_pool", {"kernel": [2, 3], "size": [3, 5]}, (5, 7, 2), 150),  # 3·5·2·(6 − 1)
    ("max_unpool", {"kernel": 2}, (5, 7, 2), 0),
    ("unpool", {"factor": 2}, (5, 7, 2), 0),
    ("bed_of_nails", {"factor": 2}, (5, 7, 2), 0),
]


@for_each(("name", "fields", "x", "operations"), WORK)
def test_work(name, fields, x, operations):
    """Counted by hand, bin by bin."""
    layer = make(name, **fields)
    assert layer.elementwise(x, layer.shape(x)) == operations


WINDOWS = [
    ("adaptive_avg_pool", {"size": [2, 5]}, (6, 5, 3), (AxisWindow(3, 3, 0, 0, 2), AxisWindow(1, 1, 0, 0, 5))),
    ("adaptive_avg_pool", {"size": [1, 3]}, (5, 6, 3), (AxisWindow(5, 5, 0, 0, 1), AxisWindow(2, 2, 0, 0, 3))),
    ("adaptive_max_pool", {"size": 3}, (7, 2), ()),
    ("adaptive_max_pool", {"size": 1}, (5, 7, 2), "whole"),
    ("spatial_pyramid_pool", {"levels": [2]}, (5, 7, 2), "whole"),
    ("global_lp_pool", {}, (5, 7, 2), "whole"),
    ("unpool", {"factor": [2, 3]}, (5, 7, 2), (AxisWindow(1, 1, 0, 0, 10, 2), AxisWindow(1, 1, 0, 0, 21, 3))),
    ("bed_of_nails", {"factor": 2}, (5, 2), (AxisWindow(1, 1, 0, 0, 10, 2),)),
    ("max_unpool", {"kernel": 3, "stride": 2, "padding": 1}, (5, 2), (AxisWindow(2, 1, 0, 0, 9, 2),)),
]


@for_each(("name", "fields", "x", "windows"), WINDOWS)
def test_windows(name, fields, x, windows):
    """What an output sees: exact windows where the size divides the axis, else no single answer."""
    assert make(name, **fields).windows(x) == windows


def test_two_inputs_of_max_unpool_see_no_single_window():
    """The decoder's tensor is coarser than the encoder's."""
    assert make("max_unpool", kernel=2).windows((3, 3, 5), (7, 7, 5)) == ()


@pytest.mark.parametrize(
    ("layer", "x", "fields", "remark"),
    [
        ("adaptive_avg_pool", [(13, 11, 3)], {"size": [7, 11]}, "7 does not divide 13"),
        ("adaptive_avg_pool", [(14, 14, 3)], {"size": 7}, ""),
        ("max_unpool", [(7, 3)], {"kernel": 2}, "the first position of its window"),
        ("max_unpool", [(3, 3), (7, 3)], {"kernel": 2}, ""),
    ],
)
def test_remarks(layer, x, fields, remark):
    """A reader is told of bins that differ and of places that are not known, and only then."""
    made = make(layer, **fields)
    said = " ".join(made.remarks(*x, made.shape(*x)))
    assert remark in said
    assert bool(remark) == bool(said)


# name of the trap, type, convention, input, fields, values on scattered(…): all from torch 2.13 or ONNX Runtime 1.32
TRAPS = [
    ("adaptive pooling to a size that does not divide", "adaptive_avg_pool", "pytorch", (1, 7), {"size": 3},
     [[-8, 6, -2 / 3]]),
    ("a stride larger than the kernel", "lp_pool", "pytorch", (1, 7), {"kernel": 1, "stride": 3, "norm": 1},
     [[-15, 6, -4]]),
    ("an input of size 1", "adaptive_max_pool", "pytorch", (1, 1, 1), {"size": [2, 3]}, [[[-15] * 3] * 2]),
    ("an input of size 1 under a pool of 1", "avg_pool", "pytorch", (1, 1, 1), {"kernel": 1}, [[[-15]]]),
    ("ceil scales PyTorch's last norm up to a whole window", "lp_pool", "pytorch", (1, 5),
     {"kernel": 2, "stride": 2, "norm": 1, "rounding": "ceil"}, [[-23, 5, 26]]),
    ("ceil leaves ONNX's last norm as it is", "lp_pool", "onnx", (1, 5),
     {"kernel": 2, "stride": 2, "norm": 1, "rounding": "ceil"}, [[23, 7, 13]]),
    ("count_include_pad counts the dilated window's padding", "avg_pool", "onnx", (1, 3),
     {"kernel": 2, "dilation": 2, "padding": 1, "count_include_pad": True}, [[-4, -8, -4]]),
    ("ONNX Runtime's mean of no input is 0", "avg_pool", "onnx", (1, 1), {"kernel": 2, "dilation": 2, "padding": 1},
     [[0]]),
    ("a divisor counts neither padding nor size", "avg_pool", "pytorch", (1, 1, 2),
     {"kernel": [1, 3], "stride": 1, "padding": [0, 1], "divisor": 1, "count_include_pad": False}, [[[-23, -23]]]),
]  # fmt: skip


@for_each(("trap", "name", "convention", "x", "fields", "values"), TRAPS, ids=lambda value: str(value))
def test_trap(trap, name, convention, x, fields, values):
    """Named traps of pooling, each with the framework's own values."""
    y = make(name, convention, **fields).forward(np, scattered(1, *x))
    np.testing.assert_allclose(y[0], values, rtol=1e-6, err_msg=trap)


def test_caffe_s_ceil_pools_beyond_the_input_only_without_padding():
    """Caffe's PoolingLayer clips the last window that starts behind the input, but only where there is padding."""
    assert make("max_pool", "caffe", kernel=1, stride=2).shape((3, 32)) == (3, 17)
    assert make("max_pool", "caffe", kernel=2, stride=2, padding=1).shape((3, 5)) == (3, 3)  # uncorrected 4
    assert make("lp_pool", "caffe", kernel=1, stride=2).shape((3, 32)) == (3, 17)


def test_the_working_of_one_output():
    """A norm is written out as it is computed: magnitudes, or PyTorch's signed values."""
    taps = [((0,), np.array([-3.0])), ((1,), np.array([4.0])), ((2,), None)]
    seen, two = TapsSeen((0,), (2, 1), taps), TapsSeen((0,), (2, 1), taps[:2])
    assert make("lp_pool", kernel=3).working(seen, 0) == "(|-3|^2 + |4|^2)^(1/2)"
    assert make("lp_pool", "pytorch", kernel=3, norm=3).working(seen, 0) == "(((-3)^3 + 4^3)·3/2)^(1/3)"
    assert make("lp_pool", "pytorch", kernel=2, norm=3).working(two, 0) == "((-3)^3 + 4^3)^(1/3)"
    assert make("avg_pool", kernel=3, divisor=7).working(seen, 0) == "((-3) + 4)/7"


@for_each(
    ("word", "name", "rank"),
    [("nn.AdaptiveAvgPool2d", "adaptive_avg_pool", 2), ("AdaptiveAveragePooling1D", "adaptive_avg_pool", 1),
     ("AdaptiveMaxPool3d", "adaptive_max_pool", 3), ("AdaptiveMaxPooling2D", "adaptive_max_pool", 2),
     ("LPPool2d", "lp_pool", 2), ("LpPool", "lp_pool", None), ("GlobalLpPool", "global_lp_pool", None),
     ("MaxUnpool2d", "max_unpool", 2), ("MaxUnpool", "max_unpool", None), ("spp", "spatial_pyramid_pool", None),
     ("GlobalAvgPool2D", "global_avg_pool", 2), ("GlobalAveragePool", "global_avg_pool", None),
     ("GlobalMaxPool2D", "global_max_pool", 2), ("AvgPool3D", "avg_pool", 3), ("MaxPool1D", "max_pool", 1)],
)  # fmt: skip
def test_foreign_names(word, name, rank):
    """The frameworks' spellings."""
    assert registry.find(word) == (registry.load_all()[name], rank)


def test_bins():
    """PyTorch's start_index and end_index: ⌊i·W/O⌋ and ⌈(i + 1)·W/O⌉."""
    assert pooling.bins(7, 3) == [(0, 3), (2, 5), (4, 7)]
    assert pooling.bins(3, 5) == [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)]
    assert pooling.bins(6, 2) == [(0, 3), (3, 6)]
