"""Upsampling, and channels that move into space and back."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.analysis.explain import explain_layer
from cnncalc.diagnostics import Refusal
from cnncalc.layers import registry
from tests.layers.layer_making import make, run
from tests.together import for_each

# layer, convention, input, fields, output. Sources: the framework's own layer on that input.
SIZES = [
    ("upsample", "formula", (5, 7, 3), {"scale": 2}, (10, 14, 3)),
    ("upsample", "formula", (5, 7, 3), {"scale": [2, 3]}, (10, 21, 3)),
    ("upsample", "formula", (5, 7, 3), {"scale": [1.5, 0.5]}, (7, 3, 3)),  # ⌊7.5⌋, ⌊3.5⌋
    ("upsample", "formula", (2, 3, 5, 7), {"size": [11, 13, 17]}, (11, 13, 17, 7)),
    ("upsample", "formula", (100, 3), {"scale": 0.29}, (29, 3)),  # 0.29 as it is written
    ("upsample", "pytorch", (3, 100), {"scale": 0.29}, (3, 28)),  # nn.Upsample: 100·0.29 = 28.999999999999996
    ("upsample", "pytorch", (3, 100), {"scale": 0.57}, (3, 56)),
    ("upsample", "pytorch", (3, 10), {"scale": 0.7}, (3, 7)),  # 10·0.7 = 7.0, though 0.7 is stored as less
    ("upsample", "onnx", (3, 100), {"scale": 0.29}, (3, 29)),  # the runtime multiplies in single precision
    ("upsample", "onnx", (3, 100), {"scale": 0.57}, (3, 57)),
    ("upsample", "pytorch", (3, 5, 7), {"size": 11, "mode": "bicubic"}, (3, 11, 11)),
    ("upsample", "keras", (5, 7, 3), {}, (10, 14, 3)),  # UpSampling2D()
    ("upsample", "keras", (5, 7, 3), {"size": [2, 3]}, (10, 21, 3)),  # UpSampling2D(size=(2, 3)): the factor
    ("upsample", "onnx", (3, 5, 7), {"size": [11, 13]}, (3, 11, 13)),  # Resize, sizes
    ("bilinear_upsample", "pytorch", (3, 5, 7), {"scale": 2}, (3, 10, 14)),  # UpsamplingBilinear2d
    ("bilinear_upsample", "pytorch", (3, 5, 7), {"size": [11, 13]}, (3, 11, 13)),
    ("bilinear_upsample", "formula", (5, 7, 3), {"scale": 3}, (15, 21, 3)),
    ("resize_image", "keras", (5, 7, 3), {"height": 11, "width": 13}, (11, 13, 3)),  # Resizing(11, 13)
    ("resize_image", "formula", (13, 11, 2), {"height": 5, "width": 3}, (5, 3, 2)),
    ("resize_image", "keras", (13, 11, 2), {"height": 5, "width": 3, "mode": "lanczos3"}, (5, 3, 2)),
    ("pixel_shuffle", "pytorch", (12, 5, 7), {"factor": 2}, (3, 10, 14)),
    ("pixel_shuffle", "pytorch", (18, 5, 7), {"factor": 3}, (2, 15, 21)),
    ("pixel_shuffle", "formula", (5, 6), {"factor": 2}, (10, 3)),
    ("pixel_unshuffle", "pytorch", (3, 10, 14), {"factor": 2}, (12, 5, 7)),
    ("pixel_unshuffle", "pytorch", (2, 15, 21), {"factor": 3}, (18, 5, 7)),
    ("pixel_unshuffle", "formula", (4, 6, 10, 3), {"factor": 2}, (2, 3, 5, 24)),
    ("depth_to_space", "tensorflow", (5, 7, 12), {"factor": 2}, (10, 14, 3)),
    ("depth_to_space", "onnx", (12, 5, 7), {"factor": 2, "order": "crd"}, (3, 10, 14)),
    ("depth_to_space", "onnx", (18, 5, 7), {"factor": 3}, (2, 15, 21)),
    ("space_to_depth", "tensorflow", (10, 14, 3), {"factor": 2}, (5, 7, 12)),
    ("space_to_depth", "onnx", (2, 15, 21), {"factor": 3}, (18, 5, 7)),
    ("space_to_depth", "formula", (10, 14, 3), {"factor": 2, "order": "crd"}, (5, 7, 12)),
]


@for_each(("name", "convention", "x", "fields", "y"), SIZES)
def test_sizes(name, convention, x, fields, y):
    """Rule and forward pass give the framework's size."""
    layer = make(name, convention, **fields)
    assert layer.shape(x) == y
    assert run(layer, x).shape == (2, *y)


