"""Convolutions and pools: shapes, counts and values, each against hand arithmetic or PyTorch 2.13."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.arithmetic.convention import CONVENTIONS, Shape
from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import learned, make, unshared
from tests.together import for_each

QUIZ = {"filters": 20, "kernel": 8, "stride": 2, "padding": 1}

COUNTS = [
    # type, fields, input, output, learned, unshared, MACs
    # (8*8*3 + 1)*20, times 14*14 positions (Udacity's quiz)
    ("conv", QUIZ, (32, 32, 3), (14, 14, 20), 3860, 756_560, 14 * 14 * 20 * 192),
    ("conv", {"filters": 10, "kernel": 5, "padding": 2}, (32, 32, 3), (32, 32, 10), 760, 760 * 1024, 1024 * 10 * 75),
    ("conv", {"filters": 6, "kernel": [3, 5], "bias": False}, (11, 13, 2), (9, 9, 6), 180, 180 * 81, 81 * 180),
    ("conv", {"filters": 6, "kernel": 3, "groups": 2}, (7, 11, 4), (5, 9, 6), 9 * 2 * 6 + 6, 114 * 45, 45 * 6 * 18),
    ("conv", {"filters": 5, "kernel": 3}, (13, 2), (11, 5), 35, 35 * 11, 11 * 5 * 6),  # 1-D: (3*2 + 1)*5
    ("conv", {"filters": 2, "kernel": [2, 3, 5]}, (5, 7, 11, 3), (4, 5, 7, 2), 182, 182 * 140, 140 * 2 * 90),  # 3-D
    # (ΠF + b)·C·m
    ("depthwise_conv", {"kernel": 3}, (7, 11, 5), (5, 9, 5), 50, 50 * 45, 45 * 5 * 9),
    ("depthwise_conv", {"kernel": 3, "multiplier": 2, "bias": False}, (7, 11, 5), (5, 9, 10), 90, 90 * 45, 45 * 10 * 9),
    ("depthwise_conv", {"kernel": 5, "stride": 2}, (13, 3), (5, 3), 18, 18 * 5, 5 * 3 * 5),
    # a transposed kernel is used at every input position, its bias at every output position
    ("conv_transpose", {"filters": 1, "kernel": 2, "stride": 2}, (2, 2, 3), (4, 4, 1), 13, 12 * 4 + 16, 48),
    ("conv_transpose", {"filters": 6, "kernel": 3, "groups": 2}, (5, 7, 4), (7, 9, 6),
     9 * 4 * 3 + 6, 108 * 35 + 6 * 63, 35 * 108),
    ("conv_transpose", {"filters": 512, "kernel": 4, "bias": False}, (1, 1, 100), (4, 4, 512),
     819_200, 819_200, 819_200),
    ("max_pool", {"kernel": 2, "stride": 2}, (4, 4, 5), (2, 2, 5), 0, 0, 0),
    ("max_pool", {"kernel": 3}, (10, 11, 2), (3, 3, 2), 0, 0, 0),
    ("avg_pool", {"kernel": [2, 3], "stride": 1}, (5, 7, 2), (4, 5, 2), 0, 0, 0),
    ("global_avg_pool", {}, (100, 100, 3), (1, 1, 3), 0, 0, 0),
    ("global_avg_pool", {"keep": False}, (7, 11, 3), (3,), 0, 0, 0),
    ("global_max_pool", {}, (5, 7, 11, 3), (1, 1, 1, 3), 0, 0, 0),
    ("global_max_pool", {"keep": False}, (13, 3), (3,), 0, 0, 0),
]  # fmt: skip


@for_each(("name", "fields", "x", "y", "params", "copies", "macs"), COUNTS)
def test_shapes_and_counts(
    name: str, fields: dict[str, object], x: Shape, y: Shape, params: int, copies: int, macs: int
) -> None:
    """Output, parameters with and without sharing, and MACs, worked by hand."""
    layer = make(name, **fields)
    assert layer.shape(x) == y
    assert (learned(layer, x), unshared(layer, x), layer.macs(x, y)) == (params, copies, macs)


@for_each(
    ("name", "fields", "operations"),
    [
        ("conv", {"filters": 2, "kernel": 3}, 3 * 5 * 2),  # a bias for each output
        ("conv", {"filters": 2, "kernel": 3, "bias": False}, 0),
        ("max_pool", {"kernel": 3, "stride": 1}, 3 * 5 * 2 * 8),  # 3*3 - 1 comparisons for each
        ("avg_pool", {"kernel": 3, "stride": 1}, 3 * 5 * 2 * 8),
        ("global_avg_pool", {}, 2 * (5 * 7 - 1)),
        ("global_max_pool", {}, 2 * (5 * 7 - 1)),
    ],
)
def test_other_operations(name: str, fields: dict[str, object], operations: int) -> None:
    """Biases, and the comparisons or additions of pooling, on 5x7x2."""
    layer = make(name, **fields)
    assert layer.elementwise((5, 7, 2), layer.shape((5, 7, 2))) == operations


REFUSALS = [
    ("conv", "formula", {"filters": 2, "kernel": 11}, (9, 9, 3), "kernel", "kernel 11 is larger than the input 9"),
    ("conv", "formula", {"filters": 2, "kernel": 3, "groups": 2}, (9, 9, 3), "groups", "3 input channels"),
    ("conv", "keras", {"filters": 2, "kernel": 3, "stride": 2, "dilation": 2}, (9, 9, 3), "dilation", "Keras rejects"),
    ("conv", "pytorch", {"filters": 2, "kernel": 3, "stride": 2, "padding": "same"}, (3, 9, 9), "padding", "stride 1"),
    ("conv", "formula", {"filters": 2, "kernel": 3, "padding": [1, 2]}, (9, 3), "padding", "2 values"),
    ("max_pool", "pytorch", {"kernel": 3, "padding": 2}, (3, 9, 9), "padding", "padding 2 is more than PyTorch allows"),
    ("max_pool", "onnx", {"kernel": 2, "padding": 2}, (3, 9, 9), "padding", "ONNX"),
    ("avg_pool", "pytorch", {"kernel": 3, "padding": 1}, (2, 2, 2, 2), None, ""),
    ("conv_transpose", "pytorch", {"filters": 2, "kernel": 3, "padding": "same"}, (3, 9, 9), "padding", "padding"),
    ("conv_transpose", "pytorch", {"filters": 2, "kernel": 3, "output_padding": 1}, (3, 9, 9),
     "output_padding", "smaller"),
    ("conv_transpose", "formula", {"filters": 2, "kernel": 3, "padding": 2}, (1, 1, 3), "padding",
     "the output would be -1"),
    ("conv_transpose", "pytorch", {"filters": 2, "kernel": 3, "output_size": 9}, (3, 3, 3),
     "output_size", "between 5 and 5"),
]  # fmt: skip


@for_each(("name", "convention", "fields", "x", "field", "words"), REFUSALS)
def test_refusals(
    name: str, convention: str, fields: dict[str, object], x: Shape, field: str | None, words: str
) -> None:
    """Numbers that cannot be, as each framework sees it: what is wrong, at which field."""
    with pytest.raises(Refusal) as caught:
        make(name, convention, **fields).shape(x)
    assert words in caught.value.message
    if field is not None:
        assert caught.value.field == field


PICTURE = [[7, 3, 10, 6, 2], [9, 5, 1, 8, 4], [0, 7, 3, 10, 6], [2, 9, 5, 1, 8], [4, 0, 7, 3, 10]]
SMALL = [[7, 3, 10], [9, 5, 1]]
KERNEL = [[1, 0, -1], [2, 1, 0], [0, 3, 1]]

# Printed by PyTorch 2.13 (conv2d, max_pool2d, avg_pool2d, conv_transpose2d) in double precision.
VALUES = [
    ("conv", {}, PICTURE, [[44, 27, 54], [47, 30, 24], [17, 44, 27]]),
    ("conv", {"stride": 2, "padding": 1}, PICTURE, [[39, 27, 26], [10, 30, 58], [-5, 15, 17]]),
    ("conv", {"dilation": 2}, PICTURE, [[39]]),
    ("depthwise_conv", {}, PICTURE, [[44, 27, 54], [47, 30, 24], [17, 44, 27]]),
    ("conv_transpose", {"stride": 2}, SMALL, [
        [7, 0, -4, 0, 7, 0, -10], [14, 7, 6, 3, 20, 10, 0], [9, 21, 3, 9, -1, 30, 9], [18, 9, 10, 5, 2, 1, 0],
        [0, 27, 9, 15, 5, 3, 1],
    ]),
    ("conv_transpose", {"stride": 2, "padding": 1, "output_padding": 1}, SMALL, [
        [7, 6, 3, 20, 10, 0], [21, 3, 9, -1, 30, 9], [9, 10, 5, 2, 1, 0], [27, 9, 15, 5, 3, 1],
    ]),
    ("max_pool", {"kernel": 2}, PICTURE, [[9, 10], [9, 10]]),
    ("max_pool", {"kernel": 3, "stride": 2, "padding": 1}, PICTURE, [[9, 10, 8], [9, 10, 10], [9, 9, 10]]),
    ("max_pool", {"kernel": 2, "rounding": "ceil"}, PICTURE, [[9, 10, 4], [9, 10, 8], [4, 7, 10]]),
    ("max_pool", {"kernel": 2, "stride": 1, "dilation": 2}, PICTURE, [[10, 10, 10], [9, 9, 8], [7, 10, 10]]),
    ("avg_pool", {"kernel": 2}, PICTURE, [[6, 6.25], [4.5, 4.75]]),
    ("avg_pool", {"kernel": 3, "stride": 2, "padding": 1}, PICTURE,
     [[24 / 9, 33 / 9, 20 / 9], [32 / 9, 49 / 9, 37 / 9], [15 / 9, 25 / 9, 22 / 9]]),
    ("avg_pool", {"kernel": 3, "stride": 2, "padding": 1, "count_include_pad": False}, PICTURE,
     [[6, 5.5, 5], [32 / 6, 49 / 9, 37 / 6], [3.75, 25 / 6, 5.5]]),
    ("avg_pool", {"kernel": 2, "rounding": "ceil"}, PICTURE, [[6, 6.25, 3], [4.5, 4.75, 7], [2, 5, 10]]),
    ("global_max_pool", {}, PICTURE, [[10]]),
    ("global_avg_pool", {}, PICTURE, [[130 / 25]]),  # their sum is 28 + 27 + 26 + 25 + 24
    # the courses' pooling exercises
    ("max_pool", {"kernel": 2}, [[1, 0], [4, 6]], [[6]]),
    ("max_pool", {"kernel": 2}, [[2, 3], [6, 8]], [[8]]),
    ("max_pool", {"kernel": 2}, [[1, 1], [5, 6]], [[6]]),
    ("max_pool", {"kernel": 2}, [[3, 2], [1, 2]], [[3]]),
]  # fmt: skip


@for_each("layout", ["HWC", "CHW"])
@for_each(("name", "fields", "picture", "expected"), VALUES)
def test_values(
    name: str, fields: dict[str, object], picture: list[list[float]], expected: list[list[float]], layout: str
) -> None:
    """Values of one channel, in both layouts."""
    weights = {}
    if "conv" in name:
        channels = {} if name == "depthwise_conv" else {"filters": 1}
        fields = {"kernel": 3, "bias": False, **channels, **fields}
        weights = {"kernel": np.array(KERNEL, float)[:, :, None, None]}
    axis = -1 if layout == "HWC" else 1
    x = np.expand_dims(np.array([picture], float), axis)
    y = make(name, layout=layout, **fields).forward(np, x, **weights)
    np.testing.assert_allclose(np.squeeze(y, (0, axis)), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("convention", "fields", "before", "after"),
    [
        ("keras", {"padding": "same"}, 0, 1),  # total 1: the odd one goes after
        ("onnx", {"padding": "same_lower"}, 1, 0),
        ("onnx", {"padding": "same_upper"}, 0, 1),
        ("formula", {"padding": "half"}, 1, 1),
        ("formula", {"padding": "full"}, 1, 1),
    ],
)
def test_where_the_padding_goes(convention: str, fields: dict[str, object], before: int, after: int) -> None:
    """A kernel of two ones over 1, 2, 3, 4, 5 (stride 1) shows on which side the zeros stand."""
    layer = make("conv", convention, "HWC", filters=1, kernel=2, bias=False, **fields)
    x = np.arange(1.0, 6.0)[None, :, None]
    padded = [0.0] * before + [1, 2, 3, 4, 5] + [0.0] * after
    y = layer.forward(np, x, kernel=np.ones((2, 1, 1)))
    assert y[0, :, 0].tolist() == [one + other for one, other in pairwise(padded)]


sizes = st.integers(1, 9)
windows = st.fixed_dictionaries(
    {
        "kernel": st.integers(1, 4),
        "stride": st.integers(1, 4),
        "padding": st.one_of(st.integers(0, 3), st.sampled_from(["valid", "same", "same_lower", "half", "full"])),
    }
)


@given(
    st.sampled_from(["conv", "depthwise_conv", "conv_transpose", "max_pool", "avg_pool"]),
    st.sampled_from(sorted(CONVENTIONS)), st.sampled_from(["HWC", "CHW"]), st.lists(sizes, min_size=1, max_size=3),
    st.integers(1, 3), windows,
)  # fmt: skip
def test_the_forward_pass_agrees_with_the_rules(
    name: str, convention: str, layout: str, spatial: list[int], channels: int, fields: dict[str, object]
) -> None:
    """What comes out of real arrays has the predicted shape; tied copies of the kernel give the same values."""
    filters = {"filters": 2 * channels} if name in ("conv", "conv_transpose") else {}
    try:
        layer = make(name, convention, layout, **filters, **fields)
        x = layer.volume(tuple(spatial), channels)
        y = layer.shape(x)
    except Refusal:
        assume(False)
    random = np.random.default_rng(0)
    array = random.standard_normal((2, *x))
    declared = list(layer.weights(x, y))
    weights = {weight.name: random.standard_normal(weight.shape) for weight in declared}
    result = layer.forward(np, array, **weights)
    assert result.shape == (2, *y)
    if declared:
        copies = {
            weight.name: np.broadcast_to(weights[weight.name], weight.positions + weight.shape).copy()
            for weight in declared
        }
        np.testing.assert_allclose(layer.forward_untied(np, array, **copies), result, rtol=1e-9, atol=1e-9)


@given(st.sampled_from(["max_pool", "avg_pool", "conv"]), st.integers(1, 3), st.integers(1, 3), st.integers(0, 1))
def test_one_poisoned_input_reaches_exactly_its_windows(name: str, kernel: int, stride: int, padding: int) -> None:
    """Not-a-number spreads to the outputs whose window holds it, and to no other: the receptive field's witness."""
    assume(padding <= kernel // 2)
    filters = {"filters": 1} if name == "conv" else {}
    layer = make(name, kernel=kernel, stride=stride, padding=padding, **filters)
    size = 7
    for place in range(size):
        x = np.ones((1, size, 1))
        x[0, place] = np.nan
        weights = {w.name: np.ones(w.shape) for w in layer.weights((size, 1), layer.shape((size, 1)))}
        ill = np.isnan(layer.forward(np, x, **weights)[0, :, 0]).tolist()
        starts = [index * stride - padding for index in range(len(ill))]
        assert ill == [start <= place < start + kernel for start in starts]


def test_weights_that_do_not_fit_are_refused() -> None:
    """NumPy would stretch a bias of one; the forward pass does not."""
    layer = make("conv", filters=3, kernel=2)
    x = np.ones((1, 4, 4, 2))
    for kernel, bias in product([(2, 2, 2, 3), (2, 2, 1, 3)], [(3,), (1,)]):
        if (kernel, bias) != ((2, 2, 2, 3), (3,)):
            with pytest.raises(ValueError, match="but the arrays need"):
                layer.forward(np, x, kernel=np.ones(kernel), bias=np.ones(bias))
