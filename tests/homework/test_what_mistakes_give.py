"""The numbers that a mistake gives for one layer, in each of its variants, worked out by hand.

A row without numbers is a layer in which the mistake cannot be made, or changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import Refusal
from cnncalc.homework.formulas import LayerFormulas, formulas
from cnncalc.homework.mistakes.catalogue import catalogue
from cnncalc.homework.mistakes.kernels import divided
from tests.together import for_each

FIGURES: Mapping[str, Callable[[LayerFormulas], object]] = {
    "output": LayerFormulas.shape, "params": LayerFormulas.params, "macs": lambda own: int(own.macs),
    "flops": LayerFormulas.flops,
}  # fmt: skip
MISTAKES = {mistake.name: mistake for mistake in catalogue()}


def of_last_layer(spec: str) -> LayerFormulas:
    """The formulas of a spec's last layer; a convention may come before the spec."""
    convention, _, text = spec.partition(" | ") if spec.startswith(("keras |", "pytorch |")) else (None, "", spec)
    graph = load(text, convention=convention)
    node = graph.nodes[-1]
    assert node.layer is not None
    return formulas(node.layer, tuple(graph.inputs_of(node)))


def given(name: str, spec: str, figure: str) -> dict[str, object]:
    """A metric of the last layer, with a mistake, by its variants."""
    own, found = of_last_layer(spec), {}
    for change in MISTAKES[name].changes([own]):
        try:
            wrong = change(own) if change.concerns(own.layer) else None
            if wrong is not None:
                wrong.shape()
                found[change.choice] = FIGURES[figure](wrong)
        except Refusal:
            continue
    return found


HEADS = "10x12 -> multi_head_attention 3"
"""Four matrices of 12·12 weights and 12 biases, 156 each; 10·4·144 = 5,760 MACs, and twice 10·10·12 = 1,200."""
ONE_HEAD = "10x12 -> multi_head_attention 1"
ENCODER = "10x12 -> transformer_encoder 3 hidden=24"
"""624 of the attention, 312 and 300 of the dense layers, and two normalizations of 24: 1,284."""
LSTM, GRU, RNN = "10x7 -> lstm 5", "10x7 -> gru 5", "10x7 -> rnn 5"
CONV_LSTM = "4x9x9x3 -> conv_lstm 5 3x3"
"""4·5·9·3 = 540 weights of the input, 4·5·9·5 = 900 of the state, 20 biases."""
SEQUENCE = "keras | 10x16 -> dense 5"
"""85 parameters at each of 10 steps."""
UP = "5x7x6 -> conv_transpose 4 3x3"
SQUEEZE = "7x7x8 -> squeeze_excite squeeze=4"
"""8·4 + 4 and 4·8 + 8."""
PACKED = "5x12x12x3 -> time_distributed(separable_conv 8 3x3)"
ASYMMETRIC = "20x20x1 -> conv 4 3x3 padding=[[0,1],[2,3]]"
"""20 − 3 + 1 + 1 = 19 and 20 − 3 + 5 + 1 = 23."""
GROUPED = "8x8x12 -> conv 24 3x3 g3"
"""24 filters of 9·4 weights: 864; 36·864 = 31,104 MACs."""
RESIZED = "9x12x3 -> resize_image height=5 width=6"
STACK = "10x7 -> lstm 5 layers=2 bidirectional=true"

NOTHING: dict[str, object] = {}


