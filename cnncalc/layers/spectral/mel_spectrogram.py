from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.spectra import magnitudes, mel_bands, tapering
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, show_shape


class MelSpectrogram(Layer):
    """The power of a signal in each band of the mel scale, frame by frame: the input image of audio networks.

    The signal is reflected at its ends, so that each frame is centred on its samples. The output is bands × frames in
    every layout. Nothing is learned. In decibels, values more than `range` below the maximum of the batch are raised to
    that limit. MACs: one for each frequency in each band. FLOPs: two per multiply–accumulate; per frame N for the
    window and 5·N·⌈log₂N⌉/2 for the Fourier transform of N real samples; five per frequency for its power; in decibels
    four per output.
    """

    type = "mel_spectrogram"
    aliases = ("melspec",)
    family = "spectral"
    rule = "mel spectrogram: bands as given, T = ⌊(n + 2·⌊N/2⌋ − N)/S⌋ + 1 frames"
    sources = ("Keras, keras.layers.MelSpectrogram", "Young et al., The HTK Book, section 5.4")
    examples = ("16000 -> mel_spectrogram", "16000 -> mel_spectrogram bands=80 fft=512 step=160 frame=400")

    bands = declare.count(
        "number of bands of the mel scale", default=128, symbol="M", aliases=("num_mel_bins", "n_mels")
    )
    fft = declare.count("size of the Fourier transform", default=2048, symbol="N", aliases=("fft_length", "n_fft"))
    step = declare.count(
        "number of samples between the starts of frames",
        default=512,
        symbol="S",
        aliases=("sequence_stride", "hop_length"),
    )
    frame = declare.count(
        "number of samples in the window of a frame", default=None, default_text="fft",
        aliases=("sequence_length", "win_length"),
    )  # fmt: skip
    window = declare.choice("window function", ("hann", "hamming"), default="hann")
    rate = declare.count(
        "sampling rate, in samples per second", default=16000, aliases=("sampling_rate", "sample_rate")
    )
    low = declare.number("lower end of the lowest band, in Hz", default=20.0, minimum=0.0, aliases=("min_freq", "fmin"))
    high = declare.number(
        "upper end of the highest band, in Hz",
        default=None,
        default_text="rate/2",
        minimum=0.0,
        aliases=("max_freq", "fmax"),
    )
    power = declare.number("exponent of the magnitudes", default=2.0, aliases=("mag_exp",))
    decibels = declare.flag("whether the output is in decibels", default=True, aliases=("power_to_db",))
    range = declare.number("dynamic range: decibels below the maximum that are kept", default=80.0, aliases=("top_db",))
    reference = declare.number("power at 0 decibels", default=1.0, aliases=("ref_power",))
    least = declare.number(
        "minimum power, which replaces smaller ones", default=1e-10, minimum=0.0, aliases=("min_power",)
    )
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        if len(x) != 1:
            raise Refusal(
                f"mel_spectrogram needs a signal of one channel, only samples, got {show_shape(x)}",
                hint="remove the channel axis with squeeze first" if x[1:] == (1,) or x[:1] == (1,) else "",
                code="E303",
            )
        if self.frame is not None and self.frame > self.fft:
            raise Refusal(
                f"frames of {int(self.frame)} do not fit into a Fourier transform of {int(self.fft)}",
                hint=f"use at most {int(self.fft)}", field="frame", code="E304",
            )  # fmt: skip
        return (self.bands, self._frames(x))

    def _frames(self, x: Shape) -> int:
        return (x[0] + 2 * (self.fft // 2) - self.fft) // self.step + 1

    def _frequencies(self) -> int:
        return self.fft // 2 + 1

    def macs(self, x: Shape, y: Shape) -> int:
        return prod(y) * self._frequencies()

    def elementwise(self, x: Shape, y: Shape) -> int:
        levels = (int(self.fft) - 1).bit_length()
        transform = self.fft + 5 * (self.fft * levels // 2)
        return y[1] * (transform + 5 * self._frequencies()) + (4 * prod(y) if self.decibels else 0)

    def windows(self, x: Shape) -> Sight:
        """Undefined: bands and frames are not positions of the signal."""
        return ()

    def forward(self, np: ModuleType, x: Array) -> Array:
        window = tapering(np, self.window, self.fft if self.frame is None else self.frame)
        spectrum = magnitudes(np, x, window, self.fft, self.step) ** x.dtype.type(self.power)
        high = self.rate // 2 if self.high is None else self.high
        bands = mel_bands(np, spectrum.shape[-1], self.bands, self.rate, self.low, high)
        y = (spectrum @ bands.astype(x.dtype)).swapaxes(-1, -2)
        return self._in_decibels(np, y) if self.decibels else y

    def _in_decibels(self, np: ModuleType, y: Array) -> Array:
        zero = 10 * np.log10(max(abs(self.reference), self.least))
        y = 10 * np.log10(np.maximum(y, y.dtype.type(self.least))) - y.dtype.type(zero)
        return np.maximum(y, y.max() - y.dtype.type(self.range))
