"""The traps of each framework by name: what it gives, or that it refuses, written out.

Where the framework is installed, it is asked again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnncalc.arithmetic.convention import setting
from cnncalc.layers import registry
from cnncalc.layers.base import Layer
from tests.oracles.comparing import ours
from tests.oracles.frameworks import missing, module

Trap = tuple[str, str, str, list[int], dict[str, Any], list[int] | None, int | None]

TRAPS: list[Trap] = [
    ("ceil drops a window that would start behind the input", "pytorch", "max_pool",
     [1, 5], {"kernel": 2, "stride": 2, "padding": 1, "rounding": "ceil"}, [1, 3], 0),
    ("ceil drops it for a stride larger than the kernel too", "pytorch", "max_pool",
     [1, 4], {"kernel": 2, "stride": 3, "rounding": "ceil"}, [1, 2], 0),
    ("ceil keeps a first window that is larger than the input", "pytorch", "max_pool",
     [1, 2], {"kernel": 3, "stride": 3, "rounding": "ceil"}, [1, 1], 0),
    ("ceil has no window where it is larger by a stride", "pytorch", "max_pool",
     [1, 2], {"kernel": 5, "stride": 3, "rounding": "ceil"}, None, None),
    ("a pool's padding is limited by half the undilated kernel", "pytorch", "max_pool",
     [1, 13], {"kernel": 3, "dilation": 3, "padding": 2}, None, None),
    ("AvgPool2d takes a kernel that fits the padded input", "pytorch", "avg_pool",
     [5, 2, 7], {"kernel": 3, "padding": 1}, [5, 1, 3], 0),
    ("AvgPool3d does not", "pytorch", "avg_pool", [5, 2, 5, 7], {"kernel": 3, "padding": 1}, None, None),
    ("SAME needs stride 1", "pytorch", "conv", [3, 7], {"filters": 5, "kernel": 3, "stride": 2, "padding": "same"},
     None, None),
    ("SAME takes a dilation", "pytorch", "conv", [3, 7], {"filters": 5, "kernel": 4, "dilation": 2, "padding": "same"},
     [5, 7], 65),
    ("output padding may reach the dilation", "pytorch", "conv_transpose",
     [3, 7], {"filters": 5, "kernel": 3, "dilation": 2, "output_padding": 1}, [5, 12], 50),
    ("an output size overrides an output padding", "pytorch", "conv_transpose",
     [2, 5], {"filters": 5, "kernel": 4, "stride": 2, "output_padding": 2, "output_size": [13]}, [5, 13], 45),
    ("transposed convolutions take no padding word", "pytorch", "conv_transpose",
     [2, 5], {"filters": 5, "kernel": 4, "padding": "valid"}, None, None),
    ("groups divide a transposed convolution's filters, not its inputs", "pytorch", "conv_transpose",
     [6, 7, 11], {"filters": 4, "kernel": [3, 5], "groups": 2}, [4, 9, 15], 184),
    ("an input of size 1", "pytorch", "conv", [3, 1, 1], {"filters": 5, "kernel": 3, "padding": 1}, [5, 1, 1], 140),
    ("kernel 1 with stride 2", "pytorch", "conv", [3, 7, 11], {"filters": 5, "kernel": 1, "stride": 2}, [5, 4, 6], 20),
    ("stride and dilation together", "keras", "conv",
     [11, 13, 3], {"filters": 5, "kernel": 3, "stride": 2, "dilation": 2}, None, None),
    ("stride and dilation together in a depthwise convolution", "keras", "depthwise_conv",
     [11, 13, 3], {"kernel": 3, "stride": 2, "dilation": 2}, [4, 5, 3], 30),
    ("output padding unset", "keras", "conv_transpose",
     [4, 2], {"filters": 5, "kernel": 3, "stride": 2, "padding": "same"}, [8, 5], 35),
    ("output padding 0", "keras", "conv_transpose",
     [4, 2], {"filters": 5, "kernel": 3, "stride": 2, "padding": "same", "output_padding": 0}, [7, 5], 35),
    ("output padding 1", "keras", "conv_transpose",
     [4, 2], {"filters": 5, "kernel": 3, "stride": 2, "padding": "same", "output_padding": 1}, [8, 5], 35),
    ("causal is for one axis", "keras", "conv", [5, 7, 3], {"filters": 2, "kernel": 3, "padding": "causal"},
     None, None),
    ("a VALID pool larger than the input", "keras", "max_pool", [3, 2], {"kernel": 5}, None, None),
    ("moving statistics are parameters", "keras", "batch_norm", [5, 7], {}, [5, 7], 28),
    ("moving statistics are not", "pytorch", "batch_norm", [7, 5], {}, [7, 5], 14),
    ("a kernel that does not cover the stride", "onnx", "conv_transpose",
     [2, 5], {"filters": 3, "kernel": 2, "stride": 3, "padding": "same"}, [3, 14], 15),
    ("an output shape with SAME", "onnx", "conv_transpose",
     [2, 5], {"filters": 3, "kernel": 3, "stride": 2, "padding": "same", "output_size": [7]}, [3, 7], 21),
    ("an output shape out of reach", "onnx", "conv_transpose",
     [2, 5], {"filters": 3, "kernel": 3, "stride": 2, "output_size": [13]}, None, None),
    ("SAME with a dilation", "onnx", "conv", [3, 7], {"filters": 5, "kernel": 3, "dilation": 2, "padding": "same"},
     None, None),
    ("a pool's stride, unsaid, is 1", "onnx", "max_pool", [3, 7], {"kernel": 3}, [3, 5], 0),
    ("stride and dilation together", "tensorflow", "conv",
     [11, 13, 3], {"filters": 5, "kernel": 3, "stride": 2, "dilation": 2}, [4, 5, 5], 140),
]  # fmt: skip
"""Name, convention, layer, input, fields, and the framework's own shape and parameters, or None twice: refused."""


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: f"{trap[1]} {trap[2]}: {trap[0]}")
def test_trap(trap: Trap) -> None:
    """The number is the framework's, and the framework, where it is here, still says so."""
    _, convention, layer, shape, fields, output, params = trap
    made = {"convention": convention, "layer": layer, "inputs": [shape], "fields": fields}
    assert (ours(made)["shape"], ours(made)["params"]) == (output, params)
    if not missing(convention):
        theirs = module(convention).verdict(made)
        assert (theirs["shape"], theirs["params"]) == (output, params), theirs["reason"]


