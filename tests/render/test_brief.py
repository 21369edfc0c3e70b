"""Brief explanations: one line per figure, equal layers together."""

from __future__ import annotations

from cnncalc.analysis.explain import explain
from cnncalc.render.explanation.brief import brief_markdown, brief_text, equal_layers

BLOCK = "8x8x4 -> conv 4 3x3 same -> conv 4 3x3 same -> max_pool 2 -> dense 5"
CONV = """\
conv_1 and 1 equal layer: conv, 8×8×4 → 8×8×4
  Output size      8/1 = 8
  Parameters       (3·3·4 + 1)·4 = 148
  MACs             8·8·4·3·3·4 = 9,216
  FLOPs            2·9,216 + 8·8·4 = 18,688
  Receptive field  3, 5
"""
POOL = """\
max_pool_1: max_pool, 8×8×4 → 4×4×4
  Output size      (8 − 2 + 2·0)/2 + 1 = 4
  FLOPs            4·4·4·(2·2 − 1) = 192
  Receptive field  5 + (2 − 1)·1 = 6
"""


def test_one_line_per_figure() -> None:
    """(3·3·4 + 1)·4 = 148; 8·8·4·3·3·4 = 9,216; twice that and one per output for the bias."""
    conv, pool, dense = equal_layers(explain(BLOCK))
    assert brief_text(conv, 80) == CONV
    assert brief_text(pool, 80) == POOL
    assert [each.name for each in conv.layers] == ["conv_1", "conv_2"]
    assert brief_text(dense, 80).splitlines()[1:] == [
        "  Parameters       (4·4·4 + 1)·5 = 325",
        "  MACs             5·4·4·4 = 320",
        "  FLOPs            2·320 + 5 = 645",
    ]


def test_a_narrow_line_has_the_result_alone() -> None:
    conv = equal_layers(explain(BLOCK))[0]
    assert "  MACs             9,216\n" in brief_text(conv, 36)
    assert "  Output size      8/1 = 8\n" in brief_text(conv, 36)


def test_axes_with_different_sizes_have_a_line_each() -> None:
    (conv,) = equal_layers(explain("9x8x1 -> conv 1 3x2 s2x1"))
    assert [tuple(figure)[::2] for figure in conv.figures()][:2] == [("Output height", "4"), ("Output width", "7")]
    assert list(conv.figures())[-1] == ("Receptive field", "", "3×2")


def test_markdown() -> None:
    lines = brief_markdown(equal_layers(explain(BLOCK))[1]).splitlines()
    assert lines[0] == "### max\\_pool\\_1: max\\_pool, 8×8×4 → 4×4×4"
    assert "- FLOPs: `4·4·4·(2·2 − 1) = 192`" in lines


def test_a_stage_of_resnet_fits_on_a_screen() -> None:
    """Six blocks of 10 layers: those with the same figures are shown once."""
    stage = [each for each in explain("resnet50") if each.name.startswith("stage3.")]
    groups = equal_layers(stage)
    assert sum(len(group.layers) for group in groups) == len(stage) > 40
    assert sum(brief_text(group).count("\n") for group in groups) <= 50
