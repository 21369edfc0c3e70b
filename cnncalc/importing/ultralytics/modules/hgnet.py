"""HGNetV2, the backbone of RT-DETR (Zhao et al., arXiv 2304.08069)."""

from __future__ import annotations

from cnncalc.importing.ultralytics.activations import RELU
from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts


@module("HGStem", declaration="cm out")
def stem(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Windows of 2, padded by one position at the end, beside a max pool."""
    x = _padded(parts, "pad_1", parts.conv("stem1", x, a.cm, 3, 2, act=RELU))
    y = parts.conv("stem2a", x, a.cm // 2, 2, p=0, act=RELU)
    y = parts.conv("stem2b", _padded(parts, "pad_2", y), a.cm, 2, p=0, act=RELU)
    pool = parts.layer("pool", "max_pool", [x], kernel=2, stride=1, rounding="ceil")
    y = parts.conv("stem3", parts.concat([pool, y]), a.cm, 3, 2, act=RELU)
    return parts.conv("stem4", y, a.out, act=RELU)


def _padded(parts: ModuleParts, name: str, x: FeatureMap) -> FeatureMap:
    return parts.layer(name, "zero_pad", [x], amount=[[0, 1], [0, 1]])


@module("HGBlock", declaration="cm out k=3 n lightconv=False shortcut=False act:any=None")
def block(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Convolutions in a row, all of them joined with the input, squeezed and expanded."""
    grown = [x]
    for number in range(a.n):
        if a.lightconv:
            grown.append(_light(parts.inner(f"m.{number}", "LightConv"), grown[-1], a.cm, a.k))
        else:
            grown.append(parts.conv(f"m.{number}", grown[-1], a.cm, a.k, act=RELU))
    y = parts.conv("sc", parts.concat(grown), a.out // 2, act=RELU)
    y = parts.conv("ec", y, a.out, act=RELU)
    return parts.add(y, x) if a.shortcut and x.channels == a.out else y


def _light(parts: ModuleParts, x: FeatureMap, c2: int, k: int) -> FeatureMap:
    return parts.conv("conv2", parts.conv("conv1", x, c2, act=False), c2, k, g=c2, act=RELU)
