"""What the elementwise functions share that are no network's activation."""

from __future__ import annotations

from cnncalc.layers.activation._activation import Activation


class Function(Activation):
    """One function at every element; only an item of its own, never a word behind another layer."""

    family = "elementwise"
    usable_as_activation = False
