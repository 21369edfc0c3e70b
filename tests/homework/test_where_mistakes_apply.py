"""Where each mistake can be made: the layers whose formulas it changes, by the meaning of the mistake."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import Refusal
from cnncalc.homework.formulas import LayerFormulas, formulas
from cnncalc.homework.mistakes.catalogue import Mistake, catalogue
from cnncalc.homework.mistakes.facts import facts_or_symbols
from tests.together import for_each

LAYERS: Mapping[str, str] = {
    "padded": "32x32x3 -> conv 20 8x8 s2 p1",
    "odd": "32x32x3 -> conv 20 7x7 s2",  # 25 is not divisible by 2
    "same": "13x13x8 -> conv 4 4x4 s2 same",
    "dilated": "32x32x3 -> conv 8 3x3 d2",
    "groups": "8x8x12 -> conv 24 3x3 g3 bias=false",
    "row": "10x3 -> conv 4 3",
    "wide": "5x7x3 -> conv 4 3x3",
    "point": "8x8x1 -> conv 1 1x1",  # every number that a mistake confuses is 1
    "depthwise": "8x8x12 -> depthwise_conv 3x3",
    "separable": "32x32x16 -> separable_conv 32 3x3 p1",
    "up": "4x4x16 -> conv_transpose 8 3x3 s2 p1 output_padding=1",
    "up_same": "4x4x16 -> conv_transpose 8 3x3 s2 same",
    "pad": "15x15x8 -> zero_pad 2",
    "pool": "32x32x16 -> max_pool 2",
    "ceil": "8x8x4 -> max_pool 3 s2 rounding=ceil",
    "dense": "5x5x6 -> dense 10",
    "unbiased": "7 -> dense 10 bias=false",
    "flatten": "9x9x4 -> flatten",
    "flatten_row": "7x3 -> flatten",
    "grey": "9x9x1 -> flatten",
    "flat": "9 -> flatten",
    "norm": "8x8x16 -> batch_norm",
    "keras_norm": "8x8x16 -> batch_norm",
    "lstm": "28x13 -> lstm 32",
    "torch_lstm": "28x13 -> lstm 32",
    "gru": "28x13 -> gru 32",
    "cube": "4x6x6x8 -> max_pool 2",
    "kernels": "9x7x3 -> conv 4 5x3 stride=[2,1]",
    "global": "7x5x6 -> global_avg_pool",
    "heads": "10x32 -> multi_head_attention 4",
    "words": "40 -> embedding 5000 32",
    "both": "30x20 -> bidirectional(gru 7)",  # of two directions
    "frames": "5x12x12x3 -> time_distributed(conv 8 3x3)",
    "up2": "8x8x16 -> upsample 2",
    "shuffle": "8x8x16 -> pixel_shuffle 2",
    "joined": "8x8x4 -> concat(conv 3 1x1 | conv 5 1x1)",
    "summed": "8x8x4 -> add(conv 4 1x1 | identity)",
    "group_norm": "8x8x16 -> group_norm 4",
    "local": "12x12x3 -> locally_connected 4 3x3",
    "cube_conv": "8x6x6x2 -> conv 4 3x3x3",
    "ceil_padded": "7x7x16 -> max_pool 2 s2 p1 rounding=ceil",  # the last window would start in the padding
    "multiplied": "16x16x8 -> depthwise_conv 3x3 multiplier=3",
    "up_plain": "7x7x6 -> conv_transpose 4 3x3 s2",  # 6·2 + 3 = 15
    "same_even": "14x14x8 -> conv 4 4x4 s1 same",
    "crop": "9x9x3 -> crop 2",
}
"""Models whose last layer is examined."""
CONVENTIONS = {"keras_norm": "keras", "torch_lstm": "pytorch"}

APPLIES = {
    "padding_axes_swapped": "",
    "shift_added": "",
    "comparison_too_many": "ceil ceil_padded cube pool",
    "filters_divided_for_depth": "groups",
    "gates_of_an_lstm": "",
    "inputs_joined": "",
    "one_padding_for_both_axes": "",
    "order_inverted": "",
    "pyramid_not_squared": "",
    "squeeze_as_ratio": "",
    "bins_for_window": "",
    "causal_on_both_sides": "",
    "multiplier_for_depth": "multiplied",
    "one_offset_per_tap": "",
    "other_axes_reduced": "",
    "output_padding_doubled": "up",
    "part_left_out_but_norm": "",
    "positions_squared": "row",
    "multiplier_added": "multiplied",
    "output_in_one_row": "crop pad torch_lstm",
    "scale_of_the_area": "",
    "size_factor_left_out": "",
    "concat_multiplies": "joined",
    "dilation_added": "",
    "filters_added_up": "cube_conv dilated frames groups kernels local odd padded row same same_even "
    "separable up up_plain up_same wide",
    "activation_has_weights": "crop flat flatten flatten_row grey joined pad shuffle summed up2",
    "all_steps_for_the_last": "lstm gru both",
    "an_axis_left_out": "padded odd same dilated groups wide point depthwise separable up up_same dense "
    "kernels frames local cube_conv multiplied up_plain same_even",
    "array_left_out": "padded odd same dilated row wide point depthwise separable up up_same dense norm "
    "keras_norm lstm torch_lstm gru kernels heads both frames group_norm local cube_conv "
    "multiplied up_plain same_even",
    "attention_products_forgotten": "heads",
    "attention_projections_forgotten": "heads",
    "axis_missing": "cube cube_conv",
    "axis_unchanged": "padded odd same dilated groups wide depthwise up up_same pad pool ceil cube kernels "
    "frames up2 shuffle local cube_conv ceil_padded multiplied up_plain crop",
    "bias_added": "groups unbiased words",
    "bias_forgotten": "padded odd same dilated row wide point depthwise separable up up_same dense lstm "
    "torch_lstm gru kernels heads both frames local cube_conv multiplied up_plain "
    "same_even",
    "bias_per_input_channel": "padded odd same dilated row wide up up_same dense kernels frames local cube_conv "
    "multiplied up_plain same_even",
    "bias_per_position": "padded odd same dilated row wide point depthwise up up_same kernels frames cube_conv "
    "multiplied up_plain same_even",
    "bias_per_slice": "padded odd same dilated row wide point depthwise up up_same kernels frames local "
    "cube_conv multiplied up_plain same_even",
    "bias_per_weight": "padded odd same dilated row wide point depthwise up up_same dense kernels frames "
    "local cube_conv multiplied up_plain same_even",
    "bias_still_shared": "padded odd same dilated row wide point depthwise separable up up_same lstm "
    "torch_lstm gru kernels heads both frames local cube_conv multiplied up_plain "
    "same_even",
    "biases_as_macs": "padded odd same dilated row wide point depthwise separable up up_same dense lstm "
    "torch_lstm gru kernels heads both frames local cube_conv multiplied up_plain "
    "same_even",
    "biases_in_both_parts": "separable",
    "ceil_pool_last_window_kept": "ceil_padded",
    "ceiling_for_floor": "odd",
    "channels_forgotten": "dense",
    "channels_padded": "pad",
    "concat_taken_for_sum": "joined",
    "convolution_for_transposed": "up up_same up_plain",
    "crop_added": "crop",
    "crop_counted_once": "crop",
    "dense_bias_forgotten": "dense",
    "dense_on_channels": "dense",
    "dense_on_last_axis": "dense",
    "dense_over_sequence": "",
    "depth_divided_by_groups": "groups",
    "depth_from_input": "padded odd same dilated groups row wide separable up up_same kernels frames local "
    "cube_conv up_plain same_even",
    "depth_multiplied_by_groups": "groups",
    "depth_plus_filters": "padded odd same dilated groups row wide point depthwise separable up up_same kernels "
    "frames local cube_conv multiplied up_plain same_even",
    "depth_times_filters": "padded odd same dilated groups row wide depthwise separable up up_same kernels "
    "frames local cube_conv multiplied up_plain same_even",
    "depthwise_one_channel": "depthwise multiplied",
    "depthwise_part_by_filters": "separable",
    "depthwise_part_forgotten": "separable",
    "dilated_kernel_counted": "dilated",
    "dilated_kernel_too_long": "dilated",
    "dilated_kernel_too_short": "dilated",
    "dilation_as_zeros": "dilated",
    "dilation_ignored": "dilated",
    "directions_not_joined": "",
    "dropout_removes_units": "",
    "embedding_by_length": "words",
    "embedding_flattened": "words",
    "factor_left_out": "padded odd same dilated groups row wide point depthwise separable up up_same dense "
    "unbiased norm keras_norm lstm torch_lstm gru kernels heads words both frames "
    "group_norm local cube_conv multiplied up_plain same_even",
    "filter_depth_forgotten": "padded odd same dilated groups row wide up up_same kernels frames local cube_conv "
    "up_plain same_even",
    "filters_for_depth": "padded odd same dilated groups row wide up up_same kernels frames local cube_conv "
    "up_plain same_even",
    "flatten_adds": "flatten flatten_row grey",
    "flatten_forgets_axis": "flatten grey",
    "flatten_forgets_channels": "flatten flatten_row",
    "flatten_keeps_channels_apart": "flatten flatten_row grey",
    "flatten_keeps_channels_only": "flatten flatten_row grey",
    "floor_for_ceiling": "ceil",
    "four_gates": "gru both",
    "full_convolution": "depthwise separable multiplied",
    "gate_biases_forgotten": "lstm torch_lstm gru both",
    "global_pool_as_flatten": "global",
    "global_pool_over_channels": "global",
    "groups_divided_twice": "groups",
    "groups_ignored": "groups",
    "groups_multiplied_in": "groups",
    "half_for_same": "same_even",
    "heads_multiplied_in": "heads",
    "height_and_width_swapped": "wide kernels",
    "input_for_kernel": "padded odd same dilated groups row wide point up up_same kernels local cube_conv "
    "up_plain same_even",
    "input_joined_to_state": "lstm torch_lstm gru both",
    "input_left_out_of_concat": "",
    "input_positions": "padded odd same dilated groups row wide depthwise kernels local cube_conv multiplied",
    "input_weights_forgotten": "lstm torch_lstm gru both",
    "inputs_plus_units": "dense point unbiased words",
    "inputs_times_units": "dense unbiased",
    "kernel_added": "padded odd same dilated groups row wide point depthwise separable pool ceil cube "
    "kernels frames local cube_conv ceil_padded multiplied same_even",
    "kernel_axes_swapped": "kernels",
    "kernel_axis_forgotten": "cube_conv kernels",
    "kernel_for_depth": "padded odd dilated groups row wide depthwise up up_same kernels frames local "
    "cube_conv multiplied up_plain",
    "kernel_for_stride": "padded odd same dilated groups row wide depthwise separable ceil kernels frames local "
    "cube_conv multiplied same_even",
    "kernel_not_subtracted": "padded odd dilated groups row wide depthwise separable pool ceil cube kernels frames "
    "local cube_conv ceil_padded multiplied",
    "kernel_side_for_area": "padded odd same dilated groups wide depthwise up up_same kernels frames local "
    "cube_conv multiplied up_plain same_even",
    "kernel_sides_added": "padded odd same dilated groups wide point depthwise up up_same kernels frames local "
    "cube_conv multiplied up_plain same_even",
    "kernel_forgotten": "up up_plain up_same",
    "kernel_squared": "row",
    "last_step_for_all": "torch_lstm",
    "layer_without_effect": "pad flatten flatten_row grey crop",
    "lookup_as_product": "words",
    "macs_as_one_operation": "padded odd same dilated groups row wide point depthwise separable up up_same dense "
    "unbiased lstm torch_lstm gru kernels heads both frames local cube_conv multiplied "
    "up_plain same_even",
    "minus_one_forgotten": "up up_plain",
    "multiplier_ignored": "multiplied",
    "norm_left_out": "norm keras_norm group_norm",
    "norm_once": "norm keras_norm group_norm",
    "norm_per_element": "norm keras_norm group_norm",
    "norm_per_group": "group_norm",
    "norm_without_shift": "norm keras_norm group_norm",
    "one_attention_product": "heads",
    "one_bias": "padded odd same dilated row wide depthwise separable up up_same dense lstm "
    "torch_lstm gru kernels heads both frames local cube_conv multiplied up_plain "
    "same_even",
    "one_bias_per_gate": "torch_lstm",
    "one_direction": "both",
    "one_filter": "padded odd same dilated groups row wide depthwise up up_same dense unbiased kernels "
    "frames local cube_conv multiplied up_plain same_even",
    "one_gate": "lstm torch_lstm gru both",
    "one_head": "heads",
    "one_head_for_output": "heads",
    "one_kernel_for_both_axes": "kernels",
    "one_position": "padded odd same dilated groups row wide point depthwise separable up up_same kernels "
    "heads frames cube_conv multiplied up_plain same_even",
    "one_projection_for_three": "heads",
    "one_stacked_layer": "",
    "one_step": "lstm torch_lstm gru both",
    "one_stride_for_both_axes": "kernels",
    "one_word_embedded": "words",
    "output_padding_ignored": "up",
    "output_projection_forgotten": "heads",
    "padding_counted_once": "padded separable up pad ceil_padded",
    "padding_counted_twice": "padded separable up pad ceil_padded",
    "padding_forgotten": "padded separable up pad",
    "padding_subtracted": "padded separable ceil_padded",
    "part_left_out": "heads",
    "plus_one_forgotten": "padded odd dilated groups row wide point depthwise separable pool ceil cube kernels "
    "frames local cube_conv multiplied",
    "plus_one_forgotten_in_same": "same same_even",
    "pointwise_part_forgotten": "separable",
    "pointwise_part_with_window": "separable",
    "pool_left_out": "pool ceil cube global ceil_padded",
    "pooling_divides_depth": "pool ceil cube ceil_padded",
    "pooling_flattens_depth": "pool ceil cube global ceil_padded",
    "pooling_has_kernel": "pool ceil cube ceil_padded",
    "pooling_has_macs": "pool ceil cube ceil_padded",
    "pooling_has_weights": "pool ceil cube ceil_padded",
    "pooling_without_stride": "pool cube",
    "projection_ignored": "",
    "recurrent_weights_forgotten": "lstm torch_lstm gru both",
    "same_for_padding": "padded",
    "same_for_valid": "odd dilated groups row wide depthwise kernels frames local cube_conv multiplied",
    "same_rounded_down": "same",
    "scale_added": "up2 shuffle",
    "scale_ignored": "up2 shuffle",
    "scale_inverted": "up2 shuffle",
    "scale_on_channels": "up2",
    "scores_for_output": "heads",
    "shuffle_factor_not_squared": "shuffle",
    "shuffle_factor_squared": "shuffle",
    "shuffle_keeps_channels": "shuffle",
    "sizes_added": "joined summed",
    "stacked_layers_alike": "",
    "statistics_counted": "norm group_norm",
    "statistics_left_out": "keras_norm",
    "steps_for_features": "lstm torch_lstm gru both",
    "steps_multiplied_in": "lstm torch_lstm gru heads words both frames",
    "stride_axes_swapped": "kernels",
    "stride_ignored": "padded odd same up up_same ceil kernels ceil_padded up_plain",
    "stride_not_squared": "padded odd same",
    "sum_taken_for_concat": "summed",
    "three_gates": "lstm torch_lstm",
    "transposed_by_output_positions": "up up_same up_plain",
    "transposed_for_convolution": "padded odd same dilated groups row wide depthwise pool ceil cube kernels frames "
    "local cube_conv ceil_padded multiplied same_even",
    "transposed_padding_added": "up",
    "transposed_stride_squared": "up up_same up_plain",
    "transposed_times_stride": "up_plain",
    "two_biases_per_gate": "lstm gru both",
    "two_gates": "gru both",
    "units_from_input": "dense unbiased lstm torch_lstm gru both",
    "valid_for_same": "same up_same same_even",
    "with_sharing": "padded odd same dilated groups row wide point depthwise separable up up_same norm "
    "keras_norm lstm torch_lstm gru kernels heads words both frames group_norm local "
    "cube_conv multiplied up_plain same_even",
    "without_sharing": "padded odd same dilated groups row wide point depthwise separable up up_same lstm "
    "torch_lstm gru kernels heads words both frames cube_conv multiplied up_plain "
    "same_even",
}


def own_formulas(layer: str) -> LayerFormulas:
    """The formulas of a layer above."""
    graph = load(LAYERS[layer], convention=CONVENTIONS.get(layer))
    node = graph.nodes[-1]
    assert node.layer is not None
    return formulas(node.layer, tuple(graph.inputs_of(node)))


def can_be_made(mistake: Mistake, own: LayerFormulas) -> bool:
    """Whether a mistake changes the formulas of a layer, and something comes out."""
    for change in mistake.changes([own]) if mistake.when is None or mistake.when(own.inner) else ():
        try:
            wrong = change(own)
            if wrong is not None and wrong.shape():
                return True
        except Refusal:
            continue
    return False


def test_where_each_mistake_can_be_made() -> None:
    """Elsewhere it has no effect, or makes no sense: nobody forgets the padding of a pool that has none."""
    own = {layer: own_formulas(layer) for layer in LAYERS}
    found = {
        mistake.name: {layer for layer, right in own.items() if can_be_made(mistake, right)}
        for mistake in catalogue()
        if mistake.change
    }
    assert found == {name: set(layers.split()) for name, layers in APPLIES.items()}


def test_the_numbers_of_an_explanation() -> None:
    """Those along the first axis: (32 − 8 + 2)/2 + 1 = (30 − 6 + 2)/2 + 1 = 14, 48·3 weights in each of 20 filters."""
    node = load("32x30x3 -> conv 20 8x6 s2 p1").nodes[-1]
    assert node.layer is not None
    found = facts_or_symbols(formulas(node.layer, ((32, 30, 3),)))
    expected = {
        "type": "conv", "depth": "3", "filters": "20", "biases": "20", "channels": "20", "gates": "1", "area": "48",
        "elements": "2,880", "W": "32", "F": "8", "S": "2", "P": "1", "pads": "2", "extent": "8", "positions": "196",
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected


def test_the_numbers_of_same() -> None:
    """SAME for a kernel of 4 with stride 2 adds 6·2 + 4 − 13 = 3 to 13: 1 and 2."""
    same = facts_or_symbols(own_formulas("same"))
    assert (same["P"], same["pads"]) == ("1", "3")
    lstm = facts_or_symbols(own_formulas("lstm"))
    assert (lstm["W"], lstm["gates"]) == ("W", "4")


@for_each(
    ("layer", "expected"),
    [
        # 24 filters of 9·4 weights, in 3 groups
        ("groups", {"depth": "4", "area": "9", "filters": "24", "biases": "0", "groups": "3", "elements": "768",
                    "positions": "36", "before": "0", "gates": "1", "heads": "h", "steps": "T"}),
        # 4·(13 + 32 + 1)·32: 32 units in each gate, which read 13 features
        ("lstm", {"gates": "4", "filters": "32", "biases": "32", "elements": "364", "steps": "28", "pads": "2P"}),
        # 9·16 weights, and 16·32 of the largest array, a kernel of 1x1
        ("separable", {"before": "144", "depth": "16", "area": "1", "filters": "32", "biases": "32"}),
        ("heads", {"heads": "4", "elements": "320"}), ("dense", {"depth": "150", "filters": "10", "pads": "2P"}),
        ("pool", {"pads": "0", "extent": "2", "F": "2", "S": "2", "area": "F·F", "depth": "C", "elements": "16,384"}),
        ("up", {"pads": "2P", "P": "1", "S": "2", "A": "1"}), ("frames", {"pads": "2P", "extent": "F′", "area": "9"}),
        ("kernels", {"F": "5", "S": "2", "area": "15", "extent": "5", "elements": "189"}),
    ],
)  # fmt: skip
def test_the_numbers_of_other_explanations(layer: str, expected: dict[str, str]) -> None:
    found = facts_or_symbols(own_formulas(layer))
    assert {name: found[name] for name in expected} == expected


def test_explanations_without_a_layer() -> None:
    """Symbols for the numbers."""
    found = {mistake.name: mistake.explain(None) for mistake in catalogue()}
    assert found["padding_forgotten"].startswith("The padding adds 2P to each axis")
    assert found["one_bias"] == "Each of the K outputs has its own bias."
    assert found["one_gate"] == "Every gate has its own weights: g times as many."
