"""Convolutions, pools, resizing, and images cut into windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from cnncalc.importing.aten.conversion import AtenCall, AtenValue, bound
from cnncalc.importing.aten.operators import operator
from cnncalc.importing.tensors.tensor import NotSaid, TapeTensor
from cnncalc.importing.tensors.windows import convolve, resized, short, slide

AtenSizes = int | Sequence[int]


def _fields(rank: int, **values: Any) -> dict[str, Any]:
    """Fields of a window that are not its defaults, one number where all axes have the same."""
    usual = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "output_padding": 0}
    found = {}
    for name, value in values.items():
        plain = value if isinstance(value, int | str) else short(list(value) if len(value) != 1 else list(value) * rank)
        if plain != usual[name]:
            found[name] = plain
    return found


_CONV: Mapping[str, Any] = MappingProxyType({"bias": None, "stride": 1, "padding": 0, "dilation": 1, "groups": 1})
_TRANSPOSED: Mapping[str, Any] = MappingProxyType(
    {"bias": None, "stride": 1, "padding": 0, "output_padding": 0, "groups": 1, "dilation": 1}
)


@operator("conv1d", "conv2d", "conv3d")
def conv(call: AtenCall, input: AtenValue, weight: AtenValue, *rest: Any, **keywords: Any) -> TapeTensor:
    given = bound(_CONV, rest, keywords)
    bias = given.pop("bias")
    fields = _fields(len(weight.dims) - 2, **given)
    if fields.get("padding") == "valid":
        del fields["padding"]
    return convolve(call.tape, input, weight, bias, fields)


@operator("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
def conv_transpose(call: AtenCall, input: AtenValue, weight: AtenValue, *rest: Any, **keywords: Any) -> TapeTensor:
    given = bound(_TRANSPOSED, rest, keywords)
    bias = given.pop("bias")
    fields = _fields(len(weight.dims) - 2, **given)
    return convolve(call.tape, input, weight, bias, fields, transposed=True)


@operator("convolution")
def convolution(call: AtenCall, input: AtenValue, weight: AtenValue, bias: AtenValue, *rest: Any) -> TapeTensor:
    stride, padding, dilation, transposed, output_padding, groups = rest
    if transposed:
        return conv_transpose(call, input, weight, bias, stride, padding, output_padding, groups, dilation)
    return conv(call, input, weight, bias, stride, padding, dilation, groups)


def _pool(x: TapeTensor, kernel: AtenSizes, given: Mapping[str, Any]) -> dict[str, Any]:
    stride = given["stride"]
    size = kernel if isinstance(kernel, int) else short(list(kernel))
    fields: dict[str, Any] = {"kernel": size}
    if stride not in (None, [], kernel):
        fields["stride"] = stride if isinstance(stride, int) else short(list(stride or ()))
    if fields.get("stride") == size:
        del fields["stride"]
    fields |= _fields(len(x.dims) - 2, padding=given["padding"])
    if given["ceil_mode"]:
        fields["rounding"] = "ceil"
    return fields


_POOL: Mapping[str, Any] = MappingProxyType({"stride": None, "padding": 0, "dilation": 1, "ceil_mode": False})
_AVERAGE: Mapping[str, Any] = MappingProxyType(
    {"stride": None, "padding": 0, "ceil_mode": False, "count_include_pad": True, "divisor_override": None}
)


@operator("max_pool1d", "max_pool2d", "max_pool3d")
def max_pool(call: AtenCall, x: AtenValue, kernel_size: AtenSizes, *rest: Any, **keywords: Any) -> TapeTensor:
    given = bound(_POOL, rest, keywords)
    fields = _pool(x, kernel_size, given)
    return slide(call.tape, "max_pool", {**fields, **_fields(len(x.dims) - 2, dilation=given["dilation"])}, x)


@operator("max_pool1d_with_indices", "max_pool2d_with_indices", "max_pool3d_with_indices")
def max_pool_with_indices(call: AtenCall, x: AtenValue, *arguments: Any, **keywords: Any) -> list[AtenValue]:
    return [max_pool(call, x, *arguments, **keywords), None]


@operator("avg_pool1d", "avg_pool2d", "avg_pool3d")
def avg_pool(call: AtenCall, x: AtenValue, kernel_size: AtenSizes, *rest: Any, **keywords: Any) -> TapeTensor:
    given = bound(_AVERAGE, rest, keywords)
    fields = _pool(x, kernel_size, given)
    if not given["count_include_pad"] and "padding" in fields:
        fields["count_include_pad"] = False
    if given["divisor_override"] is not None:
        fields["divisor"] = given["divisor_override"]
    return slide(call.tape, "avg_pool", fields, x)


@operator("adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d")
def adaptive_avg_pool(call: AtenCall, x: AtenValue, output_size: AtenSizes) -> TapeTensor:
    return _adaptive(call, "adaptive_avg_pool", "global_avg_pool", x)


@operator("adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d")
def adaptive_max_pool(call: AtenCall, x: AtenValue, output_size: AtenSizes) -> list[AtenValue]:
    return [_adaptive(call, "adaptive_max_pool", "global_max_pool", x), None]


def _adaptive(call: AtenCall, type: str, whole: str, x: TapeTensor) -> TapeTensor:
    sizes = list(call.dims[2:])
    if all(size == 1 for size in sizes):
        return slide(call.tape, whole, {}, x)
    return slide(call.tape, type, {"size": short(sizes)}, x)


_MODES: Mapping[str, str] = MappingProxyType({
    "nearest1d": "nearest", "nearest2d": "nearest", "nearest3d": "nearest", "linear1d": "linear",
    "bilinear2d": "bilinear", "trilinear3d": "trilinear", "bicubic2d": "bicubic", "bilinear2d_aa": "bilinear",
    "bicubic2d_aa": "bicubic", "nearest_exact1d": "nearest_exact", "nearest_exact2d": "nearest_exact",
    "nearest_exact3d": "nearest_exact",
})  # fmt: skip


@operator(*(f"upsample_{mode}" for mode in _MODES), *(f"_upsample_{mode}" for mode in _MODES))
def upsample(call: AtenCall, input: AtenValue, output_size: Any = None, *rest: Any, **keywords: Any) -> TapeTensor:
    """To the sizes that PyTorch gives; whether corners are aligned is an argument of the linear modes alone."""
    mode = _MODES[call.node.operator.rpartition("upsample_")[2]]
    corners = keywords.get("align_corners", next((each for each in rest if isinstance(each, bool)), False))
    scale = keywords.get("scale_factors", next((each for each in rest if isinstance(each, list)), None))
    fields: dict[str, Any] = {} if mode == "nearest" else {"mode": mode}
    if corners:
        fields["align_corners"] = True
    return resized(call.tape, input, call.dims[2:], scale, **fields)


@operator("pixel_shuffle", "pixel_unshuffle")
def pixel_shuffle(call: AtenCall, x: AtenValue, factor: int) -> TapeTensor:
    return slide(call.tape, call.node.operator.removeprefix("aten."), {"factor": factor}, x)


@operator("channel_shuffle")
def channel_shuffle(call: AtenCall, x: AtenValue, groups: int) -> TapeTensor:
    return slide(call.tape, "channel_shuffle", {"groups": groups}, x)


_WINDOW: Mapping[str, Any] = MappingProxyType({"dilation": 1, "padding": 0, "stride": 1})


@operator("im2col")
def im2col(call: AtenCall, x: AtenValue, kernel_size: AtenSizes, *rest: Any, **keywords: Any) -> TapeTensor:
    return slide(call.tape, "unfold", _window(kernel_size, bound(_WINDOW, rest, keywords)), x)


@operator("col2im")
def col2im(
    call: AtenCall, x: AtenValue, output_size: AtenSizes, kernel_size: AtenSizes, *rest: Any, **keywords: Any
) -> TapeTensor:  # fmt: skip
    fields = _window(kernel_size, bound(_WINDOW, rest, keywords))
    return slide(call.tape, "fold", {**fields, "size": list(call.dims[2:])}, x)


def _window(kernel: AtenSizes, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"kernel": kernel if isinstance(kernel, int) else short(list(kernel)), **_fields(2, **given)}


@operator("unfold")
def unfold(call: AtenCall, x: AtenValue, dimension: int, size: int, step: int) -> TapeTensor:
    """Windows along one axis, which become a new last axis."""
    tensor = call.tape.tensor(x)
    fields = {"kernel": size, "axis": tensor.single(dimension), **({"stride": step} if step != 1 else {})}
    return call.tape.append("unfold", fields, [tensor], call.dims, tensor.batch)


@operator("grid_sampler", "grid_sampler_2d")
def grid_sampler(call: AtenCall, *arguments: Any) -> TapeTensor:
    raise NotSaid("positions that are computed")
