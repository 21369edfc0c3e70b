"""Caffe's layers as ours. Fields that neither change a shape nor a count (fillers, rates) are left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise, zip_longest
from math import prod
from types import MappingProxyType
from typing import Any

from cnncalc.diagnostics import closest
from cnncalc.importing.caffe.fields import check_slice_points, refuse_mistyped
from cnncalc.importing.caffe.forks import FORKED, known_shapes
from cnncalc.importing.caffe.network import CaffeModel
from cnncalc.importing.caffe.regions import REGIONS
from cnncalc.importing.caffe.text_format import Message


def add_layer(network: CaffeModel, layer: Message, word: str) -> None:
    """Append what a layer of a type is, and make its tops known."""
    make = _TYPES.get(word) or FORKED.get(word) or REGIONS.get(word)
    if make is None:
        near = closest(word, [*_TYPES, *FORKED, *REGIONS])
        hint = f'did you mean "{near}"?' if near else "the tool does not know this type, whose shapes no file states"
        layer.fail(f'type: unknown layer type "{word}"', hint, place=layer.values("type")[-1])
    refuse_mistyped(layer)
    bottoms = network.bottoms(layer)
    before = len(network.layers)
    if not bottoms:
        layer.fail(f"{word} has no bottom", 'add bottom: "…", the top of a layer before it')
    givers = make(network, layer, bottoms)
    tops = [value.text for value in layer.values("top")] or [layer.text("name")]
    for index, top in enumerate(tops):
        network.blobs[top] = givers[min(index, len(givers) - 1)]
        network.used.discard(top)
    if len(network.layers) > before:
        _share(network, layer, before)


def _share(network: CaffeModel, layer: Message, index: int) -> None:
    """Let a layer whose parameters bear a name that an earlier one has use the earlier one's weights."""
    names = [each.text("name") for each in layer.blocks("param")] + [value.text for value in layer.values("param")]
    names = [name for name in names if name]
    made = network.layers[index]
    if names:
        owner = network.owners.setdefault(names[0], made.name)
        made.shares = owner if owner != made.name else None


def _sizes(block: Message, name: str, default: int, *, words: tuple[str, str]) -> int | list[int]:
    """`kernel_size: 3` once or for each axis, or `kernel_h` and `kernel_w`."""
    if block.has(words[0]) or block.has(words[1]):
        return [block.number(words[0], default), block.number(words[1], default)]
    values = block.numbers(name) or [default]
    return values[0] if len(set(values)) == 1 else values


def _window(layer: Message, block: Message) -> dict[str, Any]:
    """Kernel, stride and padding; kernels are required, strides 1 and padding 0."""
    kernel = _sizes(block, "kernel_size", 0, words=("kernel_h", "kernel_w"))
    if min(kernel if isinstance(kernel, list) else [kernel]) < 1:
        layer.fail("kernel_size is missing, or below 1", "add kernel_size: 3")
    found: dict[str, Any] = {"kernel": kernel}
    stride = _sizes(block, "stride", 1, words=("stride_h", "stride_w"))
    padding = _sizes(block, "pad", 0, words=("pad_h", "pad_w"))
    found["stride"] = stride
    if padding != 0:
        found["padding"] = padding
    return found


def _units(layer: Message, block: Message) -> int:
    number = block.number("num_output", 0)
    if number < 1:
        layer.fail("num_output is missing, or below 1", "add num_output: 10")
    return number


def _convolution(network: CaffeModel, layer: Message, bottoms: list[str], type: str = "conv") -> list[str]:
    block = layer.block("convolution_param")
    arguments: dict[str, Any] = {"filters": _units(layer, block), **_window(layer, block)}
    dilation = block.numbers("dilation")
    if dilation and set(dilation) != {1}:
        arguments["dilation"] = dilation[0] if len(set(dilation)) == 1 else dilation
    alone = layer.text("type") in ("ConvolutionDepthwise", "DepthwiseConvolution")
    groups = block.number("group", arguments["filters"] if alone else 1)
    if groups < 1:
        block.fail(f"group: got {groups}, but it must be at least 1", place=block.values("group")[-1])
    if groups != 1:
        arguments["groups"] = groups
    if not block.flag("bias_term", default=True):
        arguments["bias"] = False
    first = [network.add(layer, type, dict(arguments), bottoms[:1])]
    owner = network.layers[-1].name
    for bottom in bottoms[1:]:  # one kernel on several bottoms, each with a top of its own
        first.append(network.add(layer, type, dict(arguments), [bottom], f"{owner}_{len(first) + 1}"))
        network.layers[-1].shares = owner
    return first


