"""PyTorch's modules `torch.nn`, and the layers of `torchvision.ops`."""

from __future__ import annotations

from collections.abc import Mapping

MODULES: Mapping[str, str] = {
    "AdaptiveAvgPool#d": "output_size!",
    "AdaptiveMaxPool#d": "output_size! return_indices",
    "AlphaDropout": "p inplace",
    "AvgPool#d": "kernel_size! stride padding ceil_mode count_include_pad",
    "AvgPool2d": "kernel_size! stride padding ceil_mode count_include_pad divisor_override",
    "AvgPool3d": "kernel_size! stride padding ceil_mode count_include_pad divisor_override",
    "BatchNorm#d": "num_features! eps momentum affine track_running_stats device dtype bias",
    "Bilinear": "in1_features! in2_features! out_features! bias device dtype",
    "CELU": "alpha inplace",
    "ChannelShuffle": "groups!",
    "CircularPad#d": "padding=amount@last!",
    "ConstantPad#d": "padding=amount@last! value!",
    "Conv#d": "in_channels! out_channels! kernel_size! stride padding dilation groups bias padding_mode device dtype",
    "ConvTranspose#d": (
        "in_channels! out_channels! kernel_size! stride padding output_padding groups bias dilation padding_mode "
        "device dtype"
    ),
    "CosineSimilarity": "dim eps",
    "CrossMapLRN#d": "size! alpha beta k",
    "DeformConv#d": "in_channels! out_channels! kernel_size! stride padding dilation groups bias",
    "DropBlock#d": "p! block_size! inplace eps",
    "Dropout": "p inplace",
    "Dropout#d": "p inplace",
    "ELU": "alpha inplace",
    "Embedding": (
        "num_embeddings! embedding_dim! padding_idx max_norm norm_type scale_grad_by_freq sparse _weight _freeze "
        "device dtype"
    ),
    "EmbeddingBag": (
        "num_embeddings! embedding_dim! max_norm norm_type scale_grad_by_freq mode sparse _weight include_last_offset "
        "padding_idx device dtype"
    ),
    "FeatureAlphaDropout": "p inplace",
    "Flatten": "start_dim end_dim",
    "Fold": "output_size! kernel_size! dilation padding stride",
    "FractionalMaxPool#d": "kernel_size! output_size output_ratio return_indices _random_samples",
    "FrozenBatchNorm#d": "num_features! eps",
    "GELU": "approximate",
    "GLU": "dim",
    "GRU": "input_size! hidden_size! num_layers bias batch_first dropout bidirectional device dtype",
    "GRUCell": "input_size! hidden_size! bias device dtype",
    "GroupNorm": "num_groups! num_channels! eps affine device dtype bias",
    "Hardshrink": "lambd",
    "Hardsigmoid": "inplace",
    "Hardswish": "inplace",
    "Hardtanh": "min_val max_val inplace min_value max_value",
    "Identity": "-args",
    "InstanceNorm#d": "num_features! eps momentum affine track_running_stats device dtype bias",
    "LPPool#d": "norm_type! kernel_size! stride ceil_mode",
    "LSTM": "input_size! hidden_size! num_layers bias batch_first dropout bidirectional proj_size device dtype",
    "LSTMCell": "input_size! hidden_size! bias device dtype",
    "LayerNorm": "normalized_shape! eps elementwise_affine bias device dtype",
    "LazyBatchNorm#d": "eps momentum affine track_running_stats device dtype bias",
    "LazyConv#d": "out_channels! kernel_size! stride padding dilation groups bias padding_mode device dtype",
    "LazyConvTranspose#d": (
        "out_channels! kernel_size! stride padding output_padding groups bias dilation padding_mode device dtype"
    ),
    "LazyInstanceNorm#d": "eps momentum affine track_running_stats device dtype bias",
    "LazyLinear": "out_features! bias device dtype",
    "LeakyReLU": "negative_slope inplace",
    "Linear": "in_features! out_features! bias device dtype",
    "LocalResponseNorm": "size! alpha beta k",
    "LogSigmoid": "",
    "LogSoftmax": "dim",
    "MaxPool#d": "kernel_size! stride padding dilation return_indices ceil_mode",
    "MaxUnpool#d": "kernel_size! stride padding",
    "Mish": "inplace",
    "MultiheadAttention": (
        "embed_dim! num_heads! dropout bias add_bias_kv add_zero_attn kdim vdim batch_first device dtype"
    ),
    "PReLU": "num_parameters init device dtype",
    "PairwiseDistance": "p eps keepdim",
    "PixelShuffle": "upscale_factor!",
    "PixelUnshuffle": "downscale_factor!",
    "RMSNorm": "normalized_shape! eps elementwise_affine device dtype",
    "RNN": "input_size! hidden_size! num_layers nonlinearity bias batch_first dropout bidirectional device dtype",
    "RNNCell": "input_size! hidden_size! bias nonlinearity device dtype",
    "RReLU": "lower upper inplace",
    "ReLU": "inplace",
    "ReLU6": "inplace",
    "ReflectionPad#d": "padding=amount@last!",
    "ReplicationPad#d": "padding=amount@last!",
    "RoIAlign": "output_size! spatial_scale! sampling_ratio! aligned",
    "RoIPool": "output_size! spatial_scale!",
    "SELU": "inplace",
    "SiLU": "inplace",
    "Sigmoid": "",
    "Softmax": "dim",
    "Softmax2d": "",
    "Softmin": "dim",
    "Softplus": "beta threshold",
    "Softshrink": "lambd",
    "Softsign": "",
    "SqueezeExcitation": "-input_channels squeeze_channels! activation=inner scale_activation=gate",
    "StochasticDepth": "p! mode",
    "SyncBatchNorm": "num_features! eps momentum affine track_running_stats process_group device dtype bias",
    "Tanh": "",
    "Tanhshrink": "",
    "Threshold": "threshold! value! inplace",
    "Transformer": (
        "d_model nhead num_encoder_layers num_decoder_layers dim_feedforward dropout activation custom_encoder "
        "custom_decoder layer_norm_eps batch_first norm_first bias device dtype"
    ),
    "TransformerDecoderLayer": (
        "d_model! nhead! dim_feedforward dropout activation layer_norm_eps batch_first norm_first bias device dtype"
    ),
    "TransformerEncoderLayer": (
        "d_model! nhead! dim_feedforward dropout activation layer_norm_eps batch_first norm_first bias device dtype"
    ),
    "Unflatten": "-dim unflattened_size=shape!",
    "Unfold": "kernel_size! dilation padding stride",
    "Upsample": "size scale_factor mode align_corners recompute_scale_factor",
    "UpsamplingBilinear#d": "size scale_factor",
    "UpsamplingNearest#d": "size scale_factor",
    "ZeroPad#d": "padding=amount@last!",
}
