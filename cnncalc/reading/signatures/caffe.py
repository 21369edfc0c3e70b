"""Caffe's layers, with the parameters of their messages in caffe.proto."""

from __future__ import annotations

from collections.abc import Mapping

_ALONE = "AbsVal BNLL Crop Exp Log Tile"

LAYERS: Mapping[str, str] = {
    **dict.fromkeys(_ALONE.split(), ""),
    "ArgMax": "axis",
    "BatchNorm": "use_global_stats moving_average_fraction eps",
    "Bias": "axis num_axes filler",
    "Clip": "min max",
    "Concat": "axis concat_dim",
    "Convolution": (
        "num_output bias_term pad kernel_size group stride weight_filler bias_filler pad_h pad_w kernel_h kernel_w "
        "stride_h stride_w engine axis force_nd_im2col dilation"
    ),
    "Deconvolution": (
        "num_output bias_term pad kernel_size group stride weight_filler bias_filler pad_h pad_w kernel_h kernel_w "
        "stride_h stride_w engine axis force_nd_im2col dilation"
    ),
    "Dropout": "dropout_ratio",
    "ELU": "alpha",
    "Eltwise": "operation coeff stable_prod_grad",
    "Embed": "num_output input_dim bias_term weight_filler bias_filler",
    "Flatten": "axis end_axis",
    "InnerProduct": "num_output bias_term weight_filler bias_filler axis transpose",
    "LRN": "local_size alpha beta norm_region k engine",
    "LSTM": "num_output weight_filler bias_filler debug_info expose_hidden",
    "PReLU": "filler channel_shared",
    "Pooling": (
        "pool pad pad_h pad_w kernel_size kernel_h kernel_w stride stride_h stride_w engine global_pooling round_mode"
    ),
    "Power": "power scale shift",
    "RNN": "num_output weight_filler bias_filler debug_info expose_hidden",
    "ReLU": "negative_slope engine",
    "Reshape": "shape",
    "SPP": "pool engine",
    "Scale": "axis num_axes filler bias_term bias_filler",
    "Sigmoid": "engine",
    "Slice": "axis",
    "Softmax": "engine axis",
    "Swish": "beta",
    "TanH": "engine",
    "Threshold": "threshold",
}
