"""The rules of fvcore, which traces a PyTorch model and counts the operators of the trace."""

from __future__ import annotations

from cnncalc.analysis.tools.attention import projections
from cnncalc.analysis.tools.call import FrameworkCall
from cnncalc.analysis.tools.recurrent import CELLS
from cnncalc.analysis.tools.tool import (
    ADAPTIVE_POOLS,
    CONVOLUTIONS,
    RARE_PRODUCTS,
    REPARAMETRIZED,
    UNCOUNTED_PRODUCTS,
    CountRule,
    Tool,
    for_each,
    per_mac,
)

_PRODUCTS = "the products of queries, keys and values are multiply–accumulates"


def _two_axes(times: int, call: FrameworkCall) -> int:
    return times * call.y if len(call.output) == 3 else 0


def _upsample(call: FrameworkCall) -> int:
    return _two_axes({"nearest": 1, "linear": 4}.get(call.layer.mode, 0), call)


def _norm(call: FrameworkCall) -> int:
    return (5 if call.is_affine else 4) * call.x


FVCORE = Tool(
    name="fvcore",
    version="0.1.5",
    framework="PyTorch",
    prints="flops",
    per_mac=1,
    source="https://github.com/facebookresearch/fvcore/blob/main/fvcore/nn/jit_handles.py",
    rules={
        **for_each((*CONVOLUTIONS, "conv_transpose", "dense", "einsum", "matmul", *CELLS, *REPARAMETRIZED), per_mac()),
        "batch_norm": CountRule(
            lambda call: (2 if call.is_affine else 1) * call.x, "2 per input with scales, 1 without"
        ),
        **for_each(
            ("layer_norm", "group_norm", "instance_norm"), CountRule(_norm, "5 per input with scales, 4 without")
        ),
        **for_each(
            [each for each in ADAPTIVE_POOLS if "avg" in each],
            CountRule(
                lambda call: call.x if len(call.inputs[0]) == 3 else 0, "1 per input of two spatial axes, else 0"
            ),
        ),
        "upsample": CountRule(_upsample, "1 or 4 per output of two spatial axes: nearest, bilinear; else 0"),
        "multi_head_attention": CountRule(projections, "MACs of the projections", _PRODUCTS),
        **for_each(("lstm", "gru", "rnn", "attention", *RARE_PRODUCTS), UNCOUNTED_PRODUCTS),
    },
    remark="one flop is one multiply–accumulate; other operators count 0, with a warning",
)
