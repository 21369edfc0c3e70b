"""Wrong operations, memory and receptive fields. The arithmetic of each is that of the stated reasoning."""

from __future__ import annotations

from tests.homework.exam.answers import Wrong

CONV = "32x32x3 -> conv 16 5x5"  # 28·28·16·75 = 940,800
HEADS = "10x32 -> multi_head_attention 4"  # 4·10·32·32 + 2·10·10·32 = 47,360
LSTM = "30x20 -> lstm 50"  # 30·4·70·50 = 420,000
NET = "28x28x1 -> conv 8 3x3 -> max_pool 2 -> conv 16 3x3"  # 26·26·72 + 11·11·16·72
THREE = "64x64x3 -> conv 8 3x3 -> conv 8 3x3 -> conv 8 3x3"  # 7
POOLED = "64x64x3 -> conv 8 5x5 s2 -> max_pool 2 -> conv 8 3x3"  # 5, 7, 15
STRIDED = "128x128x3 -> conv 8 7x7 s3 -> conv 8 3x3 s2 -> conv 8 3x3"  # 7, 13, 25
DILATED = "64x64x3 -> conv 8 3x3 d2 -> conv 8 3x3 d4"  # 5, 13
BYTES = "64x64x64 -> conv 64 3x3 same"  # 262,144 numbers, 1 MiB

