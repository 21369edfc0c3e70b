"""Self-attention over the positions of a map: PSA (YOLOv10, arXiv 2405.14458), areas (YOLO12, arXiv 2502.12524)."""

from __future__ import annotations

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.modules.partial import c3k
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts

_HEAD = 32
"""The features of a head of area attention."""


def attention(parts: ModuleParts, x: FeatureMap, heads: int, ratio: float = 0.5) -> FeatureMap:
    """Attention whose keys have a part of the values' features, plus a depthwise 3x3 of the values as position."""
    c, height, width = x.shape
    features, key = c // heads, int(c // heads * ratio)
    parts.need(key > 0 and features * heads == c, f"{c} channels cannot be divided among {heads} heads of attention")
    y = parts.conv("qkv", x, c + 2 * key * heads, act=False)
    y = parts.reshape("heads", y, heads, 2 * key + features, height * width)
    names = ("query", "key", "value")
    split = parts.split(y, [key, key, features], "parts", axis=2)
    query, keys, values = (parts.permute(name, each, 1, 3, 2) for name, each in zip(names, split, strict=True))
    y = parts.layer("attention", "attention", [query, keys, values], score="scaled_dot")
    y = parts.reshape("joined", parts.permute("features", y, 1, 3, 2), c, height, width)
    position = parts.conv("pe", parts.reshape("values", split[2], c, height, width), c, 3, g=c, act=False)
    return parts.conv("proj", parts.add(y, position), c, act=False)


def attention_block(parts: ModuleParts, x: FeatureMap, heads: int) -> FeatureMap:
    """Attention and two 1x1 convolutions, each with a shortcut."""
    x = parts.add(x, attention(parts.inner("attn", "Attention"), x, heads), "add_1")
    return _feed_forward(parts, x)


def _feed_forward(parts: ModuleParts, x: FeatureMap) -> FeatureMap:
    c = x.channels
    return parts.add(x, parts.conv("ffn.1", parts.conv("ffn.0", x, 2 * c), c, act=False), "add_2")


@module("PSA", declaration="c2 e=0.5")
def psa(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    hidden = _kept(parts, x, a)
    first, second = parts.halves(parts.conv("cv1", x, 2 * hidden))
    second = attention_block(parts, second, max(hidden // 64, 1))
    return parts.conv("cv2", parts.concat([first, second]), x.channels)


@module("C2PSA", declaration="c2 n e=0.5")
def c2_psa(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    hidden = _kept(parts, x, a)
    first, second = parts.halves(parts.conv("cv1", x, 2 * hidden))
    for number in range(a.n):
        second = attention_block(parts.inner(f"m.{number}", "PSABlock"), second, max(hidden // 64, 1))
    return parts.conv("cv2", parts.concat([first, second]), x.channels)


def _kept(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> int:
    """The hidden channels of a module that keeps its channels."""
    message = f"keeps its channels, but {x.channels} arrive and {a.c2} are asked for"
    parts.need(a.c2 == x.channels, message, "give it the channels of the row before, after scaling")
    return int(x.channels * a.e)


@module("A2C2f", declaration="c2 n a2=True area=1 residual=False mlp_ratio=2.0 e=0.5 g=1 shortcut=True")
def a2c2f(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Pairs of area attention blocks, or C3k, all of them joined; at the scales l and x with a learned shortcut."""
    parts.network.has_plain_heads = False
    if parts.network.scale.letter in ("l", "x") and a.count == 3:
        a.residual, a.mlp_ratio = True, 1.2
    hidden = int(a.c2 * a.e)
    message = f"needs a multiple of {_HEAD} as hidden channels, got int({a.c2} · {a.e}) = {hidden}"
    parts.need(hidden % _HEAD == 0, message, "choose the output channels so that half of them is one")
    grown = [parts.conv("cv1", x, hidden)]
    for number in range(a.n):
        at = parts.inner(f"m.{number}", "Sequential" if a.a2 else "C3k")
        if a.a2:
            y = _area_block(at.inner("0", "ABlock"), grown[-1], a)
            grown.append(_area_block(at.inner("1", "ABlock"), y, a))
        else:
            grown.append(c3k(at, grown[-1], hidden, 2, shortcut=a.shortcut, g=a.g))
    y = parts.conv("cv2", parts.concat(grown), a.c2)
    if not (a.a2 and a.residual):
        return y
    parts.need(x.channels == a.c2, f"adds its input, but {x.channels} channels arrive and {a.c2} leave")
    return parts.add(x, parts.layer("gamma", "layer_scale", [y], axis="channels"))


def _area_block(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    c = x.channels
    x = parts.add(x, _area_attention(parts.inner("attn", "AAttn"), x, max(a.area, 1)), "add_1")
    y = parts.conv("mlp.1", parts.conv("mlp.0", x, int(c * a.mlp_ratio)), c, act=False)
    return parts.add(x, y, "add_2")


def _area_attention(parts: ModuleParts, x: FeatureMap, area: int) -> FeatureMap:
    """Attention inside of `area` equal runs of positions, plus a depthwise 7x7 of the values as position."""
    c, height, width = x.shape
    heads, count = c // _HEAD, height * width
    message = f"{height}x{width} = {count} positions cannot be divided into {area} areas"
    parts.need(count % area == 0, message, "choose an input whose sides are multiples of 32")
    y = parts.conv("qkv", x, 3 * c, act=False)
    y = parts.permute("positions", parts.reshape("flat", y, 3 * c, count), 2, 1)
    y = parts.permute("heads", parts.reshape("areas", y, area, count // area, heads, 3 * _HEAD), 1, 3, 2, 4)
    query, key, value = parts.split(y, [_HEAD] * 3, "parts", axis=4)
    seen = parts.layer("attention", "attention", [query, key, value], score="scaled_dot")
    y = _as_map(parts, "attended", seen, x)
    position = parts.conv("pe", _as_map(parts, "values", value, x), c, 7, g=c, act=False)
    return parts.conv("proj", parts.add(y, position), c, act=False)


def _as_map(parts: ModuleParts, name: str, y: FeatureMap, like: FeatureMap) -> FeatureMap:
    """Areas × heads × positions × features as a map again."""
    c, height, width = like.shape
    rows = parts.reshape(f"{name}_rows", parts.permute(f"{name}_places", y, 1, 3, 2, 4), height, width, c)
    return parts.permute(name, rows, 3, 1, 2)