# convention, fields, the output on the sequence 1, 3, 10. Sources: nn.Upsample.
SEQUENCES = [
    ({"scale": 2, "mode": "linear"}, [1, 1.5, 2.5, 4.75, 8.25, 10]),
    ({"scale": 2, "mode": "linear", "align_corners": True}, [1, 1.8, 2.6, 4.4, 7.2, 10]),
    ({"size": 5, "mode": "nearest"}, [1, 1, 3, 3, 10]),
    ({"size": 5, "mode": "nearest_exact"}, [1, 1, 3, 10, 10]),
]


@pytest.mark.parametrize(("fields", "expected"), SEQUENCES)
def test_upsample_values_of_pytorch(fields, expected):
    """PyTorch's own numbers."""
    y = make("upsample", "pytorch", **fields).forward(np, np.array([[[1, 3, 10]]], np.float32))
    np.testing.assert_allclose(y[0, 0], expected, rtol=1e-6)


# layer, convention, fields, the first row of the output on [[1, 3], [10, 20]]. Sources: nn.Upsample(mode="bicubic"),
# UpsamplingBilinear2d, keras.layers.UpSampling2D with each interpolation, Resizing.
IMAGES = [
    ("upsample", "pytorch", {"scale": 2, "mode": "cubic"}, [-0.0712, 0.3127, 0.9451, 1.3290]),
    ("bilinear_upsample", "pytorch", {"scale": 2}, [1, 1.6667, 2.3333, 3]),
    ("upsample", "keras", {"scale": 2, "mode": "bilinear"}, [1, 1.5, 2.5, 3]),
    ("upsample", "keras", {"scale": 2, "mode": "bicubic"}, [0.0917, 0.4739, 1.2319, 1.6142]),
    ("upsample", "keras", {"scale": 2, "mode": "lanczos3"}, [-0.6839, -0.4405, -0.1220, 0.1215]),
    ("upsample", "keras", {"scale": 2, "mode": "lanczos5"}, [-1.0381, -0.9293, -0.8092, -0.7004]),
    ("resize_image", "keras", {"height": 3, "width": 5, "mode": "nearest"}, [1, 1, 3, 3, 3]),
    ("resize_image", "keras", {"height": 1, "width": 5}, [5.5, 6.1, 8.5, 10.9, 11.5]),
]


@for_each(("name", "convention", "fields", "expected"), IMAGES)
def test_values_on_an_image(name, convention, fields, expected):
    """Each framework's own numbers: its cubic kernel and what it does at the border."""
    layer = make(name, convention, **fields)
    image = np.array([[1, 3], [10, 20]], np.float32)
    y = layer.forward(np, image.reshape((1, 1, 2, 2) if convention == "pytorch" else (1, 2, 2, 1)))
    np.testing.assert_allclose(y.reshape(-1)[: len(expected)], expected, atol=1e-4)
    assert y.dtype == np.float32


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"size": 2, "rounding": "floor"}, [1, 4]),  # ONNX Runtime's Resize on 0 to 5
        ({"size": 2, "rounding": "floor", "coordinates": "half_pixel_symmetric"}, [0, 3]),
        ({"size": 2, "coordinates": "asymmetric"}, [0, 3]),
        ({"size": 2, "coordinates": "align_corners"}, [0, 5]),
    ],
)
def test_upsample_looks_for_neighbours_as_onnx_runtime(fields, expected):
    """The place, and which neighbour is the nearest, down to the last digit of single precision."""
    y = make("upsample", "onnx", **fields).forward(np, np.arange(6, dtype=np.float32).reshape(1, 1, 6))
    assert y[0, 0].tolist() == expected


