"""The fields that a value without a name sets, in order: the first arguments of the frameworks' constructors.

`conv 20 8x8` gives filters and kernel as `nn.Conv2d(3, 20, (8, 8))` does after the channels, which a spec infers.
"""

from __future__ import annotations

from cnncalc.layers.registry import load_all

POSITIONAL = {
    "filters kernel": "conv conv_lstm conv_transpose deformable_conv locally_connected separable_conv",
    "kernel": "depthwise_conv fold unfold",
    "kernel stride": "avg_pool lp_pool max_pool max_unpool",
    "kernel size": "fractional_max_pool",
    "size": "adaptive_avg_pool adaptive_max_pool affine_grid expand local_response_norm roi_align roi_pool",
    "levels": "spatial_pyramid_pool",
    "units": "bilinear dense gru gru_cell lstm lstm_cell rnn rnn_cell",
    "hidden": "rbm",
    "output": "custom einsum_dense opaque",
    "heads": "multi_head_attention transformer transformer_decoder transformer_encoder",
    "squeeze": "squeeze_excite",
    "vocabulary dimension": "embedding embedding_bag",
    "classes": "category_encoding one_hot",
    "anchors classes": "detections",
    "keep": "nms",
    "rate": "alpha_dropout drop_block dropout gaussian_dropout spatial_dropout stochastic_depth",
    "deviation": "gaussian_noise",
    "groups": "channel_shuffle group_norm",
    "normalized_shape": "layer_norm rms_norm",
    # functions of single numbers: torch.nn.ELU(alpha), Softshrink(lambd), Hardtanh(min_val, max_val), RReLU(lower, …)
    "alpha": "celu elu",
    "beta": "softplus swish",
    "b": "squareplus",
    "slope": "leaky_relu",
    "lower upper": "rrelu",
    "low high": "clip hard_tanh",
    "threshold": "hard_shrink shrink soft_shrink",
    "threshold value": "threshold",
    "exponent": "power",
    "scale": "bilinear_upsample rescaling upsample",
    "value": "masking",
    "pieces": "maxout",
    # axes and their order
    "axis": "argmax argmin flip squeeze unsqueeze reduce_l1 reduce_l2 reduce_log_sum reduce_log_sum_exp reduce_max "
    "reduce_mean reduce_min reduce_prod reduce_std reduce_sum reduce_sum_square reduce_variance",
    "shift axis": "roll",
    "start end": "flatten",
    "start stop": "slice",
    "shape": "parameter reshape",
    "order": "permute",
    "axes perm": "transpose",
    "parts": "split",
    "indices": "gather",
    "count": "repeat_vector",
    "repeats": "repeat_interleave tile",
    "factor": "bed_of_nails depth_to_space pixel_shuffle pixel_unshuffle space_to_depth unpool",
    "factor width_factor": "augmentation",
    "amount": "circular_pad crop reflection_pad replication_pad zero_pad",
    "height width": "resize_image",
    "frame": "stft_spectrogram",
}


def test_positional_fields() -> None:
    """The fields of every type that has one, in order; a value without a name is an error for the others."""
    expected = {name: fields for fields, names in POSITIONAL.items() for name in names.split()}
    found = {
        name: " ".join(field.name for field in kind.fields.values() if field.positional)
        for name, kind in load_all().items()
    }
    assert {name: fields for name, fields in found.items() if fields} == expected
