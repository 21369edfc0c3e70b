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
FLAT = "5x7x3 -> flatten -> dense 11 -> dense 4"
PARTS = "8x8x2 -> concat(conv 3 1x1 | conv 5 1x1 | conv 7 1x1)"
SMALL = "9x9x3 -> conv 4 3x3 -> max_pool 2 -> flatten -> dense 5"
"""4·27 + 4 = 112; 7x7 and 3x3 positions; 36·5 + 5 = 185."""
MANY = (
    "16x16x3 -> conv 4 3x3 p1 -> batch_norm -> relu -> max_pool 2 -> max_pool 2 -> conv 5 3x3 -> avg_pool 2 -> flatten"
    " -> dense 7 -> dense 3"
)
STEPS = "90x90x3 -> conv 4 5x5 s2 -> max_pool 3 s3 -> conv 4 3x3 d2"
"""Fields 5, 9 and 9 + 4·6."""
STRIDES = "90x90x3 -> conv 4 5x5 s2 -> max_pool 2 -> max_pool 3 -> conv 4 3x3"
DEEP = "16x16x3 -> conv 3 5x5 s2 p2 -> conv 3 3x3 p1"
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
        # --- other layers and metrics
        ("another_layer", "9x9x3 -> conv 4 3x3 -> relu -> conv 5 3x3", {}, "conv_1.params",
         [(185, "the number of parameters of conv_2")]),  # the activation has none
        ("another_layer", "2 -> dense 1 bias=false -> dense 1 bias=false", {}, "dense_1.params",
         [(1, "the number of parameters of dense_2")]),
        ("another_figure", "7 -> dense 5", {}, "dense_1.params",
         [(40, "the number of trainable parameters of dense_1"),
          (40, "the number of parameters without sharing of dense_1"),
          (35, "the number of multiply–accumulates of dense_1"), (75, "the number of operations of dense_1"),
          (5, "the number of elements of dense_1"), (20, "the number of bytes of the output of dense_1"),
          ((5,), "the output of dense_1"), ((7,), "the input of dense_1"),
          (35, "the number of weights in the kernel of dense_1"), (5, "the number of biases of dense_1"),
          ((7, 5), "the shape of the kernel of dense_1"), ((5,), "the shape of the bias of dense_1")]),
        ("another_figure", "7 -> dense 5 -> dense 3", {}, "dense_2.params",
         [(18, "the number of trainable parameters of dense_2"),
          (18, "the number of parameters without sharing of dense_2"),
          (15, "the number of multiply–accumulates of dense_2"), (33, "the number of operations of dense_2"),
          (3, "the number of elements of dense_2"), (12, "the number of bytes of the output of dense_2"),
          ((3,), "the output of dense_2"), ((5,), "the input of dense_2"),
          (15, "the number of weights in the kernel of dense_2"), (3, "the number of biases of dense_2"),
          ((5, 3), "the shape of the kernel of dense_2"), ((3,), "the shape of the bias of dense_2")]),
        ("another_figure", "7 -> dense 5", {}, "dense_1.kernel.shape", [((5,), "the shape of the bias of dense_1")]),
        # of the whole model: its own totals, and the arrays of its only layer
        ("another_figure", "7 -> dense 5", {}, "output",
         [(40, "the number of parameters of the whole model"),
          (40, "the number of trainable parameters of the whole model"),
          (40, "the number of parameters without sharing of the whole model"),
          (35, "the number of multiply–accumulates of the whole model"),
          (75, "the number of operations of the whole model"), (5, "the number of elements of the whole model"),
          (160, "the number of bytes of the parameters of the whole model"),
          (48, "the peak of the activations of the whole model"), ((7,), "the input of the whole model"),
          ((7, 5), "the shape of the kernel of dense_1"), ((5,), "the shape of the bias of dense_1")]),
        ("another_figure", "7 -> dense 5 -> dense 3", {}, "output",
         [(58, "the number of parameters of the whole model"),
          (58, "the number of trainable parameters of the whole model"),
          (58, "the number of parameters without sharing of the whole model"),
          (50, "the number of multiply–accumulates of the whole model"),
          (108, "the number of operations of the whole model"), (8, "the number of elements of the whole model"),
          (232, "the number of bytes of the parameters of the whole model"),
          (48, "the peak of the activations of the whole model"), ((7,), "the input of the whole model")]),
        ("layers_counted_otherwise", MANY, {}, "weight_layers",
         [(10, "the number of all layers"), (4, "the number of layers with a kernel, a matrix or a table"),
          (7, "the number of layers with weights and of pools"),
          (6, "the number of layers with weights and of max_pool"),
          (5, "the number of layers with weights and of avg_pool"),
          (5, "the number of layers with weights and of normalizations"), (2, "the number of convolutions"),
          (2, "the number of dense layers"), (5, "the number with the input as a layer")]),
        ("layers_counted_otherwise", MANY, {}, "params", []),
        ("depth_left_out", "10x7 -> conv 5 3", {}, "output", [((8,), "only the height and width")]),
        ("depth_left_out", NET, {}, "output.size", [(144, "the number of positions")]),
        ("depth_left_out", NET, {}, "conv_1.output.size", [(196, "the number of positions")]),
        ("depth_left_out", "10x7 -> conv 5 3", {}, "output.size", [(8, "the number of positions")]),
        ("depth_left_out", NET, {}, "conv_1.input.size", []), ("depth_left_out", NET, {}, "output.height", []),
        ("depth_left_out", "7 -> relu", {}, "output.size", []), ("depth_left_out", NET, {}, "params", []),
        ("digits_transposed", CONV, {}, "conv_1.params / conv_1.bias", []),  # 193, as a ratio
        ("left_unrounded", "8x10x3 -> conv 5 3x3 s3 -> relu", {}, "conv_1.output",
         [((Fraction(8, 3), Fraction(10, 3), 5), "the size before rounding")]),
        # --- fields
        ("strides_not_accumulated", "90x3 -> conv 4 5 s2 -> conv 4 3", {}, "receptive_field",
         [((7,), "the sum of all F − 1")]),
        ("strides_not_accumulated", STEPS, {}, "receptive_field.size", []),
        # the padding moves no window; a global pool sees everything, and a fraction of a stride has no closed form
        ("strides_not_accumulated", "64x64x3 -> zero_pad 2 -> conv 4 5x5 s2 -> conv 4 3x3", {}, "receptive_field",
         [((7, 7), "the sum of all F − 1")]),
        ("strides_not_accumulated", "64x64x3 -> conv 4 5x5 s2 -> multiply(identity | global_avg_pool)", {},
         "receptive_field", []),
        ("strides_not_accumulated", "16x16x3 -> conv 4 3x3 s2 -> conv_transpose 4 3x3 stride=[2,1] -> conv 4 3x3", {},
         "receptive_field", []),
        # one branch without a closed form, or without an input
        ("strides_not_accumulated", f"{DEEP} -> add(identity | upsample 2 -> max_pool 2)", {}, "receptive_field", []),
        ("strides_not_accumulated", f"{DEEP} -> add(identity | parameter 8x8x3)", {}, "receptive_field", []),
        ("kernels_added_up", STEPS, {}, "effective_stride", []),
        ("kernels_added_up", STEPS, {}, "receptive_field", [((13, 13), "the sum of the kernels")]),  # 5 + 3 + 5
        ("kernels_multiplied", STEPS, {}, "receptive_field", [((75, 75), "the product of the kernels")]),
        # a window of 1 is none: 3 and 2 before it; 7 + 2·2 and 7 + 2 are right
        ("last_kernel_only", "90x90x3 -> conv 4 7x7 s2 -> conv 5 3x3 -> conv 4 1x1", {}, "receptive_field",
         [((3, 3), "this layer's own window"), ((7, 7), "the largest of the windows")]),
        ("last_kernel_only", "90x90x3 -> conv 4 7x7 s2 -> max_pool 2 -> conv 4 1x1", {}, "receptive_field",
         [((2, 2), "this layer's own window"), ((7, 7), "the largest of the windows")]),
        ("strides_added", STEPS, {}, "receptive_field", [((29, 29), "the strides added up")]),  # 9 + 4·(2 + 3)
        # 9 + 4·3; 5 + 2, 2 more strides, and 2·3
        ("last_stride_only", STEPS, {}, "receptive_field",
         [((21, 21), "only the last stride"), ((21, 21), "only the last stride above 1")]),
        ("last_stride_only", STRIDES, {}, "receptive_field",
         [((17, 17), "only the last stride"), ((17, 17), "only the last stride above 1")]),
        ("dilation_too_long_in_the_field", "64x64x3 -> conv 5 2x2 d2", {}, "receptive_field",
         [((4, 4), "the field with kernels of D·F")]),
        # --- models
        ("image_depth_for_filters", NET, {}, "output", []),
        ("image_depth_for_filters", NET, {}, "conv_2.params / conv_1.params", []),
        ("image_depth_for_filters", "9x9x3 -> conv 5 3x3", {}, "params", []),
        ("image_depth_for_filters", "48 -> reshape 4x4x3 -> conv 5 3x3", {}, "params", []),
        ("dense_before_flatten", FLAT, {}, "dense_1.output",
         [((5, 7, 11), "the output for every position of the volume")]),
        ("dense_before_flatten", FLAT, {}, "output", []), ("dense_before_flatten", FLAT, {}, "params", []),
        ("dense_before_flatten", FLAT, {}, "dense_1.output.size", []),
        ("dense_before_flatten", "5x7x3 -> dense 11", {}, "output", []),
        ("dense_before_flatten", "5x7x3 -> flatten -> relu", {}, "output", []),
        ("layer_before_left_out", NET, {}, "params", []), ("layer_before_left_out", NET, {}, "conv_1.params", []),
        ("layer_before_left_out", NET, {}, "conv_2.output.height", []),
        ("layer_before_left_out", NET, {}, "conv_2.params / conv_1.params", []),
        ("layer_before_left_out", NET, {}, "conv_2.flops", []),
        ("layer_before_left_out", NET, {}, "conv_2.params", [(196, "the count without conv_1")]),  # 7·27 + 7
        ("layer_before_left_out", "8x8x4 -> add(conv 4 1x1 | identity) -> conv 5 3x3", {}, "add_1.output", []),
        ("layer_before_left_out", "8x8x4 -> add(conv 4 1x1 | identity) -> conv 5 3x3", {}, "conv_2.output", []),
        ("layer_left_out", "7 -> dense 5 -> relu -> dense 3", {}, "total.params",
         [(18, "the total without dense_1"), (40, "the total without dense_2")]),
        ("kind_left_out", SMALL, {}, "total.params",
         [(185, "the total without the convolutions"), (112, "the total without the dense layers")]),
        ("kind_left_out", SMALL, {}, "dense_1.params", []), ("kind_left_out", SMALL, {}, "layers", []),
        ("kind_left_out", SMALL, {}, "total.params / total.macs", []),
        ("input_counted_into_concat", PARTS, {}, "output",
         [((8, 8, 17), "the result with the input of the branches in concat_1")]),
        ("input_counted_into_concat", PARTS, {}, "concat_1.output",
         [((8, 8, 17), "the result with the input of the branches in concat_1")]),
        ("input_counted_into_concat", PARTS, {}, "conv_3.output", []),
        ("input_counted_into_concat", PARTS, {}, "receptive_field", []),
        ("input_counted_into_concat", PARTS, {}, "conv_1.params / conv_2.params", []),
        ("input_counted_into_concat", "a: 8x8x2, b: 8x8x3 -> concat from=[a, b]", {}, "output", []),
        # the two channels before the branches, not the three of the model's input
        ("input_counted_into_concat", "9x9x3 -> conv 2 1x1 -> concat(conv 3 1x1 | conv 5 1x1)", {}, "output",
         [((9, 9, 10), "the result with the input of the branches in concat_1")]),
        # models of at most 40 nodes: the input, three of the concatenation, and activations
        ("input_counted_into_concat", "8x8x2 -> concat(conv 3 1x1 | conv 5 1x1) -> (relu)*36", {}, "output",
         [((8, 8, 10), "the result with the input of the branches in concat_1")]),
        ("input_counted_into_concat", "8x8x2 -> concat(conv 3 1x1 | conv 5 1x1) -> (relu)*37", {}, "output", []),
        # --- memory: 3,860 numbers of 4 bytes
        ("decimal_for_binary_units", CONV, {}, "params", []),
        ("decimal_for_binary_units", CONV, {}, "param_bytes",
         [(Fraction(120625, 8), "the number of KiB as kB"), (Fraction(395264, 25), "the number of kB as KiB")]),
        ("decimal_for_binary_units", "25 -> dense 10 bias=false", {}, "param_bytes",
         [(Fraction(15625, 16), "the number of KiB as kB"), (1024, "the number of kB as KiB")]),
        ("one_tensor_of_the_peak", CONV, {}, "params", []),
        ("one_tensor_of_the_peak", "a: 7, b: 5 -> bilinear 3 from=[a, b]", {}, "total.peak_activation_bytes",
         [(12, "the output of bilinear_1"), (12, "the outputs of all layers together"), (28, "the input"),
          (60, "the input and the outputs of all layers together")]),
        ("channels_left_out", CONV, {}, "conv_1.params", []),
        ("channels_left_out", CONV, {}, "total.activation_elements", []),
        ("channels_left_out", "10x7 -> conv 5 3", {}, "conv_1.activation_elements",
         [(8, "the number for one channel"), (5, "the number for one position")]),
        ("batch_counted_twice", CONV, {}, "macs", []), ("batch_counted_twice", CONV, {"batch": 2}, "params", []),
        ("batch_counted_twice", CONV, {"batch": 2}, "output", []), ("batch_multiplied_in", CONV, {}, "params", []),
        ("weights_left_out_of_memory", CONV, {}, "params", []),
        ("activations_left_out_of_memory", CONV, {}, "params", []),
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
