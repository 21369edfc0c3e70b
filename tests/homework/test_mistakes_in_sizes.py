"""Mistakes in output sizes and receptive fields, worked out by hand on sizes that differ along every axis."""

from __future__ import annotations

from typing import Any

from tests.homework.test_named_mistakes import named
from tests.together import for_each

PARTS = "8x8x2 -> concat(conv 3 1x1 | conv 5 1x1 | conv 7 1x1)"
STEPS = "90x90x3 -> conv 4 5x5 s2 -> max_pool 3 s3 -> conv 4 3x3 d2"
"""Fields 5, 9 and 33: 5 + 2·2, then 9 + 4·6; jumps 2, 6 and 6."""

STRIDES = "90x90x3 -> conv 4 5x5 s2 -> max_pool 2 -> max_pool 3 -> conv 4 3x3"
UNEVEN = "90x90x3 -> conv 4 5x3 s2 -> conv 4 3x3"


@for_each(
    ("name", "spec", "path", "options", "answer", "is_named"),
    [
        ("crop_added", "9x11x3 -> crop 2", "output", {}, "13x15x3", True),
        ("scale_inverted", "9x12x8 -> upsample 3", "output", {}, "3x4x8", True),
        # 4·4 channels inverted: 4/4, at twice the sides
        ("scale_inverted", "8x8x4 -> pixel_unshuffle 2", "output", {}, "16x16x1", True),
        ("input_left_out_of_concat", PARTS, "output", {}, "8x8x12", True),
        ("input_left_out_of_concat", PARTS, "output", {}, "8x8x10", True),
        ("input_left_out_of_concat", PARTS, "output", {}, "8x8x8", True),
        ("depth_divided_by_groups", "8x8x12 -> conv 24 3x3 g3", "output", {}, "6x6x8", True),
        ("depth_multiplied_by_groups", "8x8x12 -> conv 24 3x3 g3", "output", {}, "6x6x72", True),
        ("axis_missing", "4x6x10x8 -> max_pool 2", "output", {}, "3x5x8", True),
        ("axis_missing", "4x6x10x8 -> max_pool 2", "output", {}, "2x5x8", True),
        ("axis_missing", "4x6x10x8 -> max_pool 2", "output", {}, "2x3x8", True),
        ("multiplier_for_depth", "9x9x5 -> depthwise_conv 3x3 multiplier=2", "output", {}, "7x7x2", True),
        ("multiplier_added", "9x9x5 -> depthwise_conv 3x3 multiplier=2", "output", {}, "7x7x7", True),
        ("multiplier_ignored", "9x9x5 -> depthwise_conv 3x3 multiplier=2", "output", {}, "7x7x5", True),
        ("global_pool_over_channels", "5x7x6 -> global_avg_pool", "output", {}, "5x7x1", True),
        ("global_pool_over_channels", "5x7x6 -> global_avg_pool", "output", {}, "5x7", True),
        ("ceiling_for_floor", "32x32x3 -> conv 20 7x7 s2", "output", {}, "14x14x20", True),  # ⌈25/2⌉ + 1
        ("same_rounded_down", "13x15x8 -> conv 4 3x3 s2 same", "output", {}, "6x7x4", True),
        # ⌈(7 − 2 + 2)/2⌉ + 1
        ("ceil_pool_last_window_kept", "7x7x16 -> max_pool 2 s2 p1 rounding=ceil", "output", {}, "5x5x16", True),
        # 6, 4 and 3 + 2·2 for 1 + 2·2
        ("dilated_kernel_too_long", "20x23x3 -> conv 4 3x3 d2", "output", {}, "15x18x4", True),
        ("dilated_kernel_too_short", "20x23x3 -> conv 4 3x3 d2", "output", {}, "17x20x4", True),
        ("dilation_as_zeros", "20x23x3 -> conv 4 3x3 d2", "output", {}, "14x17x4", True),
        ("dilation_added", "20x23x3 -> conv 4 3x3 d4", "output", {}, "14x17x4", True),  # 3 + 4 for 9
        ("dilation_ignored", "20x23x3 -> conv 4 3x3 d2", "output", {}, "18x21x4", True),
        ("kernel_added", "20x23x3 -> conv 4 3x3", "output", {}, "24x27x4", True),
        ("kernel_not_subtracted", "20x23x3 -> conv 4 3x3", "output", {}, "21x24x4", True),
        ("kernel_not_subtracted", "20x23x3 -> conv 4 1x1", "output", {}, "21x24x4", False),
        # 1 + 4 + 2 + 4 without strides; 5 + 3 + 5; 33 begun at 0
        ("strides_not_accumulated", STEPS, "receptive_field", {}, "11", True),
        ("kernels_added_up", STEPS, "receptive_field", {}, "13", True),
        ("kernels_multiplied", STEPS, "receptive_field", {}, "75", True),
        ("field_starts_at_zero", STEPS, "receptive_field", {}, "32", True),
        # 5·1 + 3·2 + 5·6, and 1 more
        ("field_without_minus_one", STEPS, "receptive_field", {}, "41", True),
        ("field_without_minus_one", STEPS, "receptive_field", {}, "42", True),
        ("last_kernel_only", STEPS, "receptive_field", {}, "5", True),
        ("last_kernel_only", "90x90x3 -> conv 4 7x7 s2 -> conv 4 3x3", "receptive_field", {}, "7", True),
        ("own_stride_counted", STEPS, "receptive_field", {}, "45", True),  # 1 + 4·2 + 2·6 + 4·6
        ("strides_added", STEPS, "receptive_field", {}, "29", True),  # 9 + 4·(2 + 3)
        ("strides_added", STEPS, "effective_stride", {}, "5", True),
        ("last_stride_only", STEPS, "receptive_field", {}, "21", True),  # 9 + 4·3
        # 5 + 4·2 without the pool, 5 + 4·6 with its stride only, 9 + 4·2 with its window only
        ("pool_left_out_of_the_field", STEPS, "receptive_field", {}, "13", True),
        ("pool_left_out_of_the_field", STEPS, "receptive_field", {}, "29", True),
        ("pool_left_out_of_the_field", STEPS, "receptive_field", {}, "17", True),
        ("dilation_left_out_of_the_field", STEPS, "receptive_field", {}, "21", True),  # 9 + 2·6
        ("dilation_too_long_in_the_field", STEPS, "receptive_field", {}, "39", True),  # 9 + 5·6
        ("dilation_too_long_in_the_field", "64x64x3 -> conv 4 1x1 -> conv 5 3x3 d2", "receptive_field", {}, "6", True),
        ("strides_added", STRIDES, "effective_stride", {}, "7", True),  # 2 + 2 + 3, and 1
        ("strides_added", STRIDES, "effective_stride", {}, "8", True),
        ("last_stride_only", STRIDES, "effective_stride", {}, "1", True),
        ("last_stride_only", STRIDES, "effective_stride", {}, "3", True),
        ("strides_not_accumulated", STRIDES, "effective_stride", {}, "1", True),
        ("strides_not_accumulated", STEPS, "max_pool_1.receptive_field", {}, "7", True),  # 1 + 4 + 2
        # 1 + 4 + 2·2 and 1 + 2 + 2·2; without strides, 7 and 5
        ("strides_not_accumulated", UNEVEN, "receptive_field.height", {}, "7", True),
        ("strides_not_accumulated", UNEVEN, "receptive_field.width", {}, "5", True),
        ("strides_not_accumulated", UNEVEN, "receptive_field", {}, "7x5", True),
        ("strides_not_accumulated", UNEVEN, "receptive_field", {}, "5x7", False),
        ("kernels_added_up", UNEVEN, "receptive_field", {}, "8x6", True),
        # the wider branch counts: 1 + 2 + 2·2 after a stride of 2, without it 5
        ("strides_not_accumulated", "64x64x3 -> conv 4 3x3 s2 -> add(conv 4 3x3 p1 | identity)", "receptive_field", {},
         "5", True),
        ("strides_not_accumulated", "64x64x3 -> conv 4 3x3 s2 -> relu -> conv 4 3x3", "receptive_field", {}, "5", True),
        ("last_kernel_only", "90x90x3 -> conv 4 7x7 s2 -> conv 4 1x1", "effective_stride", {}, "1", False),
        ("layer_before_left_out", "32x32x3 -> conv 4 5x5 s2 -> conv 8 3x3", "conv_2.output", {}, "30x30x8", True),
        ("dense_before_flatten", "5x7x3 -> flatten -> dense 11", "output", {}, "5x7x11", True),
        ("input_counted_into_concat", PARTS, "output", {}, "8x8x17", True),
        ("concat_taken_for_sum", PARTS, "output", {}, "8x8x7", True),
        ("concat_multiplies", PARTS, "output", {}, "8x8x105", True),
        ("sum_taken_for_concat", "8x8x4 -> add(conv 4 1x1 | identity)", "output", {}, "8x8x8", True),
        ("sizes_added", PARTS, "output", {}, "24x8x15", True),
        ("sizes_added", PARTS, "output", {}, "8x24x15", True),
        ("transposed_times_stride", "5x7x6 -> conv_transpose 4 3x3 s2", "output", {}, "10x14x4", True),
        ("minus_one_forgotten", "5x7x6 -> conv_transpose 4 3x3 s2", "output", {}, "13x17x4", True),  # 5·2 + 3
        ("convolution_for_transposed", "5x7x6 -> conv_transpose 4 3x3 s2", "output", {}, "2x3x4", True),
        ("scale_of_the_area", "5x7x6 -> upsample 9", "output", {}, "15x21x6", True),
        ("scale_of_the_area", "5x7x6 -> upsample 6", "output", {}, "10x14x6", False),
        ("scale_of_the_area", "5x7x32 -> pixel_shuffle 4", "output", {}, "10x14x2", False),
        ("order_inverted", "4x6x8 -> permute order=[3,1,2]", "output", {}, "6x8x4", True),
        ("flatten_forgets_axis", "5x7x3 -> flatten", "output", {}, "21", True),
        ("flatten_forgets_axis", "5x7x3 -> flatten", "output", {}, "15", True),
        ("last_kernel_only", "9x9x3 -> conv 5 3 -> upsample 2 -> conv 4 3", "conv_2.receptive_field", {}, "3", False),
        ("dropout_removes_units", "40 -> dropout 0.25", "output", {}, "30", True),
        ("pyramid_not_squared", "9x9x5 -> spatial_pyramid_pool 1x2x4", "output", {}, "35", True),  # 5·(1 + 2 + 4)
        ("bins_for_window", "12x15x5 -> adaptive_avg_pool 3", "output", {}, "4x5x5", True),
        ("size_factor_left_out", "9x9x5 -> spatial_pyramid_pool 1x2x4", "output", {}, "21", True),  # 1 + 4 + 16
        ("layer_without_effect", "4x4x8 -> reshape 16x8", "output", {}, "4x4x8", True),
        ("all_steps_for_the_last", "10x7 -> lstm 5", "output", {}, "10x5", True),
        ("last_step_for_all", "10x7 -> lstm 5 return_sequences=true", "output", {}, "5", True),
        ("flatten_keeps_channels_only", "5x7x3 -> flatten", "output", {}, "3", True),
        ("flatten_forgets_channels", "5x7x3 -> flatten", "output", {}, "35", True),
        ("inputs_times_units", "7 -> dense 5", "output", {}, "35", True),
        ("units_from_input", "7 -> dense 5", "output", {}, "7", True),
        ("output_in_one_row", "10x7 -> lstm 5 return_sequences=true", "output", {}, "50", True),
        ("height_and_width_swapped", "9x12x3 -> conv 5 3x2", "output", {}, "10x8x5", True),
        ("kernel_axes_swapped", "9x12x3 -> conv 5 3x2", "output", {}, "8x10x5", True),
        ("stride_axes_swapped", "9x13x3 -> conv 5 1x1 stride=[2,3]", "output", {}, "3x7x5", True),
        ("axis_unchanged", "9x12x3 -> conv 5 3x2", "output", {}, "9x11x5", True),
        ("axis_unchanged", "9x12x3 -> conv 5 3x2", "output", {}, "7x12x5", True),
        ("axis_unchanged", "9x12x3 -> conv 5 3x2 -> flatten", "output", {}, "495", True),  # 9·11·5
        # of a concatenation of four and one of three, the second of each: 1 + 4
        ("input_left_out_of_concat", f"{PARTS[:-1]} | conv 9 1x1) -> concat(conv 1 1x1 | conv 2 1x1 | conv 4 1x1)",
         "output", {}, "8x8x5", True),
        ("one_kernel_for_both_axes", "9x12x3 -> conv 5 3x2", "output", {}, "7x10x5", True),
        ("one_kernel_for_both_axes", "9x12x3 -> conv 5 3x2", "output", {}, "8x11x5", True),
        ("one_stride_for_both_axes", "9x13x3 -> conv 5 1x1 stride=[2,3]", "output", {}, "5x7x5", True),
        ("one_stride_for_both_axes", "9x13x3 -> conv 5 1x1 stride=[2,3]", "output", {}, "3x5x5", True),
        ("padding_counted_once", "9x12x3 -> conv 5 3x3 p2", "output", {}, "9x12x5", True),
        ("padding_counted_twice", "9x12x3 -> conv 5 3x3 p2", "output", {}, "15x18x5", True),
        ("padding_subtracted", "9x12x3 -> conv 5 3x3 p2", "output", {}, "3x6x5", True),
        ("padding_forgotten", "9x12x3 -> conv 5 3x3 p2", "output", {}, "7x10x5", True),
        ("padding_forgotten", "9x12x3 -> zero_pad 2", "output", {}, "9x12x3", True),
        ("padding_counted_once", "9x12x3 -> zero_pad 2", "output", {}, "11x14x3", True),
        ("channels_padded", "9x12x3 -> zero_pad 2", "output", {}, "13x16x7", True),
        ("crop_counted_once", "9x12x3 -> crop 2", "output", {}, "7x10x3", True),
        ("same_for_valid", "9x12x3 -> conv 5 4x4 s2", "output", {}, "5x6x5", True),
        ("valid_for_same", "9x12x3 -> conv 5 4x4 s2 same", "output", {}, "3x5x5", True),
        ("causal_on_both_sides", "10x3 -> conv 5 4 causal", "output", {}, "13x5", True),
        ("transposed_padding_added", "5x7x6 -> conv_transpose 4 3x3 s2 p1", "output", {}, "13x17x4", True),
        ("kernel_forgotten", "5x7x6 -> conv_transpose 4 4x4 s2 p1", "output", {}, "6x10x4", True),
        ("other_axes_reduced", "4x6x8 -> reduce_mean axis=[1,2]", "output", {}, "4x6", True),
        ("depth_from_input", "9x9x3 -> conv 5 3x3", "output", {}, "7x7x3", True),
        ("depth_from_input", "9x9x5 -> depthwise_conv 3x3 multiplier=2", "output", {}, "7x7x5", False),
        ("scale_added", "5x7x6 -> upsample 9", "output", {}, "14x16x6", True),
        ("shuffle_factor_not_squared", "5x7x27 -> pixel_shuffle 3", "output", {}, "15x21x9", True),
        ("shuffle_keeps_channels", "5x7x27 -> pixel_shuffle 3", "output", {}, "15x21x27", True),
        ("shuffle_factor_squared", "5x7x27 -> pixel_shuffle 3", "output", {}, "45x63x3", True),
    ],
    every=3,
)  # fmt: skip
def test_a_size_and_a_mistake(
    name: str, spec: str, path: str, options: dict[str, Any], answer: str, is_named: bool
) -> None:
    assert (name in named(spec, path, answer, options)) is is_named
