"""Darknet's kinds of sections, each as layers of ours.

A convolution with batch normalization has no bias of its own; `pad=1` means padding of size//2; a max pool pads
size − 1 in all, the smaller half first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from types import MappingProxyType
from typing import Any

from cnncalc.importing.darknet.activations import activate, normalize_and_activate
from cnncalc.importing.darknet.joins import learned_array, multiply_with, route, scale_channels, shortcut, sum_with
from cnncalc.importing.darknet.network import DarknetModel
from cnncalc.importing.darknet.sections import DarknetSection


def _window(section: DarknetSection, *, default_size: int = 1) -> tuple[int, tuple[int, int], int]:
    """Kernel, stride (vertical, horizontal) and the explicit padding or that of `pad=1`."""
    size = section.size("size", default_size)
    stride = section.size("stride", 1)
    strides = (section.size("stride_y", stride), section.size("stride_x", stride))
    padding = size // 2 if section.number("pad", 0) else section.number("padding", 0)
    return size, strides, padding


def _pair(values: tuple[int, int]) -> int | list[int]:
    return values[0] if values[0] == values[1] else list(values)


def _convolutional(network: DarknetModel, section: DarknetSection) -> None:
    channels, *sizes = network.image(section)
    size, strides, padding = _window(section)
    filters, dilation = section.size("filters", 1), section.size("dilation", 1)
    groups = section.size("groups", 1)
    if channels % groups or filters % groups:
        section.fail(f"groups={groups} does not divide {channels} channels and {filters} filters", key="groups")
    if section.number("antialiasing", 0):
        section.fail("antialiasing is not supported", "remove it: it adds a fixed blur after the stride")
    arguments: dict[str, Any] = {
        "filters": filters, "kernel": size, "stride": _pair(strides), "padding": padding * dilation,
        "dilation": dilation, "groups": groups, "bias": not section.number("batch_normalize", 0),
    }  # fmt: skip
    shape = (filters, *((n + 2 * padding - size) // s + 1 for n, s in zip(sizes, strides, strict=True)))
    number = len(network.outputs)
    network.batch_normalized[number] = network.add(section, "conv", arguments, shape).name
    if "share_index" in section.options:
        other = section.number("share_index", 0)
        other += number if other < 0 else 0
        if other not in network.batch_normalized:
            section.fail(f"share_index: section {other} is not an earlier convolution", key="share_index")
        network.layers[-1].shares = network.batch_normalized[other]
    normalize_and_activate(network, section, "logistic")


def _deconvolutional(network: DarknetModel, section: DarknetSection) -> None:
    _, *sizes = network.image(section)
    size, (stride, _), padding = _window(section)
    filters = section.size("filters", 1)
    bias = not section.number("batch_normalize", 0)
    arguments = {"filters": filters, "kernel": size, "stride": stride, "padding": padding, "bias": bias}
    shape = (filters, *((n - 1) * stride + size - 2 * padding for n in sizes))
    network.add(section, "conv_transpose", arguments, shape)
    normalize_and_activate(network, section, "logistic")


def _local(network: DarknetModel, section: DarknetSection) -> None:
    _, *sizes = network.image(section)
    size, stride, pad = section.size("size", 1), section.size("stride", 1), section.number("pad", 0)
    filters = section.size("filters", 1)
    arguments = {"filters": filters, "kernel": size, "stride": stride, "padding": int(bool(pad))}
    shape = (filters, *((n - (1 if pad else size)) // stride + 1 for n in sizes))
    network.add(section, "locally_connected", arguments, shape)
    activate(network, section, "logistic")


def _maxpool(network: DarknetModel, section: DarknetSection) -> None:
    if section.number("maxpool_depth", 0):
        section.fail("maxpool_depth=1 pools over channels, which is not supported", key="maxpool_depth")
    _pool(network, section, "max_pool")


def _local_avgpool(network: DarknetModel, section: DarknetSection) -> None:
    _pool(network, section, "avg_pool", {"count_include_pad": False})


def _pool(network: DarknetModel, section: DarknetSection, type: str, more: dict[str, Any] | None = None) -> None:
    channels, *sizes = network.image(section)
    stride = section.size("stride", 1)
    strides = (section.size("stride_y", stride), section.size("stride_x", stride))
    size = section.size("size", stride)
    padding = section.number("padding", size - 1)
    outputs = [(n + padding - size) // s + 1 for n, s in zip(sizes, strides, strict=True)]
    before = padding // 2
    # A window that begins in the padding after the input reads nothing: padding beyond the last window changes nothing.
    after = [max((o - 1) * s + size - before - n, 0) for n, o, s in zip(sizes, outputs, strides, strict=True)]
    arguments: dict[str, Any] = {"kernel": size, "stride": _pair(strides), **(more or {})}
    if any(after) or before:
        even = all(a == before for a in after)
        arguments["padding"] = before if even else [[before, a] for a in after]
    network.add(section, type, arguments, (channels, *outputs))


def _avgpool(network: DarknetModel, section: DarknetSection) -> None:
    channels, *_ = network.image(section)
    network.add(section, "global_avg_pool", {}, (channels, 1, 1))


def _connected(network: DarknetModel, section: DarknetSection) -> None:
    outputs = section.size("output", 1)
    if len(network.current.shape) > 1:
        network.add(section, "flatten", {}, (prod(network.current.shape),))
    network.add(section, "dense", {"units": outputs, "bias": not section.number("batch_normalize", 0)}, (outputs,))
    normalize_and_activate(network, section, "logistic")


def _recurrent(network: DarknetModel, section: DarknetSection, type: str, arguments: dict[str, Any]) -> None:
    steps = network.current.shape
    if len(steps) != 2:
        section.fail(
            f"needs a sequence, but {'x'.join(map(str, steps))} arrives", "give inputs= and time_steps= in [net]"
        )
    if section.number("batch_normalize", 0):
        network.doubt(section, "the batch normalization of its products is left out", key="batch_normalize")
    network.add(section, type, {**arguments, "return_sequences": True}, (steps[0], arguments["units"]))


def _rnn(network: DarknetModel, section: DarknetSection) -> None:
    outputs = section.size("output", 1)
    hidden = section.size("hidden", outputs)
    word = section.word("activation", "logistic")
    if word not in ("relu", "tanh"):
        network.doubt(section, f"the state's activation {word} is read as tanh", key="activation")
    _recurrent(network, section, "rnn", {"units": hidden, "nonlinearity": "relu" if word == "relu" else "tanh"})
    steps = network.current.shape[0]
    network.add(section, "dense", {"units": outputs}, (steps, outputs))
    activate(network, section, "logistic")


def _lstm(network: DarknetModel, section: DarknetSection) -> None:
    _recurrent(network, section, "lstm", {"units": section.size("output", 1)})


def _gru(network: DarknetModel, section: DarknetSection) -> None:
    _recurrent(network, section, "gru", {"units": section.size("output", 1)})


def _crnn(network: DarknetModel, section: DarknetSection) -> None:
    channels, height, width = network.image(section)
    size, outputs = section.size("size", 3), section.size("output_filters", section.size("output", 1))
    hidden = section.size("hidden_filters", section.size("hidden", 1))
    groups = section.size("groups", 1)
    weights = size * size * (channels * hidden + hidden * hidden + hidden * outputs) // groups
    norms = 2 if section.number("batch_normalize", 0) else 1
    network.doubt(section, "has no layer type; it becomes opaque, with the metrics of its three convolutions")
    arguments = {
        "output": [outputs, height, width], "params": weights + norms * (2 * hidden + outputs),
        "macs": weights * height * width,
    }  # fmt: skip
    network.add(section, "opaque", arguments, (outputs, height, width))


def _upsample(network: DarknetModel, section: DarknetSection) -> None:
    channels, height, width = network.image(section)
    stride = section.number("stride", 2)
    if stride < 1:
        section.fail(f"stride={stride} shrinks its input, which is not supported", key="stride")
    shape = (channels, height * stride, width * stride)
    network.add(section, "upsample", {"scale": stride, "mode": "nearest"}, shape)


def _reorg(network: DarknetModel, section: DarknetSection) -> None:
    channels, height, width = network.image(section)
    stride = section.size("stride", 1)
    if section.number("reverse", 0):
        if channels % (stride * stride):
            section.fail(f"{channels} channels are not divisible by {stride}·{stride}", key="stride")
        shape = (channels // (stride * stride), height * stride, width * stride)
        network.add(section, "depth_to_space", {"factor": stride}, shape)
        return
    if height % stride or width % stride:
        section.fail(f"{height}x{width} is not divisible by stride={stride}", key="stride")
    network.add(
        section, "space_to_depth", {"factor": stride},
        (channels * stride * stride, height // stride, width // stride),
    )  # fmt: skip


def _crop(network: DarknetModel, section: DarknetSection) -> None:
    channels, *_ = network.image(section)
    height, width = section.size("crop_height", 1), section.size("crop_width", 1)
    network.add(section, "crop", {"size": [height, width]}, (channels, height, width))


def _dropout(network: DarknetModel, section: DarknetSection) -> None:
    network.add(section, "dropout", {"rate": section.fraction("probability", 0.5)}, network.current.shape)


def _softmax(network: DarknetModel, section: DarknetSection) -> None:
    if section.number("groups", 1) > 1 or "tree" in section.options:
        network.doubt(section, "its groups are read as one softmax over all channels")
    shape = network.current.shape
    if len(shape) == 3 and shape[1:] != (1, 1) and not section.number("spatial", 0):
        network.add(section, "flatten", {}, (prod(shape),))
    network.add(section, "softmax", {} if len(shape) != 2 else {"axis": 2}, network.current.shape)


def _lrn(network: DarknetModel, section: DarknetSection) -> None:
    network.add(section, "local_response_norm", {"size": section.size("size", 5)}, network.current.shape)


def _batchnorm(network: DarknetModel, section: DarknetSection) -> None:
    network.add(section, "batch_norm", {}, network.current.shape)


def _activation(network: DarknetModel, section: DarknetSection) -> None:
    activate(network, section, "linear")


def _yolo(network: DarknetModel, section: DarknetSection) -> None:
    anchors = len(section.numbers("mask")) or section.size("num", 1)
    _head(network, section, anchors * (section.size("classes", 20) + 5), "anchors · (classes + 5)")


def _gaussian_yolo(network: DarknetModel, section: DarknetSection) -> None:
    anchors = len(section.numbers("mask")) or section.size("num", 1)
    _head(network, section, anchors * (section.size("classes", 20) + 9), "anchors · (classes + 9)")


def _region(network: DarknetModel, section: DarknetSection) -> None:
    values = section.size("classes", 20) + section.size("coords", 4) + 1
    _head(network, section, section.size("num", 1) * values, "num · (classes + coords + 1)")


def _head(network: DarknetModel, section: DarknetSection, channels: int, formula: str) -> None:
    arrives = network.image(section)[0]
    if arrives != channels:
        section.fail(
            f"needs {formula} = {channels} channels, but {arrives} arrive", f"write filters={channels} before it"
        )
    network.heads.append(network.current.name)


def _detection(network: DarknetModel, section: DarknetSection) -> None:
    side, boxes = section.size("side", 7), section.size("num", 1)
    needs = side * side * ((1 + section.size("coords", 1)) * boxes + section.size("classes", 1))
    arrives = prod(network.current.shape)
    if arrives != needs:
        section.fail(f"needs side² · ((1 + coords) · num + classes) = {needs} values, but {arrives} arrive")
    network.heads.append(network.current.name)


def _nothing(network: DarknetModel, section: DarknetSection) -> None:
    """Losses and the like, which pass their input on."""


SECTIONS: Mapping[str, Callable[[DarknetModel, DarknetSection], None]] = MappingProxyType({
    "convolutional": _convolutional, "conv": _convolutional, "deconvolutional": _deconvolutional,
    "deconv": _deconvolutional, "local": _local, "maxpool": _maxpool, "max": _maxpool, "avgpool": _avgpool,
    "avg": _avgpool, "local_avgpool": _local_avgpool, "connected": _connected, "conn": _connected, "rnn": _rnn,
    "lstm": _lstm, "gru": _gru, "crnn": _crnn, "route": route, "shortcut": shortcut, "sam": multiply_with,
    "scale_channels": scale_channels, "control_channels": multiply_with, "shift_channels": sum_with,
    "implicit_add": learned_array, "implicit_mul": learned_array, "upsample": _upsample,
    "reorg": _reorg, "reorg3d": _reorg,
    "crop": _crop, "dropout": _dropout, "softmax": _softmax, "soft": _softmax, "normalization": _lrn, "lrn": _lrn,
    "batchnorm": _batchnorm, "activation": _activation, "yolo": _yolo, "gaussian_yolo": _gaussian_yolo,
    "region": _region, "detection": _detection, "cost": _nothing, "logistic": _nothing, "empty": _nothing,
    "silence": _nothing, "l2norm": _nothing, "contrastive": _nothing, "iseg": _nothing,
})  # fmt: skip
"""The function that reads each kind of section, by the names that darknet knows for it."""
