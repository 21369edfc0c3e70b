"""Sizes of sliding windows: convolution and pooling.

Per axis: W input, F kernel, S stride, D dilation, P₀ and P₁ padding before and after, F′ = D(F−1)+1 the dilated
kernel. Sources: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (arXiv 1603.07285); the
TensorFlow, PyTorch and ONNX references for their rules of rounding and of SAME.
"""

from typing import NamedTuple

from cnncalc.arithmetic.term import ceil_div, largest
from cnncalc.diagnostics import Refusal
from cnncalc.number_text import decimal

PADDING_WORDS = ("valid", "same", "same_upper", "same_lower", "half", "full", "causal")
ROUNDINGS = ("floor", "exact", "ceil", "caffe")


class AxisWindow(NamedTuple):
    """A window along one axis: its dilated extent, stride, padding, and the output size that follows.

    For a transposed convolution, `extent` is the number of inputs that one output reads, ⌈F′/S⌉, the stride is 1, and
    `upsample` is S: neighbouring outputs are 1/S of an input apart.
    """

    extent: int
    stride: int
    before: int
    after: int
    output: int
    upsample: int = 1


def dilated(F: int, D: int) -> int:
    """F′ = D(F−1)+1, the number of positions that a kernel of F taps with dilation D spans."""
    return F if D == 1 else D * (F - 1) + 1


def explicit(W: int, extent: int, S: int, before: int, after: int, rounding: str) -> AxisWindow:
    """The window with explicit padding: ⌊(W − F′ + P₀ + P₁)/S⌋ + 1, or with the given `rounding`.

    Raises Refusal for a window larger than the padded input, and under `exact` for a fractional size. Under `ceil` the
    last window, which may be the first, may reach beyond the padded input by less than a stride.
    """
    room = W - extent + (2 * before if before == after else before + after)
    if room < 0 and not (rounding == "ceil" and room + S > 0):
        raise _too_large(W, extent, before + after)
    return AxisWindow(extent, S, before, after, _steps(W, room, S, before, after, rounding))


def _steps(W: int, room: int, S: int, before: int, after: int, rounding: str) -> int:
    if rounding in ("ceil", "caffe"):
        output = ceil_div(room, S) + 1
        corrects = rounding == "ceil" or before + after > 0
        return output - 1 if corrects and (output - 1) * S >= W + before else output
    if rounding == "exact" and room % S:
        raise Refusal(
            f"({int(W)} − {int(W + before + after - room)} + {int(before + after)})/{int(S)} + 1 = "
            f"{decimal(room / S + 1, 4)}: "
            f"the stride does not divide {int(room)}, remainder {int(room) % int(S)}",
            hint='change the padding or the kernel, or allow rounding with "floor" or "ceil"',
            field="stride",
            code="E302",
        )
    return room // S + 1


def causal(W: int, extent: int, S: int, rounding: str) -> AxisWindow:
    """Padding of F′ − 1 before, so that no output sees a later input: ⌊(W − 1)/S⌋ + 1, or with the given `rounding`.

    Source: van den Oord et al., WaveNet (arXiv 1609.03499); Keras, Conv1D.
    """
    before = extent - 1
    return AxisWindow(extent, S, before, 0, _steps(W, W - 1, S, before, 0, rounding))


def tensorflow_valid(W: int, extent: int, S: int) -> AxisWindow:
    """No padding, in TensorFlow's form: ⌈(W − F′ + 1)/S⌉."""
    if extent > W:
        raise _too_large(W, extent, 0)
    return AxisWindow(extent, S, 0, 0, ceil_div(W - extent + 1, S))


def same(W: int, extent: int, S: int, *, lower: bool = False) -> AxisWindow:
    """TensorFlow's SAME: O = ⌈W/S⌉, with the padding that this needs, the odd one after (`lower`: before)."""
    output = ceil_div(W, S)
    total = largest((output - 1) * S + extent - W, 0)
    small = total // 2
    before, after = (total - small, small) if lower else (small, total - small)
    return AxisWindow(extent, S, before, after, output)


def _too_large(W: int, extent: int, padding: int) -> Refusal:
    W, extent, padding = int(W), int(extent), int(padding)
    what = "padded input" if padding else "input"
    return Refusal(
        f"kernel {extent} is larger than the {what} {W + padding}",
        hint=f"pad by at least {ceil_div(extent - W, 2)}, or use a kernel of at most {W + padding}",
        field="kernel",
    )
