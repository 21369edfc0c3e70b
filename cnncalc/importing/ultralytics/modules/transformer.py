"""Transformer layers over the positions of a map: AIFI of RT-DETR (arXiv 2304.08069), and C3TR of YOLOv5."""

from __future__ import annotations

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.modules.partial import three
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts


@module("AIFI", declaration="cm=2048 heads=8 dropout:real=0 act:any=None normalize_before=False")
def encoder_layer(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """One encoder layer, whose queries and keys have a table of sines added to them."""
    c, height, width = x.shape
    rows = _positions(parts, x)
    table = parts.layer("position", "parameter", [], shape=[height * width, c], buffer=True)
    parts.need(c % 4 == 0, f"needs a multiple of 4 channels for its table of sines, got {c}")
    y = rows if not a.normalize_before else parts.layer("norm1", "layer_norm", [rows])
    y = attend(parts, parts.add(y, table, "with_position"), y, a.heads)
    y = parts.add(rows, y, "add_1")
    y = y if a.normalize_before else parts.layer("norm1", "layer_norm", [y])
    z = y if not a.normalize_before else parts.layer("norm2", "layer_norm", [y])
    z = parts.layer("fc1", "dense", [z], units=a.cm)
    z = parts.layer("fc2", "dense", [parts.layer("act", "gelu", [z])], units=c)
    y = parts.add(y, z, "add_2")
    return as_map(parts, y if a.normalize_before else parts.layer("norm2", "layer_norm", [y]), height, width)


def attend(parts: ModuleParts, query: FeatureMap, value: FeatureMap, heads: int, name: str = "ma") -> FeatureMap:
    """Multi-head attention whose queries and keys differ from the values."""
    return parts.layer(name, "multi_head_attention", [query, query, value], heads=heads)


def _positions(parts: ModuleParts, x: FeatureMap) -> FeatureMap:
    """A map as positions × features."""
    c, height, width = x.shape
    return parts.permute("positions", parts.reshape("flat", x, c, height * width), 2, 1)


def as_map(parts: ModuleParts, x: FeatureMap, height: int, width: int) -> FeatureMap:
    """Positions × features as a map."""
    c = x.shape[1]
    return parts.reshape("map", parts.permute("channels", x, 2, 1), c, height, width)


@module("C3TR", declaration="c2 n shortcut=True g=1 e=0.5")
def c3_transformer(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return three(parts, x, a.c2, int(a.c2 * a.e), lambda at, y: _encoder(at.inner("m", "TransformerBlock"), y, a.n))


def _encoder(parts: ModuleParts, x: FeatureMap, count: int) -> FeatureMap:
    """A learned position, then layers whose projections precede those of the attention itself, without any norms."""
    c, height, width = x.shape
    rows = _positions(parts, x)
    rows = parts.add(rows, parts.layer("linear", "dense", [rows], units=c))
    for number in range(count):
        rows = _layer(parts.inner(f"tr.{number}", "TransformerLayer"), rows)
    return as_map(parts, rows, height, width)


def _layer(parts: ModuleParts, x: FeatureMap) -> FeatureMap:
    c = x.shape[1]
    query, key, value = (parts.layer(name, "dense", [x], units=c, bias=False) for name in ("q", "k", "v"))
    x = parts.add(parts.layer("ma", "multi_head_attention", [query, key, value], heads=4), x, "add_1")
    y = parts.layer("fc2", "dense", [parts.layer("fc1", "dense", [x], units=c, bias=False)], units=c, bias=False)
    return parts.add(y, x, "add_2")
