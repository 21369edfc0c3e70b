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
    parts: ModuleParts, inputs: list[FeatureMap], classes: int, count: int, *, grouped: bool
) -> list[FeatureMap]:
    """The outputs of `count` sets of towers, each over its share of the maps."""
    parts.need(len(inputs) % count == 0, f"needs {count} rows for each map, got {len(inputs)}")
    each = len(inputs) // count
    starts = range(0, len(inputs), each)
    heads = [
        _RepositoryHead(parts, inputs[start : start + each], classes, start, grouped=grouped) for start in starts
    ]  # fmt: skip
    return [head.predictions(number) for number, head in enumerate(heads)]


@module("DDetect", declaration="nc", takes_list=True)
def detect_grouped(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    return sets_of_towers(parts, inputs, a.nc, 1, grouped=True)


@module("DualDetect", declaration="nc", takes_list=True)
def detect_twice(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    return sets_of_towers(parts, inputs, a.nc, 2, grouped=False)


@module("DualDDetect", declaration="nc", takes_list=True)
def detect_twice_grouped(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    return sets_of_towers(parts, inputs, a.nc, 2, grouped=True)


@module("TripleDetect", declaration="nc", takes_list=True)
def detect_thrice(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    return sets_of_towers(parts, inputs, a.nc, 3, grouped=False)


@module("TripleDDetect", declaration="nc", takes_list=True)
def detect_thrice_grouped(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    return sets_of_towers(parts, inputs, a.nc, 3, grouped=True)


def segment_plain(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments, width: int) -> list[FeatureMap]:
    """This repository's `Segment`: plain towers, and masks that are enlarged without parameters."""
    masks = enlarged_prototypes(parts.inner("proto", "Proto"), inputs[0], width, a.nm)
    return [_with_coefficients(parts, inputs, a, grouped=False), masks]


@module("DSegment", declaration="nc nm=32 npr=256", takes_list=True)
def segment_grouped(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    """The last row of `from` gives the masks by a 1x1 convolution, the others the boxes."""
    parts.need(len(inputs) > 1, "needs two rows or more, the last one for the masks")
    return [_with_coefficients(parts, inputs[:-1], a, grouped=True), parts.conv("proto", inputs[-1], a.nm)]


def _with_coefficients(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments, *, grouped: bool) -> FeatureMap:
    head = _RepositoryHead(parts, inputs, a.nc, grouped=grouped)
    return head.predictions(0, HeadTowers(parts, inputs).tower("cv4", head.extra_width(a.nm), a.nm))
