from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic import window
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.kernels.windows import padded, slide, windows
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, Weight, show_shape

_WORK: Mapping[str, int] = {"log": 5, "magnitude": 4, "psd": 4, "angle": 1}
_EPSILON = 1e-7
"""Keras limits the arguments of roots and logarithms to at least this."""


class StftSpectrogram(Layer):
    """Short-time Fourier transform of a signal by two convolutions with trainable kernels, as in Keras.

    The kernels, one for the real part and one for the imaginary part of each frequency, are initialized as a windowed
    Fourier transform; each channel of the signal is transformed separately. The frequencies of all channels are
    concatenated along one axis, or form a separate axis with `expand`. FLOPs: two per multiply–accumulate; per
    frequency and frame two squares, a sum and a root for the magnitude, one more for its logarithm; two squares, a sum
    and a doubling for the power; one for the angle.
    """

    type = "stft_spectrogram"
    without_effect: ClassVar[tuple[str, ...]] = ("window", "periodic", "scaling")
    family = "spectral"
    rule = "spectrogram: T = ⌊(W − F)/S⌋ + 1 frames (same: ⌈W/S⌉), K = ⌊N/2⌋ + 1 frequencies for each channel"
    sources = ("Keras, keras.layers.STFTSpectrogram",)
    examples = (
        "16000x1 -> stft_spectrogram 256 step=128 fft=512",
        "16000x2 -> stft_spectrogram 400 step=160 padding=same expand=true -> conv 16 3x3",
    )

    frame = declare.count(
        "number of samples in each frame",
        default=256,
        positional=True,
        symbol="F",
        aliases=("frame_length", "win_length"),
    )
    step = declare.count(
        "number of samples between the starts of frames", default=None, default_text="frame/2", symbol="S",
        aliases=("frame_step", "hop_length"),
    )  # fmt: skip
    fft = declare.count(
        "size of the Fourier transform, not less than frame", default=None, default_text="the next power of two",
        symbol="N", aliases=("fft_length", "n_fft"),
    )  # fmt: skip
    mode = declare.choice("kind of output", ("log", "magnitude", "psd", "real", "imag", "angle", "stft"), default="log")
    padding = declare.choice("padding around the signal", ("valid", "same"), default="valid")
    expand = declare.flag(
        "whether the frequencies form a separate axis, as in an image", default=False, aliases=("expand_dims",)
    )
    keeps = keeping.INPUTS

    def shape(self, x: Shape) -> Shape:
        (along,) = self._slides(x)
        bands = self.bands() * (2 if self.mode == "stft" else 1)
        channels = self.channels(x)
        if self.expand:
            return self.volume((along.output, bands), channels)
        return self.volume((along.output,), bands * channels)

    def _slides(self, x: Shape) -> tuple[AxisWindow]:
        """The walk of the frame along the signal. Raises Refusal for impossible numbers."""
        if len(x) != 2:
            raise Refusal(
                f"stft_spectrogram needs signals, positions × channels, got {show_shape(x)}",
                hint="a signal of one channel is written 16000x1" if len(x) == 1 else "", code="E303",
            )  # fmt: skip
        step = self._step()
        if not 1 <= step <= self.frame:
            raise Refusal(
                f"a step of {int(step)} skips samples, or does not advance, with frames of {int(self.frame)}",
                hint=f"use 1 to {int(self.frame)}", field="step", code="E304",
            )  # fmt: skip
        if self.fft is not None and self.fft < self.frame:
            raise Refusal(
                f"a Fourier transform of {int(self.fft)} is smaller than the frames of {int(self.frame)}",
                hint=f"use at least {int(self.frame)}", field="fft", code="E304",
            )  # fmt: skip
        (W,) = self.spatial(x)
        if self.padding == "same":
            return (window.same(W, self.frame, step),)
        return (window.explicit(W, self.frame, step, 0, 0, "floor"),)

    def _step(self) -> int:
        return int(self.frame) // 2 if self.step is None else self.step

    def bands(self) -> int:
        """The number of frequencies of the transform of a real signal."""
        size = 1 << (int(self.frame) - 1).bit_length() if self.fft is None else self.fft
        return size // 2 + 1

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        places = (self._slides(x)[0].output, self.channels(x))
        for part in ("real", "imag"):
            if self.mode not in {"real", "imag"} - {part}:
                yield Weight(f"{part}_kernel", (self.frame, 1, self.bands()), positions=places)

    def macs(self, x: Shape, y: Shape) -> int:
        return sum(weight.unshared_size for weight in self.weights(x, y))

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y) * _WORK[self.mode] if self.mode in _WORK else 0

    def windows(self, x: Shape) -> Sight:
        """Each frame reads its samples; undefined for an image of frames and frequencies."""
        return () if self.expand else self._slides(x)

    def forward(self, np: ModuleType, x: Array, **weights: Array) -> Array:
        signal = channels_last(np, x, self.setting)
        walk = [slide(signal.shape[1], self.frame, self._step(), 1, self.padding)]
        frames = windows(np, padded(np, signal, walk), walk).swapaxes(2, 3)
        parts = {name: frames @ kernel[:, 0] for name, kernel in weights.items()}
        bands = self._shown(np, **parts)
        if self.expand:
            return as_laid_out(np, bands.swapaxes(2, 3), self.setting)
        return as_laid_out(np, bands.reshape(*bands.shape[:2], -1), self.setting)

    def _shown(self, np: ModuleType, real_kernel: Array | None = None, imag_kernel: Array | None = None) -> Array:
        """The output from the real and imaginary parts, or the only one: batch × frames × channels × frequencies."""
        if real_kernel is None or imag_kernel is None:
            return imag_kernel if real_kernel is None else real_kernel
        if self.mode == "stft":
            return np.concatenate([real_kernel, imag_kernel], axis=-1)
        if self.mode == "angle":
            return np.arctan2(imag_kernel, real_kernel)
        power = real_kernel**2 + imag_kernel**2
        if self.mode == "psd":
            power[..., 1:-1] *= 2
            return power
        magnitude = np.sqrt(np.maximum(power, power.dtype.type(_EPSILON)))
        return magnitude if self.mode == "magnitude" else np.log(np.maximum(magnitude, power.dtype.type(_EPSILON)))
