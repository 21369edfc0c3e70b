"""Stems and cross-stage partial modules of the YOLOv7 repository, in a file of their own.

The parameters are those that the repository's `parse_model` counts; its modules on PyTorch give shapes and MACs.
"""

from __future__ import annotations

from pathlib import Path

import cnncalc

ROWS = (
    ("1, Stem, [64]", 4_176, (32, 32, 32), 6_225_920),
    ("1, GhostStem, [64]", 5_256, (32, 8, 8), 869_888),
    ("3, Res, [64]", 6_912, (32, 8, 8), 425_984),
    ("1, Res, [96, False, 2, 0.25]", 1_752, (48, 8, 8), 102_912),
    ("1, ResX, [128]", 4_128, (64, 8, 8), 247_808),
    ("4, BottleneckCSPA, [128]", 29_184, (64, 8, 8), 1_835_008),
    ("4, BottleneckCSPB, [96]", 56_736, (48, 8, 8), 3_588_096),
    ("4, BottleneckCSPC, [112, False, 4]", 12_208, (56, 8, 8), 749_056),
    ("4, ResCSPA, [128]", 14_848, (64, 8, 8), 917_504),
    ("1, ResCSPB, [96, True, 1, 0.25]", 17_952, (48, 8, 8), 1_118_208),
    ("4, ResCSPC, [112]", 12_208, (56, 8, 8), 749_056),
    ("1, ResXCSPA, [256]", 33_792, (128, 8, 8), 2_105_344),
    ("4, ResXCSPB, [128]", 40_320, (64, 8, 8), 2_506_752),
    ("1, ResXCSPC, [384, True, 16]", 83_520, (192, 8, 8), 5_246_976),
    ("4, GhostCSPA, [128]", 19_056, (64, 8, 8), 1_190_912),
    ("1, GhostCSPB, [96]", 12_468, (48, 8, 8), 770_304),
    ("4, GhostCSPC, [112]", 8_890, (56, 8, 8), 540_288),
)
"""A row without its `from`, and its parameters, output and MACs at half of the depth and width."""


def test_rows_equal_the_library(tmp_path: Path) -> None:
    """Each row on the output of the one before, from 3x128x128 on."""
    rows = "".join(f"  - [-1, {row}]\n" for row, *_ in ROWS)
    path = tmp_path / "net.yaml"
    path.write_text(
        f"nc: 7\nanchors: 3\ndepth_multiple: 0.5\nwidth_multiple: 0.5\nbackbone:\n{rows}head: []\n", encoding="utf-8"
    )
    layers = [
        (int(each.name.split(".")[0].rpartition("_")[2]), each)
        for each in cnncalc.analyze(path, input="3x128x128").layers
    ]
    for index, (row, *numbers) in enumerate(ROWS):
        found = [each for number, each in layers if number == index]
        totals = [sum(each.params for each in found), found[-1].output_shape, sum(each.macs for each in found)]
        assert totals == numbers, row
