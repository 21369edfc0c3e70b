"""The rule E305, `indivisible_size`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class IndivisibleSize(Diagnosed):
    """A size is not divisible by groups, heads, or parts.

    Groups must divide the input's channels and the filters; so must the heads of an attention, the factor of a
    shuffle, the parts of a split.
    """

    code = "E305"
    name = "indivisible_size"
    bad = "8x8x3 -> conv 4 3x3 groups=2"
    good = "8x8x4 -> conv 4 3x3 groups=2"
    reason = "Each group gets the same number of channels, or there is no such layer."
    sources = (
        "Krizhevsky, Sutskever & Hinton, ImageNet classification with deep convolutional neural networks, section 3.2",
    )
