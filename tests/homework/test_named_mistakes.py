"""Every mistake by a hand-worked example that it must name, and a near one that it must not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.homework.check import check
from cnncalc.homework.mistakes.catalogue import Mistake, catalogue
from cnncalc.homework.rework import rework
from cnncalc.reading.bundled import bundled_names
from tests.homework.exam.score import WRONG_ANSWERS
from tests.homework.test_array_mistakes import CASES as ARRAY_CASES
from tests.sweeps import sampled
from tests.together import for_each

CONV = "32x32x3 -> conv 20 8x8 s2 p1"  # (32 − 8 + 2)/2 + 1 = 14
VALID = "63x63x16 -> conv 32 7x7 s2"  # (63 − 7)/2 + 1 = 29
ODD = "32x32x3 -> conv 20 7x7 s2"  # (32 − 7)/2 + 1 = 13.5, so 13
SAME = "13x13x8 -> conv 4 3x3 s2 same"  # ⌈13/2⌉ = 7
EVEN = "14x14x8 -> conv 4 4x4 s1 same"
DILATED = "32x32x3 -> conv 8 3x3 d2"  # 5 wide: 28
UP = "4x4x16 -> conv_transpose 8 4x4 s2 p1"  # 3·2 + 4 − 2 = 8
PADDED_UP = "4x4x16 -> conv_transpose 8 3x3 s2 p1 output_padding=1"  # 6 + 3 − 2 + 1 = 8
GROUPED = "8x8x12 -> conv 24 3x3 g3"  # 3·3·4·24 + 24
SEPARABLE = "32x32x16 -> separable_conv 32 3x3 p1"  # 9·16 + 16·32 + 32 = 688
PADDED = "15x15x8 -> zero_pad 2"
POOL = "32x32x16 -> max_pool 2"
WIDE = "20x30x3 -> conv 4 5x5"
NET = "28x28x1 -> conv 32 3x3 -> max_pool 2 -> conv 64 3x3 -> flatten -> dense 10"
DENSE = "9x9x4 -> flatten -> dense 10"
NORM = "8x8x16 -> batch_norm"
LSTM = "28x13 -> lstm 32"  # 4·((13 + 32)·32 + 32) = 5,888
GRU = "28x13 -> gru 32"
HEADS = "10x32 -> multi_head_attention 4"  # 4·10·32·32 + 2·10·10·32 = 47,360
BRANCHES = "14x14x256 -> concat(conv 64 1x1 | conv 96 3x3 p1 | identity)"  # 64 + 96 + 256
THREE = "32x32x3 -> conv 16 3x3 -> conv 16 3x3 -> conv 32 3x3"
DILATIONS = "64x64x3 -> conv 8 3x3 d2 -> conv 8 3x3 d4"
CEIL = "8x8x4 -> max_pool 3 s2 rounding=ceil"  # ⌈5/2⌉ + 1 = 4

CASES = [
    # name, spec, what is asked, the wrong answer, one that is near it but has another cause or none
    ("padding_forgotten", CONV, "output", "13x13x20", "13x14x20"),  # (32 − 8)/2 + 1
    ("padding_counted_once", CONV, "output.height", "13", "12"),  # ⌊25/2⌋ + 1
    ("padding_counted_twice", CONV, "output", "15x15x20", "16x16x20"),  # (32 − 8 + 4)/2 + 1
    ("padding_forgotten", PADDED, "output", "15x15x8", "16x16x8"),
    ("padding_counted_once", PADDED, "output", "17x17x8", "18x18x8"),
    ("stride_ignored", VALID, "output", "57x57x32", "56x56x32"),  # 63 − 7 + 1
    ("plus_one_forgotten", VALID, "output", "28x28x32", "27x27x32"),  # 56/2
    ("kernel_added", VALID, "output", "36x36x32", "37x37x32"),  # 70/2 + 1
    ("ceiling_for_floor", ODD, "output", "14x14x20", "15x15x20"),  # ⌈12.5⌉ + 1
    ("floor_for_ceiling", CEIL, "output", "3x3x4", "2x2x4"),  # ⌊2.5⌋ + 1
    ("left_unrounded", "7x7x3 -> conv 8 3x3 s3", "output", "2.33x2.33x8", "2.34x2.34x8"),  # 4/3 + 1
    ("left_unrounded", "7x7x3 -> conv 8 3x3 s3", "output.height", "7/3", "8/3"),
    ("left_unrounded", ODD, "output", "13.5", "13.4"),  # 25/2 + 1
    ("same_for_valid", VALID, "output", "32x32x32", "33x33x32"),  # ⌈63/2⌉
    ("same_for_padding", CONV, "output", "16x16x20", "17x17x20"),  # ⌈32/2⌉
    ("valid_for_same", SAME, "output", "6x6x4", "5x5x4"),  # ⌈11/2⌉
    ("half_for_same", EVEN, "output", "15x15x4", "16x16x4"),  # 14 − 4 + 4 + 1
    ("dilation_ignored", DILATED, "output", "30x30x8", "29x29x8"),
    ("dilated_kernel_too_long", DILATED, "output", "27x27x8", "26x26x8"),  # 32 − 6 + 1
    ("dilated_kernel_too_short", DILATED, "output", "29x29x8", "30x30x8"),  # 32 − 4 + 1
    ("dilation_as_zeros", DILATED, "output", "26x26x8", "27x27x8"),  # 3 + 2·2 = 7
    ("pooling_without_stride", POOL, "output", "31x31x16", "30x30x16"),
    ("pool_left_out", POOL, "output", "32x32x16", "33x33x16"),
    ("pool_left_out", NET, "dense_1.params", "368650", "368651"),  # 24·24·64·10 + 10: 28 − 2 − 2 = 24
    ("output_padding_ignored", PADDED_UP, "output", "7x7x8", "6x6x8"),
    ("convolution_for_transposed", UP, "output", "2x2x8", "3x3x8"),  # (4 − 4 + 2)/2 + 1
    ("transposed_for_convolution", VALID, "output", "131x131x32", "130x130x32"),  # 62·2 + 7
    ("transposed_times_stride", "4x4x16 -> conv_transpose 8 4x4 s3", "output", "12x12x8", "14x14x8"),
    ("height_and_width_swapped", WIDE, "output", "26x16x4", "26x17x4"),  # 16×26
    ("sides_swapped", "20x30x3 -> relu", "output", "30x20x3", "30x21x3"),
    ("depth_from_input", CONV, "output", "14x14x3", "14x14x4"),
    ("depth_times_filters", CONV, "output", "14x14x60", "14x14x61"),
    ("kernel_for_depth", CONV, "output", "14x14x8", "14x14x7"),
    ("pooling_divides_depth", POOL, "output", "16x16x8", "16x16x7"),
    ("pooling_flattens_depth", POOL, "output", "16x16x1", "16x16x2"),
    ("depth_left_out", CONV, "output", "14x14", "14x15"),
    ("flatten_forgets_channels", DENSE, "dense_1.params", "820", "821"),  # (81 + 1)·10
    ("flatten_keeps_channels_only", DENSE, "flatten_1.output", "4", "5"),
    ("bias_forgotten", CONV, "params", "3840", "3841"),  # 8·8·3·20
    ("dense_bias_forgotten", DENSE, "dense_1.params", "3240", "3241"),  # 324·10
    ("gate_biases_forgotten", LSTM, "params", "5760", "5761"),  # 4·45·32
    ("bias_forgotten", SEPARABLE, "params", "656", "657"),
    ("depthwise_part_forgotten", SEPARABLE, "params", "544", "545"),  # 17·32
    ("pointwise_part_forgotten", SEPARABLE, "params", "144", "145"),  # 9·16
    ("full_convolution", SEPARABLE, "params", "4640", "4641"),  # (9·16 + 1)·32
    ("biases_in_both_parts", SEPARABLE, "params", "704", "705"),  # 160 + 544
    ("depthwise_part_forgotten", SEPARABLE, "macs", "524288", "524289"),  # 1,024·512
    ("without_sharing", SEPARABLE, "params", "704512", "704513"),  # 688·1,024
    ("bias_added", "8x8x3 -> conv 5 3x3 bias=false", "params", "140", "141"),  # 27·5 + 5
    ("one_bias", CONV, "params", "3841", "3842"),
    ("bias_per_weight", CONV, "params", "7680", "7681"),  # 2·3,840
    ("bias_per_slice", CONV, "params", "3900", "3901"),  # 65·3·20
    ("bias_per_position", CONV, "params", "7760", "7761"),  # 3,840 + 196·20
    ("filter_depth_forgotten", CONV, "params", "1300", "1301"),  # 65·20
    ("one_filter", CONV, "params", "193", "194"),  # 8·8·3 + 1
    ("filters_for_depth", CONV, "params", "25620", "25621"),  # (64·20 + 1)·20
    ("without_sharing", CONV, "params", "756560", "756561"),  # 193·20·196
    ("with_sharing", CONV, "unshared_params", "3860", "3862"),
    ("bias_still_shared", CONV, "unshared_params", "752660", "752661"),  # 3,840·196 + 20
    ("input_positions", CONV, "unshared_params", "3952640", "3952641"),  # 3,860·1,024
    ("input_for_kernel", CONV, "params", "61460", "61461"),  # (32·32·3 + 1)·20
    ("kernel_side_for_area", CONV, "params", "500", "502"),  # (8·3 + 1)·20
    ("dilated_kernel_counted", DILATED, "params", "608", "609"),  # (5·5·3 + 1)·8
    ("groups_ignored", GROUPED, "params", "2616", "2617"),  # (9·12 + 1)·24
    ("groups_divided_twice", GROUPED, "params", "296", "297"),  # (9·4 + 1)·8
    ("pooling_has_weights", POOL, "params", "64", "66"),  # 2·2·16
    ("pooling_has_kernel", POOL, "params", "4", "6"),
    ("dense_on_channels", "5x5x6 -> dense 10", "params", "70", "71"),  # (6 + 1)·10
    ("statistics_counted", NORM, "params", "64", "65"),
    ("statistics_left_out", NORM + " -> identity", "batch_norm_1.params", "32", "33"),  # under keras, below
    ("norm_without_shift", NORM, "params", "16", "17"),
    ("norm_left_out", "8x8x4 -> conv 16 3x3 same -> batch_norm", "total.params", "592", "593"),  # 37·16
    ("norm_per_element", NORM, "params", "2048", "2049"),
    ("one_gate", LSTM, "params", "1472", "1473"),  # 45·32 + 32
    ("three_gates", LSTM, "params", "4416", "4417"),
    ("four_gates", GRU, "params", "5888", "5889"),
    ("recurrent_weights_forgotten", LSTM, "params", "1792", "1793"),  # 4·(13·32 + 32)
    ("two_biases_per_gate", LSTM, "params", "6016", "6017"),  # 4·(45·32 + 64)
    ("one_bias_per_gate", LSTM + " -> identity", "lstm_1.params", "5888", "5889"),  # under pytorch, below
    ("one_position", CONV, "macs", "3840", "3842"),
    ("biases_as_macs", CONV, "macs", "756560", "756561"),  # 752,640 + 196·20
    ("macs_as_one_operation", CONV, "flops", "756560", "756561"),
    ("macs_and_flops_confused", CONV, "macs", "1509200", "1509201"),  # 2·752,640 + 3,920
    ("another_layer", NET, "conv_2.params", "320", "321"),
    ("layer_for_total", NET, "total.params", "77450", "77451"),
    ("total_for_layer", NET, "dense_1.macs", "2502400", "2502401"),  # 194,688 + 2,230,272 + 77,440
    ("another_figure", NET, "conv_1.params", "194688", "194689"),
    ("elements_for_bytes", CONV, "conv_1.activation_bytes", "3920", "3921"),
    ("ratio_upside_down", CONV, "total.params / total.unshared_params", "196", "195"),
    ("digits_transposed", CONV, "params", "3806", "3805"),
    ("wrong_power_of_ten", CONV, "params", "38600", "38601"),
    ("strides_not_accumulated", NET, "conv_2.receptive_field", "6", "5"),  # 1 + 2 + 1 + 2
    ("kernels_added_up", "32x32x3 -> conv 4 5x5 -> conv 4 3x3", "conv_2.receptive_field", "8", "9"),
    ("last_kernel_only", NET, "conv_2.receptive_field", "3", "4"),
    ("own_stride_counted", "32x32x3 -> conv 4 5x5 s2 -> conv 4 3x3", "conv_2.receptive_field", "13", "12"),  # 1 + 8 + 4
    (
        "field_without_minus_one",
        "32x32x3 -> conv 4 5x5 s2 -> conv 4 3x3",
        "conv_2.receptive_field",
        "11",
        "10",
    ),  # 5 + 3·2
    ("dilation_too_long_in_the_field", DILATIONS, "conv_2.receptive_field", "17", "16"),  # 1 + 5 + 11
    ("plus_one_forgotten_in_same", EVEN, "output", "13x13x4", "12x12x4"),  # (14 − 4 + 3)/1
    ("kernel_not_subtracted", CONV, "output", "18x18x20", "19x19x20"),  # 34/2 + 1
    ("padding_subtracted", "28x28x1 -> conv 8 5x5 p1", "output", "22x22x8", "21x21x8"),  # 28 − 5 − 2 + 1
    ("kernel_forgotten", "9x9x4 -> conv_transpose 6 3x3 s3", "output", "24x24x6", "25x25x6"),  # 8·3
    ("kernel_axis_forgotten", "16x32x32x2 -> conv3d 5 3x5x5", "params", "255", "257"),  # (5·5·2 + 1)·5
    ("pooling_divides_depth", "27x27x96 -> max_pool 3x3 s2", "output", "13x13x32", "13x13x33"),  # 96/3
    ("minus_one_forgotten", UP, "output", "10x10x8", "11x11x8"),  # 4·2 − 2 + 4
    ("one_kernel_for_both_axes", "64x48x3 -> conv 10 7x3", "output", "58x42x10", "58x43x10"),  # 64 − 7 + 1, 48 − 7 + 1
    ("scale_inverted", "8x8x16 -> upsample 2", "output", "4x4x16", "5x5x16"),
    ("depth_plus_filters", CONV, "output", "14x14x23", "14x14x25"),
    ("kernel_sides_added", CONV, "params", "980", "981"),  # ((8 + 8)·3 + 1)·20
    ("inputs_plus_units", "128 -> dense 64", "params", "256", "257"),  # 128 + 64 and 64 biases
    ("two_gates", GRU, "params", "2944", "2945"),  # 2·1,472
    ("one_projection_for_three", HEADS, "params", "2112", "2113"),  # 2·(32·32 + 32)
    ("attention_projections_forgotten", HEADS, "macs", "6400", "6401"),  # 2·10·10·32
    ("one_attention_product", HEADS, "macs", "44160", "44161"),  # 40,960 + 3,200
    ("norm_once", NORM, "params", "2", "3"),
    ("transposed_stride_squared", "4x4x16 -> conv_transpose 8 3x3 s2 p1", "macs", "73728", "73729"),  # 8·8·16·9·8
    ("array_left_out", "8x8x64 -> squeeze_excite 16", "params", "1104", "1105"),  # 2,128 − 64·16
    ("factor_left_out", "40 -> embedding 5000 32", "params", "5000", "5001"),
    ("one_head_for_output", HEADS, "output", "10x8", "10x9"),  # 32/4
    ("scores_for_output", HEADS, "output", "10x10", "10x11"),
    ("one_word_embedded", "25 -> embedding 800 16", "output", "16", "17"),
    ("embedding_flattened", "25 -> embedding 800 16", "output", "400", "401"),  # 25·16
    ("steps_for_features", "30x16 -> lstm 8", "params", "1248", "1249"),  # 4·((30 + 8)·8 + 8)
    ("input_joined_to_state", "30x16 -> lstm 8 return_sequences=true", "output", "30x24", "30x25"),  # 16 + 8
    ("pointwise_part_with_window", SEPARABLE, "params", "4784", "4785"),  # 9·16 + 9·16·32 + 32
    ("depthwise_part_by_filters", SEPARABLE, "params", "832", "833"),  # 9·32 + 16·32 + 32
    ("part_left_out", "8x8x32 -> squeeze_excite 8", "params", "264", "265"),  # 32·8 + 8
    ("global_pool_as_flatten", "6x6x10 -> global_avg_pool", "output", "360", "361"),  # 6·6·10
    ("flatten_keeps_channels_apart", "6x6x10 -> flatten", "output", "36x10", "35x10"),
    ("flatten_adds", "6x6x10 -> flatten", "output", "22", "23"),  # 6 + 6 + 10
    ("inputs_times_units", "10 -> dense 5", "output", "50", "51"),
    ("axis_missing", "16x16x16x1 -> conv 8 3x3x3", "output", "14x14x8", "14x15x8"),
    ("scale_on_channels", "9x9x8 -> upsample 3", "output", "27x27x24", "27x27x25"),
    ("shuffle_factor_squared", "8x8x16 -> pixel_shuffle 2", "output", "32x32x4", "33x33x4"),
    ("crop_added", "10x10x3 -> crop 1", "output", "12x12x3", "13x13x3"),
    ("channels_padded", "10x10x3 -> zero_pad 3", "output", "16x16x9", "16x16x8"),
    ("input_left_out_of_concat", BRANCHES, "output", "14x14x160", "14x14x161"),  # 64 + 96
    ("sizes_added", BRANCHES, "output", "42x42x416", "42x43x416"),  # three times 14
    ("layers_counted_otherwise", "vgg16", "weight_layers", "21", "25"),  # 16 and 5 pools
    ("dense_over_sequence", "10x16 -> dense 5", "params", "805", "806"),  # (160 + 1)·5; under keras, below
    ("units_from_input", "20 -> embedding 100 8 -> lstm 6 -> dense 3", "dense_1.params", "27", "28"),  # (8 + 1)·3
    ("dropout_removes_units", "128 -> dropout 0.5 -> dense 10", "dense_1.params", "650", "651"),  # (64 + 1)·10
    ("layer_without_effect", "4x4x8 -> reshape 16x8", "output", "4x4x8", "4x5x8"),
    ("activation_has_weights", "8x8x16 -> relu", "params", "16", "17"),
    ("image_depth_for_filters", THREE, "conv_3.params", "896", "897"),  # (9·3 + 1)·32
    ("one_stacked_layer", "10x8 -> lstm 16 layers=2", "params", "1600", "1601"),  # 4·((8 + 16)·16 + 16)
    ("stacked_layers_alike", "10x8 -> lstm 16 layers=2", "params", "3200", "3201"),  # twice that
    # 2·1,600, and 2·4·((16 + 16)·16 + 16), where the second layer reads 32 features
    ("directions_not_joined", "10x8 -> lstm 16 layers=2 bidirectional=true", "params", "7424", "7425"),
    ("projection_ignored", "10x8 -> lstm 16 projection=4", "params", "1600", "1601"),
    ("one_padding_for_both_axes", "20x20x1 -> conv 4 3x3 p2x1", "output", "22x22x4", "23x22x4"),  # 20 − 3 + 4 + 1
    # 3,860 parameters of 4 bytes; 3,072 numbers of the input and 3,920 of the output
    ("weights_left_out_of_memory", CONV, "total.memory_bytes", "27968", "27969"),
    ("activations_left_out_of_memory", CONV, "total.memory_bytes", "15440", "15441"),
    ("activations_left_out_of_memory", CONV, "total.memory_bytes", "31120", "31121"),  # without the input
    (
        "layer_before_left_out",
        "8x8x10 -> flatten -> dense 64 -> dense 10",
        "dense_2.params",
        "6410",
        "6411",
    ),  # 640·10 + 10
    ("kind_left_out", "vgg16", "total.params", "14714688", "14714689"),  # Keras, VGG16(include_top=False)
    ("batch_left_out", CONV, "macs", "752640", "752641"),  # a batch of 2, below
]

UNDER: Mapping[str, Mapping[str, Any]] = {
    "statistics_left_out": {"convention": "keras"}, "one_bias_per_gate": {"convention": "pytorch"},
    "batch_left_out": {"batch": 2}, "dense_over_sequence": {"convention": "keras"},
}  # fmt: skip


def named(spec: str, path: str, answer: str, options: Mapping[str, Any] | None = None) -> set[str]:
    """The names of the mistakes that explain an answer."""
    (found,) = check(spec, {path: answer}, **(options or {}))
    assert not found.right
    return {suspect.name for suspect in found.suspects}


@for_each(("name", "spec", "path", "wrong", "near"), CASES, ids=[case[0] for case in CASES], every=3)
def test_it_is_named(name: str, spec: str, path: str, wrong: str, near: str) -> None:
    assert name in named(spec, path, wrong, UNDER.get(name))


@pytest.mark.parametrize(("name", "spec", "path", "wrong", "near"), sampled(CASES))
def test_it_is_not_named_for_the_number_beside(name: str, spec: str, path: str, wrong: str, near: str) -> None:
    assert name not in named(spec, path, near, UNDER.get(name))


def test_every_mistake_has_its_example() -> None:
    """None is without a row above, in the exam, or in the tests of arrays."""
    examined = {name for row in WRONG_ANSWERS for name in row.names.replace("+", "|").split("|")}
    missing = {mistake.name for mistake in catalogue()} - examined - {case[0] for case in CASES} - set(ARRAY_CASES)
    assert missing == set()


@for_each("mistake", catalogue(), ids=lambda mistake: mistake.name)
def test_it_is_explained(mistake: Mistake) -> None:
    """A title, the wrong formula, and sentences that end."""
    assert mistake.title
    assert mistake.rule
    assert mistake.explanation.endswith(".")
    assert len(mistake.explanation) > 20


@pytest.mark.parametrize("name", sampled(bundled_names()))
def test_without_a_mistake_the_sheets_give_the_report(name: str) -> None:
    """The calculation by hand is the layers' own: outputs, parameters and work of every layer."""
    from cnncalc.homework.figure_paths import subject

    about = subject(load(name))
    found = rework(about.graph, lambda own: own)
    for place, (node, mine) in enumerate(zip(about.graph.nodes, found, strict=True)):
        if node.layer is None:
            continue
        layer = about.layer(place)
        assert mine is not None, node.name
        assert (mine.output, mine.params, mine.macs, mine.flops) == (
            layer.output_shape, layer.params, layer.macs, layer.flops,
        ), node.name  # fmt: skip