def test_depth_to_space_and_pixel_shuffle_count_channels_differently():
    """tf.nn.depth_to_space and nn.PixelShuffle on the numbers 0 to 15 in 8 channels, 1×2 positions."""
    x = np.arange(16.0).reshape(1, 8, 1, 2)
    shuffled = make("pixel_shuffle", "pytorch", factor=2).forward(np, x)
    assert shuffled[0, 0].tolist() == [[0, 2, 1, 3], [4, 6, 5, 7]]
    y = make("depth_to_space", "tensorflow", factor=2).forward(np, np.moveaxis(x, 1, -1))
    assert y[0, :, :, 0].tolist() == [[0, 4, 1, 5], [8, 12, 9, 13]]
    assert y[0, 0].tolist() == [[0, 2], [4, 6], [1, 3], [5, 7]]


def test_space_to_depth_and_pixel_unshuffle_count_channels_differently():
    """tf.nn.space_to_depth and nn.PixelUnshuffle on the numbers 0 to 15 in 2 channels, 2×4 positions."""
    x = np.arange(16.0).reshape(1, 2, 2, 4)
    unshuffled = make("pixel_unshuffle", "pytorch", factor=2).forward(np, x)
    assert unshuffled[0, :, 0, 0].tolist() == [0, 1, 4, 5, 8, 9, 12, 13]
    y = make("space_to_depth", "tensorflow", factor=2).forward(np, np.moveaxis(x, 1, -1))
    assert y[0, 0, 0].tolist() == [0, 8, 1, 9, 4, 12, 5, 13]


@for_each("order", ["dcr", "crd"])
@for_each("shape", [(6, 3), (6, 10, 3), (4, 6, 10, 3)])
def test_space_to_depth_and_back(order, shape):
    """In the same order of channels, depth_to_space is the inverse."""
    x = np.arange(np.prod(shape)).reshape(1, *shape)
    deep = make("space_to_depth", factor=2, order=order).forward(np, x)
    assert np.array_equal(make("depth_to_space", factor=2, order=order).forward(np, deep), x)


