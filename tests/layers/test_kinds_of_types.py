"""The properties of whole types: how many inputs they take, which of them are elementwise, which slide a window.

`+` in a table adds the names of another one.
"""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.arithmetic.convention import setting
from cnncalc.layers.base import Layer
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.registry import load_all

TYPES = load_all()

ACTIVATIONS = (
    "abs celu clip cos elu erf exponential gelu hard_shrink hard_sigmoid hard_swish hard_tanh leaky_relu log "
    "log_sigmoid mish negative power reciprocal relu relu6 rrelu selu shrink sigmoid sign sin soft_shrink softplus "
    "softsign sparse_plus sparse_sigmoid sqrt square squareplus swish tanh tanh_shrink threshold"
)
"""Functions of single numbers that may be written as another layer's activation."""

FUNCTIONS = (
    "acos acosh asin asinh atan atanh ceil cosh exp2 expm1 floor log10 log1p log2 logit prelu round rsqrt sinh tan "
    "trunc identity activity_regularization"
)
NOISE = "alpha_dropout augmentation drop_block dropout gaussian_dropout gaussian_noise spatial_dropout stochastic_depth"
FOLDED = "add average maximum minimum multiply"
"""Merges of any number of inputs, from two."""
TERNARY = "addcdiv addcmul lerp where"
"""Elementwise merges of three inputs."""
ELEMENTWISE = f"{ACTIVATIONS} {FUNCTIONS} {NOISE} {FOLDED} {TERNARY} divide masked_fill subtract"
"""They accept a scalar, and an axis of size 0, as NumPy does."""

RECURRENT_STEPS = "gru_cell rnn_cell"
REGIONS = "nms roi_align roi_pool"
PAIRS = (
    "bilinear cosine_similarity divide dot grid_sample masked_fill matmul outer_product pairwise_distance subtract "
    "transformer transformer_decoder"
)
POOLS = "avg_pool lp_pool max_pool"
CONVOLUTIONS = "conv depthwise_conv separable_conv"
WINDOWS_WITH_ONE_STEP = f"{POOLS} {CONVOLUTIONS} locally_connected"
AROUND = "circular_pad crop reflection_pad replication_pad zero_pad"

INPUTS: dict[tuple[int, int | None], str] = {
    (0, 0): "parameter",  # a learned array
    (1, 2): f"{RECURRENT_STEPS} {REGIONS} max_unpool",  # a state; regions and their scores; the pool's indices
    (1, 3): "additive_attention lstm_cell rotary_embedding",  # query, value and key; two states; cosines and sines
    (1, 4): "attention multi_head_attention",  # query, key, value and mask
    (1, None): "concat custom einsum opaque stack",
    (2, 2): PAIRS,
    (2, None): FOLDED,
    (3, 3): f"{TERNARY} addmm",
}
"""The others take one input."""

FLAGS = {
    # `add(a | b)`: a list holds branches, for all types of several inputs but cells, regions and what a spec declares
    "branching": f"{FOLDED} {TERNARY} {PAIRS} addmm additive_attention attention concat einsum multi_head_attention "
    "stack",
    "usable_as_activation": f"{ACTIVATIONS} hardmax log_softmax softmax softmax2d softmin sparsemax",
    "data_decides": "hardmax max_unpool",  # the place of the maximum
    "splits": "split",
    "wraps": "bidirectional spectral_norm time_distributed weight_norm",
    "slides_weights": f"{CONVOLUTIONS} conv_transpose",
    "spatial_suffix": f"{WINDOWS_WITH_ONE_STEP} {AROUND} conv_lstm conv_transpose deformable_conv max_unpool "
    "adaptive_avg_pool adaptive_max_pool fractional_max_pool global_avg_pool global_lp_pool global_max_pool "
    "spatial_pyramid_pool unpool bed_of_nails upsample bilinear_upsample "
    "batch_norm frozen_batch_norm instance_norm local_response_norm drop_block spatial_dropout",
    "takes_empty": f"{ELEMENTWISE} concat slice",
    "holds_output": "parameter",
    "shows_working": f"{WINDOWS_WITH_ONE_STEP} conv_transpose dense adaptive_avg_pool adaptive_max_pool "
    "global_avg_pool global_max_pool",
    "slides_over_input": WINDOWS_WITH_ONE_STEP,
}

