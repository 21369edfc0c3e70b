"""Model files of the YOLOv9 repository. The parameters are those that its own `parse_model` counts."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError

FILE = """\
nc: {classes}
depth_multiple: 1.0
width_multiple: 1.0
anchors: 3
backbone:
  - [-1, 1, Silence, []]
  - [-1, 1, Conv, [16, 3, 2]]
  - [-1, 1, ELAN1, [24, 16, 8]]
  - [-1, 1, AConv, [32]]
  - [-1, 1, RepNCSPELAN4, [40, 24, 12, 2]]
  - [2, 1, CBLinear, [[8, 16]]]
  - [0, 1, Conv, [16, 3, 2]]
  - [[5, -1], 1, CBFuse, [[1]]]
  - [-1, 1, ADown, [48]]
head:
  - {head}
"""
BODY = 464 + 2_288 + 6_976 + 9_008 + 600 + 464 + 2_016
"""The rows before the head."""


def written(folder: Path, head: str, classes: int) -> Path:
    path = folder / "net.yaml"
    path.write_text(FILE.format(classes=classes, head=head), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("classes", "head", "params"),
    [
        (5, "[[2, 4], 1, DDetect, [nc]]", 82_634),
        (80, "[[2, 4], 1, DDetect, [nc]]", 448_304),
        (5, "[[2, 4], 1, Detect, [nc]]", 144_074),
        (80, "[[2, 8, 7, 4], 1, DualDetect, [nc]]", 1_019_488),
        (80, "[[2, 8, 7, 4], 1, DualDDetect, [nc]]", 896_608),
        (5, "[[2, 7, 4], 1, TripleDetect, [nc]]", 214_479),
        (5, "[[2, 7, 4], 1, TripleDDetect, [nc]]", 122_319),
        (5, "[[2, 4], 1, Segment, [nc, 32, 64]]", 236_362),
        (5, "[[2, 4, 7], 1, DSegment, [nc, 32, 64]]", 122_442),
        (5, "[[2, 8, 7, 4, 4, 7], 1, DualDSegment, [nc, 32, 64]]", 235_716),
        (80, "[[2, 4, 8, 7], 1, DualDSegment, [nc, 16, 64]]", 463_904),
        (5, "[[2, 4], 1, Panoptic, [nc, 11, 30, 50]]", 219_890),  # 30 masks are rounded up to 32
        (80, "[[2, 4, 7], 1, Panoptic, [nc, 93, 32, 256]]", 1_448_119),
    ],
)
def test_parameters_of_the_heads(classes: int, head: str, params: int, tmp_path: Path) -> None:
    path = written(tmp_path, head, classes)
    assert cnncalc.analyze(path).totals.params == BODY + params
    assert str(cnncalc.spec_of(path)).startswith("# Imported from net.yaml, YOLOv9.\n")


def test_outputs_of_two_sets(tmp_path: Path) -> None:
    """4 + 5 numbers for each position: the maps 160² of row 8 and 320² of row 7."""
    report = cnncalc.analyze(written(tmp_path, "[[8, 7], 1, DualDDetect, [nc]]", 5))
    shapes = [each.output_shape for each in report.layers if each.name.endswith("predictions")]
    assert shapes == [(9, 25_600), (9, 102_400)]


def test_outputs_with_masks(tmp_path: Path) -> None:
    """Boxes, 5 classes and 16 coefficients for each position; masks; 5 + 11 classes at twice the size of the map."""
    masks = "[[8, 8, 7, 4], 1, DualDSegment, [nc, 16, 64]]"
    found = [each.shape for each in cnncalc.analyze(written(tmp_path, masks, 5)).outputs]
    assert found == [(4 + 5 + 16, 25_600), (16, 320, 320), (4 + 5 + 16, 25_600), (16, 160, 160)]
    panoptic = cnncalc.analyze(written(tmp_path, "[[8], 1, Panoptic, [nc, 11, 16, 64]]", 5))
    assert [each.shape for each in panoptic.outputs] == [(25, 25_600), (16, 320, 320), (16, 320, 320)]
    (enlarged,) = [each for each in panoptic.layers if each.name.endswith("uconv.up")]
    assert (enlarged.settings["mode"], enlarged.settings["align_corners"]) == ("linear", True)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("[[2, 8, 7], 1, DualDDetect, [nc]]", "needs 2 rows for each map, got 3"),
        ("[[2], 1, DSegment, [nc, 32, 64]]", "needs two rows or more"),
        ("[[2, 4, 7], 1, DualDSegment, [nc, 32, 64]]", "needs four rows or more"),
        ("[[2, 8, 7, 4, 4], 1, DualDSegment, [nc, 32, 64]]", "needs 2 rows for each map, got 3"),
    ],
)
def test_refusals(head: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=message):
        cnncalc.analyze(written(tmp_path, head, 5))
