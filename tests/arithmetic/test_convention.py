"""What each framework assumes where a spec says nothing, and where a layout has its axes."""

from __future__ import annotations

from cnncalc.arithmetic.convention import CONVENTIONS, Convention, setting
from tests.together import for_each

# Each fact, and its value for: formula, keras, tensorflow, pytorch, onnx, caffe.
FACTS = [
    # Keras, image_data_format; tf.nn, data_format; torch.nn.Conv2d, Shape; ONNX, Conv, inputs; Caffe, Blobs.
    ("layout", ("HWC", "HWC", "HWC", "CHW", "CHW", "CHW")),
    # Caffe's pooling_layer.cpp takes the ceiling; torch.nn.MaxPool2d, ceil_mode=False.
    ("pool_rounding", ("floor", "floor", "floor", "floor", "floor", "caffe")),
    # torch.nn.MaxPool2d: "stride: Default value is kernel_size"; ONNX, MaxPool and Caffe's pooling: 1.
    ("pool_stride", ("kernel", "kernel", "kernel", "kernel", "one", "one")),
    # Keras, GlobalAveragePooling2D: keepdims=False. The axes stay in torch.nn.AdaptiveAvgPool2d(1) and in ONNX.
    ("global_pool_keeps_axes", (True, False, False, True, True, True)),
    # Keras, Dense and torch.nn.Linear: the last axis; Caffe, InnerProduct and ONNX, Gemm: one vector.
    ("dense_on_volume", ("volume", "features", "features", "features", "volume", "volume")),
    # Keras's summary counts moving statistics as non-trainable parameters; PyTorch has them as buffers.
    ("statistics_are_params", (False, True, True, False, False, False)),
    # ONNX, ConvTranspose, auto_pad; torch.nn.ConvTranspose2d and Caffe take numbers only.
    ("transposed_same", ("product", "product", "product", "refuse", "auto_pad", "refuse")),
    # torch.nn.Conv2d: "padding='same' is not supported for strided convolutions".
    ("same_needs_unit_stride", (False, False, False, True, False, False)),
    # ONNX Runtime: "Dilation not supported for AutoPadType::SAME_UPPER or AutoPadType::SAME_LOWER".
    ("same_needs_unit_dilation", (False, False, False, False, True, False)),
    # Keras, Conv2D: "strides > 1 is incompatible with dilation_rate > 1".
    ("stride_with_dilation", (True, False, True, True, True, True)),
    ("depthwise_stride_with_dilation", (True, True, False, True, True, True)),
    # torch.nn.MaxPool2d: "pad should be at most half of effective kernel size"; Caffe: CHECK_LT(pad_h_, kernel_h_).
    ("pool_padding_limit", ("none", "none", "none", "half", "kernel", "kernel")),
    # torch.nn.AvgPool2d: count_include_pad=True; ONNX, AveragePool: 0; TensorFlow's SAME counts no padding.
    ("average_counts_padding", (True, False, False, True, False, True)),
    # torch.nn.LSTM: b_ih and b_hh; ONNX, LSTM: Wb and Rb; Keras and Caffe have one.
    ("recurrent_biases", (1, 1, 1, 2, 2, 1)),
    # Keras, LSTM: return_sequences=False; the others give every step.
    ("recurrent_output", ("last", "last", "last", "sequence", "sequence", "sequence")),
]


@for_each(("fact", "values"), FACTS)
def test_facts_of_the_frameworks(fact: str, values: tuple[object, ...]) -> None:
    assert tuple(getattr(convention, fact) for convention in CONVENTIONS.values()) == values


def test_every_fact_has_a_row() -> None:
    """The table is of all conventions, by their names, and of all facts but the names."""
    assert tuple(CONVENTIONS) == ("formula", "keras", "tensorflow", "pytorch", "onnx", "caffe")
    assert {fact for fact, _ in FACTS} | {"name", "title"} == set(Convention._fields)


# Layout, a shape, its channels, its spatial axes.
SHAPES = [
    ("HWC", (5, 7, 3), 3, (5, 7)), ("CHW", (3, 5, 7), 3, (5, 7)), ("HWC", (11,), 11, ()), ("CHW", (11,), 11, ()),
    ("channels_last", (5, 3), 3, (5,)), ("channels_first", (3, 5), 3, (5,)), ("HWC", (), 1, ()), ("CHW", (), 1, ()),
]  # fmt: skip


@for_each(("layout", "shape", "channels", "spatial"), SHAPES)
def test_a_layout_places_the_channels(
    layout: str, shape: tuple[int, ...], channels: int, spatial: tuple[int, ...]
) -> None:
    """Last in HWC, first in CHW; a scalar has one, and a shape is made of the two again."""
    found = setting("formula", layout)
    assert (found.channels(shape), found.spatial(shape)) == (channels, spatial)
    assert found.volume(spatial, channels) == (shape or (1,))


# Layout, numbers as TensorFlow and ONNX list them, spatial axes, and those of the spatial axes alone.
LISTED = [
    ("HWC", (1, 2, 3, 1), 2, (2, 3)),  # tf.nn.conv2d, strides: NHWC
    ("CHW", (1, 1, 2, 3), 2, (2, 3)),  # NCHW
    ("HWC", (1, 1, 2, 3), 2, (1, 1, 2, 3)),  # the channels would be 3: left as it is
    ("CHW", (1, 2, 3, 1), 2, (1, 2, 3, 1)),
    ("HWC", (2, 2, 3, 1), 2, (2, 2, 3, 1)),  # the batch would be 2
    ("HWC", (2, 3), 2, (2, 3)),
    ("HWC", (1, 5, 1), 1, (5,)),
    ("CHW", (1, 1, 5), 1, (5,)),
    ("HWC", (1, 5, 1), 3, (1, 5, 1)),
]


@for_each(("layout", "numbers", "rank", "expected"), LISTED)
def test_numbers_for_batch_and_channels_are_left_out(
    layout: str, numbers: tuple[int, ...], rank: int, expected: tuple[int, ...]
) -> None:
    assert setting("formula", layout).inner_axes(numbers, rank) == expected


def test_a_convention_has_its_own_layout_unless_another_is_named() -> None:
    assert setting("pytorch").layout == "CHW"
    assert setting("pytorch", "channels_last").layout == "HWC"
