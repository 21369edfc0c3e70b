"""The modules that only the YOLOv9 repository has: its heads, some with auxiliary maps for training.

Source: Wang et al., YOLOv9: Learning What You Want to Learn Using Programmable Gradient Information, arXiv 2402.13616.
"""

from __future__ import annotations

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.modules.detect import DetectHead, HeadTowers
from cnncalc.importing.ultralytics.modules.masks import enlarged_prototypes
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts

_GROUPS = 4
_BINS = 16


@module("Silence")
def silence(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """The input of the model again, as a row that others can name."""
    return parts.layer("identity", "identity", [x])


class _GroupedTowers(HeadTowers):
    """Towers of boxes whose last two convolutions have four groups."""

    def plain(self, name: str, at: int, x: FeatureMap, width: int, outputs: int) -> FeatureMap:
        inner = self.parts.inner(f"{name}.{at}", "Tower")
        y = inner.conv("1", inner.conv("0", x, width, 3), width, 3, g=_GROUPS)
        return inner.bare_conv("2", y, outputs, groups=_GROUPS)


class _RepositoryHead(DetectHead):
    """The widths of this repository, whose class towers are wider than those of Ultralytics."""

    def __init__(
        self, parts: ModuleParts, inputs: list[FeatureMap], classes: int, start: int = 0, *, grouped: bool
    ) -> None:  # fmt: skip
        super().__init__(parts, inputs, classes, start)
        first = inputs[0].channels
        self.bins, self.end_to_end, self.grouped = _BINS, False, grouped
        self.box_width = max(16, first // 4, 4 * _BINS)
        if grouped:
            self.box_width = -(-self.box_width // _GROUPS) * _GROUPS
        self.class_width = max(first, min(2 * classes, 128))

    def predictions(self, number: int, *more: FeatureMap) -> FeatureMap:
        """The output of the set of towers with this number: `cv2` and `cv3`, then `cv4` and `cv5` …, and `more`."""
        names = f"cv{2 * number + 2}", f"cv{2 * number + 3}"
        boxes = (_GroupedTowers if self.grouped else HeadTowers)(self.parts, self.inputs)
        sides = boxes.tower(names[0], self.box_width, 4 * _BINS)
        scores = HeadTowers(self.parts, self.inputs).tower(names[1], self.class_width, self.count)
        at = self.parts.inner("dfl" if number == 0 else f"dfl{number + 1}", "DFL")
        score = at.layer("sigmoid", "sigmoid", [scores])
        return at.concat([self.distances(sides, at), score, *more], "predictions", axis=1)


def sets_of_towers(
    parts: ModuleParts, inputs: list[FeatureMap], classes: int, count: int, *, grouped: bool, masks: int = 0
) -> list[FeatureMap]:  # fmt: skip
    """The outputs of `count` sets of towers, each over its share of the maps.

    `masks` are the coefficients of each box, from towers of their own.
    """
    parts.need(len(inputs) % count == 0, f"needs {count} rows for each map, got {len(inputs)}")
    each = len(inputs) // count
    starts = range(0, len(inputs), each)
    heads = [
        _RepositoryHead(parts, inputs[start : start + each], classes, start, grouped=grouped) for start in starts
    ]  # fmt: skip
    if masks == 0:
        return [head.predictions(number) for number, head in enumerate(heads)]
    towers = [f"cv{2 * count + number + 2}" for number in range(count)]
    return [
        head.predictions(number, HeadTowers(parts, head.inputs).tower(name, head.extra_width(masks), masks))
        for number, (head, name) in enumerate(zip(heads, towers, strict=True))
    ]


def _detect_head(name: str, count: int, *, grouped: bool) -> None:
    """Register a detection head of `count` sets of towers."""

    @module(name, declaration="nc", takes_list=True)
    def detect(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
        return sets_of_towers(parts, inputs, a.nc, count, grouped=grouped)


_detect_head("DDetect", 1, grouped=True)
_detect_head("DualDetect", 2, grouped=False)
_detect_head("DualDDetect", 2, grouped=True)
_detect_head("TripleDetect", 3, grouped=False)
_detect_head("TripleDDetect", 3, grouped=True)


# --- masks ---------------------------------------------------------------------------------------------------------


def segment_plain(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments, width: int) -> list[FeatureMap]:
    """This repository's `Segment`: plain towers, and masks that are enlarged without parameters."""
    masks = enlarged_prototypes(parts.inner("proto", "Proto"), inputs[0], width, a.nm)
    return [*sets_of_towers(parts, inputs, a.nc, 1, grouped=False, masks=a.nm), masks]


@module("DSegment", declaration="nc nm=32 npr=256", takes_list=True)
def segment_grouped(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    """The last row of `from` gives the masks by a 1x1 convolution, the others the boxes."""
    return _segment_sets(parts, inputs, a, 1)


@module("DualDSegment", declaration="nc nm=32 npr=256", takes_list=True)
def segment_twice_grouped(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    """The last two rows of `from` give the masks of the two sets of towers."""
    return _segment_sets(parts, inputs, a, 2)


def _segment_sets(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments, count: int) -> list[FeatureMap]:
    rows = "two rows or more, the last one" if count == 1 else "four rows or more, the last two"
    parts.need(len(inputs) >= 2 * count, f"needs {rows} for the masks")
    outputs = sets_of_towers(parts, inputs[:-count], a.nc, count, grouped=True, masks=a.nm)
    names = ("proto", "proto2")[:count]
    masks = [parts.conv(name, x, a.nm) for name, x in zip(names, inputs[-count:], strict=True)]
    return [each for pair in zip(outputs, masks, strict=True) for each in pair]


@module("Panoptic", declaration="nc sem_nc=93 nm=32 npr=256", takes_list=True)
def panoptic(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    """A `Segment` and a map of the classes of things and of stuff; the width scales the number of masks."""
    a.nm = parts.network.scale.channels(a.nm)
    first = inputs[0]
    at = parts.inner("uconv", "UConv")
    classes = at.bare_conv("cv2", at.conv("cv1", first, first.channels // 4, 3), a.sem_nc + a.nc)
    classes = at.layer("up", "upsample", [classes], scale=2, mode="linear", align_corners=True)
    return [*segment_plain(parts, inputs, a, a.npr), classes]
