"""Modules of the YOLOv7 repository, in files of their own: those of its baselines, and those that it does not use.

The parameters are those that the repository's `parse_model` counts; its modules on PyTorch give shapes and MACs.
"""

from __future__ import annotations

from pathlib import Path

import pytest

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


UNUSED = (
    ("1, RobustConv, [64, 7, 2]", 313, (32, 64, 64), 995_328),
    ("1, RobustConv2, [48]", 13_968, (24, 64, 64), 3_547_136),
    ("1, RobustConv, [48, 5, 1, None, 1, True, 0]", 1_248, (24, 64, 64), 4_816_896),
    ("1, DWConv, [96, 3, 1, False]", 528, (48, 64, 64), 1_769_472),
    ("2, MixConv2d, [96, [1, 3, 5]]", 26_976, (48, 64, 64), 110_100_480),
    ("1, MixConv2d, [96, [3, 5], 1, False]", 30_816, (48, 64, 64), 125_829_120),
    ("2, Ghost, [96, 5, 1]", 2_196, (48, 64, 64), 8_404_992),
    ("1, Ghost, [64, 3, 2]", 3_640, (32, 32, 32), 5_226_496),
    ("1, GhostSPPCSPC, [64]", 17_072, (32, 32, 32), 17_022_976),
    ("1, RepBottleneck, [64]", 5_792, (32, 32, 32), 5_767_168),
    ("1, RepBottleneck, [96, False, 2]", 6_768, (48, 32, 32), 6_684_672),
    ("1, RepRes, [96]", 8_352, (48, 32, 32), 8_257_536),
    ("2, RepRes, [128, True, 2, 0.25]", 3_328, (64, 32, 32), 3_145_728),
    ("1, RepResX, [128, True, 4]", 7_040, (64, 32, 32), 6_815_744),
    ("4, RepResCSPA, [128]", 16_000, (64, 32, 32), 15_728_640),
    ("4, RepResCSPB, [96]", 26_976, (48, 32, 32), 26_738_688),
    ("4, RepResCSPC, [112, False, 2]", 10_752, (56, 32, 32), 10_379_264),
    ("1, RepResXCSPA, [256, True, 8]", 29_824, (128, 32, 32), 29_622_272),
    ("4, RepResXCSPB, [128]", 30_464, (64, 32, 32), 30_015_488),
    ("1, RepResXCSPC, [256, True, 16]", 34_432, (128, 32, 32), 34_209_792),
    ("1, Foldcut, [1]", 0, (64, 32, 32), 0),
)
"""The same of modules that none of the repository's files uses."""

SWIN = (
    ("1, RepConv_OREPA, [64, 3, 2]", 3_297, (32, 64, 64), 3_932_160),
    ("1, RepConv_OREPA, [64]", 33_408, (32, 64, 64), 41_943_040),
    ("1, RepConv_OREPA, [96, 3, 2]", 48_304, (48, 32, 32), 15_728_640),
    ("1, SwinTransformerBlock, [128, 2, 3]", 154_502, (64, 32, 32), 179_306_496),
    ("2, STCSPA, [128]", 21_377, (64, 32, 32), 25_165_824),
    ("4, STCSPB, [64]", 31_170, (32, 32, 32), 38_797_312),
    ("6, STCSPC, [128]", 46_275, (64, 32, 32), 57_671_680),
    ("1, SwinTransformer2Block, [96, 3, 2]", 65_766, (48, 32, 32), 83_273_408),
    ("4, ST2CSPA, [128]", 36_866, (64, 32, 32), 45_648_000),
    ("2, ST2CSPB, [64]", 20_033, (32, 32, 32), 24_396_864),
    ("4, ST2CSPC, [256]", 130_180, (128, 32, 32), 161_646_848),
    ("1, SwinTransformerBlock, [128, 2, 2, 5]", 108_612, (64, 32, 32), 136_651_008),
)
"""The same of its transformers. The MACs of RepConv_OREPA are those of its 3x3 and its 1x1 convolution, by hand."""

