"""Mixed precision: the type in which each layer computes under torch.autocast.

Source: PyTorch, Automatic Mixed Precision, "Ops that can autocast to float16", "… to float32"; the lists of
`ATen/autocast_mode.h`. All other layers compute in the widest type of their inputs.
"""

from __future__ import annotations

from collections.abc import Sequence

HALF_BYTES, FULL_BYTES = 2, 4

HALF = frozenset({
    "conv", "conv_transpose", "depthwise_conv", "separable_conv", "locally_connected", "dense", "einsum_dense",
    "highway", "rbm", "matmul", "addmm", "einsum", "dot", "outer_product", "prelu", "attention", "additive_attention",
    "multi_head_attention", "squeeze_excite", "transformer", "transformer_encoder", "transformer_decoder", "lstm",
    "lstm_cell", "gru", "gru_cell", "rnn", "rnn_cell", "conv_lstm",
})  # fmt: skip
"""The types that compute in float16 or bfloat16."""

FULL = frozenset({
    "acos", "asin", "cosh", "exponential", "expm1", "log", "log10", "log1p", "log2", "reciprocal", "rsqrt", "sinh",
    "tan", "power", "softplus", "softmax", "softmax2d", "softmin", "log_softmax", "layer_norm", "rms_norm",
    "group_norm", "unit_norm", "local_response_norm", "cosine_similarity", "pairwise_distance", "reduce_sum",
    "reduce_prod", "reduce_l1", "reduce_l2", "reduce_log_sum", "reduce_log_sum_exp", "cumulative_sum", "upsample",
    "bilinear_upsample", "resize_image",
})  # fmt: skip
"""The types that compute in float32."""


def computed_bytes(type: str, inputs: Sequence[int]) -> int:
    """The bytes of a number in which a layer computes, from those of its inputs."""
    if type in HALF:
        return HALF_BYTES
    return FULL_BYTES if type in FULL else max(inputs, default=FULL_BYTES)
