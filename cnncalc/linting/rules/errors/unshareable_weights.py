"""The rule E306, `unshareable_weights`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class UnshareableWeights(Diagnosed):
    """Weights are shared between layers whose arrays differ.

    Layers that share weights need the same type, input channels, kernel and bias.
    """

    code = "E306"
    name = "unshareable_weights"
    bad = "8x8x3 -> conv 3 3x3 same relu name=a -> conv 4 3x3 same share_weights=a"
    good = "8x8x3 -> conv 3 3x3 same relu name=a -> conv 3 3x3 same share_weights=a"
    reason = "One array cannot have two shapes."
    sources = ("docs/language.md",)
