"""The rules of onnx-tool, which counts the operators of an exported model."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from cnncalc.analysis.tools.attention import operands, products, projections, scores
from cnncalc.analysis.tools.call import FrameworkCall
from cnncalc.analysis.tools.recurrent import cells
from cnncalc.analysis.tools.tool import CONVOLUTIONS, CountRule, Tool, for_each, per_mac, per_output, with_biases

_EXP, _DIV, _SQRT, _TANH = 32, 4, 24, 38
"""The weights of functions, in multiply–accumulates."""
_PER_OUTPUT: Mapping[str, int] = {
    "batch_norm": 31, "instance_norm": 7, "group_norm": 9, "relu": 1, "relu6": 2, "leaky_relu": 2, "prelu": 2,
    "elu": 35, "gelu": 7, "swish": 33, "sigmoid": _EXP, "tanh": 2 * _TANH, "softmax": _EXP + _DIV, "hard_swish": 5,
    "hard_sigmoid": 4, "multiply": 1, "layer_scale": 1, "positional_embedding": 1,
}  # fmt: skip


def _transposed(call: FrameworkCall) -> int:
    """The outputs times the kernel without its first axis, which are its filters, not the channels it reads."""
    filters = call.y // call.positions // call.layer.groups
    return int(call.y * filters * prod(call.window) + (call.y if call.has_bias else 0))


def _pool(call: FrameworkCall) -> int:
    """The outputs times the window; of a volume's window only the first size."""
    return call.y * (call.window[0] if len(call.window) == 3 else prod(call.window))


def _global(call: FrameworkCall) -> int:
    return call.x + _DIV * call.y


def _layer_norm(call: FrameworkCall) -> int:
    return 7 * call.x + (1 + _SQRT + _DIV) * (call.x // call.inputs[0][-1])


def _upsample(call: FrameworkCall) -> int:
    return {"linear": 4, "cubic": 8}.get(call.layer.mode, 0) * call.y


def _attention(call: FrameworkCall) -> int:
    """The exported operators: biases, scaled queries and keys, softmax; and up to 78 for operators on shapes."""
    queries, keys, values = operands(call)
    biases = (queries.positions + keys.positions + values.positions) * queries.features + call.y
    scaled = (queries.positions + keys.positions) * queries.features
    softmax = (_EXP + _DIV) * scores(call)
    is_packed = len(call.inputs) < 3 and keys.features == queries.features  # one product, cut into keys and values
    shapes = 3 * _SQRT + _DIV + 2 * is_packed
    return projections(call) + products(call) + (biases if call.layer.bias else 0) + scaled + softmax + shapes


def _recurrent(call: FrameworkCall) -> int:
    """The work per unit is that of one direction, whatever the directions."""
    per_unit = {"lstm": 4 + 3 * _EXP + 2 * _TANH + 4, "gru": 3 + 2 * _EXP + _TANH + 5}[call.type]
    first = list({cell.stack: cell for cell in cells(call)}.values())
    return sum(cell.macs + cell.biases for cell in cells(call)) + sum(per_unit * cell.units for cell in first)


ONNX_TOOL = Tool(
    name="onnx-tool",
    version="1.0.1",
    framework="ONNX",
    prints="MACs",
    per_mac=1,
    source="https://github.com/ThanatosShinji/onnx-tool/blob/main/onnx_tool/node.py",
    rules={
        **for_each((*CONVOLUTIONS, "dense"), with_biases()),
        "conv_transpose": CountRule(
            _transposed,
            "output positions × filters × filters × kernel",
            "the kernel is multiplied at each input position, for each channel read",
        ),
        **for_each(("einsum", "matmul"), per_mac()),
        **{type: per_output(times) for type, times in _PER_OUTPUT.items()},
        "add": CountRule(lambda call: (len(call.inputs) - 1) * call.y, "1 per sum"),
        "layer_norm": CountRule(_layer_norm, "7 per input, and 29 per normalized vector"),
        **for_each(
            ("max_pool", "avg_pool", "adaptive_avg_pool", "adaptive_max_pool"),
            CountRule(_pool, "the window per output, of a volume only its first size"),
        ),
        "global_avg_pool": CountRule(_global, "1 per input, and 4 per output for the division"),
        "upsample": CountRule(_upsample, "0, 4 or 8 per output: nearest, linear, cubic"),
        "multi_head_attention": CountRule(_attention, "MACs, biases, two scalings, and 36 per attention weight"),
        **for_each(("lstm", "gru"), CountRule(_recurrent, "MACs, both biases, and 110 or 180 per unit for the gates")),
    },
    remark="each layer as the operators that PyTorch exports, batch norm not folded; an exponential counts as 32",
)