HEADS = (
    ("IBin, [nc, anchors]", 14_992, (3_840, 12), 7_630_848),
    ("IKeypoint, [1, anchors, 17]", 15_514, (3_840, 57), 8_054_784),
)
"""The same of heads on two maps, 32x32x32 and 56x16x16."""


@pytest.mark.parametrize("table", [ROWS, UNUSED, SWIN], ids=["baselines", "unused", "swin"])
def test_rows_equal_the_library(table: tuple[tuple[str, int, tuple[int, ...], int], ...], tmp_path: Path) -> None:
    """Each row on the output of the one before, from 3x128x128 on."""
    rows = "".join(f"  - [-1, {row}]\n" for row, *_ in table)
    path = tmp_path / "net.yaml"
    path.write_text(
        f"nc: 7\nanchors: 3\ndepth_multiple: 0.5\nwidth_multiple: 0.5\nbackbone:\n{rows}head: []\n", encoding="utf-8"
    )
    layers = [
        (int(each.name.split(".")[0].rpartition("_")[2]), each)
        for each in cnncalc.analyze(path, input="3x128x128").layers
    ]
    for index, (row, *numbers) in enumerate(table):
        found = [each for number, each in layers if number == index]
        totals = [sum(each.params for each in found), found[-1].output_shape, sum(each.macs for each in found)]
        assert totals == numbers, row


def test_halves_of_several_rows_are_joined(tmp_path: Path) -> None:
    """Chuncat joins the first halves of two rows of 32 and 64 channels, then the second ones."""
    path = tmp_path / "net.yaml"
    rows = "[[-1, 1, Stem, [32]], [-1, 1, Conv, [64]], [[0, 1], 1, Chuncat, []]]"
    keys = "nc: 7\nanchors: 3\ndepth_multiple: 1.0\nwidth_multiple: 1.0\n"
    path.write_text(f"{keys}backbone: {rows}\nhead: []\n", encoding="utf-8")
    joined = cnncalc.analyze(path, input="3x128x128").layers[-1]
    assert joined.output_shape == (96, 32, 32)
    assert joined.inputs == tuple(f"Chuncat_2.{row}.chunk.{half}" for half in range(2) for row in range(2))


@pytest.mark.parametrize(("head", "params", "shape", "macs"), HEADS)
def test_heads_equal_the_library(head: str, params: int, shape: tuple[int, ...], macs: int, tmp_path: Path) -> None:
    """Rows of all anchors: sizes in bins become one number each; keypoints have three numbers each."""
    path = tmp_path / "net.yaml"
    backbone = "[[-1, 1, Stem, [64]], [-1, 1, Conv, [112, 3, 2]]]"
    keys = "nc: 7\nanchors: 3\ndepth_multiple: 0.5\nwidth_multiple: 0.5\n"
    path.write_text(f"{keys}backbone: {backbone}\nhead: [[[0, 1], 1, {head}]]\n", encoding="utf-8")
    found = [each for each in cnncalc.analyze(path, input="3x128x128").layers if each.name.startswith(head[:4])]
    numbers = [sum(each.params for each in found), found[-1].output_shape, sum(each.macs for each in found)]
    assert numbers == [params, shape, macs]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("SwinTransformerBlock, [64, 5, 1]", "64 channels cannot be divided among 5 heads of attention"),
        ("SwinTransformerBlock, [64, 0, 1]", "num_heads and window_size must be above 0"),
        ("STCSPA, [32]", "needs at least 32 hidden channels, one head of attention, got 16"),
        ("IKeypoint, [1, 3, -1]", "nkpt must be at least 0, got -1"),
        ("RepConv_OREPA, [64, 3, 1, 1, 1, 2]", "has kernels that fit into one group only, got 2 groups"),
    ],
)
def test_rows_that_the_library_cannot_build_are_refused(row: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    keys = "nc: 7\nanchors: 3\ndepth_multiple: 1.0\nwidth_multiple: 1.0\n"
    source = [-1] if row.startswith("IKeypoint") else -1
    path.write_text(f"{keys}backbone: [[-1, 1, MP, []], [{source}, 1, {row}]]\nhead: []\n", encoding="utf-8")
    with pytest.raises(cnncalc.SpecError, match=message):
        cnncalc.analyze(path, input="3x64x64")