def _deconvolution(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    return _convolution(network, layer, bottoms, "conv_transpose")


def _pooling(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    block = layer.block("pooling_param")
    word = block.text("pool", "MAX")
    kinds = {"MAX": "max", "AVE": "avg", "STOCHASTIC": "max", "0": "max", "1": "avg", "2": "max"}
    if word not in kinds:
        layer.fail(f'pool: unknown word "{word}"', "write MAX, AVE or STOCHASTIC", place=block.values("pool")[-1])
    if block.flag("global_pooling", default=False):
        return [network.add(layer, f"global_{kinds[word]}_pool", {}, bottoms)]
    arguments = _window(layer, block)
    if block.text("round_mode") in ("FLOOR", "1") or not block.flag("ceil_mode", default=True):
        arguments["rounding"] = "floor"
    return [network.add(layer, f"{kinds[word]}_pool", arguments, bottoms)]


def _inner_product(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    block = layer.block("inner_product_param")
    arguments: dict[str, Any] = {"units": _units(layer, block)}
    if not block.flag("bias_term", default=True):
        arguments["bias"] = False
    return [network.add(layer, "dense", arguments, bottoms)]


def _lrn(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    block = layer.block("lrn_param")
    if block.text("norm_region") in ("WITHIN_CHANNEL", "1"):
        network.doubt(layer, "a normalization within channels is counted as one across them")
    return [network.add(layer, "local_response_norm", {"size": block.number("local_size", 5)}, bottoms)]


def _eltwise(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    word = layer.block("eltwise_param").text("operation", "SUM")
    kinds = {"SUM": "add", "PROD": "multiply", "MAX": "maximum", "0": "multiply", "1": "add", "2": "maximum"}
    if word not in kinds:
        layer.fail(f'operation: unknown word "{word}"', "write SUM, PROD or MAX")
    return [network.add(layer, kinds[word], {}, bottoms)]


def _concat(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    block = layer.block("concat_param")
    axis = block.number("axis", block.number("concat_dim", 1))
    if len(bottoms) == 1:
        return bottoms
    if axis == 0 and all(name in network.boxes for name in bottoms):  # boxes of several maps, one list of each image
        name = network.add(layer, "concat", {}, bottoms)
        network.boxes[name] = sum(network.boxes[each] for each in bottoms)
        return [name]
    return [network.add(layer, "concat", _axis(layer, axis), bottoms)]


def _axis(layer: Message, axis: int) -> dict[str, Any]:
    """Caffe counts the batch as axis 0; the channels, axis 1, are the default."""
    if axis == 0:
        layer.fail("axis 0 is the batch, along which nothing is joined or cut here")
    return {} if axis == 1 else {"axis": axis}


def _slice(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    block = layer.block("slice_param")
    axis = block.number("axis", block.number("slice_dim", 1))
    points, tops = block.numbers("slice_point"), layer.values("top")
    arguments = _axis(layer, axis)
    if not points:
        name = network.add(layer, "split", {"parts": len(tops), **arguments}, bottoms)
        return [f"{name}.{index}" for index in range(len(tops))]
    shape = network.shapes.get(bottoms[0]) or ()
    check_slice_points(block, shape[axis - 1] if 0 < axis <= len(shape) else None)
    if len(points) != len(tops) - 1:
        message = f"slice_point: {len(tops)} tops need {len(tops) - 1}, got {len(points)}"
        block.fail(message, place=block.values("slice_point")[-1])
    edges: list[int | None] = [0, *points, None]
    return [_part(network, layer, bottoms, (start, stop), index) for index, (start, stop) in enumerate(pairwise(edges))]


def _part(
    network: CaffeModel, layer: Message, bottoms: list[str], ends: tuple[int | None, int | None], index: int
) -> str:
    """One part of a slice, from the first of `ends` to before the second, or to the end of the axis."""
    block = layer.block("slice_param")
    arguments = {key: value for key, value in zip(("start", "stop"), ends, strict=True) if value is not None}
    arguments |= _axis(layer, block.number("axis", block.number("slice_dim", 1)))
    return network.add(layer, "slice", arguments, bottoms, f"{layer.text('name')}_{index}")


def _same(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    return bottoms


def _simple(type: str, **arguments: Any) -> Callable[[CaffeModel, Message, list[str]], list[str]]:
    """A layer without fields that matter here."""

    def make(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
        return [network.add(layer, type, dict(arguments), bottoms)]

    return make


def _relu(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    slope = layer.block("relu_param").fraction("negative_slope", 0.0)
    if slope:
        return [network.add(layer, "leaky_relu", {"slope": slope}, bottoms)]
    return [network.add(layer, "relu", {}, bottoms)]


def _prelu(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    shared = layer.block("prelu_param").flag("channel_shared", default=False)
    return [network.add(layer, "prelu", {"per": "one"} if shared else {}, bottoms)]


def _batch_norm(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """Statistics alone; the `Scale` after it has the scale and the shift."""
    return [network.add(layer, "batch_norm", {"affine": False}, bottoms)]


def _scale(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    if len(bottoms) > 1:
        whole, factors = (network.shapes.get(bottom, ()) for bottom in bottoms[:2])
        if 0 < len(factors) < len(whole):  # one factor per channel, for all of its positions
            ones = [*factors, *[1] * (len(whole) - len(factors))]
            factor = network.add(layer, "reshape", {"shape": ones}, bottoms[1:2], f"{layer.text('name')}_factors")
            bottoms = [bottoms[0], factor]
        return [network.add(layer, "multiply", {}, bottoms)]
    bias = layer.block("scale_param").flag("bias_term", default=False)
    return [network.add(layer, "layer_scale", {"bias": True} if bias else {}, bottoms)]


def _power(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    block = layer.block("power_param")
    values = {
        "exponent": block.fraction("power", 1.0),
        "scale": block.fraction("scale", 1.0),
        "shift": block.fraction("shift", 0.0),
    }
    return [network.add(layer, "power", values, bottoms)]


def _softmax(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    axis = layer.block("softmax_param").number("axis", 1)
    return [network.add(layer, "softmax", {} if axis in (1, -1) else _axis(layer, axis), bottoms)]


def _flatten(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    block = layer.block("flatten_param")
    start, end = block.number("axis", 1), block.number("end_axis", -1)
    arguments = {key: value for key, value, usual in (("start", start, 1), ("end", end, -1)) if value != usual}
    return [network.add(layer, "flatten", arguments, bottoms)]


def _reshape(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """The sizes after the batch; a size of 0 is that of the bottom along the same axis.

    A first dim of -1 is the batch if the other dims have as many elements as a sample.
    """
    block = layer.block("reshape_param")
    dims = block.block("shape").numbers("dim")
    if not dims or dims[0] not in (-1, 0, 1) or block.number("axis", 0) or block.number("num_axes", -1) != -1:
        layer.fail("reshape_param: only whole shapes whose first dim is 0, the batch, are read")
    sizes = dims[1:]
    if 0 in sizes:
        shape = known_shapes(network, layer, bottoms[:1])[0]
        if 0 in sizes[len(shape) :]:
            layer.fail(f"reshape_param: a dim of 0 has no size to copy: the bottom has {len(shape) + 1} axes")
        sizes = [size or before for size, before in zip_longest(sizes, shape, fillvalue=1)][: len(sizes)]
    if dims[0] == -1 and prod(sizes) != (elements := prod(known_shapes(network, layer, bottoms[:1])[0])):
        show = "x".join(map(str, sizes))
        layer.fail(f"reshape_param: a sample has {elements} elements, but {show} has {prod(sizes)}: the batch changes")
    return [network.add(layer, "reshape", {"shape": sizes}, bottoms)]


def _permute(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    order = layer.block("permute_param").numbers("order")
    if not order or order[0] != 0:
        layer.fail("permute_param: an order that moves the batch is not read")
    return [network.add(layer, "permute", {"order": order[1:]}, bottoms)]


def _embed(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    block = layer.block("embed_param")
    arguments = {"vocabulary": block.number("input_dim", 1), "dimension": _units(layer, block)}
    return [network.add(layer, "embedding", arguments, bottoms)]


def _lstm(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    return [network.add(layer, "lstm", {"units": _units(layer, layer.block("recurrent_param"))}, bottoms[:1])]


def _dropout(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    return [
        network.add(layer, "dropout", {"rate": layer.block("dropout_param").fraction("dropout_ratio", 0.5)}, bottoms)
    ]


def _selu_dropout(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    rate = layer.block("selu_dropout_param").fraction("dropout_ratio", 0.5)
    return [network.add(layer, "alpha_dropout", {"rate": rate}, bottoms)]


_TYPES: Mapping[str, Callable[[CaffeModel, Message, list[str]], list[str]]] = MappingProxyType({
    "Convolution": _convolution, "ConvolutionDepthwise": _convolution, "DepthwiseConvolution": _convolution,
    "Deconvolution": _deconvolution, "Pooling": _pooling, "InnerProduct": _inner_product, "LRN": _lrn,
    "Eltwise": _eltwise, "Concat": _concat, "Slice": _slice, "Split": _same, "ReLU": _relu, "PReLU": _prelu,
    "ReLU6": _simple("relu6"), "ELU": _simple("elu"), "SeLu": _simple("selu"),
    "AbsVal": _simple("abs"), "BNLL": _simple("softplus"),
    "Exp": _simple("exponential"), "Log": _simple("log"), "Sigmoid": _simple("sigmoid"), "TanH": _simple("tanh"),
    "Swish": _simple("swish"), "Mish": _simple("mish"), "BatchNorm": _batch_norm, "BN": _simple("batch_norm"),
    "Scale": _scale, "Bias": _simple("bias_add"),
    "Power": _power, "Softmax": _softmax, "Flatten": _flatten, "Reshape": _reshape, "Permute": _permute,
    "Embed": _embed, "LSTM": _lstm, "Dropout": _dropout, "SeLuDropout": _selu_dropout,
    "MVN": _simple("instance_norm", scale=False, shift=False),
})  # fmt: skip
"""The function that converts each type of layer."""