SCALARS = (
    f"{ELEMENTWISE} category_encoding einsum embedding flatten one_hot opaque parameter rescaling reshape softmax2d "
    "stack unsqueeze"
)
"""They take an input without axes, one number for each sample."""

SEQUENCES = (
    "additive_attention attention bidirectional class_token embedding embedding_bag gru lstm masking "
    "multi_head_attention positional_embedding rnn transformer transformer_decoder transformer_encoder"
)
RULES = {
    "steps_first": f"{SEQUENCES} conv_lstm time_distributed",
    "features_last": f"{SEQUENCES} layer_norm one_hot rms_norm rotary_embedding",
    # scales and offsets of fixed statistics, and what is elementwise: a view has no array of its own
    "runs_in_place": f"{ELEMENTWISE} batch_norm bias_add frozen_batch_norm layer_scale rescaling standardization",
}
"""The types whose layer in the first example has them."""

SEQUENCES = (
    "additive_attention attention multi_head_attention transformer transformer_decoder transformer_encoder gru lstm "
    "rnn embedding embedding_bag class_token masking positional_embedding"
)
"""Positions × features in every layout."""

METHODS = {
    "steps_first": f"{SEQUENCES} conv_lstm",
    "features_last": f"{SEQUENCES} layer_norm rms_norm one_hot rotary_embedding",
    # each output element depends on the input elements at its own place
    "runs_in_place": f"{ELEMENTWISE} batch_norm frozen_batch_norm bias_add layer_scale rescaling standardization",
}


def names(text: str) -> set[str]:
    return set(text.split())


@pytest.mark.parametrize("flag", FLAGS)
def test_which_types_have_a_flag(flag: str) -> None:
    assert {name for name, kind in TYPES.items() if getattr(kind, flag, False)} == names(FLAGS[flag])


@pytest.mark.parametrize("method", METHODS)
def test_which_types_give_a_property(method: str) -> None:
    """A wrapper has those of the layer inside; an identity is a view of its input and computes nothing."""
    layers = {name: kind(setting("formula")) for name, kind in TYPES.items() if not kind.wraps}
    outside = names("identity") if method == "runs_in_place" else set()
    assert {name for name, layer in layers.items() if getattr(layer, method)()} == names(METHODS[method]) - outside


def test_how_many_inputs() -> None:
    expected = {name: limits for limits, text in INPUTS.items() for name in text.split()}
    assert {name: kind.inputs for name, kind in TYPES.items()} == dict.fromkeys(TYPES, (1, 1)) | expected


def test_how_few_axes() -> None:
    """An elementwise type takes a number for each sample; every other type needs an axis."""
    assert {name: kind.least_axes for name, kind in TYPES.items()} == {
        name: int(name not in names(SCALARS)) for name in TYPES
    }


def test_axes_before_the_spatial_ones() -> None:
    """The steps of a sequence of images come before their height and width."""
    found = {name: kind.axes_before_spatial for name, kind in TYPES.items() if kind.axes_before_spatial}
    assert found == {"conv_lstm": 1, "time_distributed": 1}


def test_what_is_only_declared() -> None:
    """The outputs of all other types are computed on arrays."""
    assert {name for name, kind in TYPES.items() if not kind.witnessed} == {"custom", "opaque"}


def test_what_a_new_type_has() -> None:
    """A type without declarations takes one input of an axis or more, and keeps all that it reads and gives."""
    assert (Layer.inputs, Layer.least_axes, Layer.axes_before_spatial) == ((1, 1), 1, 0)
    assert Layer.keeps == Keeps("all", output=True)
    assert not any(getattr(Layer, flag, False) for flag in FLAGS)
    assert Layer.witnessed


def test_what_rules_without_arguments_give() -> None:
    expected = {rule: names(text) - {"identity"} for rule, text in RULES.items()}
    layers = {name: _first_layer(kind) for name, kind in TYPES.items()}
    assert {rule: {name for name, layer in layers.items() if getattr(layer, rule)()} for rule in RULES} == expected


def _first_layer(kind: type[Layer]) -> Layer:
    """The type's layer in its first example."""
    layers = (layer for node in load(kind.examples[0]).nodes for layer in (node.layer, node.activation))
    return next(layer for layer in layers if type(layer) is kind)
