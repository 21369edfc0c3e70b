"""The modules that only the YOLOv5 repository has."""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from cnncalc.importing.ultralytics.activations import SILU
from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.modules.partial import three
from cnncalc.importing.ultralytics.modules.pyramid_pools import pyramid
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts


def _need_yolov5(parts: ModuleParts) -> None:
    hint = "a file of that repository states its anchors; Ultralytics does not have the module"
    parts.need(parts.network.is_yolov5, "is a module of the YOLOv5 repository, and the file has no anchors", hint)


@module("C3SPP", declaration="c2 k=(5,9,13) blocks=1 shortcut=True g=1 e=0.5")
def c3_spp(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """A C3 with pools in the place of the bottlenecks; the repeats of the row repeat the module."""
    _need_yolov5(parts)
    hidden = int(a.c2 * a.e)
    return three(parts, x, a.c2, hidden, lambda at, y: pyramid(at.inner("m", "SPP"), y, hidden, a.k))


@module("CrossConv", declaration="c2 k=3 s=1 g=1 e=1.0 shortcut=False")
def cross(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """A window of one row, then one of one column."""
    _need_yolov5(parts)
    y = parts.conv("cv1", x, int(a.c2 * a.e), [1, a.k], [1, a.s])
    y = parts.conv("cv2", y, a.c2, [a.k, 1], [a.s, 1], g=a.g)
    return parts.add(x, y) if a.shortcut and x.channels == a.c2 else y


@module("MixConv2d", declaration="c2 k=(1,3) s=1 equal=True")
def mixed(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Convolutions with several windows, joined (Tan and Le, arXiv 1907.09595)."""
    _need_yolov5(parts)
    return parts.finished(parts.concat(mixed_windows(parts, x, a, grouped=True)), SILU)


def mixed_windows(parts: ModuleParts, x: FeatureMap, a: RowArguments, *, grouped: bool) -> list[FeatureMap]:
    """A convolution for each window; `grouped` with as many groups as divide both its channels."""
    parts.need(min(a.k, default=0) > 0, "its windows must be at least 1")
    widths = _equal_widths(a.c2, len(a.k)) if a.equal else _equal_weights(a.c2, a.k)
    parts.need(min(widths) > 0, f"{a.c2} channels are too few for {len(a.k)} windows")
    parts.need(sum(widths) == a.c2, f"the channels of its windows are {widths}, which are not {a.c2}")
    groups = [gcd(x.channels, width) if grouped else 1 for width in widths]
    return [
        parts.bare_conv(f"m.{number}", x, width, kernel=k, stride=a.s, padding=k // 2, groups=count, bias=False)
        for number, (k, width, count) in enumerate(zip(a.k, widths, groups, strict=True))
    ]


def _equal_widths(c2: int, count: int) -> list[int]:
    """The same number of channels for each window: channel j belongs to the window at j / (c2 - 1) of them."""
    last = max(c2 - 1, 1)
    places = [max(-(-channel * count // last) - 1, 0) for channel in range(c2)]
    return [places.count(place) for place in range(count)]


def _equal_weights(c2: int, kernels: list[int]) -> list[int]:
    """The same number of weights for each window."""
    shares = [Fraction(1, k * k) for k in kernels]
    return [round(c2 * share / sum(shares)) for share in shares]


@module("Contract", declaration="gain=2")
def contract(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """The positions of each square as channels."""
    _need_yolov5(parts)
    return parts.layer("space_to_depth", "space_to_depth", [x], factor=a.gain)


@module("Expand", declaration="gain=2")
def expand(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """Channels as the positions of each square."""
    _need_yolov5(parts)
    return parts.layer("depth_to_space", "depth_to_space", [x], factor=a.gain)
