"""Separable, locally connected and deformable convolutions.

PyTorch has neither as one layer: the separable one is two modules there, the locally connected one `Tensor.unfold` and
a sum, the deformable one `grid_sample` at every tap. ONNX Runtime has DeformConv.
"""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.oracles import drawing
from tests.oracles.cases import Case, channels, per_axis, spatial_rank
from tests.oracles.deviations import Deviation, numbers
from tests.oracles.drawing import Drawn, chance, maybe, volume, window_fields
from tests.oracles.families import Answer, Weights

FREQUENCY = {
    "pytorch": {"separable_conv": 3, "locally_connected": 4, "deformable_conv": 4},
    "keras": {"separable_conv": 6},
    "onnx": {"deformable_conv": 5},
    "tensorflow": {"separable_conv": 6},
}


def separable_conv(random: Random, convention: str) -> Drawn:
    spatial = drawing.spatial_axes(random)
    if convention == "tensorflow" or (len(spatial) > 2 and convention == "keras" and chance(random, 0.8)):
        spatial = [*spatial, 5][:2]
    fields = window_fields(random, convention, len(spatial))
    if convention == "tensorflow":
        fields["padding"] = random.choice(("valid", "same"))
    maybe(random, fields, "multiplier", 0.5, lambda: random.choice((1, 2, 3, 5)))
    filters = random.choice(drawing.CHANNELS)
    return [volume(convention, spatial, random.choice((1, 2, 3, 4, 5)))], {"filters": filters, **fields}


def locally_connected(random: Random, convention: str) -> Drawn:
    spatial = drawing.spatial_axes(random)
    fields = window_fields(random, convention, len(spatial))
    return [volume(convention, spatial, random.choice((1, 2, 3, 5)))], {
        "filters": random.choice((1, 2, 3, 5)),
        **fields,
    }


def deformable_conv(random: Random, convention: str) -> Drawn:
    spatial = random.sample((1, 2, 3, 4, 5, 6, 7, 8, 9, 11), 2)
    fields = window_fields(random, convention, 2)
    fields.pop("padding_mode", None)
    if isinstance(fields.get("padding"), str):
        fields["padding"] = random.choice((0, 1, 2))
    depth, filters, groups = random.choice((1, 2, 3, 4, 6)), random.choice((1, 2, 3, 4, 6)), random.choice((1, 1, 2, 3))
    if groups > 1:
        fields["groups"] = groups
        if chance(random, 0.7):
            depth, filters = groups * random.choice((1, 2)), groups * random.choice((1, 2, 3))
    maybe(random, fields, "offset_groups", 0.4, lambda: random.choice((1, 2, 2, 3, depth)))
    maybe(random, fields, "modulated", 0.5, lambda: chance(random, 0.7))
    return [volume(convention, spatial, depth)], {"filters": filters, **fields}


DRAW = {
    "separable_conv": separable_conv, "locally_connected": locally_connected, "deformable_conv": deformable_conv,
}  # fmt: skip


# --- PyTorch -------------------------------------------------------------------------------------------------------


def channels_first(array: np.ndarray) -> np.ndarray:
    """A kernel (*kernel, inputs, filters) as (filters, inputs, *kernel)."""
    return np.ascontiguousarray(np.moveaxis(array, (-1, -2), (0, 1)))


