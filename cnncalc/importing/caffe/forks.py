"""Layers whose sizes depend on those of their bottoms, and the layers of Caffe's published forks.

Sources: BVLC Caffe (Crop, Reduction, Tile), and the forks of SSD (Normalize, PriorBox, DetectionOutput), PSPNet and
DeepLab (Interp, BN), SegNet (Upsample, BN), ShuffleNet (ShuffleChannel), SENet (Axpy) and YOLO (Reorg).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from types import MappingProxyType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.caffe.network import CaffeModel
from cnncalc.importing.caffe.text_format import Message


def known_shapes(network: CaffeModel, layer: Message, blobs: list[str]) -> list[Shape]:
    """The shapes of blobs without the batch. Raises SpecError where the sizes of the input are not known."""
    shapes = [network.shapes.get(blob) for blob in blobs]
    found = [shape for shape in shapes if shape is not None]
    if not blobs or len(found) < len(blobs):
        layer.fail(
            f"the sizes of {layer.text('type')}'s bottoms are not known", f"give the input's, {network.example()}"
        )
    return found


def _crop(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """The first bottom cut to the sizes of the second, from an axis on."""
    if len(bottoms) != 2:
        layer.fail("Crop needs two bottoms: the blob, and another of the wanted sizes")
    whole, wanted = known_shapes(network, layer, bottoms)
    block = layer.block("crop_param")
    axis, offsets = block.number("axis", 2), block.numbers("offset") or [0]
    axis += len(whole) + 1 if axis < 0 else 0
    count = len(whole) + 1 - axis
    if not 1 <= axis <= len(whole) or len(wanted) != len(whole) or len(offsets) not in (1, count):
        layer.fail(f"crop_param: axis {axis} and {len(offsets)} offsets do not fit {len(whole) + 1} axes")
    offsets = offsets * count if len(offsets) == 1 else offsets
    name = bottoms[0]
    amounts: list[list[int]] = []
    for place, offset in zip(range(axis - 1, len(whole)), offsets, strict=True):
        rest = whole[place] - wanted[place] - offset
        if offset < 0 or rest < 0:
            size = f"{wanted[place]} from {offset} on of {whole[place]}"
            layer.fail(f"crop_param: axis {place + 1} has no {size}")
        if place == 0 and offset + rest:
            name = network.add(layer, "slice", {"start": offset, "stop": offset + wanted[0]}, [name])
        amounts += [[offset, rest]] if place else []
    amounts = [[0, 0]] * (len(whole) - 1 - len(amounts)) + amounts
    return [network.add(layer, "crop", {"amount": amounts}, [name])]


def _interp(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """Bilinear interpolation whose corners coincide, to a size, by factors, or to the size of the second bottom."""
    shape, *others = known_shapes(network, layer, bottoms)
    block = layer.block("interp_param")
    begin, end = block.number("pad_beg", 0), block.number("pad_end", 0)
    shrink, zoom = block.number("shrink_factor", 1), block.number("zoom_factor", 1)
    if len(shape) != 3 or max(begin, end) > 0 or min(shrink, zoom) < 1:
        layer.fail("interp_param: needs height and width, paddings of at most 0, and factors from 1 on")
    name = bottoms[0]
    sizes = [size + begin + end for size in shape[1:]]
    if begin or end:
        name = network.add(layer, "crop", {"amount": [[-begin, -end]] * 2}, [name], f"{layer.text('name')}_crop")
    if others:
        sizes = list(others[0][1:])
    elif block.has("height"):
        sizes = [block.number("height", 0), block.number("width", 0)]
    else:
        sizes = [(size - 1) // shrink + 1 for size in sizes]
        sizes = [size + (size - 1) * (zoom - 1) for size in sizes]
    if min(sizes) < 1:
        layer.fail(f"interp_param: the output has the size {sizes[0]}x{sizes[1]}")
    arguments = {"size": sizes, "mode": "linear", "align_corners": True}
    return [network.add(layer, "upsample", arguments, [name])]


def _upsample(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """SegNet's unpooling, whose second bottom has the positions; or copies of the nearest, as for YOLO."""
    block = layer.block("upsample_param")
    scale = block.number("scale", block.number("stride", 2))
    sizes = [block.number("upsample_h", 0), block.number("upsample_w", 0)]
    if len(bottoms) < 2:
        return [network.add(layer, "upsample", {"scale": scale}, bottoms)]
    shape = known_shapes(network, layer, bottoms[:1])[0]
    given = [size or scale * before for size, before in zip(sizes, shape[1:], strict=False)]
    arguments = {"kernel": scale, "stride": scale, "output_size": given}
    return [network.add(layer, "max_unpool", arguments, bottoms[:1])]


