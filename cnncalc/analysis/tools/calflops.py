"""The rules of calflops, which replaces PyTorch's functions."""

from __future__ import annotations

from math import prod

from cnncalc.analysis.tools.attention import projections
from cnncalc.analysis.tools.call import FrameworkCall
from cnncalc.analysis.tools.recurrent import CELLS, cells
from cnncalc.analysis.tools.tool import (
    ADAPTIVE_POOLS,
    CONVOLUTIONS,
    POOLS,
    RARE_PRODUCTS,
    UNCOUNTED_PRODUCTS,
    CountRule,
    Tool,
    for_each,
    per_input,
    per_mac,
    with_biases,
)


def _transposed(call: FrameworkCall) -> int:
    """Groups divide the filters of a group once more, and the bias is added at a convolution's output positions."""
    layer, x = call.layer, call.inputs[0]
    filters = call.output[0 if layer.setting.layout == "CHW" else -1] // layer.groups
    macs = prod(call.window) * call.channels * (filters // layer.groups) * call.input_positions
    return int(2 * macs + (filters * _convolved(call, x) if call.has_bias else 0))


def _convolved(call: FrameworkCall, x: tuple[int, ...]) -> int:
    """The output positions of the convolution with the same window, stride, dilation and padding."""
    layer = call.layer
    sides = layer.paddings(x)
    axes = zip(layer.spatial(x), call.window, layer.strides(x), layer.dilations(x), sides, strict=True)
    return prod((W + _both(side) - (D * (F - 1) + 1)) // S + 1 for W, F, S, D, side in axes)


def _both(side: object) -> int:
    return 2 * side if isinstance(side, int) else sum(side) if isinstance(side, tuple) else 0


def _upsample(call: FrameworkCall) -> int:
    return call.x if call.layer.size is None else call.positions


def _recurrent(call: FrameworkCall) -> int:
    per_unit = {"rnn": 1, "gru": 7, "lstm": 10}[call.type.removesuffix("_cell")]
    return sum(2 * cell.macs + cell.biases + (per_unit - 2 * cell.gates) * cell.units for cell in cells(call))


CALFLOPS = Tool(
    name="calflops",
    version="0.3.2",
    framework="PyTorch",
    prints="FLOPs",
    per_mac=2,
    source="https://github.com/MrYxJ/calculate-flops.pytorch/blob/main/calflops/pytorch_ops.py",
    rules={
        **for_each(CONVOLUTIONS, with_biases(2)),
        **for_each(("dense", "einsum", "matmul"), per_mac(2)),
        **for_each(("attention", *RARE_PRODUCTS), UNCOUNTED_PRODUCTS),
        "conv_transpose": CountRule(
            _transposed,
            "2 per MAC, and a bias at the output positions of a convolution",
            "the biases are one per output; with groups the MACs are divided by the groups twice",
        ),
        "batch_norm": CountRule(
            lambda call: (2 if call.is_affine else 1) * call.x, "2 per input with scales, 1 without"
        ),
        **for_each(
            ("layer_norm", "group_norm", "instance_norm"),
            CountRule(lambda call: (5 if call.is_affine else 4) * call.x, "5 per input with scales, 4 without"),
        ),
        **for_each((*POOLS, *ADAPTIVE_POOLS), per_input(1)),
        **for_each(("relu", "prelu", "elu", "leaky_relu", "gelu", "swish", "softmax"), per_input(1)),
        "upsample": CountRule(
            _upsample,
            "1 per input; with a size, 1 per output position",
            "every output of every channel is computed",
        ),
        "multi_head_attention": CountRule(
            lambda call: 2 * projections(call),
            "2 per MAC of the projections",
            "the products of queries, keys and values are multiply–accumulates",
        ),
        **for_each(
            ("lstm", "gru", "rnn", *CELLS),
            CountRule(_recurrent, "2 per MAC, both biases, and 1 to 10 per unit for the gates"),
        ),
    },
    replaces_functions=True,
    remark="biases of dense layers are not counted, those of convolutions are",
)
