"""The rules of thop, which hooks PyTorch's modules by their exact class."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.tools.call import FrameworkCall
from cnncalc.analysis.tools.recurrent import CELLS, cells
from cnncalc.analysis.tools.tool import (
    CONVOLUTIONS,
    RARE_PRODUCTS,
    REPARAMETRIZED,
    UNCOUNTED_CLASS,
    UNCOUNTED_PRODUCTS,
    CountRule,
    Tool,
    for_each,
    per_input,
    per_mac,
    per_output,
)
from cnncalc.analysis.tools.transposed import BY_OUTPUT_POSITIONS

_UPSAMPLING: Mapping[str, tuple[int, ...]] = {"nearest": (1, 1, 1), "linear": (5, 11, 0), "cubic": (0, 259, 0)}
"""Operations per output of 1, 2 and 3 spatial axes. Three axes and linear are "trilinear", which has no rule."""


def _norm(call: FrameworkCall) -> int:
    return (4 if call.is_affine else 2) * call.x


def _softmax(call: FrameworkCall) -> int:
    size = call.inputs[0][call.layer.place(call.inputs[0])]
    return int(call.x // size * (3 * size - 1))


def _adaptive(call: FrameworkCall) -> int:
    return call.y * (call.input_positions + call.positions) // call.positions


def _upsample(call: FrameworkCall) -> int:
    return _UPSAMPLING.get(call.layer.mode, (0, 0, 0))[len(call.output) - 2] * call.y


def _recurrent(call: FrameworkCall) -> int:
    per_unit = {"rnn": 1, "gru": 7, "lstm": 8}[call.type.removesuffix("_cell")]
    return sum(cell.macs + cell.units * per_unit + cell.biases for cell in cells(call))


_RECURRENT = CountRule(_recurrent, "MACs, both biases, and 1 to 8 per unit for the gates")

THOP = Tool(
    name="thop",
    version="0.1.1",
    framework="PyTorch",
    prints="MACs",
    per_mac=1,
    source="https://github.com/Lyken17/pytorch-OpCounter/blob/master/thop/vision/calc_func.py",
    rules={
        **for_each((*CONVOLUTIONS, "dense"), per_mac()),
        "conv_transpose": BY_OUTPUT_POSITIONS,
        **for_each(
            ("batch_norm", "layer_norm", "instance_norm"),
            CountRule(_norm, "4 per input with scales, 2 without"),
        ),
        "prelu": per_input(1),
        "softmax": CountRule(_softmax, "3 per input, less 1 per distribution"),
        "avg_pool": per_output(1),
        **for_each(
            ("adaptive_avg_pool", "global_avg_pool"),
            CountRule(_adaptive, "1 per input, and 1 per output for the division"),
        ),
        "upsample": CountRule(_upsample, "1, 11 or 259 per output: nearest, bilinear, bicubic"),
        **for_each(("lstm", "gru", "rnn", *CELLS), _RECURRENT),
        **for_each(("multi_head_attention", "attention", "einsum", "matmul", *RARE_PRODUCTS), UNCOUNTED_PRODUCTS),
        **for_each(REPARAMETRIZED, UNCOUNTED_CLASS),
    },
    of_functions=lambda count, rule: 0,
    remark="modules alone; what is called as a function counts 0",
)
