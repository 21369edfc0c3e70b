"""Windows of a signal, their spectra, and the bands of the mel scale.

Source of the mel scale: the Hidden Markov Model Toolkit, 2595·log₁₀(1 + f/700), whose triangles end at 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from cnncalc.kernels.arrays import Array

_COSINES: Mapping[str, tuple[float, float]] = {"hann": (0.5, 0.5), "hamming": (0.54, 0.46)}


def tapering(np: ModuleType, name: str, length: int) -> Array:
    """A window function by its name, periodic, so that its period is the size of the frame."""
    mean, swing = _COSINES[name]
    return mean - swing * np.cos(2 * np.pi * np.arange(length) / length)


def magnitudes(np: ModuleType, x: Array, window: Array, size: int, step: int) -> Array:
    """The spectrum of each frame of a signal (…, samples), reflected at its ends: (…, frames, size/2 + 1)."""
    border = size // 2
    x = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(border, border)], mode="reflect")
    before = (size - len(window)) // 2
    window = np.pad(window, (before, size - len(window) - before)).astype(x.dtype)
    frames = np.lib.stride_tricks.sliding_window_view(x, size, axis=-1)[..., ::step, :]
    return np.abs(np.fft.rfft(frames * window, axis=-1)).astype(x.dtype)


def mel_bands(np: ModuleType, frequencies: int, bands: int, rate: float, low: float, high: float) -> Array:
    """The weight of each frequency, from 0 to half the rate, in each band: (frequencies, bands)."""

    def mel(hertz: Array) -> Array:
        return 1127 * np.log(1 + hertz / 700)

    places = mel(np.linspace(0, rate / 2, frequencies)[1:])[:, None]
    edges = np.linspace(mel(low), mel(high), bands + 2)
    rising = (places - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - places) / (edges[2:] - edges[1:-1])
    return np.pad(np.maximum(0, np.minimum(rising, falling)), [(1, 0), (0, 0)])
