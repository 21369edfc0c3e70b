"""Unpooling: max unpooling with PyTorch's and ONNX Runtime's indices, repeated values, beds of nails."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case, channels, per_axis, spatial_rank
from tests.oracles.deviations import Deviation, numbers, spatial, window_beyond_the_input
from tests.oracles.drawing import CHANNELS, Drawn, axes, chance, maybe, spatial_axes, volume
from tests.oracles.families import Answer, Weights
from tests.oracles.families.pooling import Ask, as_tuple, keras_layer, listed_axes, of_rank, one_each, torch_module

FREQUENCY = {
    "pytorch": {"max_unpool": 4, "unpool": 1, "bed_of_nails": 1},
    "keras": {"unpool": 1},
    "onnx": {"max_unpool": 3, "unpool": 1},
}


def steps(case: Case) -> list[int]:
    """The stride along each spatial axis: the kernel where it is unsaid, 1 under ONNX."""
    unsaid = 1 if case["convention"] == "onnx" else case["fields"]["kernel"]
    return per_axis(case["fields"].get("stride", unsaid), spatial_rank(case))


def max_unpool(random: Random, convention: str) -> Drawn:
    """One input, or two of which the second, pooled, gives the first; mostly."""
    depth, sizes = random.choice(CHANNELS), spatial_axes(random)
    rank = len(sizes)
    fields: dict[str, Any] = {"kernel": axes(random, rank, (1, 2, 2, 3, 3, 4))}
    maybe(random, fields, "stride", 0.65, lambda: axes(random, rank, (1, 2, 2, 3)))
    maybe(random, fields, "padding", 0.35, lambda: axes(random, rank, (0, 1, 1, 2)))
    inputs = [volume(convention, sizes, depth)]
    case = {"convention": convention, "layer": "max_unpool", "inputs": inputs, "fields": fields}
    if chance(random, 0.35):
        maybe(random, fields, "output_size", 0.4, lambda: wanted(random, case))
        return inputs, fields
    if random.random() < 0.2:
        fields["rounding"] = "ceil"
    pooled = pooled_sizes(case)
    if chance(random, 0.1):
        pooled[random.randrange(rank)] += 1
    return [volume(convention, pooled, depth), *inputs], fields


def pooled_sizes(case: Case) -> list[int]:
    """What pooling the first input gives; 1 where nothing fits."""
    axes = zip(spatial(case), numbers(case, "padding", 0), numbers(case, "kernel"), steps(case), strict=True)
    if case["fields"].get("rounding") != "ceil":
        return [max(1, (size + 2 * pad - kernel) // step + 1) for size, pad, kernel, step in axes]
    starts = [range(-pad, min(size, size + pad - kernel + step), step) for size, pad, kernel, step in axes]
    return [max(1, len(places)) for places in starts]


def wanted(random: Random, case: Case) -> list[int]:
    """Output sizes near the one that the layer would have by itself."""
    reach = zip(spatial(case), numbers(case, "kernel"), steps(case), strict=True)
    return [max(1, (size - 1) * step + kernel + random.choice((-2, -1, 0, 0, 1, 2))) for size, kernel, step in reach]


def cells(random: Random, convention: str) -> Drawn:
    sizes = spatial_axes(random)
    return [volume(convention, sizes, random.choice(CHANNELS))], {
        "factor": listed_axes(random, len(sizes), (1, 2, 2, 3, 5))
    }


DRAW = {"max_unpool": max_unpool, "unpool": cells, "bed_of_nails": cells}


def unpool_module(case: Case) -> Callable[..., Any]:
    """MaxUnpool, with the indices of MaxPool on the second input, or the first place of every window."""
    import torch

    fields = case["fields"]
    options = {name: as_tuple(fields[name]) for name in ("stride", "padding") if name in fields}
    unpool = of_rank("MaxUnpool", case)(as_tuple(fields["kernel"]), **options)
    ceil = fields.get("rounding") == "ceil"
    pool = of_rank("MaxPool", case)(as_tuple(fields["kernel"]), return_indices=True, ceil_mode=ceil, **options)

    def run(x: torch.Tensor, pooled: torch.Tensor | None = None) -> torch.Tensor:
        if pooled is None:
            sizes, places = places_of(case)
            flat = np.broadcast_to(places, x.shape).copy()
            return unpool(x, torch.from_numpy(flat), output_size=sizes)
        if channels(case) != pooled.shape[1]:
            raise ValueError("channels differ")
        return unpool(x, pool(pooled)[1], output_size=pooled.shape[2:])

    return run


def places_of(case: Case) -> tuple[list[int], np.ndarray]:
    """The output's sizes and the flat place of each window's first position inside it; ValueError beyond it."""
    reach = zip(spatial(case), numbers(case, "kernel"), steps(case), numbers(case, "padding", 0), strict=True)
    axes = [((size - 1) * step + kernel - 2 * pad, size, step, pad) for size, kernel, step, pad in reach]
    sizes = list(case["fields"].get("output_size", [axis[0] for axis in axes]))
    starts = np.meshgrid(*(np.maximum(np.arange(size) * step - pad, 0) for _, size, step, pad in axes), indexing="ij")
    if min(sizes) < 1:
        raise ValueError("an empty output")
    return sizes, np.ravel_multi_index(starts, sizes)


def repeat_module(case: Case) -> Callable[..., Any]:
    import torch

    def run(x: torch.Tensor) -> torch.Tensor:
        for axis, factor in enumerate(one_each(case, "factor"), start=2):
            x = x.repeat_interleave(factor, axis)
        return x

    return run


def nails_module(case: Case) -> Callable[..., Any]:
    """A transposed convolution with a kernel of one tap and its stride as the output padding's limit."""
    import torch

    factors = one_each(case, "factor")
    convolve = (torch.conv_transpose1d, torch.conv_transpose2d, torch.conv_transpose3d)[len(factors) - 1]
    kernel = torch.ones(channels(case), 1, *[1] * len(factors))
    rest = [factor - 1 for factor in factors]
    return lambda x: convolve(x, kernel, None, factors, 0, rest, channels(case))


