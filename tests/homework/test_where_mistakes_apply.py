"""Where each mistake can be made: the layers whose worksheet it changes, by the meaning of the mistake."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.analyze import load
from cnncalc.homework.hand import Worksheet, sheet
from cnncalc.homework.mistakes.catalogue import catalogue, facts

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
}
CONVENTIONS = {"keras_norm": "keras", "torch_lstm": "pytorch"}

CONV = "padded odd same dilated row wide"
"""Convolutions with biases; `groups` has none."""
DEEP = f"{CONV} groups up up_same"
"""Kernels over several channels, with several filters."""
SLIDING = f"{CONV} groups point depthwise separable"
POOLS = "pool ceil"
GATED = "lstm gru torch_lstm"

APPLIES = {
    "padding_forgotten": "padded same separable up pad",
    "padding_counted_once": "padded separable up pad",  # not half of SAME
    "padding_counted_twice": "padded separable up pad",
    "stride_ignored": f"padded odd same up {POOLS}",
    "plus_one_forgotten": f"{SLIDING} {POOLS}",
    "kernel_added": f"{SLIDING} {POOLS}",
    "ceiling_for_floor": "odd",
    "floor_for_ceiling": "ceil",
    "rounded_term_by_term": "padded odd dilated row wide groups point depthwise separable pool",
    "same_for_valid": f"odd dilated row wide groups point depthwise {POOLS}",
    "same_for_padding": "padded separable",
    "valid_for_same": "same",
    "half_for_same": "same",
    "dilation_ignored": "dilated",
    "dilated_kernel_too_long": "dilated",
    "dilated_kernel_too_short": "dilated",
    "dilation_as_zeros": "dilated",
    "pooling_without_stride": "pool",  # the other has a stride of its own
    "pool_left_out": POOLS,
    "output_padding_ignored": "up",
    "convolution_for_transposed": "up",
    "transposed_for_convolution": f"{SLIDING} {POOLS}",
    "transposed_times_stride": "up",
    "height_and_width_swapped": "wide",
    "depth_from_input": "padded odd same dilated row wide groups separable up",
    "depth_times_filters": "padded odd same dilated row wide groups depthwise separable up",
    "kernel_for_depth": "padded odd dilated row wide groups depthwise separable up",  # 4 filters of 4x4 are the same
    "pooling_divides_depth": POOLS,
    "pooling_flattens_depth": POOLS,
    "flatten_forgets_channels": "flatten flatten_row",
    "flatten_keeps_channels_only": "flatten flatten_row grey",
    "bias_forgotten": f"{CONV} point depthwise separable up up_same",
    "dense_bias_forgotten": "dense",
    "gate_biases_forgotten": GATED,
    "bias_added": "groups unbiased",
    "one_bias": f"{CONV} depthwise separable up up_same dense {GATED}",
    "bias_per_weight": f"{DEEP} depthwise separable dense unbiased {GATED}",
    "bias_per_slice": DEEP,
    "bias_per_position": f"{CONV} groups point depthwise up",
    "filter_depth_forgotten": DEEP,
    "one_filter": f"{DEEP} depthwise",
    "filters_for_depth": f"{DEEP} depthwise",
    "without_sharing": f"{DEEP} point depthwise separable dense unbiased {GATED}",
    "with_sharing": f"{DEEP} point depthwise separable dense unbiased {GATED}",
    "bias_still_shared": f"{CONV} point depthwise up up_same",
    "input_positions": f"{CONV} groups point depthwise",
    "input_for_kernel": f"{CONV} groups point depthwise up",
    "kernel_side_for_area": "padded odd same dilated wide groups depthwise up",  # a row has one axis
    "dilated_kernel_counted": "dilated",
    "groups_ignored": "groups depthwise",
    "groups_divided_twice": "groups depthwise",
    "depthwise_part_forgotten": "separable",
    "pointwise_part_forgotten": "separable",
    "full_convolution": "separable",
    "biases_in_both_parts": "separable",
    "pooling_has_weights": POOLS,
    "pooling_has_kernel": POOLS,
    "dense_on_channels": "dense",
    "statistics_counted": "norm",
    "statistics_left_out": "keras_norm",
    "norm_without_shift": "norm keras_norm",
    "norm_left_out": "norm keras_norm",
    "norm_per_element": "norm keras_norm",
    "one_gate": GATED,
    "three_gates": "lstm torch_lstm",
    "four_gates": "gru",
    "recurrent_weights_forgotten": GATED,
    "one_bias_per_gate": "torch_lstm",
    "two_biases_per_gate": "lstm gru",
    "one_position": f"{SLIDING} up",
    "biases_as_macs": f"{CONV} point depthwise separable up up_same dense {GATED}",
    "macs_as_one_operation": f"{DEEP} point depthwise separable dense unbiased {GATED}",
}


def worked(layer: str) -> Worksheet:
    """The worksheet of a layer above."""
    graph = load(LAYERS[layer], convention=CONVENTIONS.get(layer))
    (node,) = (node for node in graph.nodes if node.layer is not None)
    assert node.layer is not None
    found = sheet(node.layer, tuple(graph.inputs_of(node)))
    assert found is not None
    return found


def test_where_each_mistake_can_be_made() -> None:
    """Elsewhere it has no effect, or makes no sense: nobody forgets the padding of a pool that has none."""
    sheets = {layer: worked(layer) for layer in LAYERS}
    found = {
        mistake.name: {layer for layer, right in sheets.items() if mistake.change(right) is not None}
        for mistake in catalogue()
        if mistake.change
    }
    assert found == {name: set(layers.split()) for name, layers in APPLIES.items()}


WIDE = {
    "type": "conv", "depth": "3", "filters": "20", "biases": "20", "channels": "20", "gates": "1", "area": "48",
    "before": "0", "elements": "2,880", "W": "32", "F": "8", "S": "2", "D": "1", "P": "1", "pads": "2", "extent": "8",
    "positions": "196", "A": "0",
}  # fmt: skip
"""A kernel of 8x6 on 32x30x3: (32 − 8 + 2)/2 + 1 = (30 − 6 + 2)/2 + 1 = 14."""


def test_the_numbers_of_an_explanation() -> None:
    """Those along the first axis; SAME for a kernel of 4 with stride 2 adds 6·2 + 4 − 13 = 3 to 13: 1 and 2."""
    node = load("32x30x3 -> conv 20 8x6 s2 p1").nodes[-1]
    assert node.layer is not None
    wide = sheet(node.layer, ((32, 30, 3),))
    assert wide is not None
    assert facts(wide) == WIDE
    same = facts(worked("same"))
    assert (same["P"], same["pads"]) == ("1", "3")
    assert "W" not in facts(worked("lstm"))
    assert facts(worked("lstm"))["gates"] == "4"


def test_explanations_without_a_layer() -> None:
    """Symbols for the numbers."""
    found = {mistake.name: mistake.explain(None) for mistake in catalogue()}
    assert found["padding_forgotten"].startswith("The padding adds 2P to each axis")
    assert found["bias_forgotten"].endswith("K in a layer of K filters.")
    assert found["one_gate"] == "Every gate has its own weights: g times as many."
