"""Ways to write a layer that one framework has: lists with batch and channels, Caffe's and ONNX's own words."""

from __future__ import annotations

import pytest

import cnncalc
from tests.together import for_each

# an item, its convention, the same item in our words
SAME = [
    # TensorFlow's lists have the batch and the channels too
    ("28x28x3 -> tf.nn.max_pool(x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME')", "tensorflow",
     "28x28x3 -> max_pool 2 s2 same"),
    ("28x28x3 -> max_pool ksize=[1,3,2,1] strides=[1,2,1,1] padding=VALID", "tensorflow",
     "28x28x3 -> max_pool 3x2 stride=2x1 valid"),
    ("28x28x3 -> conv 8 5 strides=[1,2,2,1] dilations=[1,1,1,1] padding=SAME", "tensorflow",
     "28x28x3 -> conv 8 5 s2 same"),
    ("28x3 -> conv 8 5 strides=[1,2,1]", "tensorflow", "28x3 -> conv 8 5 s2"),
    ("3x28x28 -> conv 8 5 strides=[1,1,2,2]", "pytorch", "3x28x28 -> conv 8 5 s2"),
    ("28x28x3 -> zero_pad paddings=[[0,0],[1,2],[3,4],[0,0]]", "tensorflow", "28x28x3 -> zero_pad [[1,2],[3,4]]"),
    ("28x28x3 -> tf.nn.bias_add(x, biases)", "tensorflow", "28x28x3 -> bias_add"),
    # ONNX: N and C among the axes, 1 and 0 for true and false, attributes at their defaults
    ("3x28x28 -> Pad pads=[0,0,1,2,0,0,3,4]", "onnx", "3x28x28 -> zero_pad [[1,3],[2,4]]"),
    ("3x28x28 -> Resize scales=[1,1,2,3]", "onnx", "3x28x28 -> upsample 2x3"),
    ("3x28x28 -> Resize scales=[1.0,1.0,0.5,0.5] mode=nearest", "onnx", "3x28x28 -> upsample 0.5"),
    ("3x28x28 -> Resize sizes=[1,3,20,30]", "onnx", "3x28x28 -> upsample size=20x30"),
    ("3x28x28 -> MaxPool kernel_shape=[3,3] strides=[2,2] ceil_mode=1 storage_order=0 auto_pad=NOTSET", "onnx",
     "3x28x28 -> max_pool 3 s2 ceil"),
    ("3x28x28 -> AveragePool kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1] count_include_pad=1", "onnx",
     "3x28x28 -> avg_pool 3 s2 p1 count_include_pad=true"),
    ("7x4 -> LSTM hidden_size=5 direction=bidirectional", "onnx", "7x4 -> lstm 5 bidirectional=true"),
    ("7x4 -> GRU hidden_size=5 linear_before_reset=1 direction=reverse", "onnx", "7x4 -> gru 5 reset_after=true"),
    ("64 -> Gemm units=10 transB=1 alpha=1.0 beta=1.0", "onnx", "64 -> dense 10"),
    # Caffe
    ("3x227x227 -> Convolution num_output=96 kernel_size=11 stride=4 bias_term=false", "caffe",
     "3x227x227 -> conv 96 11 s4 bias=false"),
    ("3x64x65 -> Convolution num_output=8 kernel_h=3 kernel_w=5 stride_h=2 pad_w=2", "caffe",
     "3x64x65 -> conv 8 3x5 stride=2x1 padding=[0,2]"),
    ("3x55x55 -> Pooling pool=MAX kernel_size=3 stride=2", "caffe", "3x55x55 -> max_pool 3 s2"),
    ("3x55x55 -> Pooling pool=AVE kernel_size=3 stride=2", "caffe", "3x55x55 -> avg_pool 3 s2"),
    ("3x55x55 -> Pooling pool=1 kernel_h=3 kernel_w=2 stride=2", "caffe", "3x55x55 -> avg_pool 3x2 s2"),
    ("3x55x55 -> Pooling pool=AVE global_pooling=true", "caffe", "3x55x55 -> global_avg_pool"),
    ("3x55x55 -> Pooling pool=MAX kernel_size=1 stride=1 global_pooling=True", "caffe", "3x55x55 -> global_max_pool"),
    ("3x55x55 -> Pooling pool=MAX kernel_size=3 stride=2 round_mode=FLOOR", "caffe", "3x55x55 -> max_pool 3 s2 floor"),
    ("3x8x8 -> Scale bias_term=true", "caffe", "3x8x8 -> layer_scale bias=true"),
    ("a: 3x8x8, b: 3x8x8 -> Eltwise from=[a, b] operation=PROD", "caffe", "a: 3x8x8, b: 3x8x8 -> multiply from=[a, b]"),
    ("a: 3x8x8, b: 3x8x8 -> Eltwise from=[a, b] operation=MAX", "caffe", "a: 3x8x8, b: 3x8x8 -> maximum from=[a, b]"),
    ("a: 3x8x8, b: 3x8x8 -> Eltwise from=[a, b]", "caffe", "a: 3x8x8, b: 3x8x8 -> add from=[a, b]"),
    ("a: 3x8x8, b: 3x8x8 -> Eltwise from=[a, b] operation=SUM coeff=[1,-1]", "caffe",
     "a: 3x8x8, b: 3x8x8 -> subtract from=[a, b]"),
    ("3x8x8 -> Eltwise(conv 3 1 | identity) operation=SUM", "caffe", "3x8x8 -> add(conv 3 1 | identity)"),
    ("3x8x8 -> InnerProduct num_output=10 weight_filler=xavier", "caffe", "3x8x8 -> dense 10"),
]  # fmt: skip


@for_each(("written", "convention", "plain"), SAME)
def test_the_framework_s_way_is_the_item_that_it_means(written, convention, plain):
    """Types, shapes, parameters and work of every layer are those of the item in our words."""
    found, wanted = (cnncalc.analyze(text, convention=convention).to_dict() for text in (written, plain))
    figures = ("type", "output_shape", "params", "macs", "flops")
    assert [[layer[key] for key in figures] for layer in found["layers"]] == [
        [layer[key] for key in figures] for layer in wanted["layers"]
    ]


@for_each(
    ("spec", "column", "message"),
    [
        ("3x8x8 -> Pooling pool=STOCHASTIC kernel_size=2", 23, "pool: got STOCHASTIC. Allowed: MAX, AVE"),
        ("a: 4, b: 4 -> Eltwise from=[a, b] operation=DIV", 45, "operation: got DIV. Allowed: SUM, PROD, MAX"),
        ("a: 4, b: 4 -> Eltwise from=[a, b] coeff=[1,2]", 41, "coeff: [1, 2] are weights of the inputs"),
        ("3x8x8 -> Convolution num_output=4 kernel_h=3", 35, 'conv has no field "kernel_h"'),
        ("3x8x8 -> conv 4 3 strides=[2,1,1,2]", 27, "4 values for an input with 2 spatial axes"),
        ("3x8x8 -> Resize sizes=[1,4,20,30]", 23, "4 values for an input with 2 spatial axes"),
        ("3x8x8 -> zero_pad [1,0,1,1,0,0,1,1]", 19, "8 values for an input with 2 spatial axes"),
    ],
)  # fmt: skip
def test_what_the_framework_s_way_cannot_mean_is_said(spec, column, message):
    """A word that chooses no type, and a step along the batch or the channels, are refused at their place."""
    with pytest.raises(cnncalc.SpecError) as error:
        cnncalc.analyze(spec, convention="caffe")
    (diagnostic,) = error.value.diagnostics
    assert message in diagnostic.message
    assert diagnostic.column == column
