"""Transposed convolutions under the conventions: the parts of all kernels' span that each framework cuts off."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import make, run
from tests.together import for_each

# 1, 10, 100 spread with the kernel 1, 2, 3, …: printed by ONNX Runtime, Keras 3.15 and TensorFlow 2.21, PyTorch 2.13.
SPREAD: list[tuple[str, int, int, int, Any, int | None, int | None, list[int]]] = [
    # convention, kernel, stride, dilation, padding, output padding, output size, output
    ("onnx", 5, 2, 1, "same_upper", None, None, [2, 13, 24, 135, 240, 350]),
    ("onnx", 5, 2, 1, "same_lower", None, None, [13, 24, 135, 240, 350, 400]),
    ("onnx", 4, 1, 1, "same_upper", None, None, [12, 123, 234]),
    ("onnx", 4, 1, 1, "same_lower", None, None, [123, 234, 340]),
    ("onnx", 5, 2, 1, "same_upper", 1, None, [13, 24, 135, 240, 350, 400]),
    ("onnx", 5, 2, 1, "same_lower", 1, None, [13, 24, 135, 240, 350, 400]),
    ("onnx", 2, 3, 1, "same_upper", None, None, [1, 2, 0, 10, 20, 0, 100, 200]),
    ("onnx", 2, 3, 1, "same_upper", 2, None, [1, 2, 0, 10, 20, 0, 100, 200, 0]),
    ("onnx", 2, 3, 1, "same_upper", 1, None, [1, 2, 0, 10, 20, 0, 100, 200, 0]),
    ("onnx", 5, 2, 1, [[0, 0]], None, 6, [13, 24, 135, 240, 350, 400]),
    ("onnx", 5, 2, 1, [[0, 0]], None, 8, [2, 13, 24, 135, 240, 350, 400, 500]),
    ("onnx", 5, 2, 1, [[0, 0]], 1, 7, [13, 24, 135, 240, 350, 400, 500]),
    ("onnx", 5, 2, 1, [[0, 0]], 1, 8, [2, 13, 24, 135, 240, 350, 400, 500]),
    ("onnx", 5, 2, 1, [[1, 0]], None, 6, [13, 24, 135, 240, 350, 400]),
    ("onnx", 5, 2, 1, "same_upper", None, 6, [2, 13, 24, 135, 240, 350]),
    ("onnx", 5, 2, 1, "same_lower", None, 8, [2, 13, 24, 135, 240, 350, 400, 500]),
    ("onnx", 5, 2, 1, "same_upper", None, 8, [1, 2, 13, 24, 135, 240, 350, 400]),
    ("onnx", 5, 2, 1, "same_upper", 1, 8, [2, 13, 24, 135, 240, 350, 400, 500]),
    ("onnx", 5, 2, 1, "same_lower", 1, 7, [13, 24, 135, 240, 350, 400, 500]),
    ("onnx", 2, 3, 1, [[0, 0]], None, 10, [1, 2, 0, 10, 20, 0, 100, 200, 0, 0]),
    ("onnx", 2, 3, 1, [[0, 0]], None, 1, [20]),
    ("onnx", 5, 2, 1, [[1, 2]], None, None, [2, 13, 24, 135, 240, 350]),
    ("onnx", 5, 2, 1, [[1, 2]], 1, None, [2, 13, 24, 135, 240, 350, 400]),
    ("onnx", 5, 3, 1, [[1, 2]], 2, None, [2, 3, 14, 25, 30, 140, 250, 300, 400, 500]),
    ("onnx", 5, 2, 1, "valid", None, None, [1, 2, 13, 24, 135, 240, 350, 400, 500]),
    ("keras", 5, 2, 1, "same", None, None, [2, 13, 24, 135, 240, 350]),
    ("keras", 4, 3, 1, "same", None, None, [1, 2, 3, 14, 20, 30, 140, 200, 300]),
    ("keras", 2, 3, 1, "same", None, None, [1, 2, 0, 10, 20, 0, 100, 200, 0]),
    ("keras", 5, 1, 1, "same", None, None, [123, 234, 345]),
    ("keras", 4, 1, 1, "same", None, None, [12, 123, 234]),
    ("keras", 5, 2, 1, "same", 1, None, [2, 13, 24, 135, 240, 350]),
    ("keras", 5, 3, 1, "same", 2, None, [2, 3, 14, 25, 30, 140, 250, 300, 400]),
    ("keras", 4, 2, 1, "same", 1, None, [2, 13, 24, 130, 240]),
    ("keras", 5, 3, 1, "same", 1, None, [2, 3, 14, 25, 30, 140, 250, 300]),
    ("keras", 2, 3, 1, "same", 1, None, [1, 2, 0, 10, 20, 0, 100]),
    ("keras", 5, 2, 1, "valid", None, None, [1, 2, 13, 24, 135, 240, 350, 400, 500]),
    ("keras", 2, 3, 1, "valid", None, None, [1, 2, 0, 10, 20, 0, 100, 200, 0]),
    ("keras", 2, 3, 1, "valid", 0, None, [1, 2, 0, 10, 20, 0, 100, 200]),
    ("keras", 2, 3, 1, "valid", 2, None, [1, 2, 0, 10, 20, 0, 100, 200, 0, 0]),
    ("keras", 5, 2, 1, "valid", 1, None, [1, 2, 13, 24, 135, 240, 350, 400, 500, 0]),
    ("tensorflow", 5, 2, 1, "same", None, 6, [2, 13, 24, 135, 240, 350]),
    ("tensorflow", 5, 2, 1, "same", None, 5, [13, 24, 135, 240, 350]),
    ("tensorflow", 4, 3, 1, "same", None, 7, [2, 3, 14, 20, 30, 140, 200]),
    ("tensorflow", 4, 3, 1, "same", None, 8, [2, 3, 14, 20, 30, 140, 200, 300]),
    ("tensorflow", 2, 3, 1, "same", None, 7, [1, 2, 0, 10, 20, 0, 100]),
    ("tensorflow", 2, 3, 1, "same", None, 9, [1, 2, 0, 10, 20, 0, 100, 200, 0]),
    ("tensorflow", 5, 2, 1, "valid", None, 9, [1, 2, 13, 24, 135, 240, 350, 400, 500]),
    ("tensorflow", 5, 2, 1, "valid", None, 10, [1, 2, 13, 24, 135, 240, 350, 400, 500, 0]),
    ("tensorflow", 2, 3, 1, "valid", None, 8, [1, 2, 0, 10, 20, 0, 100, 200]),
    ("tensorflow", 2, 3, 1, "valid", None, 10, [1, 2, 0, 10, 20, 0, 100, 200, 0, 0]),
    ("pytorch", 5, 2, 1, 1, 1, None, [2, 13, 24, 135, 240, 350, 400, 500]),
    ("pytorch", 3, 2, 2, 2, 0, None, [12, 0, 123, 0, 230]),
    ("pytorch", 3, 1, 3, 1, 2, None, [10, 100, 2, 20, 200, 3, 30, 300, 0]),
    ("pytorch", 2, 3, 1, 0, 2, None, [1, 2, 0, 10, 20, 0, 100, 200, 0, 0]),
    # ONNX's VALID has no padding, TensorFlow's fills the last stride; numbers are cut off before, and SAME by the rest
    ("onnx", 2, 3, 1, "valid", None, None, [1, 2, 0, 10, 20, 0, 100, 200]),
    ("formula", 2, 3, 1, "valid", None, None, [1, 2, 0, 10, 20, 0, 100, 200, 0]),
    ("formula", 5, 2, 1, [[2, 0]], None, 7, [13, 24, 135, 240, 350, 400, 500]),
    ("formula", 2, 2, 1, "same_lower", None, 6, [1, 2, 10, 20, 100, 200]),
]  # fmt: skip

REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    # convention, fields, message and hint
    ("keras", {"kernel": 5, "stride": 2, "dilation": 3, "output_padding": 2}, "rejects a stride above 1", ""),
    ("keras", {"kernel": 5, "stride": 2, "output_padding": 2}, "smaller than the stride, 2", "use at most 1"),
    ("keras", {"kernel": 5, "dilation": 3, "output_padding": 1}, "smaller than the stride, 1", "use at most 0"),
    ("pytorch", {"kernel": 5, "stride": 2, "output_padding": 2}, "the stride and the dilation, 2", "use at most 1"),
    ("pytorch", {"kernel": 5, "dilation": 3, "output_padding": 3}, "the stride and the dilation, 3", "use at most 2"),
    ("onnx", {"kernel": 5, "stride": 2, "output_size": 6, "output_padding": 2}, "the stride and the dilation, 2", ""),
    ("onnx", {"kernel": 5, "stride": 2, "output_size": 11}, "must be between 1 and 10", "change the stride"),
    ("onnx", {"kernel": 5, "stride": 2, "padding": 1, "output_size": 11}, "must be between 1 and 10", ""),
    ("tensorflow", {"kernel": 5, "stride": 2, "padding": "same", "output_size": 4}, "between 5 and 6", ""),
    ("tensorflow", {"kernel": 5, "stride": 2, "padding": "same", "output_size": 7}, "between 5 and 6", ""),
    ("tensorflow", {"kernel": 5, "stride": 2, "padding": "valid", "output_size": 8}, "between 9 and 10", ""),
    ("pytorch", {"kernel": 5, "stride": 2, "padding": 1, "output_size": 9}, "between 7 and 8", ""),
]


@for_each(
    ("convention", "kernel", "stride", "dilation", "padding", "output_padding", "output_size", "expected"), SPREAD
)
def test_values(
    convention: str, kernel: int, stride: int, dilation: int, padding: Any, output_padding: int | None,
    output_size: int | None, expected: list[int],
) -> None:  # fmt: skip
    given = {"kernel": kernel, "stride": stride, "dilation": dilation, "padding": padding}
    given |= {} if output_padding is None else {"output_padding": output_padding}
    given |= {} if output_size is None else {"output_size": output_size}
    layer = make("conv_transpose", convention, layout="HWC", filters=1, bias=False, **given)
    array = np.arange(1.0, kernel + 1).reshape(-1, 1, 1)
    y = layer.forward(np, np.array([1.0, 10, 100]).reshape(1, 3, 1), kernel=array)
    assert y[0, :, 0].tolist() == expected
    assert layer.shape((3, 1)) == (len(expected), 1)


@for_each(("convention", "given", "message", "hint"), REFUSED)
def test_refused(convention: str, given: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(Refusal, match=message) as refusal:
        make("conv_transpose", convention, layout="HWC", filters=1, **given).shape((3, 1))
    assert hint in refusal.value.hint


@for_each("convention", ["formula", "keras", "tensorflow", "pytorch", "onnx", "caffe"])
def test_the_report_s_size_is_the_array_s(convention: str) -> None:
    """Over kernels, strides, paddings, output paddings and output sizes that the convention accepts."""
    accepted = 0
    choices = product((1, 3, 4), (1, 2, 3), (0, 2, "valid", "same", "same_lower"), (None, 1), (None, 5, 9))
    for kernel, stride, padding, output_padding, output_size in choices:
        given = {"kernel": kernel, "stride": stride, "padding": padding}
        given |= {"output_padding": output_padding} if output_padding is not None else {}
        given |= {"output_size": output_size} if output_size is not None else {}
        layer = make("conv_transpose", convention, layout="HWC", filters=1, **given)
        try:
            shape = layer.shape((3, 1))
        except Refusal:
            continue
        assert run(layer, (3, 1)).shape[1:] == shape, given
        accepted += 1
    assert accepted > 40


@for_each(("W", "F", "S", "P"), list(product((4, 5), (3, 4), (2, 3), (0, 1))))
def test_the_modular_size_is_the_array_s(W: int, F: int, S: int, P: int) -> None:
    """S(W − 1) + ((W + 2P − F) mod S) + F − 2P, as in course notes."""
    layer = make("conv_transpose", filters=1, kernel=F, stride=S, padding=P, form="modular")
    size = S * (W - 1) + (W + 2 * P - F) % S + F - 2 * P
    assert layer.shape((W, 1)) == run(layer, (W, 1)).shape[1:] == (size, 1)


def test_an_output_size_replaces_the_output_padding_of_pytorch() -> None:
    """`nn.ConvTranspose1d(…, output_padding=2)(x, output_size=10)` computes its own output padding."""
    layer = make("conv_transpose", "pytorch", filters=1, kernel=5, stride=2, output_size=10, output_padding=2)
    assert layer.shape((1, 3)) == (1, 10)
