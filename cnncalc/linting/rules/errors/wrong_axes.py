"""The rule E303, `wrong_axes`."""

from __future__ import annotations

from cnncalc.linting.rules.errors._diagnosed import Diagnosed


class WrongAxes(Diagnosed):
    """An input has the wrong number of axes, or lacks the axis that is named.

    A convolution needs one to three spatial axes and channels; a `2d` behind a type's name asserts two; a list
    of values needs one for each axis.
    """

    code = "E303"
    name = "wrong_axes"
    bad = "8x8x3 -> flatten -> conv 4 3x3"
    good = "8x8x3 -> conv 4 3x3 -> flatten"
    reason = "Which axis is which cannot be guessed."
    sources = ("PyTorch, torch.nn.Conv2d, Shape; Keras, keras.layers.Conv2D, Input shape",)
