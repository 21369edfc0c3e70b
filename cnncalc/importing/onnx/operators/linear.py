"""Products with matrices of weights, and of two tensors."""

from __future__ import annotations

from typing import Any

from cnncalc.importing.onnx.conversion import Conversion, NotSaid
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.onnx.proto import OnnxNode
from cnncalc.importing.onnx.values import Constant, LayerValue, Value


@operator("Gemm")
def gemm(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    x, weights, bias = inputs[0], inputs[1], inputs[2] if len(inputs) > 2 else None
    if not isinstance(x, LayerValue) or not isinstance(weights, Constant) or node.attributes.get("transA", 0):
        raise NotSaid("a product of computed matrices")
    if bias is not None and not isinstance(bias, Constant):
        raise NotSaid("a computed bias")
    units = weights.dims[0 if node.attributes.get("transB", 0) else 1]
    arguments: dict[str, Any] = {"units": units}
    if bias is None:
        arguments["bias"] = False
    names = [weights.initializer, *([bias.initializer] if bias is not None else [])]
    return [conversion.add(node, "dense", arguments, [x], weights=names)]


@operator("MatMul")
def matmul(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    """With a matrix of the file, a dense layer at every position; a bias that is added after it joins it."""
    x, weights = inputs[0], inputs[1]
    if isinstance(x, LayerValue) and isinstance(weights, Constant) and len(weights.dims) == 2:
        arguments = {"units": weights.dims[1], "bias": False}
        return [conversion.add(node, "dense", arguments, [x], weights=[weights.initializer])]
    if x is None or weights is None:
        raise NotSaid("a missing matrix")
    return [conversion.add(node, "matmul", {}, [x, weights])]


@operator("Gather")
def gather(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    """Rows of a table of weights are an embedding; positions of a tensor are a part of it."""
    data, indices = inputs[0], inputs[1]
    axis = node.attributes.get("axis", 0)
    if isinstance(data, Constant) and isinstance(indices, LayerValue) and len(data.dims) == 2 and axis == 0:
        arguments = {"vocabulary": data.dims[0], "dimension": data.dims[1]}
        return [conversion.add(node, "embedding", arguments, [indices], weights=[data.initializer])]
    if not isinstance(data, LayerValue) or not isinstance(indices, Constant) or indices.values is None:
        raise NotSaid("positions that are computed")
    axis %= len(data.dims)
    if axis == 0 and data.batched:
        raise NotSaid("samples of a batch")
    size = data.dims[axis]
    found = [int(value) % size for value in indices.values]
    place = axis if data.batched else axis + 1
    if not indices.dims:
        cut = conversion.add(
            node, "slice", {"start": found[0], "stop": found[0] + 1, "axis": place}, [data], suffix="_slice"
        )
        return [conversion.add(node, "squeeze", {"axis": place}, [cut])]
    return [conversion.add(node, "gather", {"indices": found, "axis": place}, [data])]


@operator("Einsum")
def einsum(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    raise NotSaid("an equation whose batch is not marked")
