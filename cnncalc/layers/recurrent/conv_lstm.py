from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.kernels import convolution
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.kernels.elementwise import sigmoid
from cnncalc.kernels.windows import slide
from cnncalc.layers import declare, shared_fields
from cnncalc.layers.base import Array, Reach, Weight, show_shape
from cnncalc.layers.convolution._sliding import SlidingConvolution
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.recurrent._directions import joined
from cnncalc.layers.recurrent._recurrent import WITHOUT_EFFECT

_WITHOUT = ("pytorch", "onnx", "caffe")


class ConvLstm(SlidingConvolution):
    """LSTM with convolutions instead of matrix products, over a sequence of images: steps, then an image in the layout.

    The input's convolution has the stride, padding and dilation; the state's keeps its size (SAME, stride 1). The
    kernels hold the input gate, the forget gate, the candidate and the output gate, in this order. There are no
    peepholes, as in Keras. The output is the last step, or all steps with `return_sequences`. In `conv_lstm2d` the 2
    counts the image's axes, without the steps. Two directions are joined along the channels; Keras joins them along the
    last axis, which is the width with channels first.

    FLOPs: two per multiply–accumulate; per step and output five activations, three products and one sum for the cell,
    and four for the biases; one per output if two directions are added, multiplied or averaged.
    """

    type = "conv_lstm"
    aliases = ("ConvLSTM",)
    family = "recurrent"
    slides_weights = False
    axes_before_spatial = 1
    shows_working = False
    slides_over_input = False
    without_effect: ClassVar[tuple[str, ...]] = WITHOUT_EFFECT
    activation_field = ""
    rule = (
        "conv_lstm: O = ⌊(W − F′ + P₀ + P₁)/S⌋ + 1 with F′ = D(F − 1) + 1\n"
        "4·(ΠF·(Cᵢ + Cₒ) + b)·Cₒ parameters; b = 1 with biases"
    )
    sources = ("Shi et al., Convolutional LSTM Network, arXiv 1506.04214", "Keras, keras.layers.ConvLSTM2D")
    examples = ("5x11x13x3 -> conv_lstm 7 3x3 same", "5x11x3 -> conv_lstm 7 3 s2 return_sequences=true")

    filters = declare.count(
        "number of filters, the output's channels", positional=True, symbol="Cₒ", aliases=("units",)
    )
    kernel = declare.per_axis("size of the window", positional=True, symbol="F", short="k", aliases=("kernel_size",))
    return_sequences = declare.flag(
        "whether the outputs of all steps are returned, instead of the last one's", default=False
    )
    bidirectional = shared_fields.bidirectional()
    merge = shared_fields.merge()

    def steps_first(self) -> bool:
        return True

    def shape(self, x: Shape) -> Shape:
        self._check(x)
        image = self._joined(self._image(x))
        return (x[0], *image) if self.return_sequences else image

    def _joined(self, image: Shape) -> Shape:
        """The shape of the states of both directions, merged."""
        if not self.bidirectional or self.merge != "concat":
            return image
        axis = self._joining_axis(len(image))
        return (*image[:axis], 2 * image[axis], *image[axis + 1 :])

    def _joining_axis(self, rank: int) -> int:
        """The axis along which two directions are concatenated, for a state of `rank` sizes."""
        keras = self.setting.convention.name in ("keras", "tensorflow")
        return rank - 1 if keras or self.setting.layout == "HWC" else 0

    def _check(self, x: Shape) -> None:
        convention = self.setting.convention
        if convention.name in _WITHOUT:
            hint = "choose another convention, or declare it as `custom`"
            raise Refusal(f"{convention.title} has no convolutional LSTM", hint=hint, code="E304")
        if not 3 <= len(x) <= 5:
            raise Refusal(
                f"conv_lstm needs a sequence of images: steps, 1 to 3 spatial axes and channels, got {show_shape(x)}",
                hint="put the number of steps first in the shape" if len(x) < 3 else "",
                code="E303",
            )

    def _image(self, x: Shape) -> Shape:
        """The shape of the state."""
        return self.volume(tuple(window.output for window in self.new_windows(x[1:])), self.filters)

    def _outputs(self, y: Shape) -> Shape:
        """The spatial sizes of the state, from the shape of the output."""
        return self.spatial(y[1:] if self.return_sequences else y)

    def windows(self, x: Shape) -> tuple[()]:
        """Undefined: the state's convolution widens the receptive field at every step."""
        return ()

    def reach(self, x: Shape) -> Reach:
        return ()

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        image, outputs = x[1:], 4 * self.filters
        kernels = self.kernels(image)
        positions = (x[0], *self._outputs(y))
        for suffix in self._suffixes():
            yield Weight(f"kernel{suffix}", (*kernels, self.channels(image), outputs), positions)
            yield Weight(f"recurrent{suffix}", (*kernels, self.filters, outputs), positions)
            if self.bias:
                yield Weight(f"bias{suffix}", (outputs,), positions)

    def _suffixes(self) -> tuple[str, ...]:
        """The suffixes of the weights' names, for each direction."""
        return ("", "_back") if self.bidirectional else ("",)

    def macs(self, x: Shape, y: Shape) -> int:
        depth = self.channels(x[1:]) + self.filters
        each = x[0] * prod(self._outputs(y)) * self.filters * 4 * prod(self.kernels(x[1:])) * depth
        return 2 * each if self.bidirectional else each

    def elementwise(self, x: Shape, y: Shape) -> int:
        each = x[0] * prod(self._outputs(y)) * self.filters * (13 if self.bias else 9)
        if not self.bidirectional:
            return each
        return 2 * each if self.merge == "concat" else 2 * each + prod(y)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        """The input, and of each step the four gates, the state, the cell and its tanh, as in an `lstm`."""
        states = x[0] * prod(self._outputs(y)) * self.filters * 7
        return Keeps("all", arrays=(KeptArray("gates and states", states * len(self._suffixes())),))

    def forward(self, np: ModuleType, x: Array, **weights: Array) -> Array:
        outputs = [self._direction(np, x, weights["kernel"], weights["recurrent"], weights.get("bias"))]
        if self.bidirectional:
            back = [weights.get(f"{name}_back") for name in ("kernel", "recurrent", "bias")]
            last = self._direction(np, x[:, ::-1], *back)
            outputs.append(last[:, ::-1] if self.return_sequences else last)
        axis = self._joining_axis(x.ndim - 2) - (x.ndim - 2)
        return joined(np, outputs, self.merge, axis)

    def _direction(self, np: ModuleType, x: Array, kernel: Array, recurrent: Array, bias: Array | None) -> Array:
        """The outputs of one direction: all steps in the order of reading, or the last."""
        frames = channels_last(np, x.reshape(-1, *x.shape[2:]), self.setting)
        given = convolution.convolve(np, frames, kernel, bias, self.slides(frames), 1)
        given = given.reshape(*x.shape[:2], *given.shape[1:])
        sizes = given.shape[2:-1]
        kept = [slide(size, width, 1, 1, "same") for size, width in zip(sizes, kernel.shape, strict=False)]
        h = c = np.zeros((len(x), *sizes, given.shape[-1] // 4), given.dtype)
        steps = []
        for step in range(x.shape[1]):
            gates = given[:, step] + convolution.convolve(np, h, recurrent, None, kept, 1)
            i, f, g, o = np.split(gates, 4, axis=-1)
            c = sigmoid(np, f) * c + sigmoid(np, i) * np.tanh(g)
            h = sigmoid(np, o) * np.tanh(c)
            steps.append(as_laid_out(np, h, self.setting))
        return np.stack(steps, axis=1) if self.return_sequences else steps[-1]