@for_each(
    ("name", "spec", "figure", "expected"),
    [
        # --- attention and embeddings
        ("heads_multiplied_in", HEADS, "params", {"all": 1872, "products": 624, "queries, keys and values": 1560}),
        ("heads_multiplied_in", HEADS, "macs", {"all": 24480, "products": 12960, "queries, keys and values": 8160}),
        ("heads_multiplied_in", HEADS, "output",
         {"all": (10, 36), "products": (10, 12), "queries, keys and values": (10, 12)}),
        ("heads_multiplied_in", ONE_HEAD, "params", NOTHING),
        # 3·(12·4 + 4) and 4·12 + 12; 4·52; 156 and 156
        ("one_head", HEADS, "params", {"every array": 216, "equal arrays": 208, "queries, keys and values": 312}),
        ("one_head", ONE_HEAD, "params", NOTHING),
        ("one_head", ENCODER, "params", {"every array": 876, "queries, keys and values": 972}),
        ("heads_multiplied_in", SQUEEZE, "params", NOTHING),
        ("heads_multiplied_in", "10x12 -> attention", "macs", NOTHING),
        ("output_projection_forgotten", ENCODER, "params", {"": 1128}),
        ("one_projection_for_three", HEADS, "params", {"with the output": 312, "alone": 156}),
        ("output_projection_forgotten", HEADS, "params", {"": 468}),
        ("output_projection_forgotten", HEADS, "macs", {"": 6720}),
        ("output_projection_forgotten", "10x12 -> attention", "macs", NOTHING),
        ("attention_products_forgotten", HEADS, "macs", {"": 5760}),
        ("attention_products_forgotten", "10x12 -> layer_scale", "macs", NOTHING),
        ("attention_projections_forgotten", HEADS, "macs", {"": 2400}),
        ("attention_projections_forgotten", "10x12 -> layer_scale", "macs", NOTHING),
        ("one_attention_product", HEADS, "macs", {"": 6960}),
        ("one_attention_product", "10x12 -> layer_scale", "macs", NOTHING),
        ("lookup_as_product", "10x12 -> class_token", "macs", NOTHING),
        ("lookup_as_product", "40 -> embedding 50 7", "macs", {"": 14000}),
        ("one_head_for_output", HEADS, "output", {"": (10, 4)}), ("one_head_for_output", ONE_HEAD, "output", NOTHING),
        ("scores_for_output", HEADS, "output", {"": (10, 10)}),
        ("scores_for_output", "4x4x12 -> multi_head_attention 3", "output", NOTHING),
        ("one_word_embedded", "40 -> embedding 50 7", "output", {"": (7,)}),
        ("one_word_embedded", "10x7 -> positional_embedding", "output", NOTHING),
        ("embedding_flattened", "40 -> embedding 50 7", "output", {"": (280,)}),
        ("embedding_flattened", "10x7 -> positional_embedding", "output", NOTHING),
        ("squeeze_as_ratio", "7x7x8 -> squeeze_excite squeeze=2", "params", {"": 76}),  # 8·4 + 4 + 4·8 + 8
        ("squeeze_as_ratio", "7x7x8 -> squeeze_excite reduction=4", "params", NOTHING),
        ("embedding_by_length", "8 -> parameter 5", "params", NOTHING),
        # --- axes
        ("padding_axes_swapped", ASYMMETRIC, "output", {"": (23, 19, 4)}),
        ("one_padding_for_both_axes", ASYMMETRIC, "output", {"0": (19, 19, 4), "1": (23, 23, 4)}),
        ("one_kernel_for_both_axes", "9x12x3 -> conv 5 3x2", "output", {"0": (7, 10, 5), "1": (8, 11, 5)}),
        ("one_kernel_for_both_axes", "9x12x3 -> conv 5 3x3", "output", NOTHING),
        ("axis_unchanged", "9x12x3 -> conv 5 3x2", "output", {"height": (9, 11, 5), "width": (7, 12, 5)}),
        ("axis_unchanged", RESIZED, "output", NOTHING),
        ("an_axis_left_out", "a: 7, b: 5 -> bilinear 3 from=[a, b]", "macs", NOTHING),
        ("an_axis_left_out", "16x48 -> fold 4x4 size=16x16 stride=4", "macs", NOTHING),
        ("flatten_forgets_axis", "5x7x3 -> flatten", "output", {"height": (21,), "width": (15,)}),
        ("flatten_forgets_axis", "9 -> flatten", "output", NOTHING),
        ("flatten_forgets_axis", "4x5x6x2 -> flatten start=2", "output", NOTHING),
        ("axis_missing", "4x6x10x8 -> max_pool 2", "output",
         {"depth": (3, 5, 8), "height": (2, 5, 8), "width": (2, 3, 8)}),
        ("axis_missing", "4x6x10x8 -> relu", "output", NOTHING),
        ("axis_missing", "9x12x3 -> conv 5 3x3", "output", NOTHING),
        # --- biases
        ("bias_added", "9x9x3 -> prelu", "params", {"": 6}),
        ("bias_added", "40 -> embedding 50 7", "params", {"": 357}),
        ("one_bias", LSTM, "params", {"layer": 241, "gate": 244}),
        ("one_bias", GRU, "params", {"layer": 181, "gate": 183}),
        ("one_bias", RNN, "params", {"layer": 61}), ("one_bias", "9x9x3 -> conv 5 3x3", "params", {"layer": 136}),
        ("two_biases_per_gate", "13 -> lstm_cell 11", "params", {"": 1144}),  # 4·(13 + 11 + 2)·11
        ("two_biases_per_gate", CONV_LSTM, "params", {"": 1480}),
        ("two_biases_per_gate", "10x7 -> lstm 5 bidirectional=true", "params", {"": 560}),  # 2·(260 + 20)
        ("two_biases_per_gate", "pytorch | 10x7 -> lstm 5", "params", NOTHING),
        ("one_bias_per_gate", "pytorch | 10x7 -> lstm 5", "params", {"": 260}),
        ("biases_as_macs", f"{UP} s2", "macs", {"own positions": 8220, "positions of the kernel": 7700}),
        ("biases_as_macs", "9x9x3 -> bias_add", "macs", NOTHING),
        ("biases_as_macs", "7 -> dense 5 bias=false", "macs", NOTHING),
        # --- depths
        ("depthwise_one_channel", "9x9x5 -> depthwise_conv 3x3", "output", {"": (7, 7, 1)}),
        ("depth_divided_by_groups", GROUPED, "output", {"": (6, 6, 8)}),
        ("depth_divided_by_groups", "8x8x12 -> conv 24 3x3", "output", NOTHING),
        ("pooling_divides_depth", "9x9x6 -> max_pool 3x2", "output", {"": (3, 4, 2)}),
        ("global_pool_over_channels", "5x7x6 -> global_avg_pool", "output",
         {"one channel": (5, 7, 1), "no channels": (5, 7)}),
        ("multiplier_for_depth", "9x9x5 -> depthwise_conv 3x3 multiplier=2", "output", {"": (7, 7, 2)}),
        ("multiplier_for_depth", "9x9x5 -> depthwise_conv 3x3", "output", NOTHING),
        ("multiplier_added", "9x9x5 -> depthwise_conv 3x3 multiplier=2", "output", {"": (7, 7, 7)}),
        ("multiplier_added", "9x9x5 -> depthwise_conv 3x3", "output", NOTHING),
        ("channels_padded", "9x12x3 -> zero_pad 1x2", "output", {"": (11, 16, 5)}),
        ("activation_has_weights", "9x9x3 -> relu", "params", {"channel": 3, "element": 243}),
        ("activation_has_weights", "pytorch | 3x8x9 -> relu", "params", {"channel": 3, "element": 216}),
        ("activation_has_weights", "9x9x3 -> prelu", "params", NOTHING),
        # --- enlarged outputs, stride 1: 4·1 + 3 and 6·1 + 3
        ("convolution_for_transposed", UP, "output", {"": (3, 5, 4)}),
        ("transposed_times_stride", UP, "output", {"": (5, 7, 4)}),
        ("kernel_forgotten", UP, "output", {"": (4, 6, 4)}),
        ("transposed_for_convolution", "5x7x6 -> conv 4 3x3", "output", {"": (7, 9, 4)}),
        ("scale_added", "5x7x6 -> upsample 9", "output", {"": (14, 16, 6)}),
        ("scale_added", "8x10x3 -> pixel_unshuffle 2", "output", NOTHING),
        ("scale_added", "5x7x6 -> max_unpool 2", "output", NOTHING),
        ("scale_ignored", RESIZED, "output", NOTHING), ("scale_inverted", RESIZED, "output", NOTHING),
        ("scale_inverted", "9x12x8 -> upsample 3", "output", {"": (3, 4, 8)}),
        ("scale_of_the_area", "5x7x6 -> upsample 4", "output", {"": (10, 14, 6)}),
        ("scale_of_the_area", "5x7x6 -> upsample 9", "output", {"": (15, 21, 6)}),
        ("scale_of_the_area", "5x7x6 -> upsample 6", "output", NOTHING),
        ("shuffle_factor_not_squared", "8x10x3 -> pixel_unshuffle 2", "output", {"": (4, 5, 6)}),
        ("scale_on_channels", "8x8x4 -> upsample 2x3", "output", {"once": (16, 24, 8), "twice": (16, 24, 16)}),
        ("scale_on_channels", RESIZED, "output", NOTHING),
        # --- vectors and sequences
        ("flatten_keeps_channels_only", "9 -> flatten", "output", NOTHING),
        ("flatten_keeps_channels_only", "5x7x3 -> flatten", "output", {"": (3,)}),
        ("flatten_adds", "9 -> flatten", "output", NOTHING),
        ("flatten_adds", "5x7x3 -> flatten", "output", {"": (15,)}),
        ("dense_on_last_axis", "5x7x3 -> dense 10", "output", {"": (5, 7, 10)}),
        ("dense_on_last_axis", "7x3 -> dense 10", "output", {"": (7, 10)}),
        ("dense_on_last_axis", "7 -> dense 10", "output", NOTHING), ("dense_on_last_axis", SEQUENCE, "output", NOTHING),
        ("inputs_times_units", "7 -> dense 5", "output", {"": (35,)}),
        ("inputs_times_units", SEQUENCE, "output", NOTHING),
        ("dense_over_sequence", SEQUENCE, "output", {"": (5,)}), ("dense_over_sequence", SEQUENCE, "macs", {"": 800}),
        ("dense_over_sequence", SEQUENCE, "params", {"": 805}),
        ("dense_over_sequence", "7 -> dense 5", "macs", NOTHING),
        ("dropout_removes_units", "40 -> dropout 0.25", "output", {"": (30,)}),
        ("dropout_removes_units", "40 -> dropout 0", "output", NOTHING),
        ("dropout_removes_units", "40 -> activity_regularization", "output", NOTHING),
        ("output_in_one_row", "9 -> reshape 9", "output", NOTHING),
        ("output_in_one_row", "4x4x8 -> reshape 16x8", "output", {"": (128,)}),
        ("order_inverted", "4x6x8 -> permute order=[3,1,2]", "output", {"": (6, 8, 4)}),
        ("order_inverted", "4x6x8 -> transpose 1x2", "output", NOTHING),
        ("size_factor_left_out", "9x9x4 -> unfold 3", "output", {"C": (49, 9), "F": (49, 4)}),
        ("size_factor_left_out", "9x9x5 -> spatial_pyramid_pool 1x2x4", "output", {"C": (21,)}),
        ("other_axes_reduced", "4x6x8 -> reduce_mean axis=[1,2]", "output", {"": (4, 6)}),
        ("other_axes_reduced", "4x6x8 -> reduce_mean axis=[-1]", "output", {"": (8,)}),
        ("other_axes_reduced", "4x6x8 -> reduce_mean", "output", NOTHING),
        ("other_axes_reduced", "4x6x8 -> reduce_mean axis=[1,2,3]", "output", NOTHING),
        # --- recurrent layers: 4·(7·5 + 5·5 + 5) = 260, 3·65, 65; 600 MACs of a simple one
        ("one_gate", LSTM, "params", {"": 65}), ("one_gate", RNN, "params", NOTHING),
        ("three_gates", LSTM, "params", {"": 195}), ("three_gates", GRU, "params", NOTHING),
        ("four_gates", GRU, "params", {"": 260}), ("four_gates", LSTM, "params", NOTHING),
        ("gates_of_an_lstm", RNN, "params", {"": 260}), ("gates_of_an_lstm", RNN, "macs", {"": 2400}),
        ("recurrent_weights_forgotten", "10x7 -> masking", "params", NOTHING),
        ("recurrent_weights_forgotten", LSTM, "macs", {"": 1400}),
        ("one_stacked_layer", STACK, "params", {"": 520}), ("one_stacked_layer", CONV_LSTM, "params", NOTHING),
        ("one_stacked_layer", LSTM, "params", NOTHING), ("stacked_layers_alike", LSTM, "params", NOTHING),
        ("stacked_layers_alike", STACK, "params", {"": 1040}),
        ("directions_not_joined", STACK, "params", {"": 960}),  # 520 and 2·4·(25 + 25 + 5)
        ("directions_not_joined", "10x7 -> lstm 5 layers=2", "params", NOTHING),
        ("directions_not_joined", "10x7 -> lstm 5 bidirectional=true", "params", NOTHING),
        ("projection_ignored", "10x7 -> lstm 5 projection=3", "params", {"": 260}),
        ("projection_ignored", LSTM, "params", NOTHING),
        ("one_direction", "10x7 -> lstm 5 bidirectional=true", "params", {"": 260}),
        ("one_direction", LSTM, "params", NOTHING),
        ("all_steps_for_the_last", LSTM, "output", {"": (10, 5)}), ("last_step_for_all", LSTM, "output", NOTHING),
        # --- groups and separable convolutions
        ("groups_ignored", "8x8x12 -> conv 24 3x3 g2", "params", {"": 2616}),
        ("groups_ignored", "8x8x12 -> conv 24 3x3", "params", NOTHING),
        ("groups_divided_twice", GROUPED, "params", {"all": 296, "kernel": 312}),
        ("groups_divided_twice", "8x8x12 -> conv 24 3x3", "params", NOTHING),
        ("groups_divided_twice", "8x8x12 -> conv 24 3x3 g2", "params", {"all": 660, "kernel": 672}),
        ("groups_multiplied_in", GROUPED, "macs", {"": 93312}),
        ("filter_depth_forgotten", GROUPED, "params", {"": 240}),
        ("full_convolution", "9x9x5 -> depthwise_conv 3x3 bias=false", "params", {"": 225}),
        ("depthwise_part_forgotten", PACKED, "params", NOTHING),
        ("pointwise_part_forgotten", PACKED, "params", NOTHING),
        ("full_convolution", PACKED, "params", NOTHING),
        # --- kernels
        ("kernel_side_for_area", "9x9x3 -> conv 5 3x2", "params", {"": 50}),  # (3·3 + 1)·5
        ("kernel_side_for_area", "9x3 -> conv 5 3", "params", NOTHING),
        ("kernel_axis_forgotten", "9x9x3 -> conv 5 3x2", "params", {"h": 35, "w": 50}),
        ("kernel_axis_forgotten", "9x9x3 -> conv 5 3x3", "params", NOTHING),
        ("channels_forgotten", "7x3 -> dense 10", "params", {"": 80}),
        ("channels_forgotten", SEQUENCE, "params", NOTHING),
        ("channels_forgotten", "7 -> dense 10", "params", NOTHING),
        ("dense_on_channels", "7x3 -> dense 10", "params", {"": 40}), ("dense_on_channels", SEQUENCE, "macs", NOTHING),
        ("inputs_plus_units", "7 -> dense 5", "params", {"with biases": 17, "without biases": 12}),
        # 9·4·6 + 6, and half of 9·4·18 + 18
        ("one_offset_per_tap", "9x9x4 -> deformable_conv 6 3x3", "params", {"": 555}),
        ("dilated_kernel_counted", "9x9x3 -> conv 5 3x2 d2", "params", {"": 230}),
        # --- parts
        ("part_left_out", SQUEEZE, "params", {"squeeze": 40, "excite": 36}),
        ("part_left_out_but_norm", ENCODER, "params", {"attention": 660, "dense": 672}),
        # --- merges
        ("input_left_out_of_concat", "8x8x2 -> concat(conv 3 1x1 | conv 5 1x1 | conv 7 1x1)", "output",
         {"1": (8, 8, 12), "2": (8, 8, 10), "3": (8, 8, 8)}),
        ("sizes_added", "8x9x2 -> concat(conv 3 1x1 | conv 5 1x1 | conv 7 1x1)", "output",
         {"all axes": (24, 27, 15), "first axis": (24, 9, 15), "second axis": (8, 27, 15)}),
        ("sizes_added", "a: 7, b: 5 -> outer_product from=[a, b]", "output", NOTHING),
        # --- pools and normalizations
        ("statistics_counted", "8x8x16 -> batch_norm", "params", {"": 64}),
        ("statistics_counted", "8x8x16 -> batch_norm scale=false", "params", {"": 48}),
        ("statistics_counted", "7 -> rms_norm", "params", NOTHING),
        ("norm_without_shift", "7 -> rms_norm", "params", NOTHING),
        ("norm_without_shift", "7 -> layer_norm", "params", {"": 7}),
        ("shift_added", "7 -> rms_norm", "params", {"": 14}), ("shift_added", "9x9x3 -> bias_add", "params", NOTHING),
        ("norm_per_element", "keras | 8x8x16 -> batch_norm", "params", {"element": 2048, "position": 128}),
        ("norm_per_element", "7 -> layer_norm", "params", NOTHING),
        ("pooling_has_weights", "9x9x5 -> max_pool 3x2", "params", {"C": 30, "C and biases": 35, "C·C": 150}),
        # --- padding and rounding
        ("padding_counted_once", "9x12x3 -> zero_pad padding=[[1,2],[3,4]]", "output", {"": (10, 15, 3)}),
        ("padding_counted_twice", "9x12x3 -> zero_pad padding=[[1,2],[3,4]]", "output", NOTHING),
        ("padding_counted_twice", "9x12x3 -> zero_pad 2", "output", {"": (17, 20, 3)}),
        ("same_for_valid", "9x12x3 -> conv 5 4x4", "output", {"": (9, 12, 5)}),
        ("ceiling_for_floor", "9x9x3 -> conv 5 3x3 half", "output", NOTHING),
        ("ceiling_for_floor", "8x9x3 -> conv 5 3x3 s2", "output", {"": (4, 4, 5)}),
        ("floor_for_ceiling", "8x8x4 -> max_pool 3 s2 rounding=ceil", "output", {"": (3, 3, 4)}),
        ("floor_for_ceiling", "8x8x4 -> max_pool 3 s2", "output", NOTHING),
        # --- sharing
        ("without_sharing", f"{UP} s2", "params", {"own positions": 8220, "positions of the kernel": 7700}),
        ("with_sharing", "20x2 -> locally_connected 4 3", "params", {"": 28}),
        # --- windows
        ("plus_one_forgotten", "33x31x3 -> conv 20 7x5 s2", "output", {"": (13, 13, 20)}),
        ("plus_one_forgotten", "keras | 33x31x3 -> conv 20 7x5 s2 valid", "output", {"": (13, 13, 20)}),  # ⌈26/2⌉
        ("plus_one_forgotten_in_same", "4x4x16 -> conv_transpose 8 3x3 s2 same", "output", NOTHING),
        ("stride_ignored", "9x9x5 -> max_pool 3", "output", NOTHING),
        ("stride_ignored", "9x9x5 -> max_pool 3 s2", "output", {"": (7, 7, 5)}),
        ("pooling_without_stride", "9x9x5 -> max_pool 3", "output", {"": (7, 7, 5)}),
        ("pooling_without_stride", "9x9x5 -> max_pool 3 s2", "output", NOTHING),
        ("kernel_for_stride", "9x9x5 -> max_pool 3", "output", NOTHING),
        ("kernel_for_stride", "9x9x5 -> max_pool 3 s2", "output", {"": (3, 3, 5)}),
        ("kernel_not_subtracted", "9x12x3 -> conv 5 1x3", "output", {"": (10, 13, 5)}),
        ("dilation_as_zeros", "20x23x3 -> conv 4 3x3 d3", "output", {"": (12, 15, 4)}),  # 3 + 2·3 for 7
        ("dilation_added", "20x23x3 -> conv 4 3x3 d3", "output", {"": (15, 18, 4)}),
        ("dilated_kernel_too_long", "20x23x3 -> conv 4 3x3", "output", NOTHING),
        # --- operations: 3·2·2 positions of 27·2·4 products; 35 of 9·24
        ("stride_not_squared", "8x6x6x2 -> conv 4 3x3x3 s2", "macs", {"": 5184}),
        ("stride_not_squared", "9x9x3 -> conv 5 3x3", "macs", NOTHING),
        ("stride_not_squared", "9x9x3 -> conv 5 3x3 stride=[2,1]", "macs", NOTHING),
        ("stride_not_squared", "9x3 -> conv 5 3 s2", "macs", NOTHING),
        ("stride_not_squared", f"{UP} s2", "macs", NOTHING),
        ("transposed_stride_squared", f"{UP} s2", "macs", {"": 30240}),
        ("transposed_stride_squared", UP, "macs", NOTHING),
        ("transposed_stride_squared", f"{UP} stride=[2,1]", "macs", NOTHING),
        ("transposed_by_output_positions", UP, "macs", {"": 13608}),  # 63 positions
        ("positions_squared", "20x3 -> conv 5 3", "macs", {"": 14580}),
    ],
)  # fmt: skip
def test_what_a_mistake_gives(name: str, spec: str, figure: str, expected: dict[str, object]) -> None:
    assert given(name, spec, figure) == expected


@for_each(
    ("first", "second", "spec", "output"),
    [
        ("stride_ignored", "convolution_for_transposed", f"{UP} s2", (3, 5, 4)),
        ("stride_ignored", "transposed_times_stride", f"{UP} s2", (5, 7, 4)),
        ("stride_ignored", "kernel_forgotten", f"{UP} s2", (4, 6, 4)),
        ("stride_ignored", "transposed_for_convolution", "5x7x6 -> conv 4 3x3 s2", (7, 9, 4)),
        ("stride_ignored", "same_for_valid", "9x12x3 -> conv 5 4x4 s2", (9, 12, 5)),
    ],
)
def test_a_mistake_in_a_formula_without_its_stride(first: str, second: str, spec: str, output: tuple[int, ...]) -> None:
    """The second of two mistakes finds no stride: it counts as 1."""
    own = of_last_layer(spec)
    for name in (first, second):
        (change,) = MISTAKES[name].changes([own])
        own = change(own) or own
    assert own.shape() == output


def test_only_what_divides_is_divided() -> None:
    """25 channels in 3 groups stay 25."""
    assert (divided(24, 3), divided(25, 3)) == (8, 25)
