"""The rules of torchinfo, which multiplies parameters by the positions of the output."""

from __future__ import annotations

from math import prod

from cnncalc.analysis.tools.call import FrameworkCall
from cnncalc.analysis.tools.recurrent import CELLS
from cnncalc.analysis.tools.tool import (
    CONVOLUTIONS,
    REPARAMETRIZED,
    UNCOUNTED_CLASS,
    UNCOUNTED_PRODUCTS,
    CountRule,
    Tool,
    for_each,
)
from cnncalc.arithmetic.convention import CONVENTIONS, Setting


def _once(call: FrameworkCall) -> int:
    return call.params


def _per_position(call: FrameworkCall) -> int:
    return call.params * call.positions


def _per_step(call: FrameworkCall) -> int:
    """The parameters at every step."""
    return _pytorch_params(call) * call.inputs[0][0]


def _pytorch_params(call: FrameworkCall) -> int:
    """PyTorch's parameters, with two biases per gate."""
    as_pytorch = call.layer.under(Setting(CONVENTIONS["pytorch"], call.layer.setting.layout))
    weights = as_pytorch.weights(*call.inputs, call.output)
    return sum(prod(each.shape) for each in weights)


_ONCE = CountRule(_once, "1 per parameter", "the parameters are used at every position")

TORCHINFO = Tool(
    name="torchinfo",
    version="1.8.0",
    framework="PyTorch",
    prints="mult-adds",
    per_mac=1,
    source="https://github.com/TylerYep/torchinfo/blob/main/torchinfo/layer_info.py",
    rules={
        **for_each(CONVOLUTIONS, CountRule(_per_position, "parameters, with biases, at every output position")),
        "conv_transpose": CountRule(
            _per_position,
            "parameters, with biases, at every output position",
            "a transposed convolution multiplies its kernel at each input position",
        ),
        "dense": CountRule(
            _once,
            "1 per parameter, with biases, however many positions there are",
            "a dense layer over a sequence is applied at every position",
        ),
        **for_each(("batch_norm", "layer_norm", "group_norm", "instance_norm", "prelu", "bilinear"), _ONCE),
        "embedding": CountRule(_once, "1 per parameter", "a look-up multiplies nothing"),
        **for_each(("multi_head_attention", "attention", "einsum", "matmul", "cosine_similarity"), UNCOUNTED_PRODUCTS),
        **for_each(REPARAMETRIZED, UNCOUNTED_CLASS),
        **for_each(
            CELLS,
            CountRule(
                lambda call: _pytorch_params(call) * call.y,
                "parameters, with both biases, times the units",
                "a cell uses its weights once",
            ),
        ),
        **for_each(("lstm", "gru", "rnn"), CountRule(_per_step, "parameters, with both biases, at every step")),
    },
    remark="layers without parameters count 0",
)
