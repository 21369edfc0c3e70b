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
    kernel, stride, rate = call.sizes("sizes"), call.sizes("strides"), call.sizes("rates")
    if {len(kernel), len(stride), len(rate)} != {4}:
        raise NotSaid("patches of this form")
    return _patches(call, kernel[1:3], stride[1:3], rate[1:3])


def patches_of_keras(call: FunctionCall) -> TapeTensor:
    """`ops.image.extract_patches(images, size, strides)`, side by side unless there are strides."""
    if str(call.get("data_format", default="channels_last")) != "channels_last":
        raise NotSaid("channels before the image")
    kernel = _of_two_axes(call.sizes("size"))
    stride = kernel if call.get("strides") is None else _of_two_axes(call.sizes("strides"))
    rate = (1, 1) if call.get("dilation_rate") is None else _of_two_axes(call.sizes("dilation_rate"))
    return _patches(call, kernel, stride, rate)


def _of_two_axes(sizes: tuple[int, ...]) -> tuple[int, ...]:
    return sizes * 2 if len(sizes) == 1 else sizes


def _patches(
    call: FunctionCall, kernel: tuple[int, ...], stride: tuple[int, ...], rate: tuple[int, ...]
) -> TapeTensor:  # fmt: skip
    x = call.tape.tensor(call.x)
    if len(x.dims) != 4 or {len(kernel), len(stride), len(rate)} != {2}:
        raise NotSaid("patches of this form")
    is_valid, sizes = str(call.get("padding", default="valid")).upper() == "VALID", []
    for place, size in enumerate(x.dims[1:3]):
        room = size - ((kernel[place] - 1) * rate[place] + 1 if is_valid else 1)
        if room < 0:
            raise NotSaid("a patch larger than the image")
        sizes.append(room // stride[place] + 1)
    return call.tape.opaque([x], (x.dims[0], *sizes, kernel[0] * kernel[1] * x.dims[3]), x.batch)


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
IMAGES_OF_KERAS: Mapping[str, GraphFunction] = MappingProxyType({
    "rgb_to_grayscale": GraphFunction("x|images data_format", gray),
    "extract_patches": GraphFunction("x|images size strides dilation_rate padding data_format", patches_of_keras),
})  # fmt: skip
"""Functions of `keras.ops.image`."""
