from __future__ import annotations

from cnncalc.layers import declare, keeping
from cnncalc.layers.regularization._regularization import Regularization


class ActivityRegularization(Regularization):
    """Adds the norm of its input to the loss during training; returns its input unchanged."""

    type = "activity_regularization"
    rule = "activity_regularization: the shape is unchanged"
    sources = ("Keras, keras.layers.ActivityRegularization",)
    examples = ("1024 -> activity_regularization l2=0.01", "7x7x64 -> activity_regularization")

    l1 = declare.number("factor of the absolute values in the loss", default=0.0, default_text="0")
    l2 = declare.number("factor of the squares in the loss", default=0.0, default_text="0")
    keeps = keeping.VIEW
