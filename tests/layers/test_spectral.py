"""Spectrograms: shapes, weights, work, values, refusals."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from cnncalc.diagnostics import Refusal
from tests.layers.layer_making import learned, make, run, unshared
from tests.together import for_each

# convention, input, fields, output, parameters, MACs, operations beside. Source: keras.layers.STFTSpectrogram.
STFT = [
    # 124 frames of 256, 257 frequencies, two kernels; five operations for each of 124·257
    ("keras", (16000, 1), {"frame": 256, "step": 128, "fft": 512}, (124, 257), 131584, 16316416, 159340),
    ("keras", (16000, 1), {}, (124, 129), 66048, 8189952, 79980),  # Keras's defaults: a transform of 256
    ("keras", (23, 3), {"frame": 5, "padding": "same"}, (12, 15), 50, 1800, 900),  # step 2, transform of 8
    ("keras", (23, 3), {"frame": 5, "expand": True}, (10, 5, 3), 50, 1500, 750),
    ("pytorch", (3, 23), {"frame": 5, "expand": True}, (3, 10, 5), 50, 1500, 750),
    ("keras", (23, 1), {"frame": 5, "mode": "stft"}, (10, 10), 50, 500, 0),
    ("keras", (23, 1), {"frame": 5, "mode": "real"}, (10, 5), 25, 250, 0),
    ("keras", (23, 1), {"frame": 5, "mode": "angle"}, (10, 5), 50, 500, 50),
    ("keras", (23, 1), {"frame": 5, "mode": "magnitude"}, (10, 5), 50, 500, 200),
    ("keras", (23, 1), {"frame": 5, "mode": "psd"}, (10, 5), 50, 500, 200),
]


@for_each(("convention", "x", "fields", "y", "params", "macs", "others"), STFT)
def test_stft_spectrogram(convention, x, fields, y, params, macs, others):
    """A kernel for each part, used for every frame of every channel."""
    layer = make("stft_spectrogram", convention, **fields)
    assert layer.shape(x) == y
    assert (learned(layer, x), layer.macs(x, y), layer.elementwise(x, y)) == (params, macs, others)
    assert unshared(layer, x) == macs
    assert run(layer, x).shape == (2, *y)


@for_each(
    ("mode", "expected"),
    [
        ("real", [[3, 3, 3], [5, 5, 5]]),
        ("imag", [[0, 0, 0], [0, 0, 0]]),
        ("magnitude", [[3, 3, 3], [5, 5, 5]]),
        ("log", [[log(3)] * 3, [log(5)] * 3]),
        ("psd", [[9, 18, 9], [25, 50, 25]]),  # the frequencies between the ends stand for two
        ("angle", [[0, 0, 0], [0, 0, 0]]),
        ("stft", [[3, 3, 3, 0, 0, 0], [5, 5, 5, 0, 0, 0]]),
    ],
)
def test_values_of_stft_spectrogram(mode, expected):
    """Kernels of ones and of zeros on frames of 1, 2 and 2, 3; the modes are Keras's."""
    layer = make("stft_spectrogram", "keras", frame=2, step=1, fft=4, mode=mode)
    given = {"real_kernel": np.ones((2, 1, 3)), "imag_kernel": np.zeros((2, 1, 3))}
    weights = {weight.name: given[weight.name] for weight in layer.weights((3, 1), layer.shape((3, 1)))}
    y = layer.forward(np, np.array([[[1.0], [2.0], [3.0]]]), **weights)
    assert y.tolist() == [[pytest.approx(row) for row in expected]]


@pytest.mark.parametrize(
    ("x", "fields", "message"),
    [
        ((16000,), {}, "needs signals, positions × channels, got 16000"),
        ((100, 1), {"frame": 256}, "256"),
        ((100, 1), {"frame": 5, "step": 7}, "a step of 7 skips samples"),
        ((100, 1), {"frame": 1}, "a step of 0"),
        ((100, 1), {"frame": 9, "fft": 8}, "a Fourier transform of 8 is smaller than the frames of 9"),
    ],
)
def test_what_makes_no_frames(x, fields, message):
    """Keras refuses these as well."""
    with pytest.raises(Refusal, match=message):
        make("stft_spectrogram", "keras", **fields).shape(x)


SIGNAL = [1, 3, -2, 5, 0, 4, -1, 2, 6, -3, 1]
TINY = {"fft": 8, "step": 5, "bands": 2, "rate": 8000}

