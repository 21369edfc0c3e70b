"""The rules of PyTorch's own FlopCounterMode, which counts the operators that run."""

from __future__ import annotations

from cnncalc.analysis.tools.attention import projections
from cnncalc.analysis.tools.recurrent import CELLS
from cnncalc.analysis.tools.tool import (
    CONVOLUTIONS,
    RARE_PRODUCTS,
    REPARAMETRIZED,
    UNCOUNTED_PRODUCTS,
    CountRule,
    Tool,
    for_each,
    per_mac,
)

FLOP_COUNTER = Tool(
    name="FlopCounterMode",
    version="PyTorch 2.13",
    framework="PyTorch",
    prints="FLOPs",
    per_mac=2,
    source="https://github.com/pytorch/pytorch/blob/main/torch/utils/flop_counter.py",
    rules={
        **for_each(
            (*CONVOLUTIONS, "conv_transpose", "dense", "gru", "rnn", "einsum", "matmul", *CELLS, *REPARAMETRIZED),
            per_mac(2),
        ),
        "multi_head_attention": CountRule(
            lambda call: 2 * projections(call),
            "2 per MAC of the projections",
            "the CPU's fused attention has no formula; on a GPU the products are counted",
        ),
        **for_each(("attention", *RARE_PRODUCTS), UNCOUNTED_PRODUCTS),
        "lstm": CountRule(
            lambda call: 0, "not counted", "the CPU's fused LSTM has no formula; its products are multiply–accumulates"
        ),
    },
    remark="matrix products and convolutions alone, on the CPU",
)
