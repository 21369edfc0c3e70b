"""The arrays of a file: weights, whose numbers are not read, and small constants."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from cnncalc.importing.onnx.folding import vector
from cnncalc.importing.onnx.modules import listed
from cnncalc.importing.onnx.onnx_tensor import OnnxTensor
from cnncalc.importing.onnx.proto import OnnxGraph, OnnxNode
from cnncalc.importing.tensors.tensor import Operand, TapeArray

_REAL = (1, 10, 11, 16)
"""The element types (TensorProto.DataType) of weights: float, float16, double, bfloat16."""

_MADE = re.compile(
    r"""onnx::\w+ | (?:val|_val|tmp|const\w*|lifted_tensor|scalar_tensor|arange|ortshared)(?:_default)?_?\d*(?:_\d+)*
    | .*[Cc]onst(?:ant)?(?:_\w*|:\d+)? | [/_]*\d+ | .*_output_\d+ | .*__\d+""",
    re.VERBOSE,
)
"""Names that exporters make up for numbers that a program computes, and not for the arrays of a model."""


_COMPUTED = re.compile(
    r"(?:getitem|zeros|ones|full|arange|view|reshape|unsqueeze|squeeze|expand|permute|transpose|clone|slice|select"
    r"|linear|add|sub|mul|div|pow|sqrt|rsqrt|cat|stack|repeat|index|where|to|sum|mean)(?:_\d+)*"
)
"""Names of values that PyTorch's newer exporter makes from operations."""


def learned_in(graph: OnnxGraph, producer: str) -> set[str]:
    """The names of the arrays that are parameters, even where they are operands and not the weights of a layer.

    The format does not say it. PyTorch's newer exporter adds it to the graph, and both of PyTorch's exporters keep the
    names of parameters; other tools learn no single numbers.
    """
    origins = {
        name: [each for each in listed(info.folded_from) if not (_MADE.fullmatch(each) or _COMPUTED.fullmatch(each))]
        for name, info in graph.stated.items()
        if info.folded_from and name in graph.constants and graph.constants[name].type in _REAL
    }  # fmt: skip
    uses = Counter(each for names in origins.values() for each in names)
    uses.update(list(graph.constants))

    def is_learned(tensor: OnnxTensor) -> bool:
        info = graph.stated.get(tensor.name)
        if tensor.type not in _REAL:
            return False
        if info is not None and info.kind:
            return info.kind == "PARAMETER"
        if tensor.name in origins:  # in place of a parameter, and not beside it
            return any(uses[each] == 1 for each in origins[tensor.name])
        return not _MADE.fullmatch(tensor.name) and (producer == "pytorch" or tensor.elements > 1)

    return {name for name, tensor in graph.constants.items() if is_learned(tensor)}


def constant_of(tensor: OnnxTensor, *, learned: bool = False) -> TapeArray:
    """An array of the file; its numbers only where it is small."""
    return TapeArray(tensor.dims, tensor.name, learned, tensor.values())


def copy_of(node: OnnxNode, inputs: Sequence[Operand | None]) -> TapeArray | None:
    """A parameter that PyTorch's older exporter states as the identity of another one with the same numbers.

    Parameters that are not trained yet are equal by chance: all zeros or ones. Others are the same parameter of two
    modules. Where the numbers are not known, those of one axis are taken for biases and factors, equal by chance.
    """
    value, name = inputs[0] if inputs else None, node.outputs[0] if node.outputs else ""
    if node.op != "Identity" or node.domain or not isinstance(value, TapeArray) or not value.learned:
        return None
    is_one_number = len(value.dims) == 1 if value.values is None else len(set(value.values)) == 1
    return replace(value, name=name) if is_one_number and not _MADE.fullmatch(name) else None


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
