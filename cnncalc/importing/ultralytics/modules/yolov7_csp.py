"""Stems and cross-stage partial modules of the YOLOv7 repository's baseline files (arXiv 1911.11929, 2105.04206).

Each of three forms exists for four kinds of blocks: `ResCSPB` is the form B of `Res` blocks.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import YOLOV7, module
from cnncalc.importing.ultralytics.modules.bottlenecks import ghost_residual, residual
from cnncalc.importing.ultralytics.modules.convolutions import ghost_conv, reparametrized
from cnncalc.importing.ultralytics.modules.partial import chain, three
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts

_ROW = "c2 shortcut=True g={g} e=0.5"
_STAGE = "c2 n shortcut={shortcut} g={g} e=0.5"

_SHORTCUT_IN_B = ("Res", "ResX", "Ghost")
"""The kinds whose blocks have a shortcut in form B, too, unless the row says otherwise."""

CspBlock = Callable[[ModuleParts, FeatureMap, int, RowArguments], FeatureMap]
"""Appends one block of this many channels; the arguments are those of the row."""
StemConv = Callable[..., FeatureMap]


# --- blocks --------------------------------------------------------------------------------------------------------


@module(f"{YOLOV7} Res", declaration=_ROW.format(g=1))
@module(f"{YOLOV7} ResX", declaration=_ROW.format(g=32))
def res(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return _res_block(parts, x, a.c2, a, a.e)


@module(f"{YOLOV7} RepRes", declaration=_ROW.format(g=1))
@module(f"{YOLOV7} RepResX", declaration=_ROW.format(g=32))
def rep_res(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return _res_block(parts, x, a.c2, a, a.e, is_rep=True)


def _res_block(
    parts: ModuleParts, x: FeatureMap, c2: int, a: RowArguments, e: float, *, is_rep: bool = False
) -> FeatureMap:  # fmt: skip
    """The bottleneck of a ResNet, whose last convolution has an activation before the sum. A `Rep…` has a RepConv."""
    width = int(c2 * e)
    y = parts.conv("cv1", x, width)
    if is_rep:
        y = reparametrized(parts.inner("cv2", "RepConv"), y, width, g=a.g, bn=True)
    else:
        y = parts.conv("cv2", y, width, 3, g=a.g)
    y = parts.conv("cv3", y, c2)
    return parts.add(x, y) if a.shortcut and x.channels == c2 else y


def _bottleneck(parts: ModuleParts, x: FeatureMap, c2: int, a: RowArguments) -> FeatureMap:
    return residual(parts, x, c2, a.shortcut, g=a.g, k=(1, 3), e=1.0)


def _half_res(parts: ModuleParts, x: FeatureMap, c2: int, a: RowArguments) -> FeatureMap:
    return _res_block(parts, x, c2, a, 0.5)


def _half_rep_res(parts: ModuleParts, x: FeatureMap, c2: int, a: RowArguments) -> FeatureMap:
    return _res_block(parts, x, c2, a, 0.5, is_rep=True)


def _full_res(parts: ModuleParts, x: FeatureMap, c2: int, a: RowArguments) -> FeatureMap:
    return _res_block(parts, x, c2, a, 1.0)


def _ghost(parts: ModuleParts, x: FeatureMap, c2: int, a: RowArguments) -> FeatureMap:
    return ghost_residual(parts, x, c2)


# --- stages --------------------------------------------------------------------------------------------------------


def _stages(kind: str, block: CspBlock, *, g: int = 1) -> None:
    """Register the three forms of a kind of blocks."""

    def blocks(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
        return chain(parts, x, a.n, kind, lambda at, y: block(at, y, x.channels, a))

    @module(f"{YOLOV7} {kind}CSPA", declaration=_STAGE.format(shortcut=True, g=g))
    def two_paths(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
        return three(parts, x, a.c2, int(a.c2 * a.e), lambda at, y: blocks(at, y, a))

    @module(f"{YOLOV7} {kind}CSPB", declaration=_STAGE.format(shortcut=kind in _SHORTCUT_IN_B, g=g))
    def one_path_first(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
        """One convolution before both paths; all have the full width."""
        x = parts.conv("cv1", x, a.c2)
        return parts.conv("cv3", parts.concat([blocks(parts, x, a), parts.conv("cv2", x, a.c2)]), a.c2)

    @module(f"{YOLOV7} {kind}CSPC", declaration=_STAGE.format(shortcut=True, g=g))
    def one_more(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
        """One more convolution after the blocks."""
        width = int(a.c2 * a.e)
        y = parts.conv("cv3", blocks(parts, parts.conv("cv1", x, width), a), width)
        return parts.conv("cv4", parts.concat([y, parts.conv("cv2", x, width)]), a.c2)


_stages("Bottleneck", _bottleneck)
_stages("Res", _half_res)
_stages("ResX", _full_res, g=32)
_stages("RepRes", _half_rep_res)
_stages("RepResX", _half_rep_res, g=32)
_stages("Ghost", _ghost)


# --- stems ---------------------------------------------------------------------------------------------------------


def _stem(parts: ModuleParts, x: FeatureMap, c2: int, conv: StemConv) -> FeatureMap:
    """A quarter of the size, half of the channels from a strided window and half from a pool."""
    width = c2 // 2
    x = conv("cv1", x, width, 3, 2)
    y = conv("cv3", conv("cv2", x, width), width, 3, 2)
    return conv("cv4", parts.concat([y, parts.layer("pool", "max_pool", [x], kernel=2, stride=2)]), c2)


@module(f"{YOLOV7} Stem", declaration="c2")
def stem(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return _stem(parts, x, a.c2, parts.conv)


@module(f"{YOLOV7} GhostStem", declaration="c2")
def ghost_stem(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return _stem(
        parts, x, a.c2, lambda name, y, *sizes: ghost_conv(parts.inner(name, "GhostConv"), y, *sizes)
    )  # fmt: skip
