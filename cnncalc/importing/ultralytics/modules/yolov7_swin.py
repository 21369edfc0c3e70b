"""Swin transformer modules of the YOLOv7 repository (Liu et al., arXiv 2103.14030 and 2111.09883).

A layer attends inside of windows; every second one shifts them by half of a window. The mask that keeps apart what a
shift brings together is left out: it changes values, but no count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from cnncalc.arithmetic.term import ceil_div
from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import YOLOV7, module
from cnncalc.importing.ultralytics.modules.partial import three
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts

_HEAD = 32
"""The features of a head in the cross-stage partial modules."""
_BIAS_UNITS, _BIAS_LIMIT, _LARGEST_LOG_SCALE = 512, 16, 4.6052


class WindowGrid(NamedTuple):
    """A map of height × width × channels in square windows."""

    height: int
    width: int
    side: int

    @property
    def windows(self) -> int:
        return (self.height // self.side) * (self.width // self.side)

    @property
    def positions(self) -> int:
        """The positions of a window."""
        return self.side**2

    @property
    def distances(self) -> int:
        """The different pairs of distances, down and across, between two positions of a window."""
        return (2 * self.side - 1) ** 2


Attend = Callable[[ModuleParts, FeatureMap, WindowGrid, int], FeatureMap]
"""Attention over windows × positions × features with this many heads."""
SwinLayer = Callable[[ModuleParts, FeatureMap, WindowGrid, int, int], FeatureMap]
"""One layer over height × width × channels: the windows, their shift, and the number of heads."""


# --- rows ----------------------------------------------------------------------------------------------------------


@module(f"{YOLOV7} SwinTransformerBlock", declaration="c2 num_heads num_layers window_size=8")
def swin_block(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return _block(parts, x, a, _swin_layer)


@module(f"{YOLOV7} SwinTransformer2Block", declaration="c2 num_heads num_layers window_size=7")
def swin_2_block(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return _block(parts, x, a, _swin_2_layer)


def _block(parts: ModuleParts, x: FeatureMap, a: RowArguments, layer: SwinLayer) -> FeatureMap:
    parts.need(a.num_heads > 0 and a.window_size > 0, "num_heads and window_size must be above 0")
    if x.channels != a.c2:
        x = parts.conv("conv", x, a.c2)
    return _layers(parts, x, a.num_heads, a.num_layers, a.window_size, layer)


def _stages(kind: str, layer: SwinLayer, side: int) -> None:
    """Register the three cross-stage partial modules of a version."""

    def layers(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
        message = f"needs at least {_HEAD} hidden channels, one head of attention, got {x.channels}"
        parts.need(x.channels >= _HEAD, message)
        return _layers(parts.inner("m", "SwinTransformerBlock"), x, x.channels // _HEAD, a.n, side, layer)

    @module(f"{YOLOV7} {kind}CSPA", declaration="c2 n shortcut=True g=1 e=0.5")
    def two_paths(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
        return three(parts, x, a.c2, int(a.c2 * a.e), lambda at, y: layers(at, y, a))

    @module(f"{YOLOV7} {kind}CSPB", declaration="c2 n shortcut=False g=1 e=0.5")
    def one_path_first(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
        """One convolution before both paths; all have the full width."""
        x = parts.conv("cv1", x, a.c2)
        return parts.conv("cv3", parts.concat([layers(parts, x, a), parts.conv("cv2", x, a.c2)]), a.c2)

    @module(f"{YOLOV7} {kind}CSPC", declaration="c2 n shortcut=True g=1 e=0.5")
    def one_more(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
        """One more convolution after the layers."""
        width = int(a.c2 * a.e)
        y = parts.conv("cv3", layers(parts, parts.conv("cv1", x, width), a), width)
        return parts.conv("cv4", parts.concat([y, parts.conv("cv2", x, width)]), a.c2)


# --- layers --------------------------------------------------------------------------------------------------------


def _layers(parts: ModuleParts, x: FeatureMap, heads: int, count: int, side: int, layer: SwinLayer) -> FeatureMap:
    """Layers over a map, which each of them pads to whole windows and crops again."""
    message = f"{x.channels} channels cannot be divided among {heads} heads of attention"
    parts.need(x.channels % heads == 0, message)
    _, height, width = x.shape
    grid = WindowGrid(ceil_div(height, side) * side, ceil_div(width, side) * side, side)
    below, right = grid.height - height, grid.width - width
    for number in range(count):
        at = parts.inner(f"blocks.{number}", "SwinTransformerLayer")
        if below or right:
            x = at.layer("pad", "zero_pad", [x], amount=[[0, below], [0, right]])
        y = layer(at, at.permute("features_last", x, 2, 3, 1), grid, side // 2 if number % 2 else 0, heads)
        x = at.permute("channels_first", y, 3, 1, 2)
        if below or right:
            x = at.layer("crop", "crop", [x], amount=[[0, below], [0, right]])
    return x


def _swin_layer(parts: ModuleParts, x: FeatureMap, grid: WindowGrid, shift: int, heads: int) -> FeatureMap:
    """Normalization before attention and before the dense layers."""
    y = parts.layer("norm1", "layer_norm", [x])
    x = parts.add(x, _in_windows(parts, y, grid, shift, heads, _attend), "add_1")
    return parts.add(x, _dense_pair(parts, parts.layer("norm2", "layer_norm", [x])), "add_2")


def _swin_2_layer(parts: ModuleParts, x: FeatureMap, grid: WindowGrid, shift: int, heads: int) -> FeatureMap:
    """Normalization after them, and cosines as scores."""
    y = _in_windows(parts, x, grid, shift, heads, _attend_by_cosine)
    x = parts.add(x, parts.layer("norm1", "layer_norm", [y]), "add_1")
    return parts.add(x, parts.layer("norm2", "layer_norm", [_dense_pair(parts, x)]), "add_2")


def _dense_pair(parts: ModuleParts, x: FeatureMap) -> FeatureMap:
    at = parts.inner("mlp", "Mlp")
    y = at.layer("act", "swish", [at.layer("fc1", "dense", [x], units=4 * x.shape[-1])])
    return at.layer("fc2", "dense", [y], units=x.shape[-1])


def _in_windows(
    parts: ModuleParts, x: FeatureMap, grid: WindowGrid, shift: int, heads: int, attend: Attend
) -> FeatureMap:  # fmt: skip
    """Attention inside of each window of height × width × channels."""
    side, channels = grid.side, x.shape[2]
    down, across = grid.height // side, grid.width // side
    if shift:
        x = parts.layer("shift", "roll", [x], shift=[-shift, -shift], axis=[1, 2])
    y = parts.permute("windows", parts.reshape("tiles", x, down, side, across, side, channels), 1, 3, 2, 4, 5)
    y = parts.reshape("window_positions", y, grid.windows, grid.positions, channels)
    y = attend(parts.inner("attn", "WindowAttention"), y, grid, heads)
    y = parts.permute("tiles_back", parts.reshape("windows_back", y, down, across, side, side, channels), 1, 3, 2, 4, 5)
    y = parts.reshape("map", y, grid.height, grid.width, channels)
    return parts.layer("shift_back", "roll", [y], shift=[shift, shift], axis=[1, 2]) if shift else y


# --- attention -----------------------------------------------------------------------------------------------------


def _attend(parts: ModuleParts, x: FeatureMap, grid: WindowGrid, heads: int) -> FeatureMap:
    """Scaled products, and a learned bias for each distance and head."""
    projected = parts.layer("qkv", "dense", [x], units=3 * x.shape[2])
    query, key, value = (
        _as_heads(parts, name, each, heads)
        for name, each in zip(("query", "key", "value"), _thirds(parts, projected), strict=True)
    )
    table = parts.weights("relative_position_bias_table", grid.distances, heads)
    return _joined(parts, [query, key, value, _of_pairs(parts, table, grid, heads)], score="scaled_dot")


def _attend_by_cosine(parts: ModuleParts, x: FeatureMap, grid: WindowGrid, heads: int) -> FeatureMap:
    """Cosines times a learned factor for each head, and a bias that two dense layers compute from the distances."""
    features = x.shape[2]
    query, key, value = _thirds(parts, parts.layer("qkv", "dense", [x], units=3 * features, bias=False))
    query = parts.add(query, parts.weights("q_bias", 1, 1, features), "query_bias")
    value = parts.add(value, parts.weights("v_bias", 1, 1, features), "value_bias")
    query, key, value = (
        _as_heads(parts, name, each, heads) for name, each in (("query", query), ("key", key), ("value", value))
    )
    query, key = (
        parts.layer(f"{name}_direction", "unit_norm", [each], axis=4) for name, each in (("query", query), ("key", key))
    )
    factor = parts.layer("limit", "clip", [parts.weights("logit_scale", 1, heads, 1, 1)], high=_LARGEST_LOG_SCALE)
    query = parts.layer("factor", "multiply", [query, parts.layer("exp", "exponential", [factor])])
    distances = parts.layer("relative_coords_table", "parameter", [], shape=[grid.distances, 2], buffer=True)
    at = parts.inner("cpb_mlp", "Sequential")
    hidden = at.layer("1", "relu", [at.layer("0", "dense", [distances], units=_BIAS_UNITS)])
    bias = _of_pairs(parts, at.layer("2", "dense", [hidden], units=heads, bias=False), grid, heads)
    bias = parts.layer("bias_size", "rescaling", [parts.layer("sigmoid", "sigmoid", [bias])], scale=_BIAS_LIMIT)
    return _joined(parts, [query, key, value, bias], score="dot")


def _thirds(parts: ModuleParts, x: FeatureMap) -> list[FeatureMap]:
    return parts.split(x, [x.shape[2] // 3] * 3, "parts", axis=3)


def _as_heads(parts: ModuleParts, name: str, x: FeatureMap, heads: int) -> FeatureMap:
    """Windows × heads × positions × features of a head."""
    windows, positions, features = x.shape
    return parts.permute(
        name, parts.reshape(f"{name}_heads", x, windows, positions, heads, features // heads), 1, 3, 2, 4
    )  # fmt: skip


def _of_pairs(parts: ModuleParts, table: FeatureMap, grid: WindowGrid, heads: int) -> FeatureMap:
    """Heads × positions × positions from a table of distances × heads."""
    rows = parts.layer("relative_position_index", "gather", [table], count=grid.positions**2, axis=1)
    pairs = parts.reshape("pairs", rows, grid.positions, grid.positions, heads)
    return parts.permute("bias", pairs, 3, 1, 2)


def _joined(parts: ModuleParts, inputs: Sequence[FeatureMap], *, score: str) -> FeatureMap:
    """Attention, and a projection of all its heads."""
    y = parts.layer("attention", "attention", inputs, score=score)
    windows, heads, positions, features = y.shape
    y = parts.reshape("joined", parts.permute("features", y, 1, 3, 2, 4), windows, positions, heads * features)
    return parts.layer("proj", "dense", [y], units=heads * features)


_stages("ST", _swin_layer, 8)
_stages("ST2", _swin_2_layer, 7)
