"""YOLOv9's aggregation networks and their downsampling (Wang et al., arXiv 2402.13616)."""

from __future__ import annotations

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.modules.partial import rep_csp
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts


@module("RepNCSPELAN4", declaration="c2 c3 c4 inside=1")
def gelan(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    grown = parts.halves(parts.conv("cv1", x, a.c3))
    for name in ("cv2", "cv3"):
        y = rep_csp(parts.inner(f"{name}.0", "RepCSP"), grown[-1], a.c4, a.inside)
        grown.append(parts.conv(f"{name}.1", y, a.c4, 3))
    return parts.conv("cv4", parts.concat(grown), a.c2)


@module("ELAN1", declaration="c2 c3 c4")
def elan(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    grown = parts.halves(parts.conv("cv1", x, a.c3))
    for name in ("cv2", "cv3"):
        grown.append(parts.conv(name, grown[-1], a.c4, 3))
    return parts.conv("cv4", parts.concat(grown), a.c2)


@module("AConv", declaration="c2")
def average_conv(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return parts.conv("cv1", _averaged(parts, x), a.c2, 3, 2)


@module("ADown", declaration="c2")
def average_down(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Half of the channels by a strided convolution, half by a max pool and a 1x1."""
    half = a.c2 // 2
    first, second = parts.halves(_averaged(parts, x))
    first = parts.conv("cv1", first, half, 3, 2)
    second = parts.layer("pool", "max_pool", [second], kernel=3, stride=2, padding=1)
    return parts.concat([first, parts.conv("cv2", second, half)])


def _averaged(parts: ModuleParts, x: FeatureMap) -> FeatureMap:
    return parts.layer("mean", "avg_pool", [x], kernel=2, stride=1)


@module("SCDown", declaration="c2 k s")
def separable_down(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """YOLOv10's 1x1 to the new channels, then a strided depthwise convolution."""
    return parts.conv("cv2", parts.conv("cv1", x, a.c2), a.c2, a.k, a.s, g=a.c2, act=False)
