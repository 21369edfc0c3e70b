"""What TensorFlow's own operations (tf.nn) say about a case, run on zeros on the CPU.

tf.nn takes the weights and, for a transposed convolution, the output's shape as arguments: there the oracle offers the
documented one and TensorFlow says whether a forward convolution leads from it back to the input.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from tests.oracles.cases import Case, Verdict, accepted, channels, per_axis, refused, spatial_rank, verdict_on
from tests.oracles.families import Answer, table

BATCH = 2
ERRORS = (ValueError, TypeError, ZeroDivisionError, tf.errors.OpError)

Run = tuple[tf.Tensor, int]
"""The output, and the number of weights that went in."""


Kernel = np.ndarray | None
"""A kernel in cnncalc's order of axes; None for zeros."""


def verdict(case: Case) -> Verdict:
    """Shape and parameters of the case, or the error that TensorFlow raises."""
    try:
        if case["layer"] in table("TENSORFLOW"):
            zeros = [np.zeros((BATCH, *shape), np.float32) for shape in case["inputs"]]
            return verdict_on(table("TENSORFLOW")[case["layer"]](case, zeros, None), case["layer"])
        output, params = RUN[case["layer"]](case, tf.zeros((BATCH, *case["inputs"][0])), None)
    except ERRORS as error:
        return refused(error)
    if 0 in output.shape:
        return refused("an empty output")
    return accepted(output.shape[1:], params)


def output(case: Case, inputs: list[np.ndarray], weights: dict[str, np.ndarray]) -> np.ndarray:
    """What the operation computes with these weights, which are in cnncalc's order of axes."""
    if case["layer"] in table("TENSORFLOW"):
        answer: Answer = table("TENSORFLOW")[case["layer"]](case, inputs, weights)
        return answer.output
    found, _ = RUN[case["layer"]](case, tf.constant(inputs[0]), weights.get("kernel"))
    return found.numpy() + weights.get("bias", 0)


def padding(case: Case) -> Any:
    """The word in capitals, or explicit pairs for all axes."""
    value = case["fields"].get("padding", "valid")
    return value.upper() if isinstance(value, str) else [[0, 0], *value, [0, 0]]


def numbers(case: Case, name: str) -> list[int]:
    return per_axis(case["fields"].get(name, 1), spatial_rank(case))


def biased(case: Case, output: tf.Tensor, params: int) -> Run:
    if not case["fields"].get("bias", True):
        return output, params
    return tf.nn.bias_add(output, tf.zeros(output.shape[-1])), params + int(output.shape[-1])


def kernel_of(given: Kernel, *shape: int) -> tf.Tensor:
    return tf.zeros(shape) if given is None else tf.constant(given)


def conv(case: Case, x: tf.Tensor, given: Kernel) -> Run:
    groups, filters = case["fields"].get("groups", 1), case["fields"]["filters"]
    if channels(case) % groups or filters % groups:
        raise ValueError("the groups follow from the kernel's shape: these cannot be written")
    kernel = kernel_of(given, *numbers(case, "kernel"), channels(case) // groups, filters)
    strides, dilations = numbers(case, "stride"), numbers(case, "dilation")
    operation = (tf.nn.conv1d, tf.nn.conv2d, tf.nn.convolution)[spatial_rank(case) - 1]
    output = operation(x, kernel, strides, padding(case), dilations=dilations)
    return biased(case, output, int(tf.size(kernel)))


def depthwise_conv(case: Case, x: tf.Tensor, given: Kernel) -> Run:
    kernel = kernel_of(given, *numbers(case, "kernel"), channels(case), case["fields"].get("multiplier", 1))
    strides = [1, *numbers(case, "stride"), 1]
    output = tf.nn.depthwise_conv2d(x, kernel, strides, padding(case), dilations=numbers(case, "dilation"))
    return biased(case, output, int(tf.size(kernel)))


def conv_transpose(case: Case, x: tf.Tensor, given: Kernel) -> Run:
    fields, word = case["fields"], padding(case)
    sizes = case["inputs"][0][:-1]
    kernels, strides = numbers(case, "kernel"), numbers(case, "stride")
    extra = [max(F - S, 0) if word == "VALID" else 0 for F, S in zip(kernels, strides, strict=True)]
    shape = [BATCH, *(W * S + more for W, S, more in zip(sizes, strides, extra, strict=True)), fields["filters"]]
    swapped = None if given is None else given.swapaxes(-1, -2)
    kernel = kernel_of(swapped, *kernels, fields["filters"], channels(case))
    output = tf.nn.conv_transpose(x, kernel, shape, strides, word)
    return biased(case, output, int(tf.size(kernel)))


def pool(operation: Callable[..., tf.Tensor]) -> Callable[[Case, tf.Tensor, Kernel], Run]:
    def run(case: Case, x: tf.Tensor, given: Kernel) -> Run:
        kernels = numbers(case, "kernel")
        strides = numbers(case, "stride") if "stride" in case["fields"] else kernels
        return operation(x, kernels, strides, padding(case)), 0

    return run


RUN: dict[str, Callable[[Case, tf.Tensor, Kernel], Run]] = {
    "conv": conv,
    "depthwise_conv": depthwise_conv,
    "conv_transpose": conv_transpose,
    "max_pool": pool(tf.nn.max_pool),
    "avg_pool": pool(tf.nn.avg_pool),
}
