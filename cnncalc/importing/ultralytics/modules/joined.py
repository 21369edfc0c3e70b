"""Cross-stage partial modules that join the output of every block: C2f and its kin, of YOLOv8, 10 and 11.

The gain of joining every block is that of ELAN (Wang et al., arXiv 2211.04800).
"""

from __future__ import annotations

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.modules.attention import attention_block
from cnncalc.importing.ultralytics.modules.bottlenecks import residual
from cnncalc.importing.ultralytics.modules.convolutions import large_depthwise
from cnncalc.importing.ultralytics.modules.partial import Inner, c3k
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts

_LARGE = ("m", "l", "x")


def joined(parts: ModuleParts, x: FeatureMap, a: RowArguments, kind: str, block: Inner) -> FeatureMap:
    """Two halves, and `n` blocks that grow from the second one; all are joined."""
    hidden = int(a.c2 * a.e)
    grown = parts.halves(parts.conv("cv1", x, 2 * hidden))
    for number in range(a.n):
        grown.append(block(parts.inner(f"m.{number}", kind), grown[-1]))
    return parts.conv("cv2", parts.concat(grown), a.c2)


@module("C2f", declaration="c2 n shortcut=False g=1 e=0.5")
def c2f(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    hidden = int(a.c2 * a.e)
    return joined(
        parts, x, a, "Bottleneck", lambda at, y: residual(at, y, hidden, a.shortcut, g=a.g, e=1.0)
    )  # fmt: skip


@module("C3k2", declaration="c2 n c3k=False e=0.5 attn=False g=1 shortcut=True")
def c3k2(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Bottlenecks, C3k, or bottlenecks with attention; the scales m, l and x have C3k everywhere."""
    hidden = int(a.c2 * a.e)
    parts.network.has_plain_heads = False
    is_deep = a.c3k or parts.network.scale.letter in _LARGE

    def block(at: ModuleParts, y: FeatureMap) -> FeatureMap:
        if a.attn:
            y = residual(at.inner("0", "Bottleneck"), y, hidden, a.shortcut, g=a.g)
            return attention_block(at.inner("1", "PSABlock"), y, max(hidden // 64, 1))
        if is_deep:
            return c3k(at, y, hidden, 2, shortcut=a.shortcut, g=a.g)
        return residual(at, y, hidden, a.shortcut, g=a.g)

    return joined(parts, x, a, "Sequential" if a.attn else "C3k" if is_deep else "Bottleneck", block)


@module("C2fCIB", declaration="c2 n shortcut=False lk=False g=1 e=0.5")
def c2f_cib(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """YOLOv10's compact inverted blocks (Wang et al., arXiv 2405.14458)."""
    parts.network.has_plain_heads = False
    return joined(parts, x, a, "CIB", lambda at, y: _inverted(at, y, a.shortcut, a.lk))


def _inverted(parts: ModuleParts, x: FeatureMap, shortcut: bool, large: bool) -> FeatureMap:
    """Depthwise and pointwise convolutions in turn, twice as wide in the middle; `large` windows are of 7."""
    c = x.channels
    y = parts.conv("cv1.0", x, c, 3, g=c)
    y = parts.conv("cv1.1", y, 2 * c)
    y = large_depthwise(parts.inner("cv1.2", "RepVGGDW"), y) if large else parts.conv("cv1.2", y, 2 * c, 3, g=2 * c)
    y = parts.conv("cv1.3", y, c)
    y = parts.conv("cv1.4", y, c, 3, g=c)
    return parts.add(x, y) if shortcut else y


@module("C2fPSA", declaration="c2 n e=0.5")
def c2f_psa(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    parts.need(a.c2 == x.channels, f"keeps its channels, but {x.channels} arrive and {a.c2} are asked for")
    hidden = int(a.c2 * a.e)
    return joined(parts, x, a, "PSABlock", lambda at, y: attention_block(at, y, max(hidden // 64, 1)))
