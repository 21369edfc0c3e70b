"""Functions of images: blocks and channels, flips, patches, and changes of colour."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cnncalc.importing.python.keras.function_calls import FunctionCall, GraphFunction, OnTape
from cnncalc.importing.tensors import parts, windows
from cnncalc.importing.tensors.tensor import NotSaid, TapeTensor

_SAME: Final = (
    "random_flip_left_right", "random_flip_up_down", "random_brightness", "random_contrast", "random_saturation",
    "random_hue", "adjust_brightness", "adjust_contrast", "adjust_saturation", "adjust_hue", "adjust_gamma",
    "per_image_standardization", "convert_image_dtype", "rgb_to_hsv", "rgb_to_yuv",
)  # fmt: skip
"""Changes of colour, and those that happen only in training: the sizes stay."""


def unchanged(call: FunctionCall) -> TapeTensor:
    return call.tape.tensor(call.x)


def blocks(type: str) -> OnTape:
    """`depth_to_space` and `space_to_depth`."""

    def run(call: FunctionCall) -> TapeTensor:
        if str(call.get("data_format", default="NHWC")).startswith("NC"):
            raise NotSaid("channels before the image")
        return windows.slide(call.tape, type, {"factor": call.sizes("block_size")[0]}, call.x)

    return run


def flipped(axis: int) -> OnTape:
    """An image of four axes with the batch, in the opposite order along one of them."""

    def run(call: FunctionCall) -> TapeTensor:
        if len(call.x.dims) != 4:
            raise NotSaid("images without a batch")
        return parts.flip(call.tape, call.x, [axis])

    return run


def gray(call: FunctionCall) -> TapeTensor:
    x = call.tape.tensor(call.x)
    return call.tape.opaque([x], (*x.dims[:-1], 1), x.batch)


def patches(call: FunctionCall) -> TapeTensor:
    """`tf.image.extract_patches(images, sizes, strides, rates, padding)`: the numbers of each patch as channels."""
    x = call.tape.tensor(call.x)
    kernel, stride, rate = call.sizes("sizes"), call.sizes("strides"), call.sizes("rates")
    if len(x.dims) != 4 or {len(kernel), len(stride), len(rate)} != {4}:
        raise NotSaid("patches of this form")
    sizes = []
    for axis in (1, 2):
        reach = (kernel[axis] - 1) * rate[axis] + 1
        room = x.dims[axis] - (reach if str(call.get("padding")).upper() == "VALID" else 1)
        if room < 0:
            raise NotSaid("a patch larger than the image")
        sizes.append(room // stride[axis] + 1)
    return call.tape.opaque([x], (x.dims[0], *sizes, kernel[1] * kernel[2] * x.dims[3]), x.batch)


ROWS: Mapping[str, GraphFunction] = MappingProxyType({
    **{name: GraphFunction("x|input block_size data_format name", blocks(name)) for name in (
        "depth_to_space", "space_to_depth",
    )},
})  # fmt: skip
"""Functions of `tf.nn` and of TensorFlow itself."""
IMAGES: Mapping[str, GraphFunction] = MappingProxyType({
    **{name: GraphFunction("x|image|images a b c seed name", unchanged) for name in _SAME},
    "flip_left_right": GraphFunction("x|image", flipped(2)), "flip_up_down": GraphFunction("x|image", flipped(1)),
    "rgb_to_grayscale": GraphFunction("x|images|image name", gray),
    "extract_patches": GraphFunction("x|images sizes strides rates padding name", patches),
})  # fmt: skip
"""Functions of `tf.image`."""
