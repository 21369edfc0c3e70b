"""Mistakes in counting parameters and operations, worked out by hand."""

from __future__ import annotations

from typing import Any

from tests.homework.test_named_mistakes import named
from tests.together import for_each

TWO = "32x32x3 -> conv 16 3x3 -> conv 8 3x3"
MULTIPLIED = "9x9x5 -> depthwise_conv 3x3 multiplier=2"
"""9·5·2 = 90 weights, 10 biases, 7·7 positions."""
WIDE = "20x26x3 -> conv 5 3x3 s2"
"""9x12x5 with 27·5 weights and 108 positions: 14,580 MACs."""
UP = "5x7x6 -> conv_transpose 4 3x3 s2"
"""11x15x4 with 54·4 weights at 35 positions of the input: 7,560 MACs."""

TWO_HEADS = "10x32 -> multi_head_attention 2"
HEADS = "10x32 -> multi_head_attention 4"
"""4·(32·32 + 32) = 4,224 parameters; 10·4·1,024 = 40,960 MACs in projections, 2·10·10·32 = 6,400 in products."""


@for_each(
    ("name", "spec", "path", "options", "answer", "is_named"),
    [
        # a bias for each of 5·2 outputs, not for each of 2 kernels
        ("bias_added", f"{MULTIPLIED} bias=false", "params", {}, "100", True),
        ("bias_added", f"{MULTIPLIED} bias=false", "params", {}, "92", False),
        ("bias_added", "10x12 -> multi_head_attention 3 bias=false", "params", {}, "624", True),  # 4·(12 + 1)·12
        ("bias_added", "10x7 -> lstm 5 bias=false", "params", {}, "260", True),  # 4·(7 + 5 + 1)·5
        ("bias_added", MULTIPLIED, "params", {}, "110", False),
        ("one_bias", "10x7 -> lstm 5", "params", {}, "244", True),  # 4·12·5 and one for each of 4 gates
        ("one_bias", "9x9x3 -> conv 5 3x3", "params", {}, "136", True),  # 135 + 1
        ("bias_per_weight", "9x9x3 -> conv 5 3x3", "params", {}, "270", True),
        ("bias_per_slice", "9x9x3 -> conv 5 3x3", "params", {}, "150", True),  # 135 + 3·5
        ("bias_per_input_channel", "9x9x3 -> conv 5 3x3", "params", {}, "138", True),  # 135 + 3
        ("bias_per_position", "9x9x3 -> conv 5 3x3", "params", {}, "380", True),  # 135 + 49·5
        ("biases_as_macs", "9x9x3 -> conv 5 3x3", "macs", {}, "6860", True),  # 49·140
        ("biases_in_both_parts", "9x9x3 -> separable_conv 5 3x3", "params", {}, "50", True),  # 27 + 3 + 15 + 5
        ("biases_in_both_parts", "9x9x3 -> separable_conv 5 3x3 bias=false", "params", {}, "45", False),
        # (7 + 1)·10 and (3 + 1)·10 of (7·3 + 1)·10
        ("channels_forgotten", "7x3 -> dense 10", "params", {}, "80", True),
        ("dense_on_channels", "7x3 -> dense 10", "params", {}, "40", True),
        ("inputs_plus_units", "7 -> dense 5", "params", {}, "17", True),  # 7 + 5 and 5 biases
        ("inputs_plus_units", "7 -> dense 5", "params", {}, "12", True),
        ("inputs_plus_units", "6x6x7 -> conv 5 1x1", "params", {}, "17", True),
        ("inputs_plus_units", "6x6x7 -> conv 5 3x3", "params", {}, "12", False),
        ("one_filter", "9x9x3 -> conv 5 3x3", "params", {}, "28", True),
        ("one_filter", "9x9x3 -> conv 5 3x3", "params", {}, "32", True),  # 27 and all 5 biases
        ("one_filter", "9x9x3 -> separable_conv 5 3x3", "params", {}, "31", False),  # 27 + 3 + 1
        ("one_filter", MULTIPLIED, "params", {}, "10", True),  # 9·1·1 + 1
        ("one_filter", "7 -> dense 5", "params", {}, "8", True),
        ("kernel_sides_added", "9x9x3 -> conv 5 3x2", "params", {}, "80", True),  # (5·3 + 1)·5
        ("kernel_axis_forgotten", "9x9x3 -> conv 5 3x2", "params", {}, "50", True),  # (3·3 + 1)·5
        ("kernel_axis_forgotten", "9x9x3 -> conv 5 3x2", "params", {}, "35", True),  # (2·3 + 1)·5
        ("kernel_squared", "9x3 -> conv 5 4", "params", {}, "245", True),  # (16·3 + 1)·5
        ("input_for_kernel", "9x8x3 -> conv 5 3x3", "params", {}, "1085", True),  # (72·3 + 1)·5
        ("dilated_kernel_counted", "9x9x3 -> conv 5 3x2 d2", "params", {}, "230", True),  # (5·3·3 + 1)·5
        ("filters_for_depth", "9x9x3 -> conv 5 3x3", "params", {}, "230", True),  # (9·5 + 1)·5
        ("embedding_by_length", "40 -> embedding 50 7", "params", {}, "280", True),
        ("without_sharing", "9x9x3 -> conv 5 3x3", "params", {}, "6860", True),  # 49·140
        ("without_sharing", MULTIPLIED, "params", {}, "4900", True),  # 49·100
        ("without_sharing", UP, "params", {}, "8220", True),  # 35·216, and 165 positions of the output with 4 biases
        ("without_sharing", UP, "params", {}, "7700", True),  # 35·(216 + 4)
        ("with_sharing", MULTIPLIED, "unshared_params", {}, "100", True),
        ("with_sharing", "10x10x2 -> locally_connected 4 3x3", "params", {}, "76", True),  # (18 + 1)·4
        ("bias_still_shared", "9x9x3 -> conv 5 3x3", "unshared_params", {}, "6620", True),  # 49·135 + 5
        ("input_positions", "9x8x3 -> conv 5 3x3", "unshared_params", {}, "10080", True),  # 72·140
        ("steps_multiplied_in", "10x7 -> lstm 5", "params", {}, "2600", True),  # 10·260
        ("one_position", WIDE, "macs", {}, "135", True),
        ("stride_not_squared", WIDE, "macs", {}, "29160", True),
        ("stride_not_squared", WIDE, "macs", {}, "58320", False),
        ("stride_not_squared", "20x26x3 -> conv 5 3x3", "macs", {}, "116640", False),
        ("stride_not_squared", "20x3 -> conv 5 3 s2", "macs", {}, "2430", False),  # 9·45, times 6
        ("stride_not_squared", UP, "macs", {}, "15120", False),
        ("transposed_by_output_positions", UP, "macs", {}, "35640", True),  # 11·15·216
        ("transposed_stride_squared", UP, "macs", {}, "30240", True),  # 4·7,560
        ("positions_squared", "20x3 -> conv 5 3", "macs", {}, "14580", True),  # 18·18·45
        ("macs_as_one_operation", WIDE, "flops", {}, "15120", True),  # 14,580 and 108·5 biases
        # filters of 9·3 in place of 9·16 weights; 30·30 positions where conv_1 is left out
        ("layer_before_left_out", TWO, "conv_2.params", {}, "224", True),
        ("layer_before_left_out", TWO, "conv_2.params", {"batch": 2}, "224", True),
        ("layer_before_left_out", TWO, "conv_2.macs", {}, "194400", True),
        ("layer_before_left_out", TWO, "conv_2.macs", {"batch": 2}, "388800", True),
        ("image_depth_for_filters", "20x3 -> conv 8 3 -> conv 5 3", "conv_2.params", {}, "50", True),  # (3·3 + 1)·5
        ("image_depth_for_filters", "20x3 -> conv 8 3 -> conv 5 3", "conv_1.params", {}, "50", False),
        ("image_depth_for_filters", "20x20x3 -> conv 8 3 -> conv 5 3", "total.params", {}, "364", True),  # 224 + 140
        ("layer_left_out", "7 -> dense 5 -> dense 3 -> dense 2", "total.params", {}, "26", True),  # without 40
        ("layer_left_out", "7 -> dense 5 -> dense 3", "total.params", {}, "18", False),  # of two, the other one
        # four times (7 + 5 + 1)·5; a GRU has three
        ("one_gate", "10x7 -> lstm 5", "params", {}, "65", True),
        ("three_gates", "10x7 -> lstm 5", "params", {}, "195", True),
        ("three_gates", "10x7 -> gru 5", "params", {}, "196", False),
        ("four_gates", "10x7 -> gru 5", "params", {}, "260", True),
        ("two_gates", "10x7 -> gru 5", "params", {}, "130", True),
        ("gates_of_an_lstm", "10x7 -> rnn 5", "params", {}, "260", True),
        ("recurrent_weights_forgotten", "10x7 -> lstm 5", "params", {}, "160", True),  # 4·8·5
        ("recurrent_weights_forgotten", "10x7 -> lstm 5", "macs", {}, "1400", True),  # 10·4·7·5
        ("input_weights_forgotten", "10x7 -> lstm 5", "params", {}, "120", True),  # 4·6·5
        ("input_weights_forgotten", "10x7 -> lstm 5", "macs", {}, "1000", True),  # 10·4·5·5
        ("one_step", "10x7 -> lstm 5", "macs", {}, "240", True),
        # 4 steps, each 7·7 positions with 9·(3 + 5)·5 weights in one gate
        ("one_gate", "4x9x9x3 -> conv_lstm 5 3x3", "macs", {}, "70560", True),
        ("heads_multiplied_in", HEADS, "params", {}, "16896", True),
        ("heads_multiplied_in", HEADS, "params", {}, "13728", True),  # 3·4·1,056 + 1,056
        ("heads_multiplied_in", HEADS, "macs", {}, "189440", True),
        ("heads_multiplied_in", HEADS, "macs", {}, "66560", True),  # 40,960 + 4·6,400
        ("heads_multiplied_in", HEADS, "output", {}, "10x128", True),
        ("output_projection_forgotten", HEADS, "params", {}, "3168", True),
        ("output_projection_forgotten", HEADS, "macs", {}, "37120", True),  # 30,720 + 6,400
        ("attention_products_forgotten", HEADS, "macs", {}, "40960", True),
        ("attention_projections_forgotten", HEADS, "macs", {}, "6400", True),
        ("one_attention_product", HEADS, "macs", {}, "44160", True),
        ("one_projection_for_three", HEADS, "params", {}, "2112", True),
        ("one_projection_for_three", HEADS, "params", {}, "1056", True),
        ("one_head_for_output", HEADS, "output", {}, "10x8", True),
        ("scores_for_output", HEADS, "output", {}, "10x10", True),
        ("one_word_embedded", "25 -> embedding 80 16", "output", {}, "16", True),
        ("embedding_flattened", "25 -> embedding 80 16", "output", {}, "400", True),
        ("squeeze_as_ratio", "8x8x32 -> squeeze_excite squeeze=8", "params", {}, "292", True),  # 33·4 + 5·32
        # two directions are not two gates: 2·(13·5 + (5 + 5 + 1)·5) of 2·(13·5 + (10 + 5 + 1)·5)
        ("one_gate", "10x7 -> rnn 5 layers=2 bidirectional=true", "params", {}, "240", False),
        ("directions_not_joined", "10x7 -> rnn 5 layers=2 bidirectional=true", "params", {}, "240", True),
        ("inputs_joined", "a: 7, b: 5 -> bilinear 3 from=[a, b]", "params", {}, "39", True),  # (7 + 5 + 1)·3
        ("one_stacked_layer", "10x7 -> lstm 5 layers=2", "params", {}, "260", True),
        ("stacked_layers_alike", "10x7 -> lstm 5 layers=2", "params", {}, "520", True),
        ("stacked_layers_alike", "10x7 -> lstm 5 layers=2", "params", {}, "521", False),
        ("input_joined_to_state", "10x7 -> lstm 5", "output", {}, "12", True),
        ("pooling_has_weights", "9x9x5 -> max_pool 3x2", "params", {}, "30", True),
        ("pooling_has_weights", "9x9x5 -> max_pool 3x2", "params", {}, "35", True),
        ("pooling_has_weights", "9x9x5 -> max_pool 3x2", "params", {}, "150", True),
        ("pooling_has_kernel", "9x9x5 -> max_pool 3x2", "params", {}, "6", True),
        ("pooling_has_macs", "9x9x5 -> max_pool 3x2", "macs", {}, "360", True),  # 3·4·5·6
        ("comparison_too_many", "9x9x5 -> max_pool 3x2", "flops", {}, "360", True),
        ("norm_per_element", "8x9x5 -> batch_norm", "params", {}, "720", True),
        ("norm_per_element", "8x9x5 -> batch_norm", "params", {}, "144", True),
        ("norm_per_group", "8x9x6 -> group_norm 3", "params", {}, "6", True),
        ("shift_added", "7 -> rms_norm", "params", {}, "14", True),
        ("statistics_counted", "8x8x6 -> group_norm 3", "params", {}, "24", True),
        ("activation_has_weights", "8x9x5 -> relu", "params", {}, "5", True),
        ("activation_has_weights", "8x9x5 -> relu", "params", {}, "360", True),
        ("groups_ignored", "8x8x12 -> conv 24 3x3 g3", "params", {}, "2616", True),  # (9·12 + 1)·24
        ("groups_divided_twice", "8x8x12 -> conv 24 3x3 g3", "params", {}, "296", True),  # (9·4 + 1)·8
        ("depthwise_part_by_filters", "9x9x3 -> separable_conv 5 3x3", "params", {}, "65", True),  # 9·5 + 15 + 5
        ("pointwise_part_with_window", "9x9x3 -> separable_conv 5 3x3", "params", {}, "167", True),  # 27 + 9·15 + 5
        ("pointwise_part_forgotten", "9x9x3 -> separable_conv 5 3x3", "params", {}, "27", True),
        ("depthwise_part_forgotten", "9x9x3 -> separable_conv 5 3x3", "params", {}, "20", True),
        ("full_convolution", "9x9x3 -> separable_conv 5 3x3", "params", {}, "140", True),
        ("full_convolution", "9x9x3 -> separable_conv 5 3x3", "macs", {}, "6615", True),  # 49·135
        ("full_convolution", "9x9x5 -> depthwise_conv 3x3", "macs", {}, "11025", True),  # 49·9·5·5
        ("full_convolution", "9x9x5 -> depthwise_conv 3x3", "params", {}, "230", True),  # 9·5·5 + 5
        ("depthwise_part_forgotten", "9x9x3 -> separable_conv 5 3x3", "macs", {}, "735", True),  # 49·15
        ("pointwise_part_forgotten", "9x9x3 -> separable_conv 5 3x3", "macs", {}, "1323", True),  # 49·27
        ("pointwise_part_with_window", "9x9x3 -> separable_conv 5 3x3", "macs", {}, "7938", True),  # 49·(27 + 135)
        ("depthwise_part_by_filters", "9x9x3 -> separable_conv 5 3x3", "macs", {}, "2940", True),  # 49·(45 + 15)
        # 36·24 = 864 weights and 24 biases in 3 groups, 36 positions
        ("groups_multiplied_in", "8x8x12 -> conv 24 3x3 g3", "params", {}, "2664", True),
        ("groups_ignored", "8x8x12 -> conv 24 3x3 g3", "macs", {}, "93312", True),
        ("groups_divided_twice", "8x8x12 -> conv 24 3x3 g3", "macs", {}, "10368", True),
        ("groups_divided_twice", "8x8x12 -> conv 24 3x3 g3", "params", {}, "312", True),  # 36·8 + 24
        ("filters_divided_for_depth", "8x8x12 -> conv 24 3x3 g3", "params", {}, "872", True),  # (9·12 + 1)·8
        # a batch of 2; 4 bytes a number
        ("batch_counted_twice", "9x9x3 -> conv 5 3x3", "macs", {"batch": 2}, "26460", True),
        ("batch_multiplied_in", "9x9x3 -> conv 5 3x3", "params", {"batch": 2}, "280", True),
        ("batch_multiplied_in", "9x9x3 -> conv 5 3x3", "macs", {"batch": 2}, "26460", False),
        ("channels_left_out", "9x9x3 -> conv 5 3x3", "conv_1.activation_elements", {}, "49", True),
        ("channels_left_out", "9x9x3 -> conv 5 3x3", "conv_1.activation_elements", {}, "5", True),
        ("one_tensor_of_the_peak", "9x9x3 -> conv 5 3x3 -> relu", "total.peak_activation_bytes", {}, "980", True),
        ("one_tensor_of_the_peak", "9x9x3 -> conv 5 3x3 -> conv 7 1x1", "total.peak_activation_bytes", {}, "972", True),
        ("decimal_for_binary_units", "256 -> dense 1000 bias=false", "param_bytes", {}, "1000 kB", True),
        ("decimal_for_binary_units", "256 -> dense 1000 bias=false", "param_bytes", {}, "0.976562 MB", True),
        ("shift_added", "8x8x6 -> rms_norm", "params", {}, "12", True),
        ("directions_not_joined", "10x7 -> lstm 5 layers=2 bidirectional=true", "params", {}, "960", True),
        ("channels_left_out", "9 -> dense 7", "dense_1.activation_elements", {}, "1", False),
        ("batch_multiplied_in", "9x9x3 -> conv 5 3x3", "params", {"batch": 1}, "141", False),
        ("an_axis_left_out", "9x12x3 -> conv 5 3x2", "macs", {}, "630", True),  # of 7·11 positions
        ("an_axis_left_out", "9x12x3 -> conv 5 3x2", "macs", {}, "990", True),  # of 7·11 positions
        ("squeeze_as_ratio", "8x8x30 -> squeeze_excite squeeze=8", "params", {}, "213", False),  # 31·3 + 4·30
        ("bias_still_shared", "10x10x2 -> locally_connected 4 3x3", "params", {}, "4612", True),  # 64·18·4 + 4
        ("one_head", TWO_HEADS, "params", {}, "2112", True),  # 4·(32·16 + 16)
        ("one_head_for_output", TWO_HEADS, "output", {}, "10x16", True),
        ("heads_multiplied_in", TWO_HEADS, "params", {}, "8448", True),
        ("kernel_squared", "20x20x3 -> conv 5 3x3", "params", {}, "1220", False),  # (81·3 + 1)·5
        ("batch_left_out", "9x9x3 -> conv 5 3x3", "macs", {"batch": 2}, "6615", True),
        # 560 bytes of parameters, 972 of the input and 980 of the output
        ("bits_for_bytes", "9x9x3 -> conv 5 3x3", "total.param_bytes", {}, "4480", True),
        ("weights_left_out_of_memory", "9x9x3 -> conv 5 3x3", "total.memory_bytes", {}, "1952", True),
        ("activations_left_out_of_memory", "9x9x3 -> conv 5 3x3", "total.memory_bytes", {}, "560", True),
        ("activations_left_out_of_memory", "9x9x3 -> conv 5 3x3", "total.memory_bytes", {}, "1540", True),
        ("statistics_left_out", "8x8x16 -> batch_norm", "params", {"convention": "keras"}, "32", True),
        ("steps_for_features", "10x7 -> lstm 5", "params", {}, "320", True),  # 4·(10 + 5 + 1)·5
    ],
    every=3,
)  # fmt: skip
def test_a_count_and_a_mistake(
    name: str, spec: str, path: str, options: dict[str, Any], answer: str, is_named: bool
) -> None:
    assert (name in named(spec, path, answer, options)) is is_named
