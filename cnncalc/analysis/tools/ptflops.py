"""The rules of ptflops with its backend pytorch, which hooks modules and replaces functions."""

from __future__ import annotations

from cnncalc.analysis.tools.attention import operands
from cnncalc.analysis.tools.call import FrameworkCall
from cnncalc.analysis.tools.recurrent import CELLS, cells
from cnncalc.analysis.tools.tool import (
    ADAPTIVE_POOLS,
    CONVOLUTIONS,
    POOLS,
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
    with_biases,
)

_TWICE = "the module and the function that it calls are both counted"


def _attention(call: FrameworkCall) -> int:
    """With the scaling of the queries, a softmax of 1 per weight, and the biases of all projections.

    Keys and values are projected to their own number of features, not to the queries', as if both had as many.
    """
    (queries, features), (keys, of_keys), (values, of_values) = operands(call)
    heads = int(call.layer.heads)
    projected = queries * features**2 + keys * of_keys**2 + values * of_values**2
    biases = (queries + keys + values) * features if call.layer.bias else 0
    weighted = heads * queries * keys * (features // heads + 1 + of_values // heads)
    return queries * features + projected + biases + weighted + queries * of_values * (of_values + 1)


def _recurrent(call: FrameworkCall) -> int:
    """The first direction's cell counts for both, with the units of one direction as the input of further layers."""
    per_unit = {"rnn": 1, "gru": 7, "lstm": 10}[call.type.removesuffix("_cell")]
    return sum(cell.macs + cell.biases + per_unit * cell.units for cell in cells(call))


PTFLOPS = Tool(
    name="ptflops",
    version="0.7.5",
    framework="PyTorch",
    prints="MACs",
    per_mac=1,
    source="https://github.com/sovrasov/flops-counter.pytorch/blob/master/ptflops/pytorch_ops.py",
    rules={
        **for_each((*CONVOLUTIONS, "conv_transpose", "dense"), with_biases()),
        **for_each(
            ("batch_norm", "instance_norm", "group_norm"),
            CountRule(lambda call: (2 if call.is_affine else 1) * call.x, "2 per input with scales, 1 without"),
        ),
        "layer_norm": per_input(1),
        **for_each((*POOLS, *ADAPTIVE_POOLS), CountRule(lambda call: 2 * call.x, "2 per input", _TWICE)),
        **for_each(
            ("relu", "prelu", "elu", "gelu", "upsample"), CountRule(lambda call: 2 * call.y, "2 per output", _TWICE)
        ),
        **for_each(("relu6", "leaky_relu"), per_output(1)),
        **for_each(("swish", "softmax"), per_input(1)),
        **for_each(("einsum", "matmul"), per_mac()),
        **for_each(("attention", *RARE_PRODUCTS), UNCOUNTED_PRODUCTS),
        **for_each(REPARAMETRIZED, UNCOUNTED_CLASS),
        "multi_head_attention": CountRule(_attention, "MACs, biases, the scaled queries, and 1 per attention weight"),
        **for_each(
            ("lstm", "gru", "rnn", *CELLS),
            CountRule(_recurrent, "MACs, both biases, and 1 to 10 per unit for the gates"),
        ),
    },
    replaces_functions=True,
    of_functions=lambda count, rule: count // 2 if rule.mistake == _TWICE else count,
    remark="per sample; sums and products written with + and * count 0",
)
