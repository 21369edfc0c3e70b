"""The rule E304, `refused_combination`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class RefusedCombination(Diagnosed):
    """Fields contradict each other, or the convention's framework refuses them together.

    A framework refuses combinations that the arithmetic allows: PyTorch has no `same` with a stride above 1,
    Keras no dilation together with a stride, every framework a limit to a pool's padding.
    """

    code = "E304"
    name = "refused_combination"
    bad = "convention: pytorch\ninput: 3x9x9\nlayers:\n  - conv 4 3x3 same s2\n"
    good = "convention: pytorch\ninput: 3x9x9\nlayers:\n  - conv 4 3x3 p1 s2\n"
    reason = "The network would not run in the framework that it is written for."
    sources = ("PyTorch, torch.nn.Conv2d, padding; Keras, keras.layers.Conv2D, dilation_rate",)