PYTORCH: dict[str, Ask] = {
    "max_unpool": torch_module(unpool_module),
    "unpool": torch_module(repeat_module),
    "bed_of_nails": torch_module(nails_module),
}

KERAS: dict[str, Ask] = {"unpool": keras_layer("UpSampling{}D", "factor")}


def onnx_max_unpool(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """MaxUnpool on the indices of MaxPool, which count through the whole tensor, batch and channels included."""
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes, window

    rounding = {name: value for name, value in window(case).items() if name == "ceil_mode"}
    attributes = {name: value for name, value in window(case).items() if name not in ("output_shape", "ceil_mode")}
    if len(inputs) > 1:
        pool = helper.make_node("MaxPool", ["x1"], ["pooled", "places"], **attributes, **rounding)
        unpool = helper.make_node("MaxUnpool", ["x0", "places", "size"], ["y"], **attributes)
        size = np.array(inputs[1].shape, np.int64)
        if inputs[0].shape[:2] != inputs[1].shape[:2]:
            raise ValueError("channels differ")
        return run_nodes([pool, unpool], inputs, {"size": size}, rank=inputs[0].ndim)
    sizes, places = places_of(case)
    planes = np.arange(np.prod(inputs[0].shape[:2])).reshape(*inputs[0].shape[:2], *[1] * len(sizes))
    held = {"places": planes * int(np.prod(sizes)) + places}
    if "output_size" in case["fields"]:
        held["size"] = np.array([*inputs[0].shape[:2], *sizes], np.int64)
    node = helper.make_node("MaxUnpool", ["x0", *held], ["y"], **attributes)
    return run_nodes([node], inputs, held, rank=inputs[0].ndim)


def onnx_unpool(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """Resize to the nearest, rounding down."""
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    scales = np.array([1, 1, *one_each(case, "factor")], np.float32)
    node = helper.make_node(
        "Resize", ["x0", "", "scales"], ["y"], mode="nearest", nearest_mode="floor",
        coordinate_transformation_mode="asymmetric",
    )  # fmt: skip
    return run_nodes([node], inputs, {"scales": scales}, rank=inputs[0].ndim)


ONNX: dict[str, Ask] = {"max_unpool": onnx_max_unpool, "unpool": onnx_unpool}


def unpooled_window_beyond_the_input(case: Case) -> bool:
    if case["layer"] != "max_unpool" or len(case["inputs"]) < 2:
        return False
    return window_beyond_the_input({**case, "layer": "max_pool", "inputs": case["inputs"][1:]})


DEVIATIONS = (
    Deviation(
        "unpooling what a window larger than the padded input gave",
        "ONNX Runtime's MaxPool gives 1 there, as in max pools",
        "onnx",
        unpooled_window_beyond_the_input,
        refuses="cnncalc",
    ),
)