WORK = (
    Wrong(CONV, "macs", 5 * 5 * 3 * 16, "the weights", "one_position"),
    Wrong(CONV, "macs", 28 * 28 * 76 * 16, "76 numbers for each output", "biases_as_macs"),
    Wrong(CONV, "macs", 2 * 940800, "a product and a sum", "macs_and_flops_confused"),
    Wrong(CONV, "flops", 940800, "28·28·16·75", "macs_and_flops_confused"),
    Wrong(CONV, "macs", 28 * 28 * 25 * 16, "windows of 5x5", "filter_depth_forgotten"),
    Wrong(CONV, "macs", 28 * 28 * 75, "75 at each of 28·28 positions", "one_filter"),
    Wrong("33x33x3 -> conv 16 3x3 s3 same", "macs", 33 * 33 // 3 * 16 * 27, "stride 3 divides the work by 3",
          "stride_not_squared"),
    Wrong("32x32x3 -> conv 16 4x4 s2", "macs", 29 * 29 * 16 * 48, "29 positions per axis", "stride_ignored"),
    Wrong("32x32x3 -> conv 16 5x5 s2", "macs", 32 * 32 * 16 * 75, "at each pixel", "input_positions"),
    Wrong("4x4x16 -> conv_transpose 8 4x4 s2 p1", "macs", 64 * 16 * 16 * 8, "at each of 8·8 outputs",
          "transposed_by_output_positions"),
    Wrong(LSTM, "macs", 4 * 70 * 50, "(20 + 50)·50 in each gate", "one_step|one_position"),
    Wrong(LSTM, "macs", 30 * 14200, "30 times its parameters", "biases_as_macs"),
    Wrong(LSTM, "macs", 30 * 70 * 50, "one gate", "one_gate"),
    Wrong("128 -> dense 64", "macs", 129 * 64, "129·64", "biases_as_macs"),
    Wrong("128 -> dense 64", "flops", 128 * 64 + 64, "8,192 and 64 biases", "macs_as_one_operation"),
    Wrong(CONV, "macs", 940800, "28·28·16·75", "batch_left_out", {"batch": 16}),
    Wrong(CONV, "macs", 940800 * 256, "16 images of 16 images", "batch_counted_twice", {"batch": 16}),
    Wrong("14x14x32 -> conv 64 3x3 g4 p1", "macs", 196 * 64 * 9 * 32, "9·32 for each output", "groups_ignored"),
    Wrong("14x14x32 -> conv 64 3x3 g4 p1", "macs", 196 * 16 * 9 * 8, "16 filters of 9·8", "groups_divided_twice"),
    Wrong("14x14x32 -> depthwise_conv 3x3 p1", "macs", 196 * 32 * 9 * 32, "9·32 for each output",
          "full_convolution|groups_ignored"),
    Wrong("14x14x32 -> separable_conv 64 3x3 p1", "macs", 196 * 32 * 64, "the 1x1 part", "depthwise_part_forgotten"),
    Wrong("14x14x32 -> separable_conv 64 3x3 p1", "macs", 196 * 9 * 32, "the 3x3 part", "pointwise_part_forgotten"),
    Wrong("100x8 -> conv 16 7", "macs", 7 * 8 * 16, "the weights", "one_position"),
    Wrong("8x16x16x2 -> conv 4 3x3x3", "macs", 14 * 14 * 27 * 2 * 4, "14·14 positions", "an_axis_left_out"),
    Wrong(HEADS, "macs", 4 * 10 * 32 * 32, "four projections", "attention_products_forgotten"),
    Wrong(HEADS, "macs", 3 * 10 * 32 * 32 + 2 * 10 * 10 * 32, "three projections, and the products",
          "output_projection_forgotten"),
    Wrong("40 -> embedding 5000 32", "macs", 40 * 5000 * 32, "a product with the table", "lookup_as_product"),
    Wrong("28x28x16 -> max_pool 2", "macs", 14 * 14 * 16 * 4, "4 in each window", "pooling_has_macs"),
    Wrong(NET, "total.macs", 26 * 26 * 72 + 24 * 24 * 16 * 72, "26, then 24", "pool_left_out"),
    Wrong(NET, "total.macs", 26 * 26 * 8 * 9 + 11 * 11 * 16 * 9, "3x3 windows in both", "filter_depth_forgotten"),
    Wrong(NET, "total.macs", 72 + 16 * 72, "the weights", "one_position"),
    # --- memory ------------------------------------------------------------------------------------------------------
    Wrong(CONV, "param_bytes", 1216 * 32, "32 each", "bits_for_bytes|elements_for_bytes"),
    Wrong(CONV, "param_bytes", 1216, "the parameters", "elements_for_bytes"),
    Wrong(CONV, "param_bytes", 1200 * 4, "4 bytes for each weight", "bias_forgotten"),
    Wrong(BYTES, "conv_1.activation_bytes", "1.00 MB", "1 MiB is 1 MB", "decimal_for_binary_units"),
    Wrong(CONV, "conv_1.activation_elements", 28 * 28, "28·28", "channels_left_out"),
    Wrong(CONV, "conv_1.activation_bytes", 28 * 28 * 16 * 4, "12,544 numbers", "batch_left_out", {"batch": 8}),
    Wrong(CONV, "total.peak_activation_bytes", 12544 * 4, "the output", "one_tensor_of_the_peak|another_figure"),
    # --- receptive fields --------------------------------------------------------------------------------------------
    Wrong(THREE, "receptive_field", 27, "3·3·3", "kernels_multiplied"),
    Wrong(THREE, "receptive_field", 9, "3 + 3 + 3", "kernels_added_up"),
    Wrong(THREE, "receptive_field", 6, "2 + 2 + 2", "field_starts_at_zero"),
    Wrong(THREE, "receptive_field", 3, "the kernel", "last_kernel_only"),
    Wrong(POOLED, "receptive_field", 5 + 1 + 2, "without the strides", "strides_not_accumulated"),
    Wrong(POOLED, "receptive_field", 5 + 2 * 2, "without the pool", "pool_left_out|pool_left_out_of_the_field"),
    Wrong(POOLED, "receptive_field", 1 + 4 * 2 + 1 * 4 + 2 * 4, "each stride at once", "own_stride_counted"),
    Wrong(STRIDED, "receptive_field", 7 + 2 * 3 + 2 * 5, "a jump of 3 + 2", "strides_added"),
    Wrong(STRIDED, "receptive_field", 7 + 2 * 3 + 2 * 2, "the last stride only", "last_stride_only"),
    Wrong(STRIDED, "effective_stride", 5, "3 + 2", "strides_added"),
    Wrong(STRIDED, "conv_2.effective_stride", 2, "the stride of the layer", "last_stride_only"),
    Wrong(DILATED, "receptive_field", 5, "two 3x3 windows", "dilation_left_out_of_the_field"),
    Wrong("100x4 -> conv 8 2 causal -> conv 8 2 d2 causal -> conv 8 2 d4 causal", "receptive_field", 4,
          "1 + 1 + 1 + 1", "dilation_left_out_of_the_field"),
    Wrong("64x64x3 -> conv 8 3x3 -> add(conv 8 3x3 p1 -> conv 8 3x3 p1 | identity) -> conv 8 3x3",
          "conv_4.receptive_field", 12, "four times 3", "kernels_added_up"),
    Wrong("32x32x32x1 -> conv 4 3x3x3 s2 -> max_pool 2", "receptive_field", 3 + 1, "3, and 1 more",
          "strides_not_accumulated"),
)  # fmt: skip
