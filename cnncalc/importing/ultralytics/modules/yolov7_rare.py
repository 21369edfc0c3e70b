"""Modules of the YOLOv7 repository that none of its own files uses."""

from __future__ import annotations

from math import gcd

from cnncalc.importing.ultralytics.activations import SILU, ActivationChoice
from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import YOLOV7, module
from cnncalc.importing.ultralytics.modules.bottlenecks import ghost_residual
from cnncalc.importing.ultralytics.modules.convolutions import ghost_conv, reparametrized
from cnncalc.importing.ultralytics.modules.yolov5 import mixed_windows
from cnncalc.importing.ultralytics.modules.yolov7 import pooled_pyramid
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts

_LEAKY = ActivationChoice("leaky_relu", {"slope": 0.1})


@module(f"{YOLOV7} Chuncat", declaration="dimension=1", takes_list=True)
def chunk_concat(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> FeatureMap:
    """The first halves of the channels of all inputs, then the second halves."""
    parts.need(a.dimension == 1, "joins channels, so that its dimension is 1")
    halves = [parts.inner(str(number), "Chunk").halves(x) for number, x in enumerate(inputs)]
    return parts.concat([pair[half] for half in range(2) for pair in halves])


@module(f"{YOLOV7} Foldcut", declaration="dimension=0")
def fold_cut(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """The sum of the two halves of the channels."""
    parts.need(a.dimension == 1, "adds halves of the channels: write the dimension 1", "[-1, 1, Foldcut, [1]]")
    parts.need(x.channels % 2 == 0, f"needs an even number of channels, got {x.channels}")
    first, second = parts.halves(x)
    return parts.add(first, second)


@module(f"{YOLOV7} DWConv", declaration="c2 k:ints=1 s:ints=1 act:any=True")
def depthwise(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Its fourth argument is the activation, not the dilation."""
    return parts.conv_unit(x, a.c2, a.k, a.s, g=gcd(x.channels, a.c2), act=a.act)


@module(f"{YOLOV7} MixConv2d", declaration="c2 k=(1,3) s=1 equal=True")
def mixed(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Convolutions without groups of several windows, joined, with a shortcut."""
    parts.need(a.c2 == x.channels and a.s == 1, f"adds its input: {x.channels} channels and the stride 1 are needed")
    windows = mixed_windows(parts, x, a, grouped=False)
    return parts.add(x, parts.finished(parts.concat(windows), _LEAKY))


@module(f"{YOLOV7} RobustConv", declaration="c2 k=7 s=1 p=None g=1 act:any=True scale:real=1e-6")
def robust_conv(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """A large depthwise window, a 1x1 convolution, and a factor for each channel."""
    y = parts.conv("conv_dw", x, x.channels, a.k, a.s, p=a.p, g=x.channels, act=a.act)
    return _scaled(parts, parts.bare_conv("conv1x1", y, a.c2), a)


@module(f"{YOLOV7} RobustConv2", declaration="c2 k=7 s=4 p=None g=1 act:any=True scale:real=1e-6")
def robust_conv_and_back(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """A large depthwise window with a stride, a transposed convolution, and a factor for each channel."""
    y = parts.conv("conv_strided", x, x.channels, a.k, a.s, p=a.p, g=x.channels, act=a.act)
    y = parts.layer("conv_deconv", "conv_transpose", [y], filters=a.c2, kernel=a.s, stride=a.s)
    return _scaled(parts, y, a)


def _scaled(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return parts.layer("gamma", "layer_scale", [x], axis=1) if a.scale > 0 else x


@module(f"{YOLOV7} Ghost", declaration="c2 k=3 s=1")
def ghost(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return ghost_residual(parts, x, a.c2, a.k, a.s)


@module(f"{YOLOV7} GhostSPPCSPC", declaration="c2 n shortcut=False g=1 e=0.5 k=(5,9,13)")
def ghost_spp_csp(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """SPPCSPC with ghost convolutions."""
    return pooled_pyramid(
        parts, x, a, lambda name, y, *sizes: ghost_conv(parts.inner(name, "GhostConv"), y, *sizes)
    )  # fmt: skip


@module(f"{YOLOV7} RepBottleneck", declaration="c2 shortcut=True g=1 e=0.5")
def rep_bottleneck(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """A bottleneck whose window is a RepConv; it adds its input if the channels are equal, whatever `shortcut` is."""
    parts.need(a.e == 0.5, "has half of the channels inside, whatever e is; with another e its layers do not fit")
    y = parts.conv("cv1", x, a.c2 // 2)
    y = reparametrized(parts.inner("cv2", "RepConv"), y, a.c2, g=a.g, bn=True)
    return parts.add(x, y) if x.channels == a.c2 else y


@module(f"{YOLOV7} RepConv_OREPA", declaration="c2 k=3 s=1 padding=1 dilation=1 groups=1")
def online_reparametrized(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """A RepConv whose 3x3 kernel is the sum of six (Hu et al., arXiv 2204.00826).

    All arrays that the kernel is computed from are parameters; the multiply-accumulates are those of one convolution.
    """
    parts.need(a.k == 3 and a.padding == 1, "has a window of 3 and a padding of 1")
    parts.need(a.groups == 1, f"has kernels that fit into one group only, got {a.groups} groups")
    keeps = x.channels == a.c2 and a.s == 1
    dense = parts.inner("rbr_dense", "OREPA_3x3_RepConv")
    y = dense.bare_conv("weight_rbr_origin", x, a.c2, bias=False, kernel=3, stride=a.s, padding=1)
    y = dense.finished(y, False)
    dense.training_only("other_kernels", _kernels_beside_the_first(x.channels, a.c2))
    dense.training_only("vector", (6 if keeps else 5) * a.c2)
    y = parts.add(y, parts.conv("rbr_1x1", x, a.c2, 1, a.s, act=False))
    if keeps:
        y = parts.add(y, parts.layer("rbr_identity", "batch_norm", [x]), "add_identity")
    return parts.activated(y, SILU)


def _kernels_beside_the_first(c1: int, c2: int) -> int:
    """Parameters: an average and a prior, a 1x1 before a 3x3, and a depthwise window of eight filters before a 1x1."""
    return 2 * c1 * c2 + (c1 * c1 + 9 * c1 * c2) + (8 * c1 * 9 + 8 * c1 * c2)
