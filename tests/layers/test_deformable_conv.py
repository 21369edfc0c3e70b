"""Deformable convolution: the papers' sums, ONNX Runtime, and what offsets of zero or whole numbers must give."""

from __future__ import annotations

from itertools import product
from math import floor

import numpy as np
import pytest

from tests.kernels.number_making import squares
from tests.layers.layer_making import make


def deformed(x, told, kernel, stride, before, dilation, groups, parts, modulated):
    """Deformable convolution of one image, number by number: arXiv 1703.06211 (1) to (4), 1811.11168 (1)."""
    rows, columns, depth, filters = kernel.shape
    y = np.zeros((*told.shape[:2], filters))
    for up, left, tap, channel in product(*map(range, told.shape[:2]), range(rows * columns), range(x.shape[2])):
        part = channel // (x.shape[2] // parts)
        number = part * rows * columns + tap
        row = up * stride - before + tap // columns * dilation + told[up, left, 2 * number]
        column = left * stride - before + tap % columns * dilation + told[up, left, 2 * number + 1]
        value = sum(
            x[q, r, channel] * max(0, 1 - abs(q - row)) * max(0, 1 - abs(r - column))
            for q, r in product((floor(row), floor(row) + 1), (floor(column), floor(column) + 1))
            if 0 <= q < x.shape[0] and 0 <= r < x.shape[1]
        )
        if modulated:
            value /= 1 + np.exp(-told[up, left, 2 * rows * columns * parts + number])
        group, inner = divmod(channel, depth)
        own = slice(group * filters // groups, (group + 1) * filters // groups)
        y[up, left, own] += value * kernel[tap // columns, tap % columns, inner, own]
    return y


@pytest.mark.parametrize(
    "fields",
    [
        {"kernel": 3, "padding": 1},
        {"kernel": [2, 3], "stride": 2, "padding": 2, "modulated": True},
        {"kernel": 2, "dilation": 2, "groups": 2, "offset_groups": 3, "modulated": True},
        {"kernel": [3, 1], "stride": 3, "groups": 6, "offset_groups": 6},
    ],
)
def test_deformable_conv_number_by_number(fields):
    """The forward pass is the papers' sums, with offsets that lead between pixels and out of the image."""
    layer, x, random = make("deformable_conv", filters=6, bias=False, **fields), (7, 5, 6), np.random.default_rng(0)
    arrays = {w.name: random.standard_normal(w.shape) / 3 for w in layer.weights(x, layer.shape(x))}
    image = random.standard_normal(x)
    plain = {name: fields[name] for name in ("kernel", "stride", "padding", "dilation") if name in fields}
    offsets = make("conv", filters=arrays["offset_bias"].size, **plain)
    told = offsets.forward(np, image[None], kernel=arrays["offset_kernel"], bias=arrays["offset_bias"])[0]
    expected = deformed(
        image, told, arrays["kernel"], fields.get("stride", 1), fields.get("padding", 0), fields.get("dilation", 1),
        fields.get("groups", 1), fields.get("offset_groups", 1), fields.get("modulated", False),
    )  # fmt: skip
    np.testing.assert_allclose(layer.forward(np, image[None], **arrays)[0], expected, rtol=1e-9, atol=1e-9)


def test_deformable_conv_in_onnx_runtime():
    """Conv, Split, Sigmoid and DeformConv in ONNX Runtime 1.32; offset weights a sixteenth of `squares`."""
    layer = make("deformable_conv", "onnx", filters=2, kernel=[2, 3], padding=[[1, 0], [2, 1]], stride=2, groups=2,
                 offset_groups=2, modulated=True, bias=False)  # fmt: skip
    x = (4, 3, 5)
    arrays = {w.name: squares(*w.shape, period=11) for w in layer.weights(x, layer.shape(x))}
    arrays = {name: array / 16 if name.startswith("offset") else array for name, array in arrays.items()}
    expected = [
        [[-2.5798, 12.9216, -2.0825], [-2.1762, 2.252, 5.6948]],
        [[0.5837, -0.1562, 8.3921], [8.0975, 1.5658, 1.7702]],
    ]
    np.testing.assert_allclose(layer.forward(np, squares(1, *x), **arrays)[0], expected, atol=6e-5)


@pytest.mark.parametrize(
    "fields", [{"padding": 1}, {"stride": 2, "groups": 2}, {"dilation": 2, "padding": [[0, 2]] * 2}]
)
def test_offsets_of_zero_are_a_plain_convolution(fields):
    """Nothing told, nothing deformed; where modulated, a sigmoid of 0 halves everything."""
    x, plain = squares(1, 7, 5, 4), make("conv", filters=6, kernel=3, **fields)
    arrays = {w.name: squares(*w.shape, period=11) for w in plain.weights((7, 5, 4), plain.shape((7, 5, 4)))}
    expected = plain.forward(np, x, **{**arrays, "bias": np.zeros(6)})
    for modulated in (False, True):
        layer = make("deformable_conv", filters=6, kernel=3, bias=False, modulated=modulated, **fields)
        told = {"offset_kernel": np.zeros((3, 3, 4, 27 if modulated else 18)),
                "offset_bias": np.zeros(27 if modulated else 18)}  # fmt: skip
        found = layer.forward(np, x, kernel=arrays["kernel"], **told)
        assert (found == (expected / 2 if modulated else expected)).all()


def test_a_whole_offset_moves_the_image():
    """Every tap one row down and two columns right: what a plain convolution gives of the moved image."""
    x = squares(1, 7, 5, 2)
    moved = np.zeros_like(x)
    moved[:, :-1, :-2] = x[:, 1:, 2:]
    layer, plain = make("deformable_conv", filters=3, kernel=2, bias=False), make("conv", filters=3, kernel=2)
    kernel = squares(2, 2, 2, 3, period=11)
    told = {"offset_kernel": np.zeros((2, 2, 2, 8)), "offset_bias": np.array([1.0, 2.0] * 4)}
    expected = plain.forward(np, moved, kernel=kernel, bias=np.zeros(3))
    assert (layer.forward(np, x, kernel=kernel, **told) == expected).all()


def test_deformable_conv_has_no_receptive_field_in_numbers():
    """Where it looks is learned."""
    layer = make("deformable_conv", filters=2, kernel=3)
    assert layer.windows((9, 9, 3)) == ()
    assert "is undefined" in layer.remarks((9, 9, 3), (7, 7, 2))[0]
