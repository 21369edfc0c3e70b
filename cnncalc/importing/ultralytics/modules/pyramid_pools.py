"""Spatial pyramid pooling at stride 1: pools of growing windows, joined (He et al., arXiv 1406.4729)."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts


@module("SPP", declaration="c2 k=(5,9,13)")
def spp(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return pyramid(parts, x, a.c2, a.k)


def pyramid(parts: ModuleParts, x: FeatureMap, c2: int, kernels: Sequence[int]) -> FeatureMap:
    """Pools of each window, side by side."""
    y = parts.conv("cv1", x, x.channels // 2)
    pools = [_pool(parts, f"m.{number}", y, k) for number, k in enumerate(kernels)]
    return parts.conv("cv2", parts.concat([y, *pools]), c2)


@module("SPPF", declaration="c2 k=5 pools=3 shortcut=False")
def sppf(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """One window in a row. Rows that state the number of pools, as from YOLO26 on, have no activation before them."""
    grown = [parts.conv("cv1", x, x.channels // 2, act=a.count <= 2)]
    for number in range(a.pools):
        grown.append(_pool(parts, f"m_{number}", grown[-1], a.k))
    y = parts.conv("cv2", parts.concat(grown), a.c2)
    return parts.add(y, x) if a.shortcut and x.channels == a.c2 else y


@module("SPPELAN", declaration="c2 c3 k=5")
def spp_elan(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    grown = [parts.conv("cv1", x, a.c3)]
    for name in ("cv2", "cv3", "cv4"):
        grown.append(_pool(parts, name, grown[-1], a.k))
    return parts.conv("cv5", parts.concat(grown), a.c2)


def _pool(parts: ModuleParts, name: str, x: FeatureMap, k: int) -> FeatureMap:
    return parts.layer(name, "max_pool", [x], kernel=k, stride=1, padding=k // 2)
