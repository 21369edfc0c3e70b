"""Words for kinds of layers that the rules share."""

from __future__ import annotations

CONVOLUTIONS = frozenset({"conv", "conv_transpose", "depthwise_conv", "separable_conv", "locally_connected",
                          "deformable_conv"})  # fmt: skip
GLOBAL_POOLS = frozenset({"global_avg_pool", "global_max_pool", "global_lp_pool"})
SOFTMAXES = frozenset({"softmax", "log_softmax", "softmax2d", "softmin", "sparsemax", "hardmax"})
ACTIVATIONS = SOFTMAXES | {
    "celu", "crelu", "elu", "gelu", "glu", "hard_sigmoid", "hard_swish", "hard_tanh", "leaky_relu", "log_sigmoid",
    "maxout", "mish", "prelu", "relu", "relu6", "rrelu", "selu", "sigmoid", "softplus", "softsign", "swish", "tanh",
}  # fmt: skip
"""What stands behind a layer to make it nonlinear; functions such as `abs` or `sqrt` are no activations."""
DROPOUTS = frozenset({"dropout", "alpha_dropout", "spatial_dropout", "gaussian_dropout", "drop_block"})
PASSING = frozenset({"identity", "flatten", "reshape", "squeeze", "unsqueeze"})
"""What changes no value."""


def percent(share: float) -> str:
    """A share in whole percent; what is neither nothing nor all is never called so."""
    if 0 < share < 0.005:
        return "less than 1%"
    return "more than 99%" if 0.995 <= share < 1 else f"{share:.0%}"
