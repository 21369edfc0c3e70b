"""`tf.nn`: convolutions with arrays of the program, pools, and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from types import MappingProxyType
from typing import Any

from cnncalc.diagnostics import Refusal
from cnncalc.importing.python.keras.function_calls import FunctionCall, GraphFunction
from cnncalc.importing.python.keras.methods import operated, product, with_bias
from cnncalc.importing.python.keras.problems import shown
from cnncalc.importing.tensors import arithmetic, windows
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor


def spatial(value: object, axes: int, default: int = 1) -> list[int]:
    """The amounts of the spatial axes: `[1, 2, 2, 1]`, `[2, 2]` or `2`. Raises NotSaid."""
    if value is None:
        return [default] * axes
    if isinstance(value, int):
        return [value] * axes
    if isinstance(value, list | tuple) and all(isinstance(each, int) for each in value):
        if len(value) == axes + 2:
            if value[0] != 1 or value[-1] != 1:
                raise NotSaid("a stride along samples or channels")
            return list(value[1:-1])
        if len(value) == axes:
            return list(value)
    raise NotSaid("amounts that are not known")


def padding_of(call: FunctionCall) -> Any:
    """`SAME`, `VALID`, or amounts. Raises NotSaid."""
    value = call.get("padding", default="SAME" if call.get("output_shape") is not None else "VALID")
    if isinstance(value, str):
        return 0 if value.upper() == "VALID" else value.lower()
    if isinstance(value, list | tuple):
        return [list(each) for each in value[1:-1]]
    raise NotSaid("a padding that is not known")


def window_fields(call: FunctionCall, axes: int) -> dict[str, Any]:
    """Stride, padding and dilation of a window."""
    if str(call.get("data_format", default="NHWC")).startswith("NC"):
        raise NotSaid("channels before the image")
    found: dict[str, Any] = {}
    stride = spatial(call.get("strides"), axes)
    if set(stride) != {1}:
        found["stride"] = windows.short(stride)
    if (padding := padding_of(call)) != 0:
        found["padding"] = padding
    dilation = spatial(call.get("dilations"), axes)
    if set(dilation) != {1}:
        found["dilation"] = windows.short(dilation)
    return found


def kernel_of(call: FunctionCall) -> tuple[TapeTensor, TapeArray]:
    """The input and the kernel of a convolution. Raises NotSaid for a kernel that is computed."""
    x, kernel = call.tensors[0], call.tensors[1]
    if not isinstance(kernel, TapeArray) or not kernel.learned:
        raise NotSaid("a kernel that is computed")
    return call.tape.tensor(x), kernel


def check_channels(x: TapeTensor, size: int) -> None:
    """Refuse a kernel for another number of channels."""
    if x.dims[-1] != size:
        raise Refusal(f"its kernel takes {size} channels, but {shown(x)} has {x.dims[-1]}", code="E308")


def conv(call: FunctionCall) -> TapeTensor:
    """A convolution whose kernel has height, width, channels and filters."""
    x, kernel = kernel_of(call)
    axes = len(kernel.dims) - 2
    if len(x.dims) != axes + 2:
        raise Refusal(f"it takes channels and {axes} spatial axes, but its input is {shown(x)}", code="E303")
    channels = kernel.dims[-2]
    groups = x.dims[-1] // channels if channels and x.dims[-1] % channels == 0 else 0
    if not groups or kernel.dims[-1] % groups:
        check_channels(x, channels)
    fields: dict[str, Any] = {"filters": kernel.dims[-1], "kernel": windows.short(kernel.dims[:-2]), "bias": False}
    if groups > 1:
        fields["groups"] = groups
    return windows.slide(call.tape, "conv", {**fields, **window_fields(call, axes)}, x, weights=[kernel])


def conv_transpose(call: FunctionCall) -> TapeTensor:
    """A transposed convolution, whose kernel has height, width, filters and channels."""
    x, kernel = kernel_of(call)
    axes = len(kernel.dims) - 2
    check_channels(x, kernel.dims[-1])
    fields: dict[str, Any] = {"filters": kernel.dims[-2], "kernel": windows.short(kernel.dims[:-2]), "bias": False}
    fields |= window_fields(call, axes)
    sizes = call.get("output_shape")
    made = windows.slide(call.tape, "conv_transpose", fields, x, weights=[kernel])
    if isinstance(sizes, list | tuple) and len(sizes) == axes + 2 and tuple(sizes[1:]) != made.dims[1:]:
        raise NotSaid(f"the output {tuple(sizes[1:])}, where the layer gives {made.dims[1:]}")
    return made


def depthwise(call: FunctionCall) -> TapeTensor:
    """A depthwise convolution, whose kernel has height, width, channels and a multiplier."""
    x, kernel = kernel_of(call)
    check_channels(x, kernel.dims[-2])
    fields: dict[str, Any] = {"kernel": windows.short(kernel.dims[:2]), "bias": False, **window_fields(call, 2)}
    if kernel.dims[-1] != 1:
        fields["multiplier"] = kernel.dims[-1]
    return windows.slide(call.tape, "depthwise_conv", fields, x, weights=[kernel])


def pool(type: str) -> Any:
    """A pool of a window as `[1, 2, 2, 1]`."""

    def run(call: FunctionCall) -> TapeTensor:
        x = call.tape.tensor(call.x)
        axes = len(x.dims) - 2
        kernel = spatial(call.get("ksize"), axes)
        fields = {"kernel": windows.short(kernel), **window_fields(call, axes)}
        fields.setdefault("stride", 1)
        if fields["stride"] == fields["kernel"]:
            del fields["stride"]
        return windows.slide(call.tape, type, fields, x)

    return run


def bias_add(call: FunctionCall) -> TapeTensor:
    """A bias for each channel: that of the layer before it where there is one."""
    x, bias = call.tensors[0], call.tensors[1]
    check_bias(x, bias)
    return with_bias(call.tape, x, bias) or arithmetic.combine(call.tape, "add", call.tensors)


def check_bias(x: Operand, bias: Operand) -> None:
    """Refuse a bias of another size than the channels'."""
    if len(bias.dims) != 1 or bias.dims[0] != x.dims[-1]:
        raise Refusal(f"its bias has {prod(bias.dims)} numbers, but {shown(x)} has {x.dims[-1]} channels", code="E308")