def pytorch_separable(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch import nn

    from tests.oracles.pytorch_oracle import SLIDING, chosen, of_rank, run_module

    fields, depth = case["fields"], channels(case)
    between = depth * fields.get("multiplier", 1)
    given = chosen(case, **SLIDING) | {"bias": False}
    module = nn.Sequential(
        of_rank("Conv", case)(depth, between, fields["kernel"], groups=depth, **given),
        of_rank("Conv", case)(between, fields["filters"], 1, bias=fields.get("bias", True)),
    )
    theirs = None
    if weights is not None:
        depthwise = weights["depthwise_kernel"]
        theirs = {
            "0.weight": channels_first(depthwise.reshape(*depthwise.shape[:-2], 1, -1)),
            "1.weight": channels_first(weights["pointwise_kernel"]),
        }
        theirs |= {"1.bias": weights["bias"]} if "bias" in weights else {}
    return run_module(module, inputs, theirs)


def torch_padded(case: Case, x: Any) -> Any:
    """The input with the padding that `torch.nn.Conv` would give it, which a bare module of it computes."""
    from tests.oracles.pytorch_oracle import SLIDING, chosen, of_rank

    convolution = of_rank("Conv", case)(channels(case), 1, case["fields"]["kernel"], **chosen(case, **SLIDING))
    mode = {"zeros": "constant"}.get(convolution.padding_mode, convolution.padding_mode)
    from torch.nn import functional

    return functional.pad(x, convolution._reversed_padding_repeated_twice, mode=mode)


def pytorch_locally_connected(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """Windows by `Tensor.unfold`, of which each position's are multiplied with its own kernel by `torch.einsum`."""
    import torch

    fields, rank = case["fields"], spatial_rank(case)
    if any(len(value) != rank for value in fields.values() if isinstance(value, list)):
        raise ValueError("a list of another length than the axes")
    x = torch_padded(case, torch.from_numpy(inputs[0]))
    for axis in range(rank):
        kernel, stride, dilation = (numbers(case, name)[axis] for name in ("kernel", "stride", "dilation"))
        x = x.unfold(2 + axis, dilation * (kernel - 1) + 1, stride)
        x = x[..., ::dilation] if dilation == 1 else x[..., torch.arange(0, dilation * (kernel - 1) + 1, dilation)]
    places, taps = "xyz"[:rank], "uvw"[:rank]
    filters, positions = fields["filters"], tuple(x.shape[2 : 2 + rank])
    kernel_shape = (*positions, *numbers(case, "kernel"), channels(case), filters)
    kernel = torch.zeros(kernel_shape) if weights is None else torch.from_numpy(weights["kernel"])
    y = torch.einsum(f"bc{places}{taps},{places}{taps}cf->bf{places}", x, kernel)
    count = kernel.numel()
    if fields.get("bias", True):
        bias = torch.zeros(*positions, filters) if weights is None else torch.from_numpy(weights["bias"])
        y = y + torch.movedim(bias, -1, 0)
        count += bias.numel()
    return Answer(y.numpy(), count)


def pytorch_deformable(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """Every tap reads by `grid_sample`, bilinear with zeros outside; the offsets come from `torch.nn.Conv2d`."""
    import torch
    from torch import nn

    fields, depth = case["fields"], channels(case)
    kernel = numbers(case, "kernel")
    taps, parts, groups = kernel[0] * kernel[1], fields.get("offset_groups", 1), fields.get("groups", 1)
    sliding = {name: fields[name] for name in ("stride", "padding", "dilation") if name in fields}
    if depth % parts:
        raise ValueError("the offset groups do not divide the input channels")
    bias = fields.get("bias", True)
    plain = nn.Conv2d(depth, fields["filters"], fields["kernel"], groups=groups, bias=bias, **sliding)
    offsets = nn.Conv2d(depth, (3 if fields.get("modulated") else 2) * taps * parts, fields["kernel"], **sliding)
    if weights is not None:
        plain.weight.data = torch.from_numpy(channels_first(weights["kernel"]))
        offsets.weight.data = torch.from_numpy(channels_first(weights["offset_kernel"]))
        offsets.bias.data = torch.from_numpy(weights["offset_bias"])
        if bias:
            plain.bias.data = torch.from_numpy(weights["bias"])
    with torch.no_grad():
        x = torch.from_numpy(inputs[0])
        y = sum_of_taps(case, x, offsets(x), plain.weight)
        y = y + plain.bias.reshape(-1, 1, 1) if bias else y
    return Answer(y.numpy(), sum(parameter.numel() for both in (plain, offsets) for parameter in both.parameters()))


def sum_of_taps(case: Case, x: Any, told: Any, weight: Any) -> Any:
    """What each tap reads where it is told to, times its weights."""
    import torch
    from torch.nn import functional

    fields = case["fields"]
    kernel, parts, groups = numbers(case, "kernel"), fields.get("offset_groups", 1), fields.get("groups", 1)
    taps, (height, width) = kernel[0] * kernel[1], x.shape[2:]
    pads = [side[0] if isinstance(side, list) else side for side in per_axis(fields.get("padding", 0), 2)]
    stride, dilation = numbers(case, "stride"), numbers(case, "dilation")
    y = 0
    for tap in range(taps):
        place = divmod(tap, kernel[1])
        rows, columns = (
            torch.arange(told.shape[2 + axis], dtype=torch.float64) * stride[axis] - pads[axis]
            + place[axis] * dilation[axis]
            for axis in (0, 1)
        )  # fmt: skip
        read = []
        for part, inputs in enumerate(x.double().chunk(parts, dim=1)):
            number = part * taps + tap
            down = rows[:, None] + told[:, 2 * number]
            right = columns + told[:, 2 * number + 1]
            grid = torch.stack([(2 * right + 1) / width - 1, (2 * down + 1) / height - 1], dim=-1)
            values = functional.grid_sample(inputs, grid, padding_mode="zeros", align_corners=False)
            if fields.get("modulated"):
                values = values * torch.sigmoid(told[:, 2 * taps * parts + number])[:, None]
            read.append(values)
        seen = torch.cat(read, dim=1).float()
        y = y + functional.conv2d(seen, weight[:, :, place[0], place[1], None, None], groups=groups)
    return y


PYTORCH = {
    "separable_conv": pytorch_separable, "locally_connected": pytorch_locally_connected,
    "deformable_conv": pytorch_deformable,
}  # fmt: skip


# --- Keras and TensorFlow ------------------------------------------------------------------------------------------


def keras_separable(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from tests.oracles.keras_oracle import SLIDING, chosen, no_numbers, of_rank, run_layer

    if spatial_rank(case) == 3:
        raise ValueError("there is no SeparableConv3D")
    given = chosen(case, **SLIDING, filters="filters", multiplier="depth_multiplier")
    layer = of_rank("SeparableConv{}D", case)(
        **given, depthwise_initializer=no_numbers, pointwise_initializer=no_numbers
    )
    return run_layer(layer, inputs, None if weights is None else list(weights.values()))


KERAS = {"separable_conv": keras_separable}


def tensorflow_separable(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import tensorflow as tf

    fields, depth = case["fields"], channels(case)
    shape = (*numbers(case, "kernel"), depth, fields.get("multiplier", 1))
    given = weights or {
        "depthwise_kernel": np.zeros(shape, np.float32),
        "pointwise_kernel": np.zeros((1, 1, shape[-1] * depth, fields["filters"]), np.float32),
        **({"bias": np.zeros(fields["filters"], np.float32)} if fields.get("bias", True) else {}),
    }
    y = tf.nn.separable_conv2d(
        inputs[0], given["depthwise_kernel"], given["pointwise_kernel"], [1, *numbers(case, "stride"), 1],
        fields["padding"].upper(), dilations=numbers(case, "dilation"),
    )  # fmt: skip
    return Answer(y.numpy() + given.get("bias", 0), sum(array.size for array in given.values()))


TENSORFLOW = {"separable_conv": tensorflow_separable}


# --- ONNX ----------------------------------------------------------------------------------------------------------


def onnx_deformable(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """Conv tells the offsets (and behind a Sigmoid the factors) to DeformConv."""
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes, window

    fields, depth = case["fields"], channels(case)
    kernel, parts, groups = numbers(case, "kernel"), fields.get("offset_groups", 1), fields.get("groups", 1)
    taps, filters = kernel[0] * kernel[1], fields["filters"]
    if filters % groups:
        raise ValueError("the filters are the kernel's second axis times the groups: others cannot be written")
    told = (3 if fields.get("modulated") else 2) * taps * parts
    given = weights or {
        "kernel": np.zeros((*kernel, depth // groups, filters), np.float32),
        "offset_kernel": np.zeros((*kernel, depth, told), np.float32),
        "offset_bias": np.zeros(told, np.float32),
        "bias": np.zeros(filters, np.float32),
    }
    arrays = {name: channels_first(array) if array.ndim > 1 else array for name, array in given.items()}
    if not fields.get("bias", True):
        arrays["bias"] = np.zeros(filters, np.float32)
    arrays["cuts"] = np.array([2 * taps * parts, told - 2 * taps * parts], np.int64)
    slides = {name: value for name, value in window(case).items() if name != "kernel_shape"}
    nodes = [helper.make_node("Conv", ["x0", "offset_kernel", "offset_bias"], ["told"], kernel_shape=kernel, **slides)]
    extra = []
    if fields.get("modulated"):
        nodes += [
            helper.make_node("Split", ["told", "cuts"], ["offset", "raw"], axis=1),
            helper.make_node("Sigmoid", ["raw"], ["factor"]),
        ]
        extra = ["factor"]
    offset = "offset" if extra else "told"
    nodes += [
        helper.make_node(
            "DeformConv", ["x0", "kernel", offset, "bias", *extra], ["y"], kernel_shape=kernel, group=groups,
            offset_group=parts, **slides,
        )
    ]  # fmt: skip
    learned = ("kernel", "offset_kernel", "offset_bias", *(["bias"] if fields.get("bias", True) else []))
    return run_nodes(nodes, inputs, arrays, rank=4, learned=learned)


ONNX = {"deformable_conv": onnx_deformable}


# --- where cnncalc differs on purpose ------------------------------------------------------------------------------


def unequal_separable_strides(case: Case) -> bool:
    return case["layer"] == "separable_conv" and len(set(numbers(case, "stride"))) > 1


def strided_and_dilated(case: Case) -> bool:
    if case["layer"] != "separable_conv":
        return False
    return max(numbers(case, "stride")) > 1 and max(numbers(case, "dilation")) > 1


DEVIATIONS = (
    Deviation(
        "stride and dilation in a separable convolution",
        "TensorFlow's reference forbids them together; the operation only warns and computes another size",
        "tensorflow",
        strided_and_dilated,
        refuses="cnncalc",
    ),
    Deviation(
        "unequal strides in a separable convolution",
        "TensorFlow's CPU kernel lacks them; Keras's shape rule, which the convention follows, has them",
        "tensorflow",
        unequal_separable_strides,
        refuses="framework",
    ),
)
