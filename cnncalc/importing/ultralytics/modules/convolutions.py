"""Convolutions with batch normalization, and the ghost convolution (Han et al., GhostNet, arXiv 1911.11907)."""

from __future__ import annotations

from math import gcd

from cnncalc.importing.ultralytics.activations import SILU
from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts, same_padding


@module("Conv", declaration="c2 k:ints=1 s:ints=1 p:ints=None g=1 d=1 act:any=True")
def conv(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return parts.conv_unit(x, a.c2, a.k, a.s, p=a.p, g=a.g, d=a.d, act=a.act)


@module("DWConv", declaration="c2 k:ints=1 s:ints=1 d=1 act:any=True")
def depthwise(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """The number of groups is the greatest common divisor of the input and output channels."""
    return parts.conv_unit(x, a.c2, a.k, a.s, g=gcd(x.channels, a.c2), d=a.d, act=a.act)


@module("Conv2", declaration="c1 c k:ints=3 s:ints=1 p:ints=None g=1 d=1 act:any=True")
def two_kernels(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """A window and a 1x1 beside it, added before the batch normalization."""
    parts.need(a.c1 == x.channels, f"its first argument is {a.c1}, but {x.channels} channels arrive")
    padding = same_padding(a.k, a.d) if a.p is None else a.p
    shared = {"stride": a.s, "dilation": a.d, "groups": a.g, "bias": False}
    one = parts.bare_conv("conv", x, a.c, kernel=a.k, padding=padding, **shared)
    other = parts.bare_conv("cv2", x, a.c, kernel=1, padding=0 if a.p is None else a.p, **shared)
    return parts.finished(parts.add(one, other), a.act)


@module("ConvTranspose", declaration="c2 k:ints=2 s:ints=2 p:ints=0 bn=True act:any=True")
def transposed(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Its activation is SiLU, whatever the file names."""
    y = parts.layer(
        "conv_transpose", "conv_transpose", [x], filters=a.c2, kernel=a.k, stride=a.s, padding=a.p, bias=not a.bn
    )  # fmt: skip
    act = SILU if a.act is True else False
    return parts.finished(y, act) if a.bn else parts.activated(y, act)


@module("DWConvTranspose2d", declaration="c2 k:ints=1 s:ints=1 p:ints=0 q:ints=0")
def depthwise_transposed(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return parts.layer(
        "conv_transpose", "conv_transpose", [x], filters=a.c2, kernel=a.k, stride=a.s, padding=a.p,
        output_padding=a.q, groups=gcd(x.channels, a.c2),
    )  # fmt: skip


@module("Focus", declaration="c2 k:ints=1 s:ints=1 p:ints=None g=1 act:any=True")
def focus(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Every second row and column as channels, four times as many, before a convolution."""
    blocks = parts.layer("space_to_depth", "space_to_depth", [x], factor=2)
    return parts.conv("conv", blocks, a.c2, a.k, a.s, p=a.p, g=a.g, act=a.act)


@module("GhostConv", declaration="c2 k:ints=1 s:ints=1 g=1 act:any=True")
def ghost(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return ghost_conv(parts, x, a.c2, a.k, a.s, g=a.g, act=a.act)


def ghost_conv(
    parts: ModuleParts, x: FeatureMap, c2: int, k: object = 1, s: object = 1, **more: object
) -> FeatureMap:  # fmt: skip
    """Half of the channels by a convolution, the other half from these by a depthwise 5x5."""
    half = c2 // 2
    first = parts.conv("cv1", x, half, k, s, **more)
    second = parts.conv("cv2", first, half, 5, g=half, act=more.get("act", True))
    return parts.concat([first, second])


@module("RepConv", declaration="c1 c k=3 s=1 p=1 g=1 d=1 act:any=True bn=False deploy=False")
def rep_conv(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    parts.need(a.c1 == x.channels, f"its first argument is {a.c1}, but {x.channels} channels arrive")
    parts.need(a.k == 3 and a.p == 1, f"has a window of 3 and a padding of 1, got {a.k} and {a.p}")
    return reparametrized(parts, x, a.c, s=a.s, g=a.g, act=a.act, bn=a.bn)


def reparametrized(parts: ModuleParts, x: FeatureMap, c2: int, *, s: int = 1, **more: object) -> FeatureMap:
    """RepVGG's sum of a 3x3 and a 1x1 (Ding et al., arXiv 2101.03697), which become one kernel after training."""
    g = more.get("g", 1)
    y = parts.add(parts.conv("conv1", x, c2, 3, s, g=g, act=False), parts.conv("conv2", x, c2, 1, s, g=g, act=False))
    if more.get("bn") and c2 == x.channels and s == 1:
        y = parts.add(y, parts.layer("bn", "batch_norm", [x]), "add_identity")
    return parts.activated(y, SILU if more.get("act", True) is True else False)


@module("RepVGGDW", declaration="width")
def rep_depthwise(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    parts.need(a.width == x.channels, f"its argument is {a.width}, but {x.channels} channels arrive")
    return large_depthwise(parts, x)


def large_depthwise(parts: ModuleParts, x: FeatureMap) -> FeatureMap:
    """Depthwise windows of 7 and of 3, added."""
    c = x.channels
    one, other = parts.conv("conv", x, c, 7, g=c, act=False), parts.conv("conv1", x, c, 3, g=c, act=False)
    return parts.activated(parts.add(one, other), SILU)
