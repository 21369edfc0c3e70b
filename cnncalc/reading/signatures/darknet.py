"""Darknet's sections: the names of each, the type that it is here, and its options, written as in the other tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_CONVOLUTION = (
    "filters size=kernel stride stride_x=stride stride_y=stride pad=padding padding dilation groups "
    "batch_normalize=bias activation"
)
_POOL = "size=kernel stride stride_x=stride stride_y=stride padding"

SECTIONS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "convolutional conv": ("conv", _CONVOLUTION),
    "deconvolutional deconv": (
        "conv_transpose", "filters size=kernel stride pad=padding padding batch_normalize=bias activation",
    ),
    "local": ("locally_connected", "filters size=kernel stride pad=padding activation"),
    "maxpool max": ("max_pool", _POOL),
    "local_avgpool": ("avg_pool", _POOL),
    "avgpool avg": ("global_avg_pool", ""),
    "connected conn": ("dense", "output=units batch_normalize=bias activation"),
    "rnn": ("rnn", "hidden=units activation=nonlinearity"),
    "lstm": ("lstm", "output=units"),
    "gru": ("gru", "output=units"),
    "route": ("concat", "layers=from"),
    "shortcut": ("add", "from activation"),
    "upsample": ("upsample", "stride=scale"),
    "reorg reorg3d": ("space_to_depth", "stride=factor"),
    "crop": ("crop", "crop_height=size crop_width=size"),
    "dropout": ("dropout", "probability=rate"),
    "softmax soft": ("softmax", ""),
    "normalization lrn": ("local_response_norm", "size"),
    "batchnorm": ("batch_norm", ""),
})  # fmt: skip
