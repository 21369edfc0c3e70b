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
    ],
)
def test_parameters_of_the_heads(classes: int, head: str, params: int, tmp_path: Path) -> None:
    assert cnncalc.analyze(written(tmp_path, head, classes)).totals.params == BODY + params


def test_outputs_of_two_sets(tmp_path: Path) -> None:
    """4 + 5 numbers for each position: the maps 160² of row 8 and 320² of row 7."""
    report = cnncalc.analyze(written(tmp_path, "[[8, 7], 1, DualDDetect, [nc]]", 5))
    shapes = [each.output_shape for each in report.layers if each.name.endswith("predictions")]
    assert shapes == [(9, 25_600), (9, 102_400)]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("[[2, 8, 7], 1, DualDDetect, [nc]]", "needs 2 rows for each map, got 3"),
        ("[[2], 1, DSegment, [nc, 32, 64]]", "needs two rows or more"),
    ],
)
def test_refusals(head: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=message):
        cnncalc.analyze(written(tmp_path, head, 5))
