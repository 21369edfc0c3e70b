"""Heads that give one result for the image, or one for each pixel: classify, semantic segmentation, depth."""

from __future__ import annotations

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts, conv_params, dense_params

_FEATURES = 1280


@module("Classify", declaration="nc k:ints=1 s:ints=1 p:ints=None g=1")
def classify(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """1280 features, as EfficientNet-B0 has them, averaged over all positions."""
    y = parts.conv("conv", x, _FEATURES, a.k, a.s, p=a.p, g=a.g)
    y = parts.layer("flatten", "flatten", [parts.layer("pool", "global_avg_pool", [y])])
    y = parts.layer("linear", "dense", [parts.layer("drop", "dropout", [y], rate=0.0)], units=a.nc)
    return parts.layer("softmax", "softmax", [y])


@module("SemanticSegment", declaration="nc", takes_list=True)
def semantic(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> FeatureMap:
    """Classes of the positions of the first map; a second map is for training."""
    width = inputs[0].channels
    if len(inputs) > 1:
        parts.training_only("aux_head", conv_params(inputs[1].channels, width, 3) + dense_params(width, a.nc))
    return parts.bare_conv("classifier.1", parts.conv("classifier.0", inputs[0], width, 3), a.nc)


@module("Depth", declaration="width=256 mode:any=None", takes_list=True)
def depth(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> FeatureMap:
    """The logarithm of the depth, from the smallest map up, and its exponential after a fixed calibration."""
    parts.need(a.width >= 4, f"needs a width of at least 4, got {a.width}")
    maps = [parts.conv(f"proj.{number}", x, a.width) for number, x in enumerate(inputs)]
    y = maps[-1]
    for number in range(len(inputs) - 2, -1, -1):
        at = parts.inner(f"refine.{number}")
        y = at.layer("enlarged", "upsample", [y], scale=2, mode="linear", align_corners=True)
        y = at.conv("1", at.conv("0", at.add(y, maps[number]), a.width, 3), a.width, 3)
    at = parts.inner("head")
    y = at.conv("0", y, a.width // 2, 3)
    y = at.layer("1", "conv_transpose", [y], filters=a.width // 2, kernel=2, stride=2)
    y = at.bare_conv("3", at.conv("2", y, a.width // 4, 3), 1)
    return parts.layer("depth", "exponential", [parts.layer("clamp", "clip", [y], low=-4.0, high=5.0)])
