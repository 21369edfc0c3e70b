"""Sizes of transposed convolutions, by the formulas of the frameworks and of course notes.

Per axis: W input, F′ dilated kernel, S stride, P₀ and P₁ padding before and after, A output padding. Sources: the
PyTorch, Keras, TensorFlow and ONNX references; Dumoulin & Visin, arXiv 1603.07285, chapter 4, for the modular form.
"""

from __future__ import annotations

from cnncalc.arithmetic.term import largest


def explicit(W: int, extent: int, S: int, before: int, after: int, A: int) -> int:
    """(W − 1)·S − P₀ − P₁ + F′ + A: PyTorch, and ONNX with pads."""
    size = (W - 1) * S - 2 * before if before == after else (W - 1) * S - before - after
    return size + extent + A if A else size + extent


def tensorflow_valid(W: int, extent: int, S: int) -> int:
    """W·S + max(F′ − S, 0): TensorFlow and Keras without padding."""
    return W * S + largest(extent - S, 0)


def tensorflow_same(W: int, S: int) -> int:
    """W·S: TensorFlow and Keras with SAME."""
    return W * S


def modular(W: int, extent: int, S: int, P: int) -> int:
    """S·(W − 1) + ((W + 2P − F) mod S) + F − 2P, as printed in many course notes.

    In Dumoulin & Visin's arithmetic the W inside `mod` is the original convolution's input, which a transposed layer
    cannot know; the notes use the layer's own input, and so does this.
    """
    return S * (W - 1) + (W + 2 * P - extent) % S + extent - 2 * P


def auto_pad(W: int, extent: int, S: int, A: int) -> int:
    """ONNX's auto_pad: W·S, but with a padding of at least 0: S·(W − 1) + A + F′ − max(A + F′ − S, 0)."""
    if extent + A >= S:
        return W * S
    return S * (W - 1) + A + extent
