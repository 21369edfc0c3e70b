"""The rule E308, `unequal_shapes`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class UnequalShapes(Diagnosed):
    """Inputs that are joined differ in shape.

    The branches of an `add` must be equal, or 1 to be broadcast; those of a `concat` may differ
    along one axis alone.
    """

    code = "E308"
    name = "unequal_shapes"
    bad = "8x8x3 -> add(conv 3 3x3 relu | identity)"
    good = "8x8x3 -> add(conv 3 3x3 same relu | identity)"
    reason = "There is no sum of two volumes of different sizes."
    sources = ("He, Zhang, Ren & Sun, Deep residual learning, arXiv 1512.03385, section 3.2",)