@for_each(
    ("name", "convention", "x", "fields", "message"),
    [
        ("upsample", "pytorch", (3, 5), {}, "neither scale nor size is given"),
        ("upsample", "pytorch", (3, 5), {"scale": 2, "size": 7}, "scale and size are both given"),
        ("upsample", "pytorch", (3, 5), {"scale": 0.1}, "nothing is left of 5: the output would have size 0"),
        (
            "upsample",
            "pytorch",
            (3, 5),
            {"scale": 2, "align_corners": False},
            'mode "nearest" has no corners to align',
        ),
        (
            "upsample",
            "pytorch",
            (3, 5),
            {"scale": 2, "mode": "cubic"},
            'PyTorch has mode "cubic" only for two spatial axes, not 1',
        ),
        ("upsample", "pytorch", (3, 5), {"scale": [2, 3]}, "2 values for an input with 1 spatial axis"),
        ("upsample", "pytorch", (3, 5), {"scale": 2, "mode": "lanczos3"}, 'PyTorch has no mode "lanczos3"'),
        ("upsample", "keras", (5, 7, 3), {"scale": 1.5}, "Keras scales only by whole numbers, got 1.5, 1.5"),
        ("upsample", "keras", (5, 3), {"mode": "linear"}, 'Keras has mode "linear" only for two spatial axes, not 1'),
        ("upsample", "keras", (5, 7, 3), {"align_corners": True, "mode": "linear"}, "Keras has no align_corners"),
        (
            "upsample",
            "onnx",
            (3, 5),
            {"scale": 2, "mode": "linear", "rounding": "ceil"},
            'mode "linear" does not round to a neighbour',
        ),
        (
            "bilinear_upsample",
            "pytorch",
            (3, 5),
            {"scale": 2},
            "PyTorch's UpsamplingBilinear2d needs 2 spatial axes, the input has 1",
        ),
        (
            "pixel_shuffle",
            "pytorch",
            (13, 5, 7),
            {"factor": 2},
            "13 channels are not divisible by blocks of 4 positions: remainder 1",
        ),
        (
            "pixel_shuffle",
            "pytorch",
            (12, 5),
            {"factor": 2},
            "PyTorch's pixel_shuffle needs 2 spatial axes, the input has 1",
        ),
        (
            "space_to_depth",
            "tensorflow",
            (10, 7, 3),
            {"factor": 2},
            "an axis of 7 is not divisible by blocks of 2: remainder 1",
        ),
    ],
)
def test_refuses(name, convention, x, fields, message):
    """What the framework refuses is refused, with the reason and the numbers."""
    with pytest.raises(Refusal) as refusal:
        make(name, convention, **fields).shape(x)
    assert refusal.value.message == message


@for_each("scale", [0, -1, -0.5, float("inf"), float("nan"), "two", [], [2, "x"], True])
def test_upsample_scale_is_read_strictly(scale):
    """A scale is a positive number."""
    with pytest.raises(Refusal):
        make("upsample", scale=scale)


@for_each(
    ("name", "x", "fields", "windows"),
    [
        ("upsample", (5, 7, 3), {"scale": [2, 3]}, ((1, 1, 0, 0, 10, 2), (1, 1, 0, 0, 21, 3))),
        ("upsample", (5, 7, 3), {"scale": [2.0, 3]}, ((1, 1, 0, 0, 10, 2), (1, 1, 0, 0, 21, 3))),
        ("upsample", (5, 7, 3), {"scale": 2, "mode": "linear"}, ()),
        ("upsample", (5, 7, 3), {"scale": 1.5}, ()),
        ("upsample", (5, 7, 3), {"size": [10, 14]}, ()),
        ("pixel_shuffle", (5, 7, 4), {"factor": 2}, ((1, 1, 0, 0, 10, 2), (1, 1, 0, 0, 14, 2))),
        ("space_to_depth", (6, 9, 5), {"factor": 3}, ((3, 3, 0, 0, 2, 1), (3, 3, 0, 0, 3, 1))),
    ],
)
def test_windows(name, x, fields, windows):
    """A repeated input is seen alone; neighbours are 1/S of an input apart. Blends have no single answer."""
    assert make(name, **fields).windows(x) == windows


def test_receptive_field_behind_upsample():
    """A 3×3 convolution behind a doubling sees 1 + 2/2 = 2 inputs, every half an input."""
    report = analyze("16x16x3 -> upsample 2 -> conv 4 3x3")
    assert report.layers[-1].receptive_field == (2, 2)
    assert report.layers[-1].effective_stride == (0.5, 0.5)


@pytest.mark.parametrize(
    ("mode", "x", "flops"),
    [
        ("nearest", (5, 7, 3), 0),
        ("linear", (5, 7, 3), 10 * 14 * 3 * 7),  # four products, three sums
        ("linear", (5, 3), 10 * 3 * 3),
        ("cubic", (5, 7, 3), 10 * 14 * 3 * 31),
    ],
)
def test_upsample_work(mode, x, flops):
    """2·T − 1 per output that blends T inputs."""
    layer = make("upsample", scale=2, mode=mode)
    assert layer.elementwise(x, layer.shape(x)) == flops


