"""Detectors of two stages in Caffe: data and proposals by layers of Python, and the pooling of regions.

Sources: the definitions and the `rpn` module of Fast and Faster R-CNN (Girshick; Ren et al., arXiv 1506.01497).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cnncalc.importing.caffe.network import SKIPPED, CaffeModel, is_in, type_of
from cnncalc.importing.caffe.text_format import Message

_PROPOSALS: Mapping[str, tuple[int, str]] = MappingProxyType({
    "ProposalLayer": (300, "keeps 300 boxes in the test phase (RPN_POST_NMS_TOP_N)"),
    "ProposalTargetLayer": (128, "keeps 128 boxes for training (BATCH_SIZE)"),
})  # fmt: skip
"""The number of boxes of Faster R-CNN's layers, by default; `--set regions=…` gives another."""


def is_for_training(layer: Message, layers: list[Message], phase: str) -> bool:
    """Whether a Python layer has a weight among the losses, or only losses and measures read its tops."""
    tops = {value.text for value in layer.values("top")}
    readers = [
        each
        for each in layers
        if each is not layer and is_in(each, phase) and tops & {value.text for value in each.values("bottom")}
    ]
    weighs = any(value.text.strip("0.") for value in layer.values("loss_weight"))
    return weighs or (bool(readers) and all(type_of(each) in SKIPPED for each in readers))


def python_layer(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """The boxes of a proposal layer; the code of others decides their shape."""
    block = layer.block("python_param")
    known = _PROPOSALS.get(block.text("layer"))
    if known is None:
        code = ".".join(word for word in (block.text("module"), block.text("layer")) if word)
        layer.fail(
            f"a Python layer, {code[:80] or 'without its module'}: its code decides its shape", "take the layer out"
        )
    boxes, reason = known
    if network.regions is None:
        network.doubt(layer, f"{block.text('layer')} {reason} by default; --set regions=100 states another number")
    boxes = network.regions or boxes
    seen = [name for name in bottoms if name not in {each.name for each in network.inputs}]
    name = network.add(layer, "opaque", {"output": [boxes, 4]}, seen or bottoms)
    network.boxes[name] = boxes
    if len(layer.values("top")) == 1 or block.text("layer") != "ProposalLayer":
        return [name]
    scores = network.add(layer, "opaque", {"output": [boxes, 1]}, seen or bottoms, layer.values("top")[1].text)
    network.boxes[scores] = boxes
    return [name, scores]


def _roi_pooling(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """The map of the first bottom in each region of the second, which has a row for each."""
    if len(bottoms) != 2:
        layer.fail("ROIPooling needs two bottoms: the map, and the regions")
    block = layer.block("roi_pooling_param")
    size = [block.number("pooled_h", 0), block.number("pooled_w", 0)]
    if min(size) < 1:
        layer.fail("pooled_h or pooled_w is missing, or below 1", "add pooled_h: 7 pooled_w: 7")
    arguments = {"size": size, "spatial_scale": block.fraction("spatial_scale", 1.0)}
    boxes = network.regions or network.boxes.get(bottoms[1])
    if boxes is None:
        layer.fail("the number of regions is not known", "state it, --set regions=300")
    if any(each.name == bottoms[1] for each in network.layers):
        return [network.add(layer, "roi_pool", arguments, bottoms)]
    return [network.add(layer, "roi_pool", {**arguments, "regions": boxes}, bottoms[:1])]


def _position_sensitive(network: CaffeModel, layer: Message, bottoms: list[str]) -> list[str]:
    """R-FCN's pooling: each cell of a region reads channels of its own (Dai et al., arXiv 1605.06409)."""
    block = layer.block("psroi_pooling_param")
    depth, cells = block.number("output_dim", 0), block.number("group_size", 0)
    if min(depth, cells) < 1:
        layer.fail("output_dim or group_size is missing, or below 1", "add output_dim: 21 group_size: 7")
    network.doubt(layer, "PSROIPooling is opaque: it and the layers after it are counted for one region")
    return [network.add(layer, "opaque", {"output": [depth, cells, cells]}, bottoms)]


REGIONS: Mapping[str, Callable[[CaffeModel, Message, list[str]], list[str]]] = MappingProxyType({
    "Python": python_layer, "ROIPooling": _roi_pooling, "PSROIPooling": _position_sensitive,
})  # fmt: skip
"""The function that converts each type of layer."""
