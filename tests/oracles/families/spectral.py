"""Spectrograms, with Keras's layers."""

from __future__ import annotations

from random import Random

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import Drawn, Fields, chance, maybe
from tests.oracles.families import Answer, Weights

MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")
FREQUENCY = {"keras": {"stft_spectrogram": 2}}


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


DRAW = {"stft_spectrogram": stft_spectrogram}


def _keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    from tests.oracles.keras_oracle import run_layer

    names = {"frame": "frame_length", "step": "frame_step", "fft": "fft_length", "expand": "expand_dims"}
    options = {names.get(field, field): value for field, value in case["fields"].items()}
    layer = keras.layers.STFTSpectrogram(**options)
    return run_layer(layer, inputs, None if weights is None else list(weights.values()))


KERAS = {"stft_spectrogram": _keras}
