"""The base of the activations."""

from __future__ import annotations

from typing import ClassVar

from cnncalc.layers.base import Role
from cnncalc.layers.elementwise._function import Function


class Activation(Function):
    """A function of each element that makes a network nonlinear."""

    family = "activation"
    role: ClassVar[Role] = "activation"
    usable_as_activation = True