def test_mistakes_at_every_position() -> None:
    """Keras counts 4·16 numbers of a batch norm; 2·16 at each of 64 positions leave its statistics out."""
    assert "statistics_left_out" in named(NORM, "unshared_params", "2048", {"convention": "keras"})


def test_two_mistakes_at_once() -> None:
    """When no single one fits: no padding, and no + 1, leave (32 − 8)/2 = 12."""
    (found,) = check(CONV, {"output": "12x12x20"})
    assert found.suspects[0].name == "padding_forgotten+plus_one_forgotten"


PAIRS = [
    # spec, what is asked, the answer, the names of all the pairs that give it
    # 8·8·3·20 without biases; no pair has the mistakes of other metrics: `without_sharing` is one of params
    (CONV, "unshared_params", "3840", {"bias_forgotten+with_sharing"}),
    # 1·1·24 + 1 in conv_2; one filter cannot be divided by three groups, which would leave 0 in conv_1
    (f"{GROUPED} -> conv 7 1x1", "total.params", "25", set()),
    # 8·8·20 without depth and biases; pairs are sought in models of at most 40 nodes: 1 + 1 + 38, and 1 + 1 + 39
    (f"{CONV} -> (relu)*38", "total.params", "1280", {"bias_forgotten+filter_depth_forgotten"}),
    (f"{CONV} -> (relu)*39", "total.params", "1280", set()),
]


