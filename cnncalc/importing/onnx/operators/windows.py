"""Convolutions and pools."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cnncalc.importing.onnx.attributes import Malformed
from cnncalc.importing.onnx.call import NodeCall, as_weight
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.tensors import windows
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor

_PADDINGS: Mapping[str, Any] = MappingProxyType(
    {"NOTSET": None, "SAME_UPPER": "same", "SAME_LOWER": "same_lower", "VALID": None}
)


def padding_of(call: NodeCall, rank: int) -> dict[str, Any]:
    """`pads` or `auto_pad` as our padding; nothing where there is none."""
    word = call.word("auto_pad", "NOTSET", _PADDINGS)
    if word != "NOTSET":
        return {"padding": _PADDINGS[word]} if _PADDINGS[word] else {}
    pads = call.integers("pads", [0] * (2 * rank), count=2 * rank)
    if not any(pads):
        return {}
    before, after = pads[:rank], pads[rank:]
    if before == after:
        return {"padding": windows.short(before)}
    return {"padding": [list(pair) for pair in zip(before, after, strict=True)]}


def window_of(call: NodeCall, rank: int) -> dict[str, Any]:
    """Stride, dilation and padding."""
    found: dict[str, Any] = {}
    for key, name in (("strides", "stride"), ("dilations", "dilation")):
        values = call.integers(key, [1] * rank, count=rank)
        if any(value != 1 for value in values):
            found[name] = windows.short(values)
    return {**found, **padding_of(call, rank)}


def kernel_of(call: NodeCall, place: int = 1) -> TapeArray:
    """A kernel of at least one axis beyond filters and channels."""
    (kernel,) = call.weights(place)
    if len(kernel.dims) < 3:
        raise Malformed(f"the kernel {kernel.name} has {len(kernel.dims)} axes, but a convolution needs 3 or more")
    return kernel


@operator("Conv")
def conv(call: NodeCall) -> list[Operand]:
    return [convolution(call, call.tensor(), kernel_of(call), call.optional(2))]


def convolution(call: NodeCall, x: TapeTensor, kernel: TapeArray, bias: Operand | None) -> TapeTensor:
    """A convolution with the node's window."""
    arguments = window_of(call, len(kernel.dims) - 2)
    groups = call.integer("group", 1)
    if groups > 1:
        arguments["groups"] = groups
    if groups > 0 and kernel.dims[1] * groups != x.dims[1]:
        raise Malformed(f"the input has {x.dims[1]} channels, but the kernel is for {kernel.dims[1] * groups}")
    return windows.convolve(call.tape, x, kernel, _weight(bias), arguments)


def _weight(bias: Operand | None) -> Operand | None:
    return as_weight(bias) if isinstance(bias, TapeArray) else bias


@operator("ConvTranspose")
def conv_transpose(call: NodeCall) -> list[Operand]:
    kernel = kernel_of(call)
    rank = len(kernel.dims) - 2
    arguments = window_of(call, rank)
    more = call.integers("output_padding", [0] * rank, count=rank)
    if any(more):
        arguments["output_padding"] = windows.short(more)
    if "output_shape" in call.node.attributes:
        arguments["output_size"] = call.integers("output_shape")[-rank:]
        arguments.pop("padding", None)
    groups = call.integer("group", 1)
    if groups > 1:
        arguments["groups"] = groups
    return [windows.convolve(call.tape, call.tensor(), kernel, _weight(call.optional(2)), arguments, transposed=True)]


@operator("DeformConv")
def deformable_conv(call: NodeCall) -> list[Operand]:
    raise NotSaid("offsets that are computed")


@operator("MaxPool", "AveragePool", "LpPool")
def pool(call: NodeCall) -> list[Operand]:
    kernel = call.integers("kernel_shape")
    arguments = {"kernel": windows.short(kernel) if kernel else 1, **window_of(call, len(kernel))}
    arguments.setdefault("stride", 1)
    if call.integer("ceil_mode", 0):
        arguments["rounding"] = "ceil"
    types = {"MaxPool": "max_pool", "AveragePool": "avg_pool", "LpPool": "lp_pool"}
    if call.op == "AveragePool" and "padding" in arguments:
        arguments["count_include_pad"] = bool(call.integer("count_include_pad", 0))
    if call.op == "LpPool" and call.integer("p", 2) != 2:
        arguments["norm"] = float(call.integer("p"))
    return [windows.slide(call.tape, types[call.op], arguments, call.tensor())]


@operator("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool")
def global_pool(call: NodeCall) -> list[Operand]:
    types = {
        "GlobalAveragePool": "global_avg_pool", "GlobalMaxPool": "global_max_pool", "GlobalLpPool": "global_lp_pool",
    }  # fmt: skip
    is_other = call.op == "GlobalLpPool" and call.integer("p", 2) != 2
    arguments = {"norm": float(call.integer("p"))} if is_other else {}
    return [windows.slide(call.tape, types[call.op], arguments, call.tensor())]


@operator("Col2Im")
def fold(call: NodeCall) -> list[Operand]:
    """Columns of windows summed into an image."""
    size, kernel = call.numbers(1), call.numbers(2)
    arguments = {"kernel": kernel, "size": size, **window_of(call, len(kernel))}
    return [call.layer("fold", arguments, [call.tensor()])]