# Keras, MelSpectrogram(fft_length=8, sequence_stride=5, num_mel_bins=2, sampling_rate=8000, …) of SIGNAL.
MEL = [
    ({}, [[9.05861, 8.18694, 7.61162], [11.38183, 12.68564, 15.47832]]),
    ({"decibels": False}, [[8.05121, 6.5871, 5.76982], [13.7462, 18.55938, 35.30464]]),
    (
        {"decibels": False, "power": 1.0, "window": "hamming", "frame": 6},
        [[2.50093, 2.39166, 1.49195], [4.27666, 4.9533, 4.98198]],
    ),
    ({"range": 2.0, "reference": 7.0}, [[5.02734, 5.02734, 5.02734], [5.02734, 5.02734, 7.02734]]),
]


@pytest.mark.parametrize(("fields", "expected"), MEL)
def test_values_of_mel_spectrogram(fields, expected):
    """Bands of the mel scale over three frames, in decibels or not."""
    y = make("mel_spectrogram", "keras", **TINY, **fields).forward(np, np.array([SIGNAL], np.float32))
    assert y.shape == (1, 2, 3)
    assert y[0].ravel().tolist() == pytest.approx(np.ravel(expected).tolist(), rel=1e-4)


@pytest.mark.parametrize(
    ("x", "fields", "y", "macs"),
    [
        ((16000,), {}, (128, 32), 4198400),  # Keras's defaults: 128·32·1025
        ((16000,), {"bands": 80, "fft": 512, "step": 160, "frame": 400}, (80, 101), 2076560),  # 80·101·257
        ((23,), {"bands": 5, "fft": 9, "step": 2}, (5, 12), 300),  # ⌊(23 + 8 − 9)/2⌋ + 1 frames
    ],
)
def test_sizes_of_mel_spectrogram(x, fields, y, macs):
    """One frame for each step that begins within the signal, its middle there; nothing is learned."""
    layer = make("mel_spectrogram", "keras", **fields)
    assert layer.shape(x) == y
    assert (learned(layer, x), layer.macs(x, y)) == (0, macs)
    assert run(layer, x).shape == (2, *y)


def test_work_of_mel_spectrogram():
    """A frame: 8 for the window, 5·8·3/2 for the transform, 5 for each of 5 frequencies, 4 for each of 2 bands."""
    assert make("mel_spectrogram", **TINY).elementwise((11,), (2, 3)) == 3 * (8 + 60 + 25 + 8)


@pytest.mark.parametrize(
    ("x", "fields", "message"),
    [
        ((16000, 1), {}, "needs a signal of one channel, only samples, got 16000x1"),
        ((100,), {"frame": 9, "fft": 8}, "frames of 9 do not fit into a Fourier transform of 8"),
    ],
)
def test_what_has_no_mel_spectrogram(x, fields, message):
    """Keras refuses these as well."""
    with pytest.raises(Refusal, match=message):
        make("mel_spectrogram", "keras", **fields).shape(x)


@for_each(
    ("name", "x", "hint"),
    [
        ("mel_spectrogram", (16000, 1), "remove the channel axis with squeeze first"),
        ("mel_spectrogram", (1, 16000), "remove the channel axis with squeeze first"),
        ("mel_spectrogram", (16000, 2), ""),
        ("mel_spectrogram", (2, 16000), ""),
        ("mel_spectrogram", (5, 1, 1), ""),
        ("stft_spectrogram", (16000,), "a signal of one channel is written 16000x1"),
        ("stft_spectrogram", (16000, 2, 2), ""),
    ],
)
def test_hints_of_signals(name, x, hint):
    with pytest.raises(Refusal) as refusal:
        make(name).shape(x)
    assert refusal.value.hint == hint


def test_work_of_a_transform_of_nine():
    """A frame: 9 for the window, 5·9·4/2 for the transform of four levels, 5 for each of 5 frequencies."""
    fields = {"bands": 5, "fft": 9, "step": 2}
    assert make("mel_spectrogram", **fields, decibels=False).elementwise((23,), (5, 12)) == 12 * (9 + 90 + 25)
    assert make("mel_spectrogram", **fields).elementwise((23,), (5, 12)) == 12 * (9 + 90 + 25) + 4 * 60


def test_one_sample():
    """Padded by half a transform on each side, a single sample is one frame, whether 8 or 9 are transformed."""
    assert [make("mel_spectrogram", bands=2, fft=fft).shape((1,)) for fft in (8, 9)] == [(2, 1), (2, 1)]


@for_each(("mode", "expected"), [("magnitude", 1e-7**0.5), ("log", log(1e-7) / 2)])
def test_silence_has_a_least_magnitude(mode, expected):
    """Keras limits the square under the root to its epsilon, 1e-7."""
    layer = make("stft_spectrogram", "keras", frame=2, step=1, fft=2, mode=mode)
    weights = {weight.name: np.ones(weight.shape) for weight in layer.weights((2, 1), layer.shape((2, 1)))}
    assert layer.forward(np, np.zeros((1, 2, 1)), **weights)[0, 0].tolist() == pytest.approx([expected] * 2)
