"""The defaults of the fields, those of the frameworks and papers that the layers' files name."""

from __future__ import annotations

from cnncalc.layers.registry import load_all

NUMBERS: dict[float, str] = {
    # PyTorch and Keras
    0.5: "alpha_dropout.rate dropout.rate gaussian_dropout.rate hard_shrink.threshold hard_sigmoid.offset "
    "shrink.threshold soft_shrink.threshold spatial_dropout.rate stochastic_depth.rate",
    0.125: "rrelu.lower", 1 / 3: "rrelu.upper",
    2.0: "global_lp_pool.norm lp_pool.norm mel_spectrogram.power pairwise_distance.norm unit_norm.order",
    1e-8: "cosine_similarity.epsilon", 1e-6: "layer_scale.initial pairwise_distance.epsilon",
    1e-12: "unit_norm.epsilon",
    4.0: "squareplus.b", -1: "dot.axes flatten.end hard_tanh.low",
    # Vaswani et al. 2017: six layers, eight heads, 2048 units, wavelengths to 10000; Su et al. 2021
    6: "transformer.encoders transformer.decoders", 8: "transformer.heads",
    2048: "mel_spectrogram.fft transformer.hidden transformer_decoder.hidden transformer_encoder.hidden",
    10_000.0: "positional_embedding.wavelength rotary_embedding.base",
    # Ghiasi et al. 2018: blocks of 7, a rate of 0.1
    0.1: "drop_block.rate", 7: "drop_block.block",
    5: "detections.values",  # four sides and the confidence
    # Keras's spectrograms
    128: "mel_spectrogram.bands", 512: "mel_spectrogram.step", 16_000: "mel_spectrogram.rate",
    20.0: "mel_spectrogram.low", 80.0: "mel_spectrogram.range", 1e-10: "mel_spectrogram.least",
    256: "stft_spectrogram.frame",
}  # fmt: skip
"""All but 0 and 1."""

ZEROS = (
    # nothing is padded, shifted, weighted or counted
    "activity_regularization.l1 activity_regularization.l2 avg_pool.padding conv.padding conv_lstm.padding "
    "conv_transpose.padding custom.params custom.buffers custom.macs custom.padding deformable_conv.padding "
    "depthwise_conv.padding fold.padding locally_connected.padding lp_pool.padding masked_fill.value masking.value "
    "max_pool.padding max_unpool.padding opaque.params opaque.macs power.shift relu.slope relu.threshold "
    "rescaling.offset separable_conv.padding shrink.bias threshold.value unfold.padding zero_pad.value "
    # ONNX's words for "no cap" and "as many samples as fit"
    "attention.softcap roi_align.sampling_ratio"
)
"""The fields without effect where nothing is said; the other numbers are factors, steps and counts of 1."""

ON = (
    "additive_attention.scale attention.fused batch_norm.scale batch_norm.shift batch_norm.affine "
    "batch_norm.track_running_stats multi_head_attention.fused "
    "bilinear.bias bilinear_upsample.align_corners conv.bias conv_lstm.bias conv_transpose.bias deformable_conv.bias "
    "dense.bias depthwise_conv.bias group_norm.scale group_norm.shift group_norm.affine gru.bias gru_cell.bias "
    "highway.bias layer_norm.scale layer_norm.shift layer_norm.affine locally_connected.bias lstm.bias "
    "lstm_cell.bias mel_spectrogram.decibels multi_head_attention.bias rms_norm.scale rnn.bias rnn_cell.bias "
    "separable_conv.bias squeeze_excite.bias transformer.bias transformer_decoder.bias transformer_encoder.bias"
)
"""Flags that are set where nothing is said: biases, scales and shifts of normalizations, and PyTorch's fused kernel."""


def defaults() -> dict[str, object]:
    return {f"{name}.{field}": kind.fields[field].default for name, kind in load_all().items() for field in kind.fields}


def test_numbers() -> None:
    expected = {name: value for value, names in NUMBERS.items() for name in names.split()}
    found = {
        name: value
        for name, value in defaults().items()
        if isinstance(value, int | float) and not isinstance(value, bool) and value not in (0, 1)
    }
    assert found == expected


def test_zeros() -> None:
    found = {name for name, value in defaults().items() if value == 0 and value is not False}
    assert found == set(ZEROS.split())


def test_lists() -> None:
    """Square anchors; no other list has numbers."""
    lists = {name: value for name, value in defaults().items() if isinstance(value, tuple)}
    assert lists == {"anchors.ratios": (1.0,), "anchors.sizes": (), "split.names": ()}


def test_flags() -> None:
    assert {name for name, value in defaults().items() if value is True} == set(ON.split())
