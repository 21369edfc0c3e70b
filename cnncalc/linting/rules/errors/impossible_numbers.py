"""The rule E301, `impossible_numbers`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class ImpossibleNumbers(Diagnosed):
    """The numbers of a layer leave no output.

    Above all a window larger than the padded input: there is no place for even one. Some frameworks compute an
    output of zero or fewer positions and fail later, or not at all.
    """

    code = "E301"
    name = "impossible_numbers"
    bad = "8x8x3 -> conv 4 9x9"
    good = "8x8x3 -> conv 4 9x9 p1"
    reason = (
        "A tensor without elements carries nothing, and the framework's own error comes only when the model is run."
    )
    sources = ("Dumoulin & Visin, A guide to convolution arithmetic for deep learning, arXiv 1603.07285",)
