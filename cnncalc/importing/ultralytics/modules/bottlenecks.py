"""Residual bottlenecks: He et al., arXiv 1512.03385; GhostNet, arXiv 1911.11907."""

from __future__ import annotations

from typing import Any

from cnncalc.importing.ultralytics.activations import RELU, SILU
from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.modules.convolutions import ghost_conv
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts


@module("Bottleneck", declaration="c2 shortcut=True g=1 k:any=(3,3) e=0.5")
def bottleneck(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return residual(parts, x, a.c2, a.shortcut, g=a.g, k=(1, 3) if parts.network.is_yolov5 else a.k, e=a.e)


def residual(
    parts: ModuleParts, x: FeatureMap, c2: int, shortcut: bool, **more: Any
) -> FeatureMap:  # fmt: skip
    """Two convolutions, with a shortcut where the channels are equal. `k` are the two windows, `e` the inner width."""
    first, second = more.get("k", (3, 3))
    y = parts.conv("cv1", x, int(c2 * more.get("e", 0.5)), first)
    y = parts.conv("cv2", y, c2, second, g=more.get("g", 1))
    return parts.add(x, y) if shortcut and x.channels == c2 else y


@module("GhostBottleneck", declaration="c2 k=3 s=1")
def ghost_bottleneck(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return ghost_residual(parts, x, a.c2, a.k, a.s)


def ghost_residual(parts: ModuleParts, x: FeatureMap, c2: int, k: int = 3, s: int = 1) -> FeatureMap:
    """Ghost convolutions to half of the channels and back; at s=2 depthwise ones between them and in the shortcut."""
    half = c2 // 2
    y = ghost_conv(parts.inner("conv.0", "GhostConv"), x, half)
    shortcut = x
    if s == 2:
        y = parts.conv("conv.1", y, half, k, s, g=half, act=False)
        shortcut = parts.conv("shortcut.0", x, x.channels, k, s, g=x.channels, act=False)
        shortcut = parts.conv("shortcut.1", shortcut, c2, act=False)
    y = ghost_conv(parts.inner("conv.2", "GhostConv"), y, c2, act=False)
    return parts.add(y, shortcut)


@module("BottleneckCSP", declaration="c2 n shortcut=True g=1 e=0.5")
def bottleneck_csp(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """The cross-stage partial network's own form (Wang et al., arXiv 1911.11929), normalized after the join."""
    hidden = int(a.c2 * a.e)
    y = parts.conv("cv1", x, hidden)
    for number in range(a.n):
        kernels = (1, 3) if parts.network.is_yolov5 else (3, 3)
        y = residual(parts.inner(f"m.{number}", "Bottleneck"), y, hidden, a.shortcut, g=a.g, k=kernels, e=1.0)
    y = parts.bare_conv("cv3", y, hidden, bias=False)
    joined = parts.concat([y, parts.bare_conv("cv2", x, hidden, bias=False)])
    return parts.conv("cv4", parts.finished(joined, SILU), a.c2)


@module("ResNetLayer", declaration="c1 width s=1 is_first=False blocks=1 e=4")
def resnet_layer(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """The stem of a ResNet, or a stage of bottlenecks; their last activation is ReLU."""
    message = f"its first argument is {a.c1}, but {x.channels} channels arrive"
    parts.need(a.c1 == x.channels, message, f"write {x.channels}: the width does not scale ResNetLayer")
    if a.is_first:
        y = parts.conv("layer.0", x, a.width, 7, 2, p=3)
        return parts.layer("layer.1", "max_pool", [y], kernel=3, stride=2, padding=1)
    for number in range(a.blocks):
        x = _resnet_block(parts.inner(f"layer.{number}", "ResNetBlock"), x, a.width, a.s if number == 0 else 1, a.e)
    return x


def _resnet_block(parts: ModuleParts, x: FeatureMap, width: int, s: int, e: int) -> FeatureMap:
    out = e * width
    y = parts.conv("cv2", parts.conv("cv1", x, width), width, 3, s)
    y = parts.conv("cv3", y, out, act=False)
    if s != 1 or x.channels != out:
        x = parts.conv("shortcut.0", x, out, 1, s, act=False)
    return parts.activated(parts.add(y, x), RELU)