def test_upsample_tells_of_floating_point():
    """The explanation says why PyTorch has 28 where the decimals say 29."""
    layer = make("upsample", "pytorch", scale=0.29)
    remarks = explain_layer(layer, ((3, 100),), (3, 28)).remarks
    assert remarks == ("PyTorch multiplies in floating point: 100·0.29 = 28.999999999999996, so 28.",)
    assert make("upsample", scale=0.29).remarks((100, 3), (29, 3)) == ()


def test_upsample_is_derived():
    """A whole scale prints as W·S; a real one as the fraction that it is."""
    whole = explain_layer(make("upsample", scale=2), ((5, 3),), (10, 3)).sizes[0]
    assert whole.derivation.text.formula == "W·S"
    real = explain_layer(make("upsample", scale=1.5), ((5, 3),), (7, 3)).sizes[0]
    assert real.derivation.text.formula == "⌊W·3/2⌋"


@for_each(
    ("word", "name", "rank"),
    [
        ("UpSampling2D", "upsample", 2), ("nn.Upsample", "upsample", None), ("Resize", "upsample", None),
        ("nn.UpsamplingNearest2d", "upsample", 2), ("nn.UpsamplingBilinear2d", "bilinear_upsample", 2),
        ("interpolate", "upsample", None), ("Resizing", "resize_image", None),
        ("nn.PixelShuffle", "pixel_shuffle", None), ("DepthToSpace", "depth_to_space", None),
    ],
)  # fmt: skip
def test_foreign_names(word, name, rank):
    """The frameworks' spellings mean the canonical type."""
    assert registry.find(word) == (registry.load_all()[name], rank)


# Keras 3.15 on the image 1 2 4 / 7 11 16.
KEPT = [
    ("resize_image", {"height": 2, "width": 2, "crop_to_aspect_ratio": True}, [1, 2, 7, 11]),  # the middle of 3 in 2
    ("resize_image", {"height": 1, "width": 4, "crop_to_aspect_ratio": True}, [1, 2, 2, 4]),  # one row is left
    (
        "resize_image",
        {"height": 4, "width": 4, "pad_to_aspect_ratio": True},  # half a row on each side is none
        [1, 2, 2, 4, 1, 2, 2, 4, 7, 11, 11, 16, 7, 11, 11, 16],
    ),
    ("resize_image", {"height": 1, "width": 6, "pad_to_aspect_ratio": True}, [0, 0, 7, 16, 0, 0]),
    ("crop", {"size": [4, 2]}, [2, 2, 4.25, 4.25, 8.75, 8.75, 11, 11]),  # CenterCrop(4, 2), which enlarges
]


@pytest.mark.parametrize(("name", "fields", "expected"), KEPT)
def test_proportions_are_kept(name, fields, expected):
    """What is too much is cut off around the centre, or zeros fill up, before the image is resized."""
    mode = {"mode": "nearest"} if name == "resize_image" else {}
    layer = make(name, "keras", **fields, **mode)
    y = layer.forward(np, np.array([[1, 2, 4], [7, 11, 16]], np.float32).reshape(1, 2, 3, 1))
    assert y.ravel().tolist() == expected
    assert layer.shape((2, 3, 1)) == y.shape[1:]


def test_an_image_is_cut_or_filled_up():
    """Keras: Only one of `pad_to_aspect_ratio` & `crop_to_aspect_ratio` can be `True`."""
    with pytest.raises(Refusal, match="not both"):
        make("resize_image", height=2, width=2, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True).shape((5, 7, 3))


def test_an_enlarging_crop_is_counted():
    """Keras's CenterCrop of an image that is too small costs what its interpolation does: 7 for each of 8 outputs."""
    layer = make("crop", "keras", size=[4, 2])
    assert (layer.elementwise((2, 3, 1), (4, 2, 1)), layer.windows((2, 3, 1))) == (56, ())
    assert make("crop", "keras", size=[2, 2]).elementwise((2, 3, 1), (2, 2, 1)) == 0
