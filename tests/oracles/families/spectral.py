"""Spectrograms, with Keras's layers."""

from __future__ import annotations

from random import Random

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import Drawn, Fields, chance, maybe
from tests.oracles.families import Answer, Weights

MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")
FREQUENCY = {"keras": {"stft_spectrogram": 2, "mel_spectrogram": 2}}


def stft_spectrogram(random: Random, convention: str) -> Drawn:
    """Short signals; some frames do not fit, some steps and transforms are too large or too small."""
    frame = random.choice((2, 3, 5, 8, 11))
    fields: Fields = {"frame": frame}
    maybe(random, fields, "step", 0.6, lambda: random.randint(1, frame + 1))
    maybe(random, fields, "fft", 0.5, lambda: frame + random.choice((-1, 0, 1, 5, 8)))
    maybe(random, fields, "mode", 0.8, lambda: random.choice(MODES))
    maybe(random, fields, "padding", 0.6, lambda: random.choice(("valid", "same")))
    maybe(random, fields, "expand", 0.4, lambda: chance(random, 0.7))
    shape = [random.choice((3, 7, 13, 23)), random.choice((1, 2, 3))]
    return [shape[:1] if chance(random, 0.08) else shape], fields


def mel_spectrogram(random: Random, convention: str) -> Drawn:
    """Short signals and few bands; some frames are longer than the transform."""
    fft = random.choice((4, 8, 9, 16, 31))
    fields: Fields = {"fft": fft, "step": random.choice((1, 2, 3, 7)), "bands": random.choice((1, 2, 5))}
    maybe(random, fields, "frame", 0.5, lambda: random.choice((3, fft, fft - 1, fft // 2 + 1, fft + 1)))
    maybe(random, fields, "window", 0.4, lambda: random.choice(("hann", "hamming")))
    maybe(random, fields, "rate", 0.4, lambda: random.choice((8000, 22050)))
    maybe(random, fields, "power", 0.4, lambda: random.choice((1.0, 2.0)))
    maybe(random, fields, "decibels", 0.5, lambda: chance(random, 0.4))
    maybe(random, fields, "range", 0.3, lambda: random.choice((3.0, 20.0)))
    maybe(random, fields, "reference", 0.3, lambda: random.choice((0.5, 7.0)))
    maybe(random, fields, "low", 0.3, lambda: random.choice((0.0, 300.0)))
    maybe(random, fields, "high", 0.3, lambda: random.choice((2000.0, 3999.0)))
    return [[random.choice((17, 23, 40))]], fields


DRAW = {"stft_spectrogram": stft_spectrogram, "mel_spectrogram": mel_spectrogram}
MEL = {
    "fft": "fft_length", "step": "sequence_stride", "bands": "num_mel_bins", "frame": "sequence_length",
    "rate": "sampling_rate", "power": "mag_exp", "decibels": "power_to_db", "range": "top_db",
    "reference": "ref_power", "low": "min_freq", "high": "max_freq",
}  # fmt: skip


def _mel_in_keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """Run for real: the layer computes on its own backend's arrays, its bands in NumPy."""
    import keras

    options = {MEL.get(field, field): value for field, value in case["fields"].items()}
    return Answer(np.asarray(keras.layers.MelSpectrogram(**options)(inputs[0])), 0)


def _keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    from tests.oracles.keras_oracle import run_layer

    names = {"frame": "frame_length", "step": "frame_step", "fft": "fft_length", "expand": "expand_dims"}
    options = {names.get(field, field): value for field, value in case["fields"].items()}
    layer = keras.layers.STFTSpectrogram(**options)
    return run_layer(layer, inputs, None if weights is None else list(weights.values()))


KERAS = {"stft_spectrogram": _keras, "mel_spectrogram": _mel_in_keras}
