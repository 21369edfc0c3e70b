"""The rule E302, `inexact_stride`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class InexactStride(Diagnosed):
    """A stride does not divide what it has to, where `rounding: exact` asks that it does.

    (W − F′ + P₀ + P₁) must be a multiple of the stride. With the rounding `floor` the last positions are left
    out instead.
    """

    code = "E302"
    name = "inexact_stride"
    bad = "8x8x3 -> conv 4 3x3 s2 rounding=exact"
    good = "9x9x3 -> conv 4 3x3 s2 rounding=exact"
    reason = "CS231n calls such a setting invalid: the neurons do not fit neatly across the input."
    sources = ("CS231n, Convolutional Neural Networks: Architectures, Convolution / Pooling Layers",)