@pytest.mark.parametrize(("spec", "path", "answer", "names"), PAIRS)
def test_pairs(spec: str, path: str, answer: str, names: set[str]) -> None:
    assert named(spec, path, answer) == names


def test_half_the_kernel_is_a_mistake_of_same_only() -> None:
    """(32 − 8 + 2·4)/2 + 1 = 17, where the padding is 1."""
    assert named(CONV, "output", "17x17x20") == set()


def test_the_likeliest_comes_first() -> None:
    """Three mistakes give 13×13×20; the rarest is the last."""
    (found,) = check(CONV, {"output": "13x13x20"})
    assert [suspect.name for suspect in found.suspects] == [
        "padding_forgotten", "plus_one_forgotten", "padding_counted_once",
    ]  # fmt: skip


def test_nothing_is_made_up() -> None:
    """An answer that no mistake gives is wrong, and that is all that is said."""
    (found,) = check(CONV, {"params": "4711"})
    assert (found.status, found.suspects) == ("wrong", ())


def test_no_mistake_gives_a_depth_of_zero() -> None:
    """One channel divided by the stride of 2 would be none."""
    assert named("8x8x1 -> max_pool 2", "output", "4x4x0") == set()
    assert named("8x8x2 -> max_pool 2", "output", "4x4x1") == {"pooling_divides_depth", "pooling_flattens_depth"}


def test_the_explanation_has_the_numbers() -> None:
    (found,) = check(CONV, {"params": "756,560"})
    assert "*without* weight sharing" in found.suspects[0].why
    assert "196 positions" in found.suspects[0].why