def dense(call: FunctionCall) -> TapeTensor:
    """`tf.nn.xw_plus_b`: a product and a bias."""
    x, weight, bias = call.tensors
    made = product(call.tape, x, weight)
    return operated(call.tape, "add", [made, bias])


def dropout(call: FunctionCall) -> TapeTensor:
    return call.tape.same("dropout", {}, call.tape.tensor(call.x))


def local_response(call: FunctionCall) -> TapeTensor:
    radius = call.get("depth_radius", default=5)
    return call.tape.same("local_response_norm", {"size": 2 * radius + 1}, call.tape.tensor(call.x))


def batch_norm(call: FunctionCall) -> TapeTensor:
    """`tf.nn.batch_normalization` with given statistics."""
    scaled = [each for each in call.tensors[1:] if isinstance(each, TapeArray) and each.learned]
    if len(scaled) != len(call.tensors) - 1:
        raise NotSaid("statistics that are computed")
    made: TapeTensor = call.tape.tensor(call.x)
    for word, array in zip(("subtract", "multiply", "multiply", "add"), scaled, strict=False):
        made = arithmetic.combine(call.tape, word, [made, array])
    return made


_POOL = "x|value|input ksize strides padding data_format name"

FUNCTIONS: Mapping[str, GraphFunction] = MappingProxyType({
    **{f"conv{rank}d": GraphFunction(
        "x|input|value w|filter|filters|kernel strides|stride padding use_cudnn_on_gpu data_format dilations name",
        conv, ("x", "w"),
    ) for rank in (1, 2, 3)},
    "convolution": GraphFunction(
        "x|input w|filter|filters padding strides dilations name data_format", conv, ("x", "w")
    ),
    "atrous_conv2d": GraphFunction("x|value w|filters dilations|rate padding name", conv, ("x", "w")),
    "conv2d_transpose": GraphFunction(
        "x|value|input w|filter|filters output_shape strides padding data_format name", conv_transpose, ("x", "w")
    ),
    "conv3d_transpose": GraphFunction(
        "x|value|input w|filter|filters output_shape strides padding data_format name", conv_transpose, ("x", "w")
    ),
    "depthwise_conv2d": GraphFunction(
        "x|input w|filter strides padding rate name data_format dilations", depthwise, ("x", "w")
    ),
    **{name: GraphFunction(_POOL, pool("max_pool")) for name in ("max_pool", "max_pool1d", "max_pool2d", "max_pool3d")},
    **{name: GraphFunction(_POOL, pool("avg_pool")) for name in ("avg_pool", "avg_pool1d", "avg_pool2d", "avg_pool3d")},
    "bias_add": GraphFunction("x|value b|bias data_format name", bias_add, ("x", "b")),
    "xw_plus_b": GraphFunction("x w|weights b|biases name", dense, ("x", "w", "b")),
    "dropout": GraphFunction("x keep_prob|rate noise_shape seed name rate", dropout),
    **{name: GraphFunction("x|input depth_radius bias alpha beta name", local_response) for name in (
        "lrn", "local_response_normalization",
    )},
    "batch_normalization": GraphFunction(
        "x mean variance offset scale variance_epsilon name", batch_norm, ("x", "mean", "variance", "offset", "scale")
    ),
})  # fmt: skip


def keras_pool(type: str) -> Any:
    """`ops.max_pool(x, pool_size, strides)`, whose stride is the size by default."""

    def run(call: FunctionCall) -> TapeTensor:
        x = call.tape.tensor(call.x)
        axes = len(x.dims) - 2
        fields = {"kernel": windows.short(spatial(call.get("ksize"), axes)), **window_fields(call, axes)}
        if call.get("strides") is not None:
            fields.setdefault("stride", 1)
        if fields.get("stride") == fields["kernel"]:
            del fields["stride"]
        return windows.slide(call.tape, type, fields, x)

    return run


_KERAS_POOL = "x|inputs ksize|pool_size strides padding data_format"
_KERAS_CONV = "x|inputs w|kernel strides padding data_format dilations|dilation_rate"
KERAS_FUNCTIONS: Mapping[str, GraphFunction] = MappingProxyType({
    "max_pool": GraphFunction(_KERAS_POOL, keras_pool("max_pool")),
    "average_pool": GraphFunction(_KERAS_POOL, keras_pool("avg_pool")),
    **{name: GraphFunction(_KERAS_CONV, conv, ("x", "w")) for name in ("conv", "conv1d", "conv2d", "conv3d")},
    "depthwise_conv": GraphFunction(_KERAS_CONV, depthwise, ("x", "w")),
})  # fmt: skip
"""Functions of `keras.ops` and `keras.backend` on windows."""
