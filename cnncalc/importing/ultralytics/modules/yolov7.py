"""The modules of the YOLOv7 repository (Wang et al., arXiv 2207.02696), and those that have other arguments there."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import YOLOV7, module
from cnncalc.importing.ultralytics.modules.convolutions import reparametrized
from cnncalc.importing.ultralytics.modules.detect import anchored
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts


@module(f"{YOLOV7} Conv", declaration="c2 k:ints=1 s:ints=1 p:ints=None g=1 act:any=True")
def conv(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return parts.conv_unit(x, a.c2, a.k, a.s, p=a.p, g=a.g, act=a.act)


@module(f"{YOLOV7} RepConv", declaration="c2 k=3 s=1 p=None g=1 act:any=True")
def rep_conv(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """The sum of three branches, as they are trained; the third is the batch normalization of the input."""
    parts.need(a.k == 3 and a.p in (None, 1), "has a window of 3 and a padding of 1")
    return reparametrized(parts, x, a.c2, s=a.s, g=a.g, act=a.act, bn=True)


@module(f"{YOLOV7} MP", declaration="k=2")
def max_pool(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return parts.layer("m", "max_pool", [x], kernel=a.k, stride=a.k)


@module(f"{YOLOV7} SP", declaration="k=3 s=1")
def same_pool(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return parts.layer("m", "max_pool", [x], kernel=a.k, stride=a.s, padding=a.k // 2)


@module(f"{YOLOV7} ReOrg")
def reorganized(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """The positions of each square of four as channels."""
    return parts.layer("space_to_depth", "space_to_depth", [x], factor=2)


@module(f"{YOLOV7} Shortcut", declaration="dimension=0", takes_list=True)
def shortcut(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> FeatureMap:
    parts.need(len(inputs) == 2, f"takes two rows, got {len(inputs)}")
    return parts.add(inputs[0], inputs[1])


@module(f"{YOLOV7} DownC", declaration="c2 n k=2")
def down(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Half of the channels from a strided window, half from a pool."""
    y = parts.conv("cv2", parts.conv("cv1", x, x.channels), a.c2 // 2, 3, a.k)
    pooled = parts.layer("mp", "max_pool", [x], kernel=a.k, stride=a.k)
    return parts.concat([y, parts.conv("cv3", pooled, a.c2 // 2)])


@module(f"{YOLOV7} SPPCSPC", declaration="c2 n shortcut=False g=1 e=0.5 k=(5,9,13)")
def spp_csp(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return pooled_pyramid(parts, x, a, parts.conv)


def pooled_pyramid(
    parts: ModuleParts, x: FeatureMap, a: RowArguments, conv: Callable[..., FeatureMap]
) -> FeatureMap:  # fmt: skip
    """A pyramid of pools in one of two branches."""
    width = int(2 * a.c2 * a.e)
    y = conv("cv4", conv("cv3", conv("cv1", x, width), width, 3), width)
    pools = [
        parts.layer(f"m.{number}", "max_pool", [y], kernel=k, stride=1, padding=k // 2) for number, k in enumerate(a.k)
    ]
    y = conv("cv6", conv("cv5", parts.concat([y, *pools], "pools"), width), width, 3)
    return conv("cv7", parts.concat([y, conv("cv2", x, width)]), a.c2)


@module(f"{YOLOV7} IDetect", declaration="nc anchors:any=None", takes_list=True)
def implicit_detect(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> FeatureMap:
    """YOLOv5's head with a learned offset before and a learned factor after each convolution."""
    return anchored(parts, inputs, a.nc, a.anchors, implicit=True)


@module(f"{YOLOV7} IAuxDetect", declaration="nc anchors:any=None", takes_list=True)
def auxiliary_detect(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    """The same on the first half of the rows; on the others plain convolutions, whose maps are further outputs."""
    count = len(inputs) // 2
    parts.need(len(inputs) == 2 * count > 0, f"takes an even number of rows, got {len(inputs)}")
    main = anchored(parts, inputs[:count], a.nc, a.anchors, implicit=True)
    width = parts.network.unscaled
    extra = [parts.bare_conv(f"m2.{number}", x, width) for number, x in enumerate(inputs[count:])]
    return [main, *extra]
