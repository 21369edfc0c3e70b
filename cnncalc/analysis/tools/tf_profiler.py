"""The rules of TensorFlow's profiler on the frozen graph of a Keras model."""

from __future__ import annotations

from math import prod

from cnncalc.analysis.tools.call import FrameworkCall
from cnncalc.analysis.tools.tool import CountRule, Tool, for_each, per_input, per_output, with_biases


def _conv(call: FrameworkCall) -> int:
    """A dilated convolution runs on a grid that the dilation divides: every axis is rounded up to its multiple."""
    layer = call.layer
    dilations = layer.dilations(call.inputs[0])
    axes = layer.spatial(call.output)
    positions = prod(-(-size // D) * D for size, D in zip(axes, dilations, strict=True))
    return int(2 * call.macs // call.positions * positions + (call.y if call.has_bias else 0))


def _transposed(call: FrameworkCall) -> int:
    stride = prod(call.layer.strides(call.inputs[0]))
    return int(2 * call.y * call.channels * prod(call.window) // stride + (call.y if call.has_bias else 0))


def _batch_norm(call: FrameworkCall) -> int:
    return 2 * call.x + (6 if call.is_affine else 5) * call.channels


def _layer_norm(call: FrameworkCall) -> int:
    return 9 * call.x + 4 * (call.x // call.inputs[0][-1])


def _group_norm(call: FrameworkCall) -> int:
    number = int(call.layer.number())
    return 6 * call.x + 4 * (call.channels if number == -1 else number) + 3 * call.channels


def _upsample(call: FrameworkCall) -> int:
    return len(call.output) - 1 if call.layer.mode == "nearest" else 0


def _pool(call: FrameworkCall) -> int:
    return call.y * prod(call.window)


TF_PROFILER = Tool(
    name="TF profiler",
    version="TensorFlow 2.21",
    framework="Keras",
    prints="float ops",
    per_mac=2,
    source="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/python/profiler/internal/flops_registry.py",
    rules={
        "conv": CountRule(_conv, "2 per MAC, and 1 per output for the bias; dilated, on a rounded-up grid"),
        **for_each(("depthwise_conv", "dense"), with_biases(2)),
        "conv_transpose": CountRule(
            _transposed,
            "2 · outputs · kernel · channels / stride, and 1 per output for the bias",
            "this is right only where the output is the input times the stride",
        ),
        "batch_norm": CountRule(_batch_norm, "2 per input, and 6 per channel, 5 without scales"),
        "layer_norm": CountRule(_layer_norm, "9 per input, and 4 per normalized vector"),
        "group_norm": CountRule(_group_norm, "6 per input, 4 per group and 3 per channel"),
        "max_pool": CountRule(_pool, "the window per output"),
        "avg_pool": CountRule(_pool, "the window per output"),
        "global_avg_pool": per_input(1),
        "upsample": CountRule(_upsample, "1 per axis, for the sizes"),
        "softmax": per_input(5),
        **for_each(("swish", "hard_sigmoid", "rescaling"), per_output(2)),
        "gelu": per_output(4),
        "hard_swish": per_output(3),
        **for_each(
            ("add", "multiply", "average", "maximum", "minimum", "subtract"),
            CountRule(lambda call: (len(call.inputs) - 1) * call.y, "1 per output for each further input"),
        ),
    },
    remark="on the CPU, channels last; relu, sigmoid and maxima over positions have no rule and count 0",
)
