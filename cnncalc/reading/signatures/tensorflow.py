"""TensorFlow's functions: `tf.nn`, and `tf.layers` of TensorFlow 1."""

from __future__ import annotations

from collections.abc import Mapping

_KERNEL = (
    "strides padding data_format dilation_rate activation use_bias kernel_initializer bias_initializer "
    "kernel_regularizer bias_regularizer activity_regularizer kernel_constraint bias_constraint trainable name reuse"
)
_TRANSPOSED = _KERNEL.replace(" dilation_rate", "")
_SEPARABLE = (
    "strides padding data_format dilation_rate depth_multiplier activation use_bias depthwise_initializer "
    "pointwise_initializer bias_initializer depthwise_regularizer pointwise_regularizer bias_regularizer "
    "activity_regularizer depthwise_constraint pointwise_constraint bias_constraint trainable name reuse"
)
_POOL = "*inputs pool_size! strides! padding data_format name"

LAYERS: Mapping[str, str] = {
    "average_pooling#d": _POOL,
    "batch_normalization": (
        "*inputs axis momentum epsilon center scale beta_initializer gamma_initializer moving_mean_initializer "
        "moving_variance_initializer beta_regularizer gamma_regularizer beta_constraint gamma_constraint -training "
        "trainable name reuse renorm renorm_clipping renorm_momentum fused virtual_batch_size adjustment"
    ),
    "conv#d": f"*inputs filters! kernel_size! {_KERNEL}",
    "conv#d_transpose": f"*inputs filters! kernel_size! {_TRANSPOSED}",
    "dense": "*inputs units! " + _KERNEL.replace("strides padding data_format dilation_rate ", ""),
    "dropout": "*inputs rate noise_shape seed -training name",
    "flatten": "*inputs name data_format",
    "max_pooling#d": _POOL,
    "separable_conv#d": f"*inputs filters! kernel_size! {_SEPARABLE}",
}

_WINDOW = "*input ksize! strides! padding data_format name"

FUNCTIONS: Mapping[str, str] = {
    "avg_pool": _WINDOW,
    "avg_pool#d": _WINDOW,
    "bias_add": "*value *bias data_format name",
    "conv#d": "*input *filters strides padding data_format dilations name",
    "crelu": "*features axis name",
    "depth_to_space": "*input block_size! data_format name",
    "dropout": "*x rate noise_shape seed name",
    "elu": "*features name",
    "gelu": "*features approximate name",
    "leaky_relu": "*features alpha name",
    "local_response_normalization": "*input depth_radius bias alpha beta name",
    "log_softmax": "*logits axis name",
    "lrn": "*input depth_radius bias alpha beta name",
    "max_pool": _WINDOW,
    "max_pool#d": _WINDOW,
    "relu": "*features name",
    "relu6": "*features name",
    "selu": "*features name",
    "sigmoid": "*x name",
    "silu": "*features beta",
    "softmax": "*logits axis name",
    "softplus": "*features name",
    "softsign": "*features name",
    "space_to_depth": "*input block_size! data_format name",
    "swish": "*features beta",
    "tanh": "*x name",
}