def output_of(convention: str, layer: str, values: list[float], **fields: Any) -> list[float]:
    """The layer on a row of numbers, in the order in which a real array holds them; weights of 1."""
    built = make(layer, convention, **fields)
    shape = built.setting.volume((len(values),), 1)
    x = np.array(values, np.float32).reshape(1, *shape)
    weights = {weight.name: np.ones(weight.shape, np.float32) for weight in built.weights(shape, shape)}
    return [float(value) for value in built.forward(np, x, **weights).reshape(-1)]


def make(layer: str, convention: str, **fields: Any) -> Layer:
    found = registry.find(layer)
    assert found is not None
    return found[0](setting(convention), **{name: found[0].fields[name].parse(value) for name, value in fields.items()})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"kernel": 2, "padding": "same"}, [3, 5, 7, 4]),  # the odd one after: 1+2, 2+3, 3+4, 4+0
        ({"kernel": 2, "padding": "same_lower"}, [1, 3, 5, 7]),  # the odd one before: 0+1, 1+2, 2+3, 3+4
        ({"kernel": 3, "stride": 2, "padding": "same"}, [6, 7]),  # 1 in all, after: 1+2+3, 3+4+0
        ({"kernel": 3, "stride": 2, "padding": "same_lower"}, [3, 9]),  # 1 in all, before: 0+1+2, 2+3+4
    ],
)
def test_the_odd_zero_of_same(fields: dict[str, Any], expected: list[float]) -> None:
    """SAME_UPPER pads the odd zero after, SAME_LOWER before (ONNX operators, Conv: auto_pad)."""
    assert output_of("onnx", "conv", [1, 2, 3, 4], filters=1, bias=False, **fields) == expected


@pytest.mark.parametrize(
    ("output_padding", "expected"),
    [(0, [1, 2, 1]), (1, [1, 1, 2, 1]), (None, [1, 1, 2, 1])],
)
def test_where_an_output_padding_goes(output_padding: int | None, expected: list[float]) -> None:
    """Of 1 1 2 1 1, Keras cuts 2 − A, the odd one after (Conv1DTranspose, SAME, kernel 3, stride 2, two inputs)."""
    fields = {} if output_padding is None else {"output_padding": output_padding}
    found = output_of(
        "keras", "conv_transpose", [1, 1], filters=1, bias=False, kernel=3, stride=2, padding="same", **fields
    )
    assert found == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"padding": 1, "stride": 1}, [1, 2, 5 / 3]),  # (0+1+2)/3, (1+2+3)/3, (2+3+0)/3
        ({"padding": 1, "stride": 1, "count_include_pad": False}, [1.5, 2, 2.5]),  # (1+2)/2, 2, (2+3)/2
        ({"padding": 1, "stride": 2, "rounding": "ceil"}, [1, 5 / 3]),
        ({"padding": 0, "stride": 2, "rounding": "ceil"}, [2]),
    ],
)
def test_what_padding_counts_in_a_mean(fields: dict[str, Any], expected: list[float]) -> None:
    """PyTorch divides by the whole window at the border unless count_include_pad is false (torch.nn.AvgPool1d)."""
    assert output_of("pytorch", "avg_pool", [1, 2, 3], kernel=3, **fields) == pytest.approx(expected)


@pytest.mark.parametrize("padding", [0, "valid"])
def test_what_ceil_adds_does_not_count_in_a_mean(padding: object) -> None:
    """A window that hangs over the end is divided by what it sees: (4+5)/2 (torch.nn.AvgPool1d, ceil_mode)."""
    fields = {"kernel": 3, "stride": 3, "rounding": "ceil", "padding": padding}
    assert output_of("pytorch", "avg_pool", [1, 2, 3, 4, 5], **fields) == pytest.approx([2, 4.5])


@pytest.mark.parametrize(
    ("padding", "expected"),
    [("same", [1, 2, 2]), ("same_lower", [2, 2, 1]), ("valid", [2, 2, 1])],
)
def test_where_an_output_shape_cuts(padding: str, expected: list[float]) -> None:
    """Of 1 2 2 1, the one too many is cut after under SAME_UPPER, else before (ONNX operators, ConvTranspose)."""
    found = output_of(
        "onnx", "conv_transpose", [1, 1, 1], filters=1, bias=False, kernel=2, padding=padding, output_size=[3]
    )
    assert found == expected
