"""Wrong counts of parameters. The arithmetic of each is that of the stated reasoning."""

from __future__ import annotations

from tests.homework.exam.answers import Wrong

CONV = "32x32x3 -> conv 16 5x5"  # (5·5·3 + 1)·16 = 1,216; 28x28x16
GROUPED = "14x14x32 -> conv 64 3x3 g4"  # (9·8 + 1)·64
HEADS = "10x32 -> multi_head_attention 4"  # 4·(32·32 + 32)
LSTM = "30x20 -> lstm 50"  # 4·((20 + 50)·50 + 50)
SEPARABLE = "14x14x32 -> separable_conv 64 3x3"  # 9·32 + 32·64 + 64
LENET = ("28x28x1 -> conv 6 5x5 p2 -> max_pool 2 -> conv 16 5x5 -> max_pool 2 -> flatten -> dense 120 -> dense 84"
         " -> dense 10")  # 156 + 2,416 + 48,120 + 10,164 + 850 = 61,706  # fmt: skip
KERAS, TORCH = {"convention": "keras"}, {"convention": "pytorch"}

PARAMETERS = (
    # --- one kernel --------------------------------------------------------------------------------------------------
    Wrong(CONV, "params", 5 * 5 * 3 * 16, "weights only", "bias_forgotten"),
    Wrong(CONV, "params", (5 * 5 + 1) * 16, "a filter is 5x5", "filter_depth_forgotten"),
    Wrong(CONV, "params", 5 * 5 * 3 * 16 + 1, "one bias for the layer", "one_bias"),
    Wrong(CONV, "params", 5 * 5 * 3 * 16 + 3 * 16, "a bias for each 5x5 slice", "bias_per_slice"),
    Wrong(CONV, "params", 5 * 5 * 3 * 16 + 3, "a bias for each input channel", "bias_per_input_channel"),
    Wrong(CONV, "params", (5 * 3 + 1) * 16, "5 weights per channel", "kernel_side_for_area"),
    Wrong(CONV, "params", 1216 * 28 * 28, "each of 28·28 windows has its weights", "without_sharing"),
    Wrong(CONV, "params", 32 * 32 * 3 * 16 + 16, "each unit sees all 32·32·3 inputs", "input_for_kernel"),
    Wrong(CONV, "params", (5 * 5 * 16 + 1) * 16, "the filters are 16 deep", "filters_for_depth"),
    Wrong(CONV, "params", 5 * 5 * 3 + 1, "one filter and its bias", "one_filter"),
    Wrong(CONV, "params", 8 * 1216, "for each of 8 images", "batch_multiplied_in", {"batch": 8}),
    Wrong(CONV, "params", 5 * 5 * 3 * 16 + 28 * 28 * 16, "a bias for every output", "bias_per_position"),
    Wrong(CONV, "unshared_params", 1200 * 784 + 16, "784 kernels, but still 16 biases", "bias_still_shared"),
    Wrong(CONV, "unshared_params", 1216, "sharing changes nothing", "with_sharing|another_figure"),
    Wrong(CONV, "unshared_params", 1216 * 32 * 32, "one kernel per input pixel", "input_positions"),
    Wrong("50x6 -> conv 12 5", "params", 5 * 5 * 6 * 12 + 12, "5·5 weights", "kernel_squared"),
    Wrong("50x6 -> conv 12 5", "params", 5 * 6 * 12, "weights only", "bias_forgotten"),
    Wrong("8x16x16x2 -> conv 4 3x3x3", "params", 3 * 3 * 2 * 4 + 4, "3·3 weights", "kernel_axis_forgotten"),
    Wrong("8x16x16x2 -> conv 4 3x3x3", "params", (27 + 1) * 4, "27 weights", "filter_depth_forgotten"),
    Wrong("32x32x3 -> conv 8 3x3 d2", "params", (5 * 5 * 3 + 1) * 8, "the kernel is 5x5", "dilated_kernel_counted"),
    Wrong("8x8x3 -> conv 5 3x3 bias=false", "params", 27 * 5 + 5, "and 5 biases", "bias_added"),
    # --- groups, depthwise, separable, transposed --------------------------------------------------------------------
    Wrong(GROUPED, "params", (9 * 8 + 1) * 16, "4 groups: 8 channels, 16 filters", "groups_divided_twice"),
    Wrong(GROUPED, "params", 9 * 8 * 16 + 64, "8 channels to 16 filters, and 64 biases", "groups_divided_twice"),
    Wrong(GROUPED, "params", (9 * 32 + 1) * 64, "as without groups", "groups_ignored"),
    Wrong(GROUPED, "params", 4 * (9 * 8 * 64 + 64), "4 groups of 64 filters", "groups_multiplied_in"),
    Wrong("14x14x32 -> depthwise_conv 3x3", "params", 9 * 32 * 32 + 32, "32 filters over 32 channels",
          "full_convolution|groups_ignored"),
    Wrong("14x14x32 -> depthwise_conv 3x3", "params", 9 + 1, "one 3x3 kernel", "one_filter"),
    Wrong("14x14x32 -> depthwise_conv 3x3", "params", 9 * 32, "weights only", "bias_forgotten"),
    Wrong(SEPARABLE, "params", 32 * 64 + 64, "only the 1x1 part", "depthwise_part_forgotten"),
    Wrong(SEPARABLE, "params", 9 * 32, "only the 3x3 part", "pointwise_part_forgotten"),
    Wrong(SEPARABLE, "params", 9 * 32 * 64 + 64, "one 3x3 kernel over all channels", "full_convolution"),
    Wrong(SEPARABLE, "params", 9 * 32 + 32 + 32 * 64 + 64, "biases in both parts", "biases_in_both_parts"),
    Wrong("4x4x16 -> conv_transpose 8 4x4 s2 p1", "params", 16 * 16 * 8 + 16, "a bias per input channel",
          "bias_per_input_channel"),
    Wrong("4x4x16 -> conv_transpose 8 4x4 s2 p1", "params", 16 * 16 * 8, "weights only", "bias_forgotten"),
    Wrong("12x12x3 -> locally_connected 4 3x3", "params", 27 * 4 + 4, "one kernel for all positions", "with_sharing"),
    Wrong("12x12x3 -> locally_connected 4 3x3", "params", 100 * 27 * 4, "no biases", "bias_forgotten"),
    # --- pools, normalization ----------------------------------------------------------------------------------------
    Wrong("24x24x8 -> max_pool 2", "params", 2 * 2 * 8, "2x2 in each channel", "pooling_has_weights"),
    Wrong("24x24x8 -> avg_pool 3", "params", 3 * 3, "a kernel of 3x3", "pooling_has_kernel"),
    Wrong("16x16x24 -> batch_norm", "params", 4 * 24, "scale, shift, mean, variance", "statistics_counted"),
    Wrong("16x16x24 -> batch_norm", "params", 2 * 24, "scale and shift", "statistics_left_out", KERAS),
    Wrong("10x16 -> layer_norm", "params", 16, "one scale per feature", "norm_without_shift"),
    Wrong("10x16 -> layer_norm", "params", 2 * 160, "two per number", "norm_per_element"),
    Wrong("8x8x16 -> group_norm 4", "params", 2 * 4, "two per group", "norm_per_group"),
    Wrong("16x16x24 -> batch_norm", "params", 24, "only the scale", "norm_without_shift"),
    # --- dense, embedding --------------------------------------------------------------------------------------------
    Wrong("128 -> dense 64", "params", 128 * 64, "weights only", "dense_bias_forgotten|bias_forgotten"),
    Wrong("128 -> dense 64", "params", 128 * 64 + 1, "one bias", "one_bias"),
    Wrong("128 -> dense 64", "params", 128 * 64 + 128, "a bias per input", "bias_per_input_channel"),
    Wrong("6x6x16 -> dense 20", "params", (36 + 1) * 20, "36 inputs", "channels_forgotten"),
    Wrong("6x6x16 -> flatten -> dense 20", "dense_1.params", (36 + 1) * 20, "36 inputs",
          "flatten_forgets_channels|channels_forgotten"),
    Wrong("6x6x16 -> dense 20", "params", (16 + 1) * 20, "16 inputs at each position", "dense_on_channels"),
    Wrong("40 -> embedding 5000 32", "params", 40 * 32, "40 words of 32 numbers", "embedding_by_length"),
    Wrong("40 -> embedding 5000 32", "params", 40 * 5000 * 32, "a table at each place",
          "without_sharing|steps_multiplied_in"),
    Wrong("40 -> embedding 5000 32", "params", 5000 * 32 + 32, "and biases", "bias_added"),
    # --- recurrent ---------------------------------------------------------------------------------------------------
    Wrong(LSTM, "params", 4 * (70 * 50 + 50), "one bias per gate", "one_bias_per_gate", TORCH),
    Wrong(LSTM, "params", 4 * (70 * 50 + 100), "two biases per gate", "two_biases_per_gate"),
    Wrong(LSTM, "params", 3 * (70 * 50 + 50), "three gates", "three_gates"),
    Wrong("30x20 -> gru 50", "params", 4 * (70 * 50 + 50), "four gates", "four_gates"),
    Wrong("30x20 -> gru 50", "params", 3 * (70 * 50 + 50), "one bias per gate", "one_bias_per_gate", KERAS),
    Wrong(LSTM, "params", 4 * 70 * 50, "no biases", "gate_biases_forgotten|bias_forgotten"),
    Wrong(LSTM, "params", 70 * 50 + 50, "one set of weights", "one_gate"),
    Wrong(LSTM, "params", 30 * 14200, "at each of 30 steps", "steps_multiplied_in|without_sharing"),
    Wrong("30x20 -> rnn 50", "params", 20 * 50 + 50, "from 20 inputs to 50 units", "recurrent_weights_forgotten"),
    Wrong("30x20 -> rnn 50", "params", 50 * 50 + 50, "from state to state", "input_weights_forgotten"),
    Wrong("30x20 -> bidirectional(lstm 50)", "params", 14200, "as one LSTM", "one_direction"),
    Wrong("30x20 -> bidirectional(lstm 50)", "params", 2 * 4 * 70 * 50, "no biases",
          "gate_biases_forgotten|bias_forgotten"),
    # --- attention, wrappers -----------------------------------------------------------------------------------------
    Wrong(HEADS, "params", 3 * (32 * 32 + 32), "queries, keys, values", "output_projection_forgotten"),
    Wrong(HEADS, "params", 4 * 4 * (32 * 32 + 32), "in each of 4 heads", "heads_multiplied_in"),
    Wrong(HEADS, "params", 4 * 32 * 32, "four matrices", "bias_forgotten"),
    Wrong(HEADS, "params", 4 * (32 * 8 + 8), "each matrix maps 32 to 8", "one_head"),
    Wrong("8x8x64 -> squeeze_excite 16", "params", 64 * 16 + 16 * 64, "no biases", "bias_forgotten"),
    Wrong("5x12x12x3 -> time_distributed(conv 8 3x3)", "params", 5 * 224, "5 images", "steps_multiplied_in"),
    Wrong("5x12x12x3 -> time_distributed(conv 8 3x3)", "params", 216, "weights only", "bias_forgotten"),
    Wrong("12x12x3 -> weight_norm(conv 8 3x3)", "params", 9 * 8 + 8 + 8, "filters of 3x3, 8 lengths, 8 biases",
          "filter_depth_forgotten"),
    # --- networks ----------------------------------------------------------------------------------------------------
    Wrong(LENET, "total.params", 150 + 2400 + 48000 + 10080 + 840, "no biases", "bias_forgotten"),
    Wrong(LENET, "total.params", 61706 - 120 - 84 - 10, "no biases in the dense layers",
          "dense_bias_forgotten|bias_forgotten"),
    Wrong(LENET, "total.params", 61706 - 2416 + 416, "the second filters are 5x5", "filter_depth_forgotten"),
    Wrong(LENET, "total.params", 61706 - 2416, "the second convolution is missing", "layer_left_out"),
    Wrong(LENET, "total.params", 61706 - 850, "the output layer is missing", "layer_left_out"),
    Wrong(LENET, "dense_1.params", (10 * 10 * 16 + 1) * 120, "the second pool is missing", "pool_left_out"),
    Wrong(LENET, "dense_1.params", (25 + 1) * 120, "5·5 inputs", "flatten_forgets_channels|channels_forgotten"),
)  # fmt: skip
