"""Convolutions and pools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnncalc.importing.onnx.conversion import Conversion, NotSaid
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.onnx.proto import OnnxNode
from cnncalc.importing.onnx.values import Constant, LayerValue, Value


def short(values: Sequence[int]) -> Any:
    """One number where all axes have the same."""
    return values[0] if len(set(values)) == 1 else list(values)


def padding_of(node: OnnxNode, rank: int) -> dict[str, Any]:
    """`pads` or `auto_pad` as our padding; nothing where there is none."""
    word = node.attributes.get("auto_pad", "NOTSET")
    words = {"SAME_UPPER": "same", "SAME_LOWER": "same_lower", "VALID": "valid"}
    if word in words:
        return {} if word == "VALID" else {"padding": words[word]}
    pads = node.attributes.get("pads") or [0] * (2 * rank)
    if not any(pads):
        return {}
    before, after = pads[:rank], pads[rank:]
    if before == after:
        return {"padding": short(before)}
    return {"padding": [list(pair) for pair in zip(before, after, strict=True)]}


def _window(node: OnnxNode, kernel: Sequence[int]) -> dict[str, Any]:
    found: dict[str, Any] = {"kernel": short(kernel)}
    for key, name in (("strides", "stride"), ("dilations", "dilation")):
        values = node.attributes.get(key) or [1] * len(kernel)
        if any(value != 1 for value in values):
            found[name] = short(values)
    return {**found, **padding_of(node, len(kernel))}


def _kernel_and_bias(inputs: list[Value | None]) -> tuple[Constant, Constant | None]:
    kernel = inputs[1]
    bias = inputs[2] if len(inputs) > 2 else None
    if not isinstance(kernel, Constant) or not (bias is None or isinstance(bias, Constant)):
        raise NotSaid("weights that are computed")
    return kernel, bias


@operator("Conv")
def conv(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    kernel, bias = _kernel_and_bias(inputs)
    assert inputs[0] is not None
    filters, _, *sizes = kernel.dims
    groups = node.attributes.get("group", 1)
    arguments: dict[str, Any] = {"filters": filters, **_window(node, sizes)}
    if groups > 1:
        arguments["groups"] = groups
    if bias is None:
        arguments["bias"] = False
    return [conversion.add(node, "conv", arguments, [inputs[0]], weights=_names(kernel, bias))]


def _names(*constants: Constant | None) -> list[str]:
    return [each.initializer for each in constants if each is not None]


@operator("ConvTranspose")
def conv_transpose(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    kernel, bias = _kernel_and_bias(inputs)
    assert inputs[0] is not None
    groups = node.attributes.get("group", 1)
    arguments: dict[str, Any] = {"filters": kernel.dims[1] * groups, **_window(node, kernel.dims[2:])}
    if any(node.attributes.get("output_padding") or []):
        arguments["output_padding"] = short(node.attributes["output_padding"])
    if node.attributes.get("output_shape"):
        arguments["output_size"] = list(node.attributes["output_shape"])[-len(kernel.dims[2:]) :]
    if groups > 1:
        arguments["groups"] = groups
    if bias is None:
        arguments["bias"] = False
    return [conversion.add(node, "conv_transpose", arguments, [inputs[0]], weights=_names(kernel, bias))]


@operator("MaxPool", "AveragePool")
def pool(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    assert inputs[0] is not None
    kernel = node.attributes["kernel_shape"]
    arguments = _window(node, kernel)
    arguments.setdefault("stride", 1)
    if node.attributes.get("ceil_mode", 0):
        arguments["rounding"] = "ceil"
    if node.op == "MaxPool":
        return [conversion.add(node, "max_pool", arguments, [inputs[0]])]
    if "padding" in arguments:
        arguments["count_include_pad"] = bool(node.attributes.get("count_include_pad", 0))
    return [conversion.add(node, "avg_pool", arguments, [inputs[0]])]


@operator("GlobalAveragePool", "GlobalMaxPool")
def global_pool(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    assert inputs[0] is not None
    type = "global_avg_pool" if node.op == "GlobalAveragePool" else "global_max_pool"
    return [conversion.add(node, type, {}, [inputs[0]])]


@operator("Resize", "Upsample")
def resize(conversion: Conversion, node: OnnxNode, inputs: list[Value | None]) -> list[Value]:
    """Scales or sizes of all axes, of which batch and channels stay. Their place among the inputs follows the opset."""
    x = inputs[0]
    if not isinstance(x, LayerValue):
        raise NotSaid(node.op)
    scales, sizes = _scales_and_sizes(node, inputs)
    mode = {"nearest": "nearest", "linear": "linear", "cubic": "cubic"}[node.attributes.get("mode", "nearest")]
    arguments: dict[str, Any] = {"mode": mode}
    if sizes:
        arguments["size"] = [int(size) for size in sizes[2:]]
    elif scales and scales[0] == scales[1] == 1:
        whole = [int(scale) if scale == int(scale) else scale for scale in scales[2:]]
        arguments["scale"] = short(whole)
    else:
        raise NotSaid("scales of the batch or the channels")
    if node.attributes.get("coordinate_transformation_mode") == "align_corners":
        arguments["align_corners"] = True
    return [conversion.add(node, "upsample", arguments, [x])]


def _scales_and_sizes(node: OnnxNode, inputs: list[Value | None]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    if "scales" in node.attributes:
        return tuple(node.attributes["scales"]), ()
    places = (1, None) if node.op == "Upsample" or len(inputs) == 2 else (2, 3)
    found = [inputs[place] if place is not None and place < len(inputs) else None for place in places]
    scales, sizes = (tuple(each.values or ()) if isinstance(each, Constant) else () for each in found)
    return scales, sizes
