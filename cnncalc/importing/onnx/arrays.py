"""The arrays of a file: weights, whose numbers are not read, and small constants."""

from __future__ import annotations

import re

from cnncalc.importing.onnx.folding import vector
from cnncalc.importing.onnx.proto import OnnxNode, OnnxTensor
from cnncalc.importing.tensors.tensor import TapeArray

_REAL = (1, 10, 11, 16)
"""The element types (TensorProto.DataType) of weights: float, float16, double, bfloat16."""

_MADE = re.compile(
    r"""onnx::\w+ | (?:val|_val|tmp|const\w*|lifted_tensor|scalar_tensor|arange|ortshared)(?:_default)?_?\d*(?:_\d+)*
    | .*[Cc]onst(?:ant)?(?:_\w*|:\d+)? | [/_]*\d+ | .*_output_\d+ | .*__\d+""",
    re.VERBOSE,
)
"""Names that exporters make up for numbers that a program computes, and not for the arrays of a model."""


def is_learned(tensor: OnnxTensor, producer: str) -> bool:
    """Whether an array of the file is a parameter, even where it is an operand and not the weights of a layer.

    The format does not say it. PyTorch's exporters keep the names of parameters; other tools learn no single numbers.
    """
    if tensor.type not in _REAL or _MADE.fullmatch(tensor.name):
        return False
    return producer == "pytorch" or tensor.elements > 1


def constant_of(tensor: OnnxTensor, *, learned: bool = False) -> TapeArray:
    """An array of the file; its numbers only where it is small."""
    values = tensor.values()
    return TapeArray(tensor.dims, tensor.name, learned, None if values is None else tuple(values))


def literal(node: OnnxNode) -> TapeArray:
    """The array of a Constant node, named after its output."""
    for key, value in node.attributes.items():
        if isinstance(value, OnnxTensor):
            value.name = node.outputs[0] if node.outputs else ""
            return constant_of(value)
        if key in ("value_int", "value_float") and isinstance(value, int | float):
            return TapeArray((), values=(value,))
        if key in ("value_ints", "value_floats") and isinstance(value, list):
            return vector(value)
    return TapeArray(())
