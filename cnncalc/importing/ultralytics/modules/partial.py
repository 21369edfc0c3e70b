"""Cross-stage partial modules that run their blocks in a row: C1, C2, C3 and their kin (arXiv 1911.11929)."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.modules.bottlenecks import ghost_residual, residual
from cnncalc.importing.ultralytics.modules.convolutions import reparametrized
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts

_C3 = "c2 n shortcut=True g=1 e=0.5"

Inner = Callable[[ModuleParts, FeatureMap], FeatureMap]


def chain(parts: ModuleParts, x: FeatureMap, count: int, kind: str, block: Inner) -> FeatureMap:
    """`m`: blocks one after the other."""
    for number in range(count):
        x = block(parts.inner(f"m.{number}", kind), x)
    return x


def three(parts: ModuleParts, x: FeatureMap, c2: int, hidden: int, inner: Inner) -> FeatureMap:
    """Two 1x1 convolutions of the input, the first followed by `inner`, joined by a third."""
    y = inner(parts, parts.conv("cv1", x, hidden))
    return parts.conv("cv3", parts.concat([y, parts.conv("cv2", x, hidden)]), c2)


@module("C1", declaration="c2 n")
def c1(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    x = parts.conv("cv1", x, a.c2)
    y = x
    for number in range(a.n):
        y = parts.conv(f"m.{number}", y, a.c2, 3)
    return parts.add(y, x)


@module("C2", declaration=_C3)
def c2(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    hidden = int(a.c2 * a.e)
    first, second = parts.halves(parts.conv("cv1", x, 2 * hidden))
    first = chain(
        parts, first, a.n, "Bottleneck", lambda at, y: residual(at, y, hidden, a.shortcut, g=a.g, e=1.0)
    )  # fmt: skip
    return parts.conv("cv2", parts.concat([first, second]), a.c2)


@module("C3", declaration=_C3)
def c3(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    return bottlenecks(parts, x, a, (1, 3))


def bottlenecks(parts: ModuleParts, x: FeatureMap, a: RowArguments, kernels: tuple[object, object]) -> FeatureMap:
    """A C3 of bottlenecks with these windows; `a` has c2, n, shortcut, g and e."""
    hidden = int(a.c2 * a.e)

    def block(at: ModuleParts, y: FeatureMap) -> FeatureMap:
        return residual(at, y, hidden, a.shortcut, g=a.g, k=kernels, e=1.0)

    return three(parts, x, a.c2, hidden, lambda at, y: chain(at, y, a.n, "Bottleneck", block))


def c3k(parts: ModuleParts, x: FeatureMap, c2: int, count: int, **more: object) -> FeatureMap:
    """The C3 inside C3k2 and A2C2f, with windows of 3; `more` are shortcut and g."""
    return bottlenecks(parts, x, RowArguments(c2=c2, n=count, e=0.5, **more), (3, 3))


@module("C3x", declaration=_C3)
def c3x(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Windows of one row and of one column."""
    return bottlenecks(parts, x, a, ((1, 3), (3, 1)))


@module("C3Ghost", declaration=_C3)
def c3_ghost(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    hidden = int(a.c2 * a.e)

    def block(at: ModuleParts, y: FeatureMap) -> FeatureMap:
        return ghost_residual(at, y, hidden)

    return three(parts, x, a.c2, hidden, lambda at, y: chain(at, y, a.n, "GhostBottleneck", block))


@module("RepC3", declaration="c2 n e=1.0")
def rep_c3(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Sums in place of the join."""
    hidden = int(a.c2 * a.e)
    y = chain(
        parts, parts.conv("cv1", x, hidden), a.n, "RepConv", lambda at, y: reparametrized(at, y, hidden)
    )  # fmt: skip
    y = parts.add(y, parts.conv("cv2", x, hidden))
    return y if hidden == a.c2 else parts.conv("cv3", y, a.c2)


def rep_csp(parts: ModuleParts, x: FeatureMap, c2: int, count: int) -> FeatureMap:
    """A C3 whose bottlenecks begin with a RepConv."""
    hidden = c2 // 2

    def block(at: ModuleParts, x: FeatureMap) -> FeatureMap:
        y = reparametrized(at.inner("cv1", "RepConv"), x, hidden)
        return at.add(x, at.conv("cv2", y, hidden, 3))

    return three(parts, x, c2, hidden, lambda at, y: chain(at, y, count, "RepBottleneck", block))