def _normalize(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """Each position divided by its norm, then scaled: by a number for each channel, or by one."""
    block = layer.block("norm_param")
    shape = known_shapes(network, layer, bottoms)[0]
    axes = list(range(1, len(shape) + 1)) if block.flag("across_spatial", default=True) else 1
    name = network.add(layer, "unit_norm", {"axis": axes}, bottoms)
    if block.flag("channel_shared", default=True):
        scale = network.add(layer, "parameter", {"shape": [1] * len(shape)}, [], f"{name}_scale")
        return [network.add(layer, "multiply", {}, [name, scale], f"{name}_scaled")]
    return [network.add(layer, "layer_scale", {}, [name], f"{name}_scale")]


def _prior_box(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """The boxes around each cell: their corners, and their variances."""
    block = layer.block("prior_box_param")
    shape = known_shapes(network, layer, bottoms[:1])[0]
    ratios = {1.0}
    for value in block.values("aspect_ratio"):
        try:
            ratio = float(value.text)
        except ValueError:
            ratio = 0.0
        if ratio <= 0:
            layer.fail(f'aspect_ratio: "{value.text[:40]}" is not a number above 0', place=value)
        ratios |= {ratio, 1 / ratio} if block.flag("flip", default=True) else {ratio}
    sizes, larger = block.values("min_size"), block.values("max_size")
    boxes = len({round(ratio, 6) for ratio in ratios}) * len(sizes) + len(larger)
    if not boxes:
        layer.fail("prior_box_param: min_size is missing", "add min_size: 30")
    output = [2, 4 * boxes * prod(shape[1:])]
    return [network.add(layer, "opaque", {"output": output}, bottoms)]


def _detections(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """The boxes that are kept: image, class, score and corners of each."""
    keep = layer.block("detection_output_param").number("keep_top_k", 0)
    if keep < 1:
        layer.fail("detection_output_param: keep_top_k is missing, so the number of rows is not known")
    return [network.add(layer, "opaque", {"output": [1, keep, 7]}, bottoms)]


def _shuffle(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    groups = layer.block("shuffle_channel_param").number("group", 1)
    return [network.add(layer, "channel_shuffle", {"groups": groups}, bottoms)]


def _axpy(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """A number for each channel, times the second bottom, plus the third."""
    if len(bottoms) != 3:
        layer.fail("Axpy needs three bottoms: the scale, and two blobs")
    scaled = network.add(layer, "multiply", {}, bottoms[:2], f"{layer.text('name')}_scaled")
    return [network.add(layer, "add", {}, [scaled, bottoms[2]])]


def _reorg(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    stride = layer.block("reorg_param").number("stride", 2)
    return [network.add(layer, "space_to_depth", {"factor": stride}, bottoms)]


def _tile(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    block = layer.block("tile_param")
    axis, rank = block.number("axis", 1), len(known_shapes(network, layer, bottoms)[0])
    axis += rank + 1 if axis < 0 else 0
    if not 1 <= axis <= rank:
        layer.fail("tile_param: only the axes after the batch are repeated")
    repeats = [block.number("tiles", 1) if place == axis else 1 for place in range(1, rank + 1)]
    return [network.add(layer, "tile", {"repeats": repeats}, bottoms)]


def _reduction(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """A sum, mean or norm over an axis and all after it."""
    block = layer.block("reduction_param")
    axis, rank = block.number("axis", 0), len(known_shapes(network, layer, bottoms)[0])
    axis += rank + 1 if axis < 0 else 0
    kinds = {"SUM": "reduce_sum", "MEAN": "reduce_mean", "ASUM": "reduce_l1", "SUMSQ": "reduce_sum_square"}
    word = block.text("operation", "SUM")
    if word not in kinds or not 1 <= axis <= rank:
        layer.fail("reduction_param: only SUM, MEAN, ASUM and SUMSQ of axes after the batch are read")
    arguments: dict[str, Any] = {"axis": list(range(axis, rank + 1)), "keep": False}
    return [network.add(layer, kinds[word], arguments, bottoms)]


FORKED: Mapping[str, Callable[[CaffeModel, Message, list[str]], list[str]]] = MappingProxyType({
    "Crop": _crop, "Interp": _interp, "Upsample": _upsample, "Normalize": _normalize, "PriorBox": _prior_box,
    "DetectionOutput": _detections, "ShuffleChannel": _shuffle, "Axpy": _axpy, "Reorg": _reorg, "Tile": _tile,
    "Reduction": _reduction,
})  # fmt: skip
"""The function that converts each type of layer."""
