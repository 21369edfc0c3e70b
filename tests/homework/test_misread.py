"""Right answers to different questions, worked out by hand: the values that misreadings give."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from cnncalc.homework.figure_paths import ask, subject_of
from cnncalc.homework.mistakes.catalogue import catalogue
from tests.together import for_each

CONV = "32x32x3 -> conv 20 8x8 s2 p1"  # 14x14x20; 3,860 parameters; 752,640 MACs; 1,509,200 operations
NET = f"{CONV} -> conv 7 3x3"  # 12x12x7; 20·9·7 + 7 = 1,267
FIELD = "64x64x3 -> conv 4 7x7 s2 -> max_pool 2 -> conv 4 3x3"
CHW = {"convention": "pytorch"}


@for_each(
    ("name", "spec", "options", "path", "expected"),
    [
        ("another_layer", NET, {}, "conv_1.params", [(1267, "the number of parameters of conv_2")]),
        ("another_layer", NET, {}, "conv_1.output.height", [(12, "height of the output of conv_2")]),
        ("another_layer", CONV, {}, "conv_1.params", []),
        ("layer_for_total", NET, {}, "total.params",
         [(3860, "the number of parameters of conv_1"), (1267, "the number of parameters of conv_2")]),
        ("layer_for_total", CONV, {}, "total.params", []),
        ("layer_for_total", NET, {}, "conv_1.params", []),
        ("layer_for_total", NET, {}, "output", []),
        ("total_for_layer", NET, {}, "conv_1.params", [(5127, "the number of parameters of the whole model")]),
        ("total_for_layer", NET, {}, "total.params", []),
        ("total_for_layer", CONV, {}, "conv_1.params", []),
        ("macs_and_flops_confused", CONV, {}, "macs",
         [(1_509_200, "the number of operations of the whole model"), (1_505_280, "twice the multiply–accumulates")]),
        ("macs_and_flops_confused", CONV, {}, "conv_1.flops",
         [(752_640, "the number of multiply–accumulates of conv_1")]),
        ("macs_and_flops_confused", CONV, {}, "params", []),
        ("elements_for_bytes", CONV, {"dtype": "float16"}, "param_bytes",
         [(3860, "the number of elements"), (30_880, "the bytes of a float64"), (15_440, "the bytes of a float32")]),
        ("bits_for_bytes", CONV, {"dtype": "float16"}, "param_bytes", [(61_760, "the number of bits")]),
        ("bits_for_bytes", CONV, {}, "params", []),
        ("elements_for_bytes", CONV, {}, "conv_1.activation_bytes",
         [(3920, "the number of elements"), (31_360, "the bytes of a float64"), (7840, "the bytes of a float16")]),
        ("elements_for_bytes", CONV, {}, "params", []),
        ("batch_left_out", CONV, {"batch": 2}, "macs", [(752_640, "the number for one sample of 2")]),
        ("batch_left_out", CONV, {"batch": 2}, "params", []),
        ("batch_left_out", CONV, {}, "macs", []),
        ("ratio_upside_down", CONV, {}, "conv_1.params / conv_1.bias",
         [(Fraction(1, 193), "conv_1.bias divided by the other")]),
        ("ratio_upside_down", CONV, {}, "conv_1.params", []),
        ("sides_swapped", "20x30x3 -> relu", {}, "output", [((30, 20, 3), "the shape as width × height")]),
        ("sides_swapped", "3x20x30 -> relu", CHW, "output", [((3, 30, 20), "the shape as width × height")]),
        ("sides_swapped", "20x3 -> relu", {}, "output", [((3, 20), "the shape as width × height")]),
        ("sides_swapped", "4x20x30x3 -> relu", {}, "output", []),
        ("sides_swapped", "7 -> relu", {}, "output", []),
        ("sides_swapped", CONV, {}, "params", []),
        ("depth_left_out", CONV, {}, "output", [((14, 14), "only the height and width")]),
        ("depth_left_out", "3x20x30 -> relu", CHW, "output", [((20, 30), "only the height and width")]),
        ("depth_left_out", "7 -> relu", {}, "output", []),
        ("depth_left_out", CONV, {}, "receptive_field", []),
        ("digits_transposed", CONV, {}, "output",
         [((41, 14, 20), "the right answer, nearly"), ((14, 41, 20), "the right answer, nearly")]),  # no 02
        ("digits_transposed", CONV, {}, "params",
         [(8360, "the right answer, nearly"), (3680, "the right answer, nearly"), (3806, "the right answer, nearly")]),
        ("digits_transposed", "32x32x3 -> conv 11 8x8", {}, "output.channels", []),  # 11 is 11
        ("wrong_power_of_ten", CONV, {}, "params",
         [(38_600, "10 times as many"), (386, "a 10th"), (386_000, "100 times as many"),
          (3_860_000, "1,000 times as many"), (3_860_000_000, "1,000,000 times as many")]),
        ("wrong_power_of_ten", "9x9x3 -> conv 3 3x3 bias=false", {}, "params", []),  # 81
        ("wrong_power_of_ten", "100 -> relu", {}, "output.size",
         [(1000, "10 times as many"), (10, "a 10th"), (10_000, "100 times as many"), (1, "a 100th"),
          (100_000, "1,000 times as many"), (100_000_000, "1,000,000 times as many")]),
        ("left_unrounded", "8x10x3 -> conv 5 3x3 s3", {}, "output",
         [((Fraction(8, 3), Fraction(10, 3), 5), "the size before rounding")]),  # 5/3 + 1, 7/3 + 1
        ("left_unrounded", "3x8x10 -> conv 5 3x3 s3", CHW, "conv_1.output",
         [((5, Fraction(8, 3), Fraction(10, 3)), "the size before rounding")]),
        ("left_unrounded", "8x10x3 -> conv 5 3x3 s3", {}, "output.width",
         [(Fraction(10, 3), "the size before rounding")]),
        ("left_unrounded", "8x10x3 -> conv 5 3x3 s3", {}, "output.size", []),
        ("left_unrounded", "8x10x3 -> conv 5 3x3 s3", {}, "params", []),
        ("left_unrounded", "9x9x3 -> conv 5 3x3 s3", {}, "output", []),
        ("left_unrounded", "9x9x3 -> relu", {}, "output", []),
        ("strides_not_accumulated", FIELD, {}, "receptive_field", [((10, 10), "the sum of all F − 1")]),
        ("strides_not_accumulated", FIELD, {}, "max_pool_1.receptive_field", [((8, 8), "the sum of all F − 1")]),
        ("strides_not_accumulated", FIELD, {}, "output", []),
        ("kernels_added_up", FIELD, {}, "conv_2.receptive_field", [((12, 12), "the sum of the kernels")]),
        ("kernels_added_up", FIELD, {}, "receptive_field.height", [(12, "the sum of the kernels")]),
        ("last_kernel_only", FIELD, {}, "receptive_field",
         [((3, 3), "this layer's own window"), ((7, 7), "the largest of the windows")]),
        ("last_kernel_only", FIELD, {}, "output", []),
        ("last_kernel_only", "9x9x3 -> relu", {}, "receptive_field", []),
        ("own_stride_counted", FIELD, {}, "receptive_field",
         [((25, 25), "the field with each stride counted one layer too early")]),  # 1 + 6·2 + 1·4 + 2·4
        ("own_stride_counted", FIELD, {}, "output", []),
    ],
)  # fmt: skip
def test_misreadings(
    name: str, spec: str, options: Mapping[str, Any], path: str, expected: list[tuple[object, str]]
) -> None:
    (mistake,) = (mistake for mistake in catalogue() if mistake.name == name)
    about = subject_of(spec, **options)
    assert mistake.meant is not None
    assert list(mistake.meant(about, ask(about, path))) == expected


def test_other_metrics() -> None:
    """Of a layer, its own, its arrays and shapes; of the model, its totals; never the one that is asked for."""
    (mistake,) = (mistake for mistake in catalogue() if mistake.name == "another_figure")
    assert mistake.meant is not None
    about = subject_of(NET)
    layer, model = (
        {what for _, what in mistake.meant(about, ask(about, path))} for path in ("conv_1.params", "params")
    )
    assert {f"the {what} of conv_1" for what in ("output", "input", "receptive field", "number of biases")} <= layer
    assert "the number of weights in the kernel of conv_1" in layer
    assert "the number of parameters of conv_1" not in layer
    assert {"the output of the whole model", "the number of bytes of the parameters of the whole model"} <= model
    assert not any("kernel" in what or what.startswith("the number of parameters of") for what in model)
