"""Upsampling, and channels that move into space and back."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case, channels, per_axis, spatial_rank
from tests.oracles.deviations import Deviation
from tests.oracles.drawing import CHANNELS, Drawn, chance, maybe, spatial_axes, volume
from tests.oracles.families import Answer, Weights

FREQUENCY = {
    "pytorch": {"upsample": 7, "bilinear_upsample": 1, "pixel_shuffle": 2, "pixel_unshuffle": 2},
    "keras": {"upsample": 4, "resize_image": 3},
    "onnx": {"upsample": 8, "depth_to_space": 2, "space_to_depth": 2},
    "tensorflow": {"depth_to_space": 3, "space_to_depth": 3},
}

Ask = Callable[[Case, list[np.ndarray], Weights], Answer]

WHOLE = (1, 2, 2, 3, 4, 5)
REAL = (0.29, 0.5, 0.7, 1.5, 2.5, 0.1, 1.1, 0.57, 1.4, 2.0, 3.3)
COORDINATES = ("half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric")
ROUNDINGS = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")


# --- drawing -----------------------------------------------------------------------------------------------------


def listed(random: Random, rank: int, choices: tuple[Any, ...]) -> Any:
    """One value for every axis, or a list, which now and then is too long."""
    if chance(random, 0.5):
        return random.choice(choices)
    return [random.choice(choices) for _ in range(rank + chance(random, 0.08))]


def grid(random: Random, rank: int) -> dict[str, Any]:
    """A scale or a size; now and then both, or neither."""
    fields: dict[str, Any] = {}
    if chance(random, 0.6):
        fields["scale"] = listed(random, rank, WHOLE if chance(random, 0.5) else (*REAL, *WHOLE))
    if not fields or chance(random, 0.05):
        fields["size"] = listed(random, rank, tuple(range(1, 20)))
    return {} if chance(random, 0.03) else fields


def upsample(random: Random, convention: str) -> Drawn:
    sizes = spatial_axes(random)
    if chance(random, 0.15):
        sizes[-1] = random.choice((30, 50, 100))
    shape = volume(convention, sizes, random.choice(CHANNELS))
    return [shape], {"pytorch": pytorch_grid, "keras": keras_grid, "onnx": onnx_grid}[convention](random, len(sizes))


def pytorch_grid(random: Random, rank: int) -> dict[str, Any]:
    fields = grid(random, rank)
    maybe(
        random, fields, "mode", 0.75, lambda: random.choice(("nearest", "nearest_exact", "linear", "linear", "cubic"))
    )
    flagged = 0.5 if fields.get("mode") in ("linear", "cubic") else 0.08
    maybe(random, fields, "align_corners", flagged, lambda: chance(random, 0.6))
    return fields


def keras_grid(random: Random, rank: int) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    name = "scale" if chance(random, 0.7) else "size"
    maybe(random, fields, name, 0.9, lambda: listed(random, rank, (*WHOLE, 1.5) if chance(random, 0.1) else WHOLE))
    modes = ("nearest", "linear", "linear", "cubic", "lanczos3", "lanczos5")
    maybe(random, fields, "mode", 0.7 if rank == 2 else 0.2, lambda: random.choice(modes))
    return fields


def onnx_grid(random: Random, rank: int) -> dict[str, Any]:
    fields = grid(random, rank)
    maybe(random, fields, "mode", 0.75, lambda: random.choice(("nearest", "nearest", "linear", "cubic")))
    maybe(random, fields, "coordinates", 0.65, lambda: random.choice(COORDINATES))
    mode = fields.get("mode", "nearest")
    if mode == "nearest":
        maybe(random, fields, "rounding", 0.65, lambda: random.choice(ROUNDINGS))
    if mode == "cubic":
        maybe(random, fields, "cubic", 0.4, lambda: random.choice((-0.5, -0.75, -0.6)))
        maybe(random, fields, "exclude_outside", 0.4, lambda: chance(random, 0.6))
    return fields


def bilinear(random: Random, convention: str) -> Drawn:
    sizes = spatial_axes(random)
    return [volume(convention, sizes, random.choice(CHANNELS))], grid(random, len(sizes))


def resize_image(random: Random, convention: str) -> Drawn:
    fields: dict[str, Any] = {"height": random.randint(1, 19), "width": random.randint(1, 19)}
    maybe(random, fields, "mode", 0.7, lambda: random.choice(("nearest", "linear", "cubic", "lanczos3", "lanczos5")))
    maybe(random, fields, "crop_to_aspect_ratio", 0.3, lambda: chance(random, 0.8))
    maybe(random, fields, "pad_to_aspect_ratio", 0.3, lambda: chance(random, 0.8))
    return [volume(convention, random.sample(range(1, 14), 2), random.choice(CHANNELS))], fields


def into_space(random: Random, convention: str) -> Drawn:
    sizes = random.sample(range(1, 8), random.choice((1, 2, 2, 2, 2, 2, 2, 2, 3)))
    factor = random.choice((1, 2, 2, 3, 4) if convention != "tensorflow" else (2, 2, 3, 4))
    depth = random.choice((1, 2, 3, 5)) * factor ** len(sizes) + chance(random, 0.2)
    fields: dict[str, Any] = {"factor": factor}
    if convention == "onnx":
        maybe(random, fields, "order", 0.6, lambda: random.choice(("dcr", "crd")))
    return [volume(convention, sizes, depth)], fields


def into_channels(random: Random, convention: str) -> Drawn:
    factor = random.choice((1, 2, 2, 3, 4) if convention != "tensorflow" else (2, 2, 3, 4))
    sizes = [factor * size for size in random.sample(range(1, 6), random.choice((1, 2, 2, 2, 2, 2, 2, 2, 3)))]
    if chance(random, 0.2):
        sizes[-1] += 1
    return [volume(convention, sizes, random.choice(CHANNELS))], {"factor": factor}


DRAW = {
    "upsample": upsample, "bilinear_upsample": bilinear, "resize_image": resize_image, "pixel_shuffle": into_space,
    "depth_to_space": into_space, "pixel_unshuffle": into_channels, "space_to_depth": into_channels,
}  # fmt: skip


# --- PyTorch -----------------------------------------------------------------------------------------------------


def as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def upsample_in_pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch import nn

    from tests.oracles.pytorch_oracle import run_module

    fields = case["fields"]
    linear = ("linear", "bilinear", "trilinear")[spatial_rank(case) - 1]
    words = {"linear": linear, "cubic": "bicubic", "nearest_exact": "nearest-exact"}
    mode = fields.get("mode", "nearest")
    options = {"align_corners": fields["align_corners"]} if "align_corners" in fields else {}
    module = nn.Upsample(
        as_tuple(fields.get("size")), as_tuple(fields.get("scale")), mode=words.get(mode, mode), **options
    )
    return run_module(module, inputs)


def bilinear_in_pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch import nn

    from tests.oracles.pytorch_oracle import run_module

    fields = case["fields"]
    return run_module(nn.UpsamplingBilinear2d(as_tuple(fields.get("size")), as_tuple(fields.get("scale"))), inputs)


def shuffle_in_pytorch(name: str) -> Ask:
    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        from torch import nn

        from tests.oracles.pytorch_oracle import run_module

        return run_module(getattr(nn, name)(case["fields"]["factor"]), inputs)

    return ask


PYTORCH = {
    "upsample": upsample_in_pytorch,
    "bilinear_upsample": bilinear_in_pytorch,
    "pixel_shuffle": shuffle_in_pytorch("PixelShuffle"),
    "pixel_unshuffle": shuffle_in_pytorch("PixelUnshuffle"),
}


# --- Keras and TensorFlow ----------------------------------------------------------------------------------------

KERAS_WORDS = {"linear": "bilinear", "cubic": "bicubic"}


def upsample_in_keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    from tests.oracles.keras_oracle import run_layer

    fields, rank = case["fields"], spatial_rank(case)
    size = per_axis(fields.get("scale", fields.get("size", 2)), rank)
    if len(size) != rank:
        raise ValueError(f"{len(size)} factors for {rank} axes")
    mode = fields.get("mode", "nearest")
    words = {} if mode == "nearest" else {"interpolation": KERAS_WORDS.get(mode, mode)}
    layer = getattr(keras.layers, f"UpSampling{rank}D")(size[0] if rank == 1 else tuple(size), **words)
    return run_layer(layer, inputs, None if weights is None else [])


def resize_in_keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    from tests.oracles.keras_oracle import run_layer

    fields = case["fields"]
    mode = fields.get("mode", "linear")
    kept = {name: fields[name] for name in ("crop_to_aspect_ratio", "pad_to_aspect_ratio") if name in fields}
    layer = keras.layers.Resizing(fields["height"], fields["width"], KERAS_WORDS.get(mode, mode), **kept)
    return run_layer(layer, inputs, None if weights is None else [])


KERAS = {"upsample": upsample_in_keras, "resize_image": resize_in_keras}


def in_tensorflow(name: str) -> Ask:
    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        import tensorflow as tf

        return Answer(getattr(tf.nn, name)(inputs[0], case["fields"]["factor"]).numpy(), 0)

    return ask


TENSORFLOW = {"depth_to_space": in_tensorflow("depth_to_space"), "space_to_depth": in_tensorflow("space_to_depth")}


# --- ONNX --------------------------------------------------------------------------------------------------------


def upsample_in_onnx(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    fields, rank = case["fields"], spatial_rank(case)
    held, names = {}, ["x0", "", "", ""]
    if "scale" in fields:
        held["scales"] = np.array([1, 1, *per_axis(fields["scale"], rank)], np.float32)
        names[2] = "scales"
    if "size" in fields:
        held["sizes"] = np.array([BATCH, channels(case), *per_axis(fields["size"], rank)], np.int64)
        names[3] = "sizes"
    attributes = {
        theirs: fields[name]
        for name, theirs in (
            ("mode", "mode"), ("coordinates", "coordinate_transformation_mode"), ("rounding", "nearest_mode"),
            ("cubic", "cubic_coeff_a"),
        )
        if name in fields
    }  # fmt: skip
    if "exclude_outside" in fields:
        attributes["exclude_outside"] = int(fields["exclude_outside"])
    node = helper.make_node("Resize", names, ["y"], **attributes)
    return run_nodes([node], inputs, held, rank=inputs[0].ndim)


BATCH = 2


def blocks_in_onnx(operator: str) -> Ask:
    def ask(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
        from onnx import helper

        from tests.oracles.onnxruntime_oracle import run_nodes

        fields = case["fields"]
        order = {"mode": fields["order"].upper()} if "order" in fields else {}
        node = helper.make_node(operator, ["x0"], ["y"], blocksize=fields["factor"], **order)
        return run_nodes([node], inputs, {}, rank=inputs[0].ndim)

    return ask


ONNX = {
    "upsample": upsample_in_onnx,
    "depth_to_space": blocks_in_onnx("DepthToSpace"),
    "space_to_depth": blocks_in_onnx("SpaceToDepth"),
}


# --- deviations --------------------------------------------------------------------------------------------------


def shuffles_no_image(case: Case) -> bool:
    return case["layer"] in ("pixel_shuffle", "pixel_unshuffle") and spatial_rank(case) != 2


def nearest_by_a_real_scale(case: Case) -> bool:
    """A real scale that leaves an axis of an image as long as it was, or makes it exactly twice as long."""
    fields = case["fields"]
    if case["layer"] != "upsample" or spatial_rank(case) != 2 or fields.get("mode", "nearest") != "nearest":
        return False
    axes = zip(case["inputs"][0][1:], per_axis(fields.get("scale", 1), 2), strict=False)
    return any(scale not in (1, 2) and int(size * scale) in (size, 2 * size) for size, scale in axes)


DEVIATIONS: tuple[Deviation, ...] = (
    Deviation(
        "the nearest neighbour by a real scale that does not change, or doubles, an axis",
        "PyTorch has two kernels that differ there, and chooses by the image's size, its memory format and the threads",
        "pytorch",
        nearest_by_a_real_scale,
        refuses="nobody",
    ),
    Deviation(
        "shuffling what is no image",
        "PyTorch takes the last three axes for channels, height and width, so the batch is channels then",
        "pytorch",
        shuffles_no_image,
        refuses="cnncalc",
    ),
)
